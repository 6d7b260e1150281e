"""Says in JSON Schema what a function takes, so that a dispatcher can tell what does not fit.

It says no more than it is sure of: what a sandbox makes of JSON is for that to say.
"""

from __future__ import annotations

import dataclasses
import datetime
import decimal
import enum
import inspect
import pathlib
import types
import typing
import uuid
from collections import abc
from collections.abc import Callable
from typing import Any

_DEEPEST = 12
_KINDS = {
    inspect.Parameter.POSITIONAL_ONLY: "POSITIONAL_ONLY",
    inspect.Parameter.POSITIONAL_OR_KEYWORD: "ANY",
    inspect.Parameter.KEYWORD_ONLY: "NAMED_ONLY",
    inspect.Parameter.VAR_POSITIONAL: "MORE_POSITIONAL",
    inspect.Parameter.VAR_KEYWORD: "MORE_NAMED",
}
_PLAIN: dict[Any, dict[str, Any]] = {
    int: {"type": "integer"},
    float: {"type": "number"},
    str: {"type": "string"},
    bool: {"type": "boolean"},
    list: {"type": "array"},
    set: {"type": "array"},
    frozenset: {"type": "array"},
    tuple: {"type": "array"},
    dict: {"type": "object"},
    type(None): {"type": "null"},
    bytes: {"type": "string", "format": "byte"},
    datetime.date: {"type": "string", "format": "date"},
    datetime.datetime: {"type": "string", "format": "date-time"},
    datetime.time: {"type": "string", "format": "time"},
    pathlib.Path: {"type": "string", "format": "path"},
    pathlib.PurePath: {"type": "string", "format": "path"},
    uuid.UUID: {"type": "string", "format": "uuid"},
    decimal.Decimal: {"anyOf": [{"type": "number"}, {"type": "string"}]},
}


def parameters(function: Callable[..., Any]) -> list[dict[str, Any]]:
    """Returns what a function takes."""
    try:
        declared = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        # Some of those written in C have none: whatever is given is tried.
        return [
            {"name": "args", "kind": "MORE_POSITIONAL", "schema": {}},
            {"name": "kwargs", "kind": "MORE_NAMED", "schema": {}},
        ]
    try:
        hints = typing.get_type_hints(function)
    except Exception:
        # Annotations may name what only a type checker knows.
        hints = {}
    return [
        {
            "name": each.name,
            "kind": _KINDS[each.kind],
            "required": each.default is each.empty
            and each.kind not in (each.VAR_POSITIONAL, each.VAR_KEYWORD),
            "schema": schema(hints.get(each.name, Any)),
        }
        for each in declared
    ]


def schema(hint: Any, depth: int = 0) -> dict[str, Any]:
    """Returns what fits a type; of one of which JSON knows nothing, everything does."""
    if depth > _DEEPEST:
        return {}
    origin = typing.get_origin(hint)
    if origin is not None:
        return _generic(origin, typing.get_args(hint), depth + 1)
    try:
        plain = _PLAIN.get(hint)
    except TypeError:
        return {}
    if plain is not None:
        return plain
    if not isinstance(hint, type):
        return {}
    if dataclasses.is_dataclass(hint):
        return _dataclass(hint, depth + 1)
    if issubclass(hint, enum.Enum):
        return _enum(hint)
    return {}


def _generic(origin: Any, inner: tuple[Any, ...], depth: int) -> dict[str, Any]:
    if origin is typing.Union or origin is types.UnionType:
        choices = [schema(each, depth) for each in inner]
        return {} if {} in choices else {"anyOf": choices}
    if origin is typing.Literal:
        return {"enum": list(inner)} if all(map(_is_plain, inner)) else {}
    if origin is tuple and inner[-1:] != (...,):
        return {"type": "array", "prefixItems": [schema(each, depth) for each in inner]}
    if origin in (tuple, set, frozenset, list, abc.Sequence, abc.Iterable, abc.Collection):
        return {"type": "array", "items": schema(inner[0], depth)}
    if origin in (dict, abc.Mapping):
        return {"type": "object", "additionalProperties": schema(inner[1], depth)}
    return {}


def _is_plain(value: object) -> bool:
    return value is None or isinstance(value, (str, int, float))


def _enum(kind: type[enum.Enum]) -> dict[str, Any]:
    values = [each.value for each in kind]
    # By its name or its value.
    return {"enum": [*kind.__members__, *values]} if all(map(_is_plain, values)) else {}


def _dataclass(kind: Any, depth: int) -> dict[str, Any]:
    try:
        hints = typing.get_type_hints(kind)
    except Exception:
        return {"type": "object"}
    fields = [each for each in dataclasses.fields(kind) if each.init]
    return {
        "type": "object",
        "properties": {each.name: schema(hints[each.name], depth) for each in fields},
        "required": [
            each.name
            for each in fields
            if each.default is each.default_factory is dataclasses.MISSING
        ],
        "additionalProperties": False,
    }
