"""OpenVINO on the CPU, one thread, as it comes: ONNX operators Softmax, LogSoftmax and ReduceLogSumExp of opset 21."""

from functools import cache

import ml_dtypes
import numpy as np
import openvino

from offers import offers
from onnx_models import model

library, version = "OpenVINO", openvino.__version__.split("-")[0]
FORMATS = {"float64": "f64", "float32": "f32", "float16": "f16", "bfloat16": "bf16"}
CORE = openvino.Core()


@cache
def request(map, dtype):
    network = CORE.read_model(model(map, FORMATS[dtype]))
    return CORE.compile_model(network, "CPU", {"INFERENCE_NUM_THREADS": 1}).create_infer_request()


def tensor(x):
    if x.dtype == ml_dtypes.bfloat16:
        return openvino.Tensor(x.view(np.int16), list(x.shape), openvino.Type.bf16)
    return openvino.Tensor(x, shared_memory=False)


def run(map, x):
    asked = request(map, x.dtype.name)
    asked.set_input_tensor(tensor(x))
    asked.infer()
    return asked.get_output_tensor().data.view(x.dtype)


@offers("softmax", *FORMATS.values())
def softmax(x):
    return run("softmax", x)


@offers("log_softmax", *FORMATS.values())
def log_softmax(x):
    return run("log_softmax", x)


@offers("logsumexp", *FORMATS.values())
def logsumexp(x):
    return run("logsumexp", x)
