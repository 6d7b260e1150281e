"""Arguments and results in JSON, for callers who speak another language or none.

Most sandboxes never get here: what only JSON needs is imported where it is needed.
"""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import types
import typing
from collections.abc import Callable
from typing import Any

_SHOWN = 60
_NAMES = {
    int: "an integer",
    float: "a number",
    str: "a string",
    bool: "true or false",
    list: "an array",
    dict: "an object",
    type(None): "null",
}


class UnfitError(Exception):
    """What was given and what is declared do not fit; says where."""


def find(module: str, name: str) -> Callable[..., Any]:
    """Returns a function of a module that is on the path."""
    if not module:
        raise UnfitError("a function that is to be called with JSON has to be in a module")
    target: Any = importlib.import_module(module)
    for part in name.split("."):
        try:
            target = getattr(target, part)
        except AttributeError as e:
            raise UnfitError(f"there is no {name} in module {module}") from e
    if type(target).__module__.partition(".")[0] == "athanor":
        # What its decorator made of it sends calls; here it is to run.
        target = getattr(target, "__wrapped__", target)
    if not callable(target):
        raise UnfitError(f"{name} in module {module} is no function")
    return target  # type: ignore[no-any-return]


def bind(function: Callable[..., Any], data: bytes) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Reads arguments: an array by position, or an object by name."""
    import json  # noqa: PLC0415

    try:
        given = json.loads(data.decode("utf-8"), parse_constant=_refuse)
    except (ValueError, RecursionError) as e:
        raise UnfitError(f"no JSON: {e}") from e
    if isinstance(given, list):
        args, kwargs = tuple(given), {}
    elif isinstance(given, dict):
        args, kwargs = (), given
    else:
        raise UnfitError(
            f"arguments are an array, or an object by the names of parameters; got {_show(given)}"
        )
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        # Some of those written in C have none.
        return args, kwargs
    try:
        bound = signature.bind(*args, **kwargs)
    except TypeError as e:
        raise UnfitError(f"the function takes {signature}: {e}") from e
    _check(function, signature, bound.arguments)
    return args, kwargs


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is none")


def _check(
    function: Callable[..., Any], signature: inspect.Signature, arguments: dict[str, Any]
) -> None:
    try:
        hints = typing.get_type_hints(function)
    except Exception:
        # Names that are not there at run time, say: then nothing is declared.
        return
    for name, value in arguments.items():
        kind = signature.parameters[name].kind
        if kind in (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD):
            continue
        if name in hints and not _fits(value, hints[name]):
            raise UnfitError(
                f'parameter "{name}": expected {_name(hints[name])}, got {_show(value)}'
            )


def _fits(value: Any, hint: Any) -> bool:
    origin = typing.get_origin(hint)
    inner = typing.get_args(hint)
    if origin is typing.Union or origin is types.UnionType:
        return any(_fits(value, each) for each in inner)
    if origin is list:
        return isinstance(value, list) and all(_fits(each, inner[0]) for each in value)
    if origin is dict:
        return isinstance(value, dict) and all(_fits(each, inner[1]) for each in value.values())
    if hint is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    # Of anything else JSON has no values; the function may make what it needs of them.
    return hint not in _NAMES or isinstance(value, hint)


def _name(hint: Any) -> str:
    if hint in _NAMES:
        return _NAMES[hint]
    return str(hint)


def _show(value: Any) -> str:
    if isinstance(value, list):
        return "an array"
    if isinstance(value, dict):
        return "an object"
    import json  # noqa: PLC0415

    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def dump(value: Any) -> bytes:
    """Writes a result."""
    import json  # noqa: PLC0415

    return json.dumps(value, allow_nan=False, default=_plain, separators=(",", ":")).encode()


def _plain(value: Any) -> Any:
    import base64  # noqa: PLC0415
    import datetime  # noqa: PLC0415
    import decimal  # noqa: PLC0415
    import enum  # noqa: PLC0415
    import pathlib  # noqa: PLC0415
    import uuid  # noqa: PLC0415

    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {each.name: getattr(value, each.name) for each in dataclasses.fields(value)}
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, (decimal.Decimal, uuid.UUID, pathlib.PurePath)):
        return str(value)
    if isinstance(value, (set, frozenset)):
        return list(value)
    if isinstance(value, (bytes, bytearray)):
        return base64.b64encode(value).decode()
    raise TypeError(
        f"an object of type {type(value).__qualname__} has no form in JSON: "
        "return dicts, lists, strings or numbers"
    )
