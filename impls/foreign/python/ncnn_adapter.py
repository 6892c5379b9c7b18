"""ncnn on the CPU, one thread, as it comes: layer Softmax, and Reduction by logsumexp. It has none for log_softmax, and
takes f32 alone."""

from functools import cache

import ncnn
import numpy as np

from offers import offers

library, version = "ncnn", ncnn.__version__
LAYERS = {
    "softmax": "Softmax softmax 1 1 x y 0=1 1=1",
    "logsumexp": "Reduction logsumexp 1 1 x y 0=10 1=0 -23303=1,1 4=0 5=1",
}


@cache
def net(map):
    made = ncnn.Net()
    made.opt.num_threads = 1
    if made.load_param_mem(f"7767517\n2 2\nInput x 0 1 x\n{LAYERS[map]}\n") != 0:
        raise RuntimeError(f"ncnn does not take the layer {LAYERS[map]}")
    made.load_model_mem("")
    return made


def mat(x):
    """A copy of x in ncnn's own memory, which has room at the end: of a Mat around x it reads beyond."""
    copy = ncnn.Mat(x.shape[1], x.shape[0])
    np.asarray(copy)[:] = x
    return copy


def run(map, x):
    extractor = net(map).create_extractor()
    extractor.input("x", mat(x))
    status, y = extractor.extract("y")
    if status != 0:
        raise RuntimeError(f"ncnn's {map} returned {status}")
    return np.array(y)


@offers("softmax", "f32")
def softmax(x):
    return run("softmax", x)


@offers("logsumexp", "f32")
def logsumexp(x):
    return run("logsumexp", x)
