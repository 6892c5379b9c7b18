"""plugin.h for Python: the structs, and the names of its maps and formats in the order of their numbers."""

import ctypes

MAPS = (
    "softmax",
    "log_softmax",
    "logsumexp",
    "cross_entropy",
    "sparsemax",
    "gumbel_softmax",
    "hierarchical_softmax",
    "softmax_vjp",
    "log_softmax_vjp",
    "entmax15",
    "sparsemax_vjp",
    "cross_entropy_vjp",
)
FORMATS = ("f64", "f32", "f16", "bf16")


class Call(ctypes.Structure):
    """softmax_audit_call: one call, strides in elements."""

    _fields_ = [
        ("size", ctypes.c_size_t),
        ("shape", ctypes.c_size_t * 3),
        ("x", ctypes.c_void_p),
        ("x_stride", ctypes.c_ssize_t * 3),
        ("y", ctypes.c_void_p),
        ("y_stride", ctypes.c_ssize_t * 3),
        ("temperature", ctypes.c_double),
        ("operand", ctypes.c_void_p),
        ("target", ctypes.c_void_p),
        ("tree", ctypes.c_void_p),
    ]


RUN = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(Call))


class Function(ctypes.Structure):
    """softmax_audit_function."""

    _fields_ = [
        ("size", ctypes.c_size_t),
        ("name", ctypes.c_char_p),
        ("map", ctypes.c_int),
        ("format", ctypes.c_int),
        ("promises", ctypes.c_uint),
        ("all_masked", ctypes.c_char_p),
        ("max_ulp", ctypes.c_double),
        ("run", RUN),
    ]


class Plugin(ctypes.Structure):
    """softmax_audit_plugin."""

    _fields_ = [
        ("size", ctypes.c_size_t),
        ("library", ctypes.c_char_p),
        ("version", ctypes.c_char_p),
        ("functions", ctypes.POINTER(Function)),
        ("count", ctypes.c_size_t),
    ]
