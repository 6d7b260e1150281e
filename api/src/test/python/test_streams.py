"""Functions that yield."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator

import pytest

import athanor
from athanor import LocalHost, isolated
from support import SLOW


def test_values_arrive_while_the_function_runs(host: LocalHost) -> None:
    lines: list[str] = []

    @isolated(host=host, logs=lambda line: lines.append(line.text))
    def count(n: int) -> Iterator[int]:
        for i in range(n):
            print(f"yields {i}")
            yield i
        print("done")

    values = count(3)
    assert [line for line in lines if "yields" in line] == []
    assert next(values) == 0
    assert lines[-1] == "yields 0"
    assert list(values) == [1, 2]
    assert lines[-1] == "done"
    assert list(count(0)) == []


def test_closing_a_stream_closes_the_generator(host: LocalHost) -> None:
    lines: list[str] = []

    @isolated(host=host, logs=lambda line: lines.append(line.text))
    def endless() -> Iterator[int]:
        try:
            while True:
                yield 1
        finally:
            print("closed")

    values = endless()
    next(values)
    values.close()  # type: ignore[attr-defined]
    assert lines[-1] == "closed"
    for _ in endless():
        break
    assert lines.count("closed") == 2


def test_a_stream_has_its_sandbox_for_itself_and_leaves_it_hot(process_host: LocalHost) -> None:
    def pid() -> int:
        import os

        return os.getpid()

    @isolated(host=process_host, machine_type="L")
    def pids() -> Iterator[int]:
        import os

        while True:
            yield os.getpid()

    values = pids()
    own = next(values)
    other = isolated(host=process_host, machine_type="L")(pid)
    assert other() != own
    assert next(values) == own
    values.close()  # type: ignore[attr-defined]
    assert own in {other.submit().result(SLOW) for _ in range(2)}


def test_what_a_generator_raises_is_raised_after_its_values(process_host: LocalHost) -> None:
    @isolated(host=process_host)
    def fail() -> Iterator[int]:
        yield 1
        raise ValueError("broke")

    values = fail()
    assert next(values) == 1
    with pytest.raises(ValueError, match="broke") as raised:
        next(values)
    assert "_shipped" not in str(raised.value.__cause__)
    with pytest.raises(StopIteration):
        next(values)


def test_the_time_of_a_stream_is_limited_not_that_of_its_reader(process_host: LocalHost) -> None:
    @isolated(host=process_host, timeout=1, machine_type="S")
    def slow() -> Iterator[int]:
        import time

        yield 1
        time.sleep(600)
        yield 2

    values = slow()
    assert next(values) == 1
    threading.Event().wait(1.1)
    with pytest.raises(athanor.TimedOutError):
        next(values)


def test_asynchronous_generators_are_for_coroutines(process_host: LocalHost) -> None:
    @isolated(host=process_host)
    async def count(n: int) -> AsyncIterator[int]:
        import asyncio

        for i in range(n):
            await asyncio.sleep(0)
            yield i

    async def use() -> list[int]:
        return [i async for i in count(3)]

    assert asyncio.run(use()) == [0, 1, 2]


def test_a_stream_is_not_submitted(process_host: LocalHost) -> None:
    @isolated(host=process_host)
    def count() -> Iterator[int]:
        yield 1

    with pytest.raises(athanor.InvalidOptionError, match="yields its values"):
        count.submit()
    with pytest.raises(athanor.InvalidOptionError, match="yields its values"):
        count.map([1])
