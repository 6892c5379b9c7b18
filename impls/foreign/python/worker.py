"""The worker of Python targets: python3 worker.py MODULE FUNCTION, started by softmax-audit-worker in its own place.

A target is FUNCTION of MODULE, which is the name of a module or a file that ends in .py (one that is not found as it
stands is looked for beside this file: the adapters); without FUNCTION, every function of it that says what it is. It is
called with a NumPy array of shape (rows, n), read-only, and returns a new one of the same shape and type, or of shape
(rows,) for logsumexp and cross_entropy. bfloat16 is that of ml_dtypes. A parameter `axis` or `dim` is given -1, a
parameter `temperature` the temperature; without it only 1 is asked. What else a map takes (the operand, targets of
shape (rows,), the children of a tree) follows x by position.

A function says what it is by attributes, each of which may be missing:
    map         a name from 'softmax-audit list maps'; otherwise the function's own name where that is one, or softmax
    formats     of "f64", "f32", "f16", "bf16"; otherwise "f64" and "f32"
    promises, all_masked, max_ulp      as in plugin.h
The module may say `library` and `version` (or __version__).

To the program this is a plugin whose functions are callbacks; serving them is done by python.so.
"""

import ctypes
import importlib
import importlib.util
import inspect
import os
import signal
import sys

from softmax_audit_plugin import FORMATS, MAPS, RUN, Function, Plugin

ONE_NUMBER_OUT = ("logsumexp", "cross_entropy")
NOT_SUPPORTED = 1
HERE = os.path.dirname(os.path.abspath(__file__))


class Refused(Exception):
    """What is wrong with the target and what to do about it, in one line."""


def said(error):
    """An exception on one line."""
    return " ".join(f"{type(error).__name__}: {error}".split())


def dtypes():
    """The NumPy type of each format that can be had here."""
    try:
        import numpy as np
    except ImportError as error:
        raise Refused(f"needs NumPy ({said(error)}); install it for {sys.executable}") from None
    known = {"f64": np.dtype("f8"), "f32": np.dtype("f4"), "f16": np.dtype("f2")}
    try:
        import ml_dtypes

        known["bf16"] = np.dtype(ml_dtypes.bfloat16)
    except ImportError:
        pass
    return known


def imported(module):
    """The module of that name, or of that file."""
    if not module.endswith(".py"):
        sys.path.insert(0, os.getcwd())
        return importlib.import_module(module)
    path = next((path for path in (module, os.path.join(HERE, module)) if os.path.isfile(path)), None)
    if path is None:
        raise Refused("there is no such file")
    sys.path.append(os.path.dirname(os.path.abspath(path)))
    spec = importlib.util.spec_from_file_location("softmax_audit_target", path)
    loaded = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = loaded
    spec.loader.exec_module(loaded)
    return loaded


def module_named(module):
    try:
        return imported(module)
    except Refused:
        raise
    except ModuleNotFoundError as error:
        raise Refused(f"cannot be imported ({said(error)}); install it for {sys.executable}") from None
    except BaseException as error:
        raise Refused(f"cannot be imported ({said(error)})") from None


def functions_of(module, name):
    """The functions asked for, by name."""
    offered = {key: value for key, value in vars(module).items() if callable(value) and hasattr(value, "formats")}
    if not name:
        if not offered:
            raise Refused("no function of it says what it is; name one: python:MODULE:FUNCTION")
        return offered
    function = getattr(module, name, None)
    if not callable(function):
        raise Refused(f"has no function '{name}'" + (f"; it has {', '.join(offered)}" if offered else ""))
    return {name: function}


def parameters(function):
    try:
        return inspect.signature(function).parameters
    except (TypeError, ValueError):  # a function of C that does not tell
        return {}


class Target:
    """One function in one format."""

    def __init__(self, name, function, format, dtype):
        self.name, self.function, self.format, self.dtype = name, function, format, dtype
        self.map = getattr(function, "map", name if name in MAPS else "softmax")
        if self.map not in MAPS:
            raise Refused(f"{name}.map is {self.map!r}; say one of {', '.join(MAPS)}")
        known = parameters(function)
        self.keywords = {axis: -1 for axis in ("axis", "dim") if axis in known}
        self.takes_temperature = "temperature" in known

    def ask(self, x, temperature, *more):
        """What the function makes of x, checked."""
        keywords = self.keywords | ({"temperature": temperature} if self.takes_temperature else {})
        y = self.function(x, *more, **keywords)
        rows, n = len(x), x.shape[1] + (self.map == "hierarchical_softmax")
        shapes = ((rows,), (rows, 1)) if self.map in ONE_NUMBER_OUT else ((rows, n),)
        if not hasattr(y, "dtype") or not hasattr(y, "tobytes"):
            raise TypeError(f"{self.name} returns {type(y).__name__}; return a NumPy array")
        if y.dtype != self.dtype:
            raise TypeError(
                f"{self.name} returns {y.dtype} for {self.dtype}; return the type of x, or say in {self.name}.formats "
                "which it takes"
            )
        if y.shape not in shapes:
            raise TypeError(f"{self.name} returns shape {y.shape} for x of shape {x.shape}; return {shapes[0]}")
        return y

    def answer(self, call):
        """Runs one call; returns its status."""
        import numpy as np

        rows, n = call.shape[0] * call.shape[2], call.shape[1]
        if n == 0 or (call.temperature != 1 and not self.takes_temperature):
            return NOT_SUPPORTED
        width = n - (self.map == "hierarchical_softmax")
        x = view(call.x, (rows, width), self.dtype)
        more = [
            view(pointer, shape, dtype)
            for pointer, shape, dtype in (
                (call.operand, x.shape, self.dtype),
                (call.target, (rows,), np.int64),
                (call.tree, (2 * (n - 1),), np.int32),
            )
            if pointer
        ]
        y = np.ascontiguousarray(self.ask(x, call.temperature, *more))
        ctypes.memmove(call.y, y.ctypes.data, y.nbytes)
        return 0

    def tried(self):
        """The function answers two rows of three; throws Refused."""
        import numpy as np

        x = np.array([[0, 1, 2], [2, 0, -1]], self.dtype)
        x.flags.writeable = False
        more = {
            "cross_entropy": [np.array([0, 2])],
            "gumbel_softmax": [x],
            "softmax_vjp": [x],
            "log_softmax_vjp": [x],
            "sparsemax_vjp": [x],
            "cross_entropy_vjp": [np.array([0, 2])],
        }
        try:
            self.ask(x, 1.0, *more.get(self.map, []))
        except TypeError as error:
            raise Refused(" ".join(str(error).split())) from None
        except BaseException as error:
            raise Refused(f"{self.name} raises {said(error)} for a {self.format} array of shape (2, 3)") from None
        return self


def view(pointer, shape, dtype):
    """The array that stands there, read-only."""
    import numpy as np

    dtype = np.dtype(dtype)
    size = dtype.itemsize
    for length in shape:
        size *= length
    array = np.frombuffer((ctypes.c_char * size).from_address(pointer), dtype).reshape(shape)
    array.flags.writeable = False
    return array


def targets(module, name, known):
    """Every function asked for, in every format that it takes; `known` is what dtypes() gave."""
    found = []
    for key, function in functions_of(module, name).items():
        for format in getattr(function, "formats", ("f64", "f32")):
            if format not in FORMATS:
                raise Refused(f"{key}.formats has {format!r}; say some of {', '.join(FORMATS)}")
            if format not in known:
                raise Refused(f"{key} takes bf16, which needs ml_dtypes; install it for {sys.executable}")
            found.append(Target(key, function, format, known[format]).tried())
    return found


def described(target, serving):
    """What the plugin interface asks of a function."""

    def run(call):
        try:
            return target.answer(call.contents)
        except BaseException as error:
            serving.softmax_audit_raise(said(error).encode())
            return 0

    function = target.function
    all_masked = getattr(function, "all_masked", None)
    return Function(
        ctypes.sizeof(Function),
        target.name.encode(),
        MAPS.index(target.map),
        FORMATS.index(target.format),
        getattr(function, "promises", 0),
        all_masked.encode() if all_masked else None,
        getattr(function, "max_ulp", 0.0),
        RUN(run),
    )


def plugin(module, found, serving):
    package = sys.modules.get(module.__name__.partition(".")[0], module)
    library = getattr(module, "library", module.__name__)
    version = getattr(module, "version", None) or getattr(package, "__version__", "")
    functions = (Function * len(found))(*(described(target, serving) for target in found))
    return Plugin(ctypes.sizeof(Plugin), str(library).encode(), str(version).encode(), functions, len(found))


def main(module_name, function_name):
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.dont_write_bytecode = True  # nothing is left beside the target
    sys.path.pop(0)
    serving = ctypes.CDLL(os.path.join(HERE, "python.so"))
    if not serving.softmax_audit_begin():
        sys.exit("worker.py: started by softmax-audit, not by hand")
    try:
        known = dtypes()
        module = module_named(module_name)
        offered = plugin(module, targets(module, function_name, known), serving)
    except Refused as refused:
        serving.softmax_audit_refuse(str(refused).encode())
        sys.exit(1)
    serving.softmax_audit_serve(ctypes.byref(offered))


if __name__ == "__main__":
    main(*sys.argv[1:])
