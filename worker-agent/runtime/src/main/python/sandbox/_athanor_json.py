"""Arguments and results in JSON, for callers who speak another language or none.

Most sandboxes never get here: what only JSON needs is imported where it is needed.
"""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import types
import typing
from collections import abc
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
    _bind_types(function, signature, bound.arguments)
    return bound.args, bound.kwargs


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is none")


def _bind_types(
    function: Callable[..., Any], signature: inspect.Signature, arguments: dict[str, Any]
) -> None:
    try:
        hints = typing.get_type_hints(function)
    except Exception:
        # Names that are not there at run time, say: then nothing is declared.
        return
    for name, value in arguments.items():
        if name not in hints:
            continue
        hint, place = hints[name], f'parameter "{name}"'
        kind = signature.parameters[name].kind
        if kind is inspect.Parameter.VAR_POSITIONAL:
            arguments[name] = tuple(_all(value, hint, place))
        elif kind is inspect.Parameter.VAR_KEYWORD:
            arguments[name] = {k: _make(v, hint, f'parameter "{k}"') for k, v in value.items()}
        else:
            arguments[name] = _make(value, hint, place)


def _make(value: Any, hint: Any, place: str) -> Any:
    """Returns the value as its declaration wants it; one of which JSON knows nothing as it is."""
    origin = typing.get_origin(hint)
    if origin is not None:
        return _make_generic(value, hint, origin, typing.get_args(hint), place)
    if hint in _NAMES:
        if type(value) is hint or (hint is float and type(value) is int):
            return value
        raise _unfit(value, hint, place)
    if hint in (set, frozenset, tuple):
        return hint(_all(value, typing.Any, place))
    if not isinstance(hint, type):
        return value
    if dataclasses.is_dataclass(hint):
        return _make_dataclass(value, hint, place)
    try:
        return _make_written(value, hint)
    except (ValueError, TypeError, ArithmeticError) as e:
        raise _unfit(value, hint, place) from e


def _make_generic(value: Any, hint: Any, origin: Any, inner: tuple[Any, ...], place: str) -> Any:
    if origin is typing.Union or origin is types.UnionType:
        for each in inner:
            try:
                return _make(value, each, place)
            except UnfitError:
                continue
        raise _unfit(value, hint, place)
    if origin is typing.Literal:
        if any(type(value) is type(each) and value == each for each in inner):
            return value
        raise _unfit(value, hint, place)
    if origin is tuple and inner[-1:] != (...,):
        if not isinstance(value, list) or len(value) != len(inner):
            raise _unfit(value, hint, place)
        return tuple(
            _make(each, kind, f"{place}[{i}]")
            for i, (each, kind) in enumerate(zip(value, inner, strict=True))
        )
    if origin in (tuple, set, frozenset):
        return origin(_all(value, inner[0], place))
    if origin in (list, abc.Sequence, abc.Iterable, abc.Collection):
        return _all(value, inner[0], place)
    if origin in (dict, abc.Mapping):
        if not isinstance(value, dict):
            raise _unfit(value, hint, place)
        return {
            _key(k, inner[0], place): _make(v, inner[1], f"{place}.{k}") for k, v in value.items()
        }
    return value


def _all(value: Any, hint: Any, place: str) -> list[Any]:
    if not isinstance(value, (list, tuple)):
        raise _unfit(value, list, place)
    return [_make(each, hint, f"{place}[{i}]") for i, each in enumerate(value)]


def _key(name: str, hint: Any, place: str) -> Any:
    """Names are strings in JSON, whatever they stand for."""
    if hint in (int, float):
        try:
            return hint(name)
        except ValueError as e:
            raise _unfit(name, hint, f"{place}, a key") from e
    return _make(name, hint, f"{place}, a key")


def _make_dataclass(value: Any, kind: Any, place: str) -> Any:
    if not isinstance(value, dict):
        raise _unfit(value, dict, place)
    fields = {each.name: each for each in dataclasses.fields(kind) if each.init}
    unknown = [name for name in value if name not in fields]
    if unknown:
        raise UnfitError(
            f"{place}: there is no {', '.join(unknown)} in {kind.__name__}, but {', '.join(fields)}"
        )
    for name, field in fields.items():
        required = field.default is field.default_factory is dataclasses.MISSING
        if required and name not in value:
            raise UnfitError(f"{place}.{name} is missing")
    hints = typing.get_type_hints(kind)
    made = {name: _make(each, hints[name], f"{place}.{name}") for name, each in value.items()}
    try:
        return kind(**made)
    except Exception as e:
        raise UnfitError(f"{place}: {kind.__name__} refuses it: {e}") from e


def _make_written(value: Any, kind: type) -> Any:
    """Makes what is a string in JSON for want of a form of its own."""
    import base64  # noqa: PLC0415
    import datetime  # noqa: PLC0415
    import decimal  # noqa: PLC0415
    import enum  # noqa: PLC0415
    import pathlib  # noqa: PLC0415
    import uuid  # noqa: PLC0415

    if issubclass(kind, enum.Enum):
        return kind[value] if value in kind.__members__ else kind(value)
    if kind is decimal.Decimal and type(value) in (int, float):
        return decimal.Decimal(str(value))
    written: dict[type, Callable[[str], Any]] = {
        bytes: lambda text: base64.b64decode(text, validate=True),
        datetime.date: datetime.date.fromisoformat,
        # Python 3.10 knows no Z.
        datetime.datetime: lambda text: datetime.datetime.fromisoformat(_with_offset(text)),
        datetime.time: lambda text: datetime.time.fromisoformat(_with_offset(text)),
        decimal.Decimal: decimal.Decimal,
        pathlib.Path: pathlib.Path,
        pathlib.PurePath: pathlib.PurePath,
        uuid.UUID: uuid.UUID,
    }
    if kind not in written:
        return value
    if not isinstance(value, str):
        raise TypeError("it is no string")
    return written[kind](value)


def _with_offset(text: str) -> str:
    return text[:-1] + "+00:00" if text.endswith("Z") else text


def _unfit(value: Any, hint: Any, place: str) -> UnfitError:
    return UnfitError(f"{place}: expected {_name(hint)}, got {_show(value)}")


def _name(hint: Any) -> str:
    if hint in _NAMES:
        return _NAMES[hint]
    members = getattr(hint, "__members__", None)
    if members is not None:
        return f"one of {', '.join(members)}"
    return hint.__name__ if isinstance(hint, type) and not typing.get_args(hint) else str(hint)


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
