"""TensorFlow on the CPU, one thread, eager."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import tensorflow as tf

from offers import offers

tf.config.threading.set_intra_op_parallelism_threads(1)
tf.config.threading.set_inter_op_parallelism_threads(1)

library, version = "TensorFlow", tf.__version__
EVERY = ("f64", "f32", "f16", "bf16")


@offers("softmax", *EVERY)
def softmax(x):
    return tf.nn.softmax(x).numpy()


@offers("log_softmax", *EVERY)
def log_softmax(x):
    return tf.nn.log_softmax(x).numpy()


@offers("logsumexp", *EVERY)
def logsumexp(x):
    return tf.reduce_logsumexp(x, axis=-1).numpy()
