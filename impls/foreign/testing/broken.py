"""Python targets that are none, each in its own way."""

import os

import numpy as np

from honest import softmax


def raises(x):
    raise ValueError("no softmax\ntoday")


def exits(x):
    raise SystemExit(3)


def flat(x):
    return softmax(x).ravel()


def widens(x):
    return softmax(x).astype("f8")


def lists(x):
    return softmax(x).tolist()


def raises_on_long_rows(x):
    if x.shape[1] > 4:
        raise MemoryError(f"{x.shape[1]} are too many")
    return softmax(x)


def shortens_long_rows(x):
    return softmax(x)[:, :4]


def writes_its_input(x):
    if x.shape[1] > 4:
        x[0, 0] = 0
    return softmax(x)


def aborts_on_long_rows(x):
    if x.shape[1] > 4:
        os.abort()
    return softmax(x)


def of_no_map(x):
    return softmax(x)


def of_no_format(x):
    return softmax(x)


number = 7
of_no_map.map = "softplus"
of_no_format.formats = ["f32", "f80"]
