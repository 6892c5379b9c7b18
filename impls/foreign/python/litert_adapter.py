"""LiteRT on the CPU, one thread: operators SOFTMAX and LOG_SOFTMAX, which of the floating-point formats take f32."""

from functools import cache
from importlib.metadata import version as version_of

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema
from ai_edge_litert.interpreter import Interpreter

from offers import offers

library, version = "LiteRT", version_of("ai-edge-litert")


def tensor(name):
    return schema.TensorT(name=name, shape=[1, 1], shapeSignature=[-1, -1], type=schema.TensorType.FLOAT32)


def model(operator, options_type, options):
    """A model of one operator on x[rows, n], in bytes."""
    graph = schema.SubGraphT(
        tensors=[tensor("x"), tensor("y")],
        inputs=[0],
        outputs=[1],
        operators=[schema.OperatorT(0, [0], [1], builtinOptionsType=options_type, builtinOptions=options)],
    )
    code = schema.OperatorCodeT(deprecatedBuiltinCode=operator, builtinCode=operator)
    made = schema.ModelT(version=3, operatorCodes=[code], subgraphs=[graph], buffers=[schema.BufferT()])
    builder = flatbuffers.Builder()
    builder.Finish(made.Pack(builder), b"TFL3")
    return bytes(builder.Output())


MODELS = {
    "softmax": model(
        schema.BuiltinOperator.SOFTMAX, schema.BuiltinOptions.SoftmaxOptions, schema.SoftmaxOptionsT(beta=1.0)
    ),
    "log_softmax": model(
        schema.BuiltinOperator.LOG_SOFTMAX, schema.BuiltinOptions.LogSoftmaxOptions, schema.LogSoftmaxOptionsT()
    ),
}


@cache
def interpreter(map, shape):
    made = Interpreter(model_content=MODELS[map], num_threads=1)
    made.resize_tensor_input(0, shape)
    made.allocate_tensors()
    return made


def run(map, x):
    asked = interpreter(map, x.shape)
    asked.set_tensor(asked.get_input_details()[0]["index"], x)
    asked.invoke()
    return asked.get_tensor(asked.get_output_details()[0]["index"])


@offers("softmax", "f32")
def softmax(x):
    return run("softmax", x)


@offers("log_softmax", "f32")
def log_softmax(x):
    return run("log_softmax", x)
