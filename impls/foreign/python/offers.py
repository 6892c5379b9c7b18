"""How an adapter says what a function of it is; a Python target needs none of this (see worker.py)."""


def offers(map, *formats):
    """Marks a function as one that computes this map in these formats."""

    def mark(function):
        function.map = map
        function.formats = formats
        return function

    return mark
