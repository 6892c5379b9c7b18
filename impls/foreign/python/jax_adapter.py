"""JAX on the CPU, one thread, every function compiled by jit for the shape and format at hand."""

import os

os.environ["JAX_PLATFORMS"] = "cpu"
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"

import jax
import numpy as np

from offers import offers

jax.config.update("jax_enable_x64", True)

library, version = "JAX", jax.__version__
EVERY = ("f64", "f32", "f16", "bf16")

compiled_softmax = jax.jit(jax.nn.softmax)
compiled_log_softmax = jax.jit(jax.nn.log_softmax)
compiled_logsumexp = jax.jit(lambda x: jax.nn.logsumexp(x, axis=-1))


@offers("softmax", *EVERY)
def softmax(x):
    return np.asarray(compiled_softmax(x))


@offers("log_softmax", *EVERY)
def log_softmax(x):
    return np.asarray(compiled_log_softmax(x))


@offers("logsumexp", *EVERY)
def logsumexp(x):
    return np.asarray(compiled_logsumexp(x))
