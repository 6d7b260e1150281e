"""Sends functions and arguments by value, and reads what comes back.

The caller's own modules need not exist where a function runs: what is theirs travels with it.
Installed packages and the standard library are referred to by name.
"""

from __future__ import annotations

import contextlib
import functools
import inspect
import io
import os
import pickle
import site
import sys
import sysconfig
import threading
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import cloudpickle
from cloudpickle import cloudpickle as internals

from athanor._errors import InvalidResultError, TooLargeError, UnpicklableError

MAX_PAYLOAD_BYTES = 64 << 20
_MAX_DEPTH = 8
_PROTOCOL = 5

_lock = threading.RLock()


def _forked() -> None:
    # Another thread of the parent may have held it.
    global _lock  # noqa: PLW0603
    _lock = threading.RLock()


os.register_at_fork(after_in_child=_forked)


def dump_call(
    function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]
) -> bytes:
    """Returns what a sandbox is sent. Raises UnpicklableError, TooLargeError."""
    name = getattr(function, "__qualname__", repr(function))
    with _by_value():
        try:
            payload = _dumps((_dumps(function), tuple(args), dict(kwargs)))
        except Exception as e:
            raise UnpicklableError(_culprit(name, function, args, kwargs, e)) from e
    if len(payload) > MAX_PAYLOAD_BYTES:
        raise TooLargeError(
            f"{name} and its arguments take {len(payload):,} bytes, more than the limit of "
            f"{MAX_PAYLOAD_BYTES:,}; use sync_dir and pass the folder"
        )
    return payload


def dump_function(function: Callable[..., Any], hints: Mapping[str, Any]) -> bytes:
    """Returns a function by value, with the types of its parameters. Raises UnpicklableError."""
    name = getattr(function, "__qualname__", repr(function))
    with _by_value():
        try:
            payload = _dumps((function, dict(hints)))
        except Exception as e:
            raise UnpicklableError(_culprit(name, function, (), {}, e)) from e
    if len(payload) > MAX_PAYLOAD_BYTES:
        raise TooLargeError(
            f"{name} takes {len(payload):,} bytes, more than the limit of {MAX_PAYLOAD_BYTES:,}"
        )
    return payload


def load_result(name: str, data: bytes) -> Any:
    """Reads what a function returned. Raises InvalidResultError."""
    try:
        return _Unpickler(io.BytesIO(data)).load()
    except ModuleNotFoundError as e:
        raise InvalidResultError(
            f"the result of {name} cannot be read here, since the module {e.name!r} is not "
            "installed here: install it, or return plain values"
        ) from e
    except Exception as e:
        raise InvalidResultError(f"the result of {name} cannot be read here: {e!r}") from e


def load_exception(data: bytes) -> BaseException | None:
    """Reads what a function raised; None where that cannot be done here."""
    try:
        error = _Unpickler(io.BytesIO(data)).load()
    except Exception:
        # It is there as data as well, which says all that matters.
        return None
    return error if isinstance(error, BaseException) else None


def _reduce_code(code: types.CodeType) -> tuple[Any, ...]:
    make, args = internals._code_reduce(code)
    return make, tuple(code.co_filename if each == "<dynamic-code>" else each for each in args)


class _Pickler(cloudpickle.Pickler):  # type: ignore[misc]
    """Keeps the names of source files, which tracebacks are made of."""

    dispatch_table = cloudpickle.Pickler.dispatch_table.new_child({types.CodeType: _reduce_code})

    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file, protocol=_PROTOCOL)


class _Unpickler(pickle.Unpickler):
    """Leaves classes alone that are here already.

    A class that went to a sandbox by value comes back as the class that it was; but cloudpickle
    would set all of its attributes again, to copies that know other globals.
    """

    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file)
        self._known: set[type] = set()

    def find_class(self, module: str, name: str) -> Any:
        found = super().find_class(module, name)
        if module.startswith("cloudpickle."):
            if name in ("_make_skeleton_class", "_make_skeleton_enum"):
                return lambda *args: self._made(found, args)
            if name == "_class_setstate":
                return lambda kind, state: kind if kind in self._known else found(kind, state)
        return found

    def _made(self, make: Callable[..., type], args: tuple[Any, ...]) -> type:
        # The tracker's id is the last but one, in both.
        own = internals._DYNAMIC_CLASS_TRACKER_BY_ID.get(args[-2])
        if own is not None:
            self._known.add(own)
            return own  # type: ignore[no-any-return]
        return make(*args)


def _dumps(value: object) -> bytes:
    buffer = io.BytesIO()
    _Pickler(buffer).dump(value)
    return buffer.getvalue()


@contextlib.contextmanager
def _by_value() -> Iterator[None]:
    # Others use cloudpickle in this process too, so this holds for the moment only.
    with _lock:
        before = cloudpickle.list_registry_pickle_by_value()
        added = [module for name, module in _own_modules() if name not in before]
        for module in added:
            cloudpickle.register_pickle_by_value(module)
        try:
            yield
        finally:
            for module in added:
                with contextlib.suppress(ValueError):
                    cloudpickle.unregister_pickle_by_value(module)


def _own_modules() -> Iterator[tuple[str, types.ModuleType]]:
    for name, module in list(sys.modules.items()):
        known = _verdicts.get(name)
        # Looked at with every call: a module is judged once, unless another one takes its place.
        if known is None or known[0] is not module:
            known = _verdicts[name] = (module, is_own(module))
        if known[1]:
            yield name, module


_verdicts: dict[str, tuple[object, bool]] = {}


def is_own(module: object) -> bool:
    """Returns whether a module is the caller's own, and not an installed one."""
    if not isinstance(module, types.ModuleType) or module.__name__ == "__main__":
        return False
    # Ours that run in sandboxes, where nothing of ours is installed.
    return module.__name__.startswith("athanor._shipped") or _judge(module)


def _judge(module: types.ModuleType) -> bool:
    root = module.__name__.partition(".")[0]
    if root in ("athanor", "cloudpickle") or sys.modules.get(module.__name__) is not module:
        return False
    file = getattr(module, "__file__", None)
    places = [file] if file else list(getattr(module, "__path__", ()))
    if not places or (file and not file.endswith(".py")):
        return False
    path = Path(places[0]).resolve()
    if {"site-packages", "dist-packages"} & set(path.parts):
        return False
    return not any(path.is_relative_to(each) for each in _installed())


@functools.cache
def _installed() -> list[Path]:
    paths = [sysconfig.get_path(each) for each in ("stdlib", "platstdlib", "purelib", "platlib")]
    return [Path(each).resolve() for each in (*paths, site.getusersitepackages()) if each]


def _culprit(
    name: str,
    function: Callable[..., Any],
    args: Sequence[Any],
    kwargs: Mapping[str, Any],
    error: Exception,
) -> str:
    """Says which object it is that cannot be pickled."""
    for number, value in enumerate(args, 1):
        why = _refusal(value)
        if why is not None:
            return f"argument {number} of {name}, {_kind(value)}, cannot be pickled: {why}"
    for key, value in kwargs.items():
        why = _refusal(value)
        if why is not None:
            return f"argument {key!r} of {name}, {_kind(value)}, cannot be pickled: {why}"
    return _reference(name, function, set(), 0) or f"{name} cannot be pickled: {_text(error)}"


def _reference(name: str, function: object, seen: set[int], depth: int) -> str | None:
    function = inspect.unwrap(function) if callable(function) else function
    if isinstance(function, types.MethodType):
        why = _refusal(function.__self__)
        if why is not None:
            return f"{name} is bound to {_kind(function.__self__)}, which cannot be pickled: {why}"
        function = function.__func__
    if not isinstance(function, types.FunctionType) or id(function) in seen or depth > _MAX_DEPTH:
        return None
    seen.add(id(function))
    for what, found in (
        ("captures", _captured(function)),
        ("refers to the global", _globals(function)),
    ):
        for key, value in found.items():
            why = _refusal(value)
            if why is not None:
                deeper = _reference(key, value, seen, depth + 1)
                return deeper or (
                    f"{name} {what} {key!r}, {_kind(value)}, which cannot be pickled: {why}; "
                    "make it inside of the function"
                )
    return None


def _captured(function: types.FunctionType) -> dict[str, Any]:
    values = {}
    for key, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=False):
        with contextlib.suppress(ValueError):
            values[key] = cell.cell_contents
    return values


def _globals(function: types.FunctionType) -> dict[str, Any]:
    names = internals._extract_code_globals(function.__code__)
    return {key: function.__globals__[key] for key in names if key in function.__globals__}


def _refusal(value: object) -> str | None:
    try:
        _dumps(value)
    except Exception as e:
        return _text(e)
    return None


def _kind(value: object) -> str:
    kind = type(value)
    return (
        f"a {kind.__qualname__}"
        if kind.__module__ == "builtins"
        else (f"a {kind.__module__}.{kind.__qualname__}")
    )


def _text(error: BaseException) -> str:
    return str(error) or type(error).__name__
