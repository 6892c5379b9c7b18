"""SciPy: scipy.special along the last axis."""

import scipy
from scipy import special

from offers import offers

library, version = "SciPy", scipy.__version__


@offers("softmax", "f64", "f32", "f16", "bf16")
def softmax(x):
    return special.softmax(x, axis=-1)


@offers("log_softmax", "f64", "f32", "f16", "bf16")
def log_softmax(x):
    return special.log_softmax(x, axis=-1)


@offers("logsumexp", "f64", "f32", "f16")  # of bf16 it makes f64
def logsumexp(x):
    return special.logsumexp(x, axis=-1)
