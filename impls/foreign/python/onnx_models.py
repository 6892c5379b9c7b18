"""ONNX models of one node, for the libraries that run them."""

from onnx import TensorProto, helper

ELEMENTS = {
    "f64": TensorProto.DOUBLE,
    "f32": TensorProto.FLOAT,
    "f16": TensorProto.FLOAT16,
    "bf16": TensorProto.BFLOAT16,
}
NODES = {
    "softmax": helper.make_node("Softmax", ["x"], ["y"], axis=-1),
    "log_softmax": helper.make_node("LogSoftmax", ["x"], ["y"], axis=-1),
    "logsumexp": helper.make_node("ReduceLogSumExp", ["x", "axes"], ["y"], keepdims=0),
}


def model(map, format):
    """The model of a map along the last axis of x[rows, n], in bytes."""
    element = ELEMENTS[format]
    graph = helper.make_graph(
        [NODES[map]],
        map,
        [helper.make_tensor_value_info("x", element, ["rows", "n"])],
        [helper.make_tensor_value_info("y", element, None)],
        [helper.make_tensor("axes", TensorProto.INT64, [1], [-1])] if map == "logsumexp" else [],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
    return made.SerializeToString()
