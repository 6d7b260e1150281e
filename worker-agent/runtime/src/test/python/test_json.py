"""Calls of functions in modules with JSON."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandboxes import Sandbox, frames

MODULE = """
from __future__ import annotations

import dataclasses
import datetime
import decimal
import enum
import pathlib
import typing
import uuid
from typing import Optional, Union

calls = 0


@dataclasses.dataclass
class Item:
    name: str
    unit: Unit


class Unit(enum.Enum):
    DAY = "day"


class Nested:
    @staticmethod
    def inner(x):
        return x


def add(a: int, b: float = 0.5, *rest: int, c: Optional[str] = None) -> list:
    return [a, b, list(rest), c]


def total(items: list[int], prices: dict[str, float], way: int | str) -> float:
    return sum(items) * sum(prices.values())


@dataclasses.dataclass
class Order:
    items: list[Item]
    paid: bool = False
    at: datetime.datetime | None = None

    def __post_init__(self):
        if not self.items:
            raise ValueError("an empty order")


def order(order: Order) -> list:
    return [order.items[0].unit.name, order.items[0].name, order.paid, str(order.at)]


def written(
    day: datetime.date,
    money: decimal.Decimal,
    key: uuid.UUID,
    path: pathlib.Path,
    data: bytes,
    pair: tuple[int, str],
    some: set[int],
    ages: dict[int, float],
    mode: typing.Literal["fast", "slow"] = "fast",
) -> str:
    return repr((day, money, key, path.name, data, pair, some, ages, mode))


def rest(*numbers: int, **words: str) -> list:
    return [list(numbers), words]


def untyped(*args, **kwargs):
    return [args, kwargs]


def odd(value: NotThere):
    return value


def count() -> int:
    global calls
    calls += 1
    return calls


def values():
    return [
        Item("a", Unit.DAY),
        datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc),
        decimal.Decimal("1.50"),
        uuid.UUID(int=1),
        pathlib.PurePath("a/b"),
        frozenset([1]),
        b"abc",
        "\\ud83d ä",
    ]


def unfit(what: str):
    if what == "object":
        return {"a": [object()]}
    if what == "nan":
        return float("nan")
    if what == "cycle":
        cycle = []
        cycle.append(cycle)
        return cycle
    return "x" * 2_000_000


def throws():
    raise ValueError("no luck")


not_callable = 7
"""


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    # As a bundle comes: an archive under a name that says nothing.
    bundle = tmp_path / "bundle.jar"
    with zipfile.ZipFile(bundle, "w") as archive:
        archive.writestr("functions.py", MODULE)
        archive.writestr("broken.py", "import nowhere_to_be_found")
    with Sandbox(path=(str(bundle),)) as started:
        yield started


def value(sandbox: Sandbox, name: str, arguments: str) -> Any:
    answer = sandbox.call_json("functions", name, arguments)
    assert isinstance(answer, frames.Result), answer
    assert answer.codec == frames.CODEC_JSON
    return json.loads(answer.result)


def refusal(sandbox: Sandbox, name: str, arguments: str, module: str = "functions") -> str:
    answer = sandbox.call_json(module, name, arguments)
    assert isinstance(answer, frames.Rejected), answer
    assert answer.kind == frames.INVALID_INVOCATION
    return str(answer.message)


def test_arguments_go_by_position_or_by_name(sandbox: Sandbox) -> None:
    assert value(sandbox, "add", "[1]") == [1, 0.5, [], None]
    assert value(sandbox, "add", "[1, 2, 3, 4]") == [1, 2, [3, 4], None]
    assert value(sandbox, "add", '{"c": "x", "a": 1}') == [1, 0.5, [], "x"]
    assert value(sandbox, "untyped", '[1, "ä", null, [true]]') == [[1, "ä", None, [True]], {}]
    assert value(sandbox, "untyped", '{"a": {"b": 1}}') == [[], {"a": {"b": 1}}]
    assert value(sandbox, "Nested.inner", "[7]") == 7
    assert value(sandbox, "total", '[[1, 2], {"a": 1.5, "b": 1}, "way"]') == 7.5
    assert value(sandbox, "odd", "[{}]") == {}


def test_arguments_become_what_is_declared(sandbox: Sandbox) -> None:
    item = '{"name": "a", "unit": "day"}'
    assert value(sandbox, "order", f'[{{"items": [{item}]}}]') == ["DAY", "a", False, "None"]
    whole = f'{{"items": [{item}], "paid": true, "at": "2026-01-02T03:04:05Z"}}'
    assert value(sandbox, "order", f"[{whole}]") == ["DAY", "a", True, "2026-01-02 03:04:05+00:00"]
    arguments = (
        '["2026-01-02", 1.50, "00000000-0000-0000-0000-000000000001", "/a/b", "YWJj", '
        '[1, "x"], [2], {"7": 1}]'
    )
    assert value(sandbox, "written", arguments) == (
        "(datetime.date(2026, 1, 2), Decimal('1.5'), "
        "UUID('00000000-0000-0000-0000-000000000001'), 'b', b'abc', (1, 'x'), {2}, {7: 1}, 'fast')"
    )
    assert value(sandbox, "rest", "[1, 2]") == [[1, 2], {}]
    assert value(sandbox, "rest", '{"a": "b"}') == [[], {"a": "b"}]


WRITTEN = {
    "day": "2026-01-02",
    "money": 1,
    "key": "00000000-0000-0000-0000-000000000001",
    "path": "/a",
    "data": "YWJj",
    "pair": [1, "x"],
    "some": [],
    "ages": {},
}


@pytest.mark.parametrize(
    ("name", "given", "message"),
    [
        ("day", "tomorrow", 'expected date, got "tomorrow"'),
        ("day", 7, "expected date, got 7"),
        ("money", "much", 'expected Decimal, got "much"'),
        ("money", True, "expected Decimal, got true"),
        ("key", "x", 'expected UUID, got "x"'),
        ("key", 7, "expected UUID, got 7"),
        ("path", 7, "expected Path, got 7"),
        ("data", "%", 'expected bytes, got "%"'),
        ("pair", [1], "expected tuple[int, str], got an array"),
        ("some", ["x"], '"some"[0]: expected an integer, got "x"'),
        ("ages", {"x": 1}, '"ages", a key: expected an integer, got "x"'),
        ("mode", "idle", 'got "idle"'),
    ],
)
def test_what_is_written_wrongly_is_named(
    sandbox: Sandbox, name: str, given: object, message: str
) -> None:
    refused = refusal(sandbox, "written", json.dumps({**WRITTEN, name: given}))
    assert f'parameter "{name}"' in refused
    assert message in refused


def test_a_module_is_loaded_once(sandbox: Sandbox) -> None:
    assert [value(sandbox, "count", "[]") for _ in range(3)] == [1, 2, 3]


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("add", "[]", "missing a required argument: 'a'"),
        ("add", '{"a": 1, "x": 2}', "got an unexpected keyword argument 'x'"),
        ("count", "[1]", "the function takes () -> 'int': too many positional arguments"),
        ("add", '["1"]', 'parameter "a": expected an integer, got "1"'),
        ("add", "[1.5]", 'parameter "a": expected an integer, got 1.5'),
        ("add", "[true]", 'parameter "a": expected an integer, got true'),
        ("add", "[1, null]", 'parameter "b": expected a number, got null'),
        ("add", '{"a": 1, "c": []}', 'parameter "c": expected'),
        ("total", '[[1, "2"], {}, 1]', 'parameter "items"[1]: expected an integer, got "2"'),
        ("total", '[[1], {"a": "b"}, 1]', 'parameter "prices".a: expected a number, got "b"'),
        ("total", "[7, {}, 1]", 'parameter "items": expected an array, got 7'),
        ("order", '[{"items": [{"name": "a"}]}]', 'parameter "order".items[0].unit is missing'),
        ("order", '[{"items": []}]', "Order refuses it: an empty order"),
        ("order", '[{"itms": []}]', "there is no itms in Order, but items, paid, at"),
        ("order", "[7]", 'parameter "order": expected an object, got 7'),
        (
            "order",
            '[{"items": [{"name": "a", "unit": "year"}]}]',
            '"order".items[0].unit: expected one of DAY, got "year"',
        ),
        ("rest", '[1, "2"]', 'parameter "numbers"[1]: expected an integer, got "2"'),
        ("rest", '{"a": 1}', 'parameter "a": expected a string, got 1'),
        ("total", "[[1], {}, 1.5]", 'parameter "way": expected int | str, got 1.5'),
        ("add", "7", "arguments are an array, or an object"),
        ("add", "[1", "no JSON: "),
        ("add", "[NaN]", "no JSON: NaN is none"),
        ("add", "[" * 100_000, "no JSON: "),
        ("nothing", "[]", "there is no nothing in module functions"),
        ("not_callable", "[]", "not_callable in module functions is no function"),
    ],
)
def test_what_does_not_fit_is_named(
    sandbox: Sandbox, name: str, arguments: str, message: str
) -> None:
    assert message in refusal(sandbox, name, arguments)


def test_a_function_has_to_be_in_a_module_that_is_there(sandbox: Sandbox) -> None:
    assert "has to be in a module" in refusal(sandbox, "f", "[]", module="")
    for module in ("not_there", "broken"):
        threw = sandbox.call_json(module, "f", "[]")
        assert threw.throwables[0].class_name == "ModuleNotFoundError"


def test_results_of_many_types_have_a_form(sandbox: Sandbox) -> None:
    assert value(sandbox, "values", "[]") == [
        {"name": "a", "unit": "day"},
        "2026-01-02T03:04:05+00:00",
        "1.50",
        "00000000-0000-0000-0000-000000000001",
        "a/b",
        [1],
        "YWJj",
        "\ud83d ä",
    ]


@pytest.mark.parametrize(
    ("what", "kind", "message"),
    [
        ("object", frames.INVALID_RESULT, "an object of type object has no form in JSON"),
        ("nan", frames.INVALID_RESULT, "cannot be written as JSON: ValueError"),
        ("cycle", frames.INVALID_RESULT, "cannot be written as JSON: ValueError"),
        ("large", frames.TOO_LARGE, "more than the limit"),
    ],
)
def test_results_without_a_form_are_refused(
    sandbox: Sandbox, what: str, kind: int, message: str
) -> None:
    answer = sandbox.call_json("functions", "unfit", json.dumps([what]))
    assert answer.kind == kind
    assert message in answer.message


def test_what_it_raises_is_what_any_function_raises(sandbox: Sandbox) -> None:
    threw = sandbox.call_json("functions", "throws", "[]")
    assert threw.throwables[0].message == "no luck"
    assert threw.throwables[0].frames[0].method_name == "throws"
