"""ONNX Runtime on the CPU, one thread: operators Softmax, LogSoftmax and ReduceLogSumExp of opset 21. It has none for
bfloat16."""

from functools import cache

import onnxruntime

from offers import offers
from onnx_models import model

library, version = "ONNX Runtime", onnxruntime.__version__
FORMATS = {"float64": "f64", "float32": "f32", "float16": "f16"}


@cache
def session(map, dtype):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(model(map, FORMATS[dtype]), options, providers=["CPUExecutionProvider"])


def run(map, x):
    return session(map, x.dtype.name).run(None, {"x": x})[0]


@offers("softmax", *FORMATS.values())
def softmax(x):
    return run("softmax", x)


@offers("log_softmax", *FORMATS.values())
def log_softmax(x):
    return run("log_softmax", x)


@offers("logsumexp", *FORMATS.values())
def logsumexp(x):
    return run("logsumexp", x)
