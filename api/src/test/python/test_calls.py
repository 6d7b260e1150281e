"""Many calls at once."""

from __future__ import annotations

import asyncio
import concurrent.futures
import io
import itertools
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from typing import Any

import pytest

import athanor
from athanor import Executor, LocalHost, _mapping, isolated
from athanor._progress import Progress
from support import SLOW


class Calls:
    """Stands for a function's ``submit``: each call ends when it is told to."""

    def __init__(self) -> None:
        self.futures: list[Future[int]] = []

    def __call__(self, x: int) -> Future[int]:
        self.futures.append(Future())
        if x < 0:
            self.futures[-1].set_exception(ValueError(x))
        elif x < 100:
            self.futures[-1].set_result(x)
        return self.futures[-1]


def test_results_come_in_the_order_of_the_inputs(process_host: LocalHost) -> None:
    @isolated(host=process_host)
    def double(x: int) -> int:
        import time

        time.sleep(0.2 if x == 0 else 0)
        return 2 * x

    assert list(double.map(range(6))) == [0, 2, 4, 6, 8, 10]
    assert list(double.map([])) == []


def test_several_inputs_are_taken_in_step(process_host: LocalHost) -> None:
    add = isolated(host=process_host)(lambda a, b: a + b)
    assert list(add.map([1, 2, 3], [10, 20])) == [11, 22]


def test_inputs_are_taken_as_they_are_needed() -> None:
    taken = []

    def endless() -> Iterator[int]:
        for x in itertools.count():
            taken.append(x)
            yield x % 100

    results = _mapping.ordered("f", Calls(), [endless()], limit=3)
    assert taken == []
    assert next(results) == 0
    assert taken == [0, 1, 2]
    assert next(results) == 1
    assert taken == [0, 1, 2, 3]


def test_the_first_failure_ends_the_others() -> None:
    calls = Calls()
    results = _mapping.ordered("f", calls, [[1, -2, 100, 101]], limit=4)
    assert next(results) == 1
    with pytest.raises(ValueError, match="-2"):
        next(results)
    assert [each.cancelled() for each in calls.futures] == [False, False, True, True]


def test_closing_ends_what_is_under_way() -> None:
    calls = Calls()
    results = _mapping.ordered("f", calls, [[1, 100, 101]], limit=2)
    next(results)
    results.close()  # type: ignore[attr-defined]
    assert [each.cancelled() for each in calls.futures] == [False, True]


def test_coroutines_can_iterate(process_host: LocalHost) -> None:
    double = isolated(host=process_host)(lambda x: 2 * x)

    async def use() -> list[int]:
        return [x async for x in double.map_async(range(3))]

    assert asyncio.run(use()) == [0, 2, 4]


def test_a_cancelled_task_cancels_its_call(process_host: LocalHost) -> None:
    begun = threading.Event()
    ended = threading.Event()

    def listen(line: Any) -> None:
        (begun if line.text == "begun" else ended).set()

    @isolated(host=process_host, logs=listen)
    def sleep() -> None:
        import time

        try:
            print("begun", flush=True)
            time.sleep(600)
        finally:
            print("ended", flush=True)

    async def use() -> None:
        task = asyncio.create_task(sleep.call_async())
        await asyncio.to_thread(begun.wait, SLOW)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(use())
    assert ended.wait(SLOW)


def test_an_executor_passes_as_one_of_the_standard_library(process_host: LocalHost) -> None:
    with Executor(host=process_host) as executor:
        assert isinstance(executor, concurrent.futures.Executor)
        assert list(executor.map(pow, [2, 3], [5, 2])) == [32, 9]
        future = executor.submit(lambda x: x + 1, 1)
        done, _ = concurrent.futures.wait([future], SLOW)
        assert [each.result() for each in done] == [2]
    with pytest.raises(RuntimeError, match="shut down"):
        executor.submit(lambda: 1)
    with pytest.raises(athanor.InvalidOptionError):
        Executor(machine="M")  # type: ignore[call-arg]


def test_an_executor_can_cancel_what_runs(process_host: LocalHost) -> None:
    begun = threading.Event()

    def sleep() -> None:
        import time

        print("begun", flush=True)
        time.sleep(600)

    executor = Executor(host=process_host, logs=lambda line: begun.set())
    future = executor.submit(sleep)
    assert begun.wait(SLOW)
    executor.shutdown(cancel_futures=True)
    assert future.cancelled()


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_drawn_on_terminals_only_and_not_too_often() -> None:
    now = 0.0
    terminal, file = Terminal(), io.StringIO()
    for out in (terminal, file):
        with Progress("work", 4, 1, out, lambda: now) as progress:
            for _ in range(4):
                progress.advance()
    assert file.getvalue() == ""
    # The first, and the last.
    assert terminal.getvalue().count("\r") == 2
    assert terminal.getvalue().endswith(f"work [{'#' * 30}] 4/4\n")
