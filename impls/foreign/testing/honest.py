"""Python targets that keep what is expected of everyone."""

import numpy as np

library, version = "honest", "1.2.3"


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def log_softmax(x):
    t = x - x.max(-1, keepdims=True)
    return t - np.log(np.exp(t).sum(-1, keepdims=True))


def logsumexp(x):
    m = x.max(-1)
    return m + np.log(np.exp(x - m[:, None]).sum(-1))


def along(x, axis=0):
    """Along the first axis, if nothing is said."""
    e = np.exp(x - x.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)


def tempered(x, temperature=7):
    return softmax(x / x.dtype.type(temperature))


def gradient(x, operand):
    y = softmax(x)
    return y * (operand - (operand * y).sum(-1, keepdims=True))


def losses(x, target):
    return logsumexp(x) - x[np.arange(len(x)), target]


log_softmax.map, log_softmax.formats = "log_softmax", ["f32"]
gradient.map, gradient.formats, gradient.max_ulp = "softmax_vjp", ["f64"], 1e6
losses.map, losses.formats = "cross_entropy", ["f64"]
