"""What is said of functions that are deployed, and what of them arrives."""

from __future__ import annotations

import dataclasses
import datetime
import enum
import importlib
import sys
import typing
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import athanor
from athanor import _deployed, _schemas
from athanor._sandbox import _athanor_json


class Size(enum.Enum):
    SMALL = 1
    LARGE = 2


@dataclasses.dataclass
class Order:
    item: str
    due: datetime.date
    size: Size = Size.SMALL


def ship(order: Order, count: int = 1, *notes: str, fast: bool, **others: float) -> str:
    """Ships.

    Far away.
    """
    return f"{count} {order.item} {order.size.name} {order.due.year} {notes} {fast} {others}"


def test_every_kind_of_parameter_is_described() -> None:
    described = {each["name"]: each for each in _schemas.parameters(ship)}
    assert [each["kind"] for each in described.values()] == [
        "ANY",
        "ANY",
        "MORE_POSITIONAL",
        "NAMED_ONLY",
        "MORE_NAMED",
    ]
    assert [name for name, each in described.items() if each["required"]] == ["order", "fast"]
    assert described["count"]["schema"] == {"type": "integer"}
    assert described["order"]["schema"] == {
        "type": "object",
        "properties": {
            "item": {"type": "string"},
            "due": {"type": "string", "format": "date"},
            "size": {"enum": ["SMALL", "LARGE", 1, 2]},
        },
        "required": ["item", "due"],
        "additionalProperties": False,
    }


@pytest.mark.parametrize(
    ("hint", "schema"),
    [
        (int | None, {"anyOf": [{"type": "integer"}, {"type": "null"}]}),
        (list[int], {"type": "array", "items": {"type": "integer"}}),
        (
            tuple[int, str],
            {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}]},
        ),
        (dict[str, float], {"type": "object", "additionalProperties": {"type": "number"}}),
        (typing.Literal["a", 2], {"enum": ["a", 2]}),
        (Any, {}),
        (int | Any, {}),
        (Callable[[int], int], {}),
        (object, {}),
    ],
)
def test_types_are_described_as_far_as_json_goes(hint: Any, schema: dict[str, Any]) -> None:
    assert _schemas.schema(hint) == schema


@dataclasses.dataclass
class Tree:
    children: list[Tree]


def test_a_type_that_holds_itself_is_described_to_some_depth() -> None:
    assert "children" in _schemas.schema(Tree)["properties"]


@pytest.fixture
def deployed(tmp_path: Path) -> Any:
    def load(function: Callable[..., Any]) -> Callable[..., Any]:
        archive = tmp_path / "bundle.jar"
        archive.write_bytes(_deployed._archive(function))
        sys.path.insert(0, str(archive))
        return _athanor_json.find("athanor_deployed", "function")

    yield load
    sys.path.pop(0)
    sys.modules.pop("athanor_deployed", None)
    importlib.invalidate_caches()


def test_what_is_deployed_binds_json_by_its_types(deployed: Any) -> None:
    function = deployed(ship)
    args, kwargs = _athanor_json.bind(
        function, b'{"order": {"item": "gold", "due": "2026-01-02", "size": "LARGE"}, "fast": true}'
    )
    assert function(*args, **kwargs) == "1 gold LARGE 2026 () True {}"


def test_coroutines_are_run(deployed: Any) -> None:
    async def double(x: int) -> int:
        return 2 * x

    function = deployed(double)
    args, kwargs = _athanor_json.bind(function, b"[21]")
    assert function(*args, **kwargs) == 42


def test_the_same_function_is_the_same_archive() -> None:
    assert _deployed._archive(ship) == _deployed._archive(ship)


@pytest.mark.parametrize(
    "name", ["", "/", "a//b", "../x", "a b", "jokes/jobs", "ä", "n" * 10_000, "a\n", "a/current"]
)
def test_names_that_are_none_are_refused(name: str) -> None:
    with pytest.raises(athanor.InvalidOptionError):
        athanor.function(name)
    with pytest.raises(athanor.InvalidOptionError):
        athanor.isolated(ship).deploy(name)


def test_arguments_go_by_position_or_by_name() -> None:
    tell = athanor.function("jokes/tell")
    with pytest.raises(TypeError, match="all by position, or all by the names"):
        tell("World", times=2)
    with pytest.raises(athanor.UnpicklableError, match="no form in JSON"):
        tell.submit(object())
