"""PyTorch on the CPU, one thread: along the last axis, along the first one, and compiled by inductor.

The kernels along the first axis take many rows at once, a vector lane each. A call of one row would take their path for
what is left over; so a row stands in 32 columns, and the first of them is the answer.
"""

import os
import warnings

os.environ.setdefault("TORCHINDUCTOR_COMPILE_THREADS", "1")  # no processes of its own

import ml_dtypes
import numpy as np
import torch

from offers import offers

torch.set_num_threads(1)
torch._dynamo.config.recompile_limit = 64
warnings.filterwarnings("ignore", message="The given NumPy array is not writable")

library, version = "PyTorch", torch.__version__
EVERY = ("f64", "f32", "f16", "bf16")
COLUMNS = 32


def tensor(x):
    if x.dtype == ml_dtypes.bfloat16:
        return torch.from_numpy(x.view(np.int16)).view(torch.bfloat16)
    return torch.from_numpy(x)


def array(t):
    if t.dtype == torch.bfloat16:
        return t.view(torch.int16).numpy().view(ml_dtypes.bfloat16)
    return t.numpy()


def columns(x):
    return tensor(np.repeat(x.T, COLUMNS, axis=1))


def compiled(function):
    return torch.compile(lambda t: function(t, -1), dynamic=True)


compiled_softmax = compiled(torch.softmax)
compiled_log_softmax = compiled(torch.log_softmax)
compiled_logsumexp = compiled(torch.logsumexp)


@offers("softmax", *EVERY)
def softmax(x):
    return array(torch.softmax(tensor(x), -1))


@offers("log_softmax", *EVERY)
def log_softmax(x):
    return array(torch.log_softmax(tensor(x), -1))


@offers("logsumexp", *EVERY)
def logsumexp(x):
    return array(torch.logsumexp(tensor(x), -1))


@offers("softmax", *EVERY)
def softmax_dim0(x):
    return array(torch.softmax(columns(x), 0)[:, ::COLUMNS].T)


@offers("log_softmax", *EVERY)
def log_softmax_dim0(x):
    return array(torch.log_softmax(columns(x), 0)[:, ::COLUMNS].T)


@offers("logsumexp", *EVERY)
def logsumexp_dim0(x):
    return array(torch.logsumexp(columns(x), 0)[::COLUMNS])


@offers("softmax", *EVERY)
def softmax_compiled(x):
    return array(compiled_softmax(tensor(x)))


@offers("log_softmax", *EVERY)
def log_softmax_compiled(x):
    return array(compiled_log_softmax(tensor(x)))


@offers("logsumexp", *EVERY)
def logsumexp_compiled(x):
    return array(compiled_logsumexp(tensor(x)))
