"""What user code can do to a sandbox, and what its agent hears of it."""

from __future__ import annotations

import os
import pickle
import signal
import sys
import time
from collections.abc import Iterator
from typing import Any

import cloudpickle
import pytest

from sandboxes import SLOW, Sandbox, frames

cloudpickle.register_pickle_by_value(sys.modules[__name__])


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as started:
        yield started


def test_says_hello_with_its_version() -> None:
    with Sandbox(load=False) as sandbox:
        assert sandbox.hello.protocol_version == frames.VERSION
        assert sandbox.hello.runtime_version == ".".join(map(str, sys.version_info[:3]))
        sandbox.send(frames.Load(("/does/not/exist",)))
        assert "/does/not/exist" in sandbox.receive().message


def test_returns_what_the_function_returns(sandbox: Sandbox) -> None:
    assert sandbox.result(lambda a, b: a + b, 1, 2) == 3
    assert sandbox.result(lambda: lambda: 7)() == 7


def test_keeps_a_function_and_its_globals_while_hot(sandbox: Sandbox) -> None:
    def count() -> int:
        state["calls"] += 1
        return state["calls"]

    state = {"calls": 0}
    assert [sandbox.result(count) for _ in range(3)] == [1, 2, 3]


def test_user_code_sees_nothing_of_ours(sandbox: Sandbox) -> None:
    def look() -> tuple[list[str], str, bool]:
        import sys

        import __main__

        ours = [m for m in (*sys.modules, *sys.path, *vars(__main__)) if "athanor" in m]
        try:
            import _athanor_frames  # noqa: F401
        except ImportError:
            return ours, sys.argv[0], True
        return ours, sys.argv[0], False

    assert sandbox.result(look) == ([], "", True)


def test_runs_on_the_main_thread_with_an_empty_standard_input(sandbox: Sandbox) -> None:
    def look() -> tuple[bool, str]:
        import sys
        import threading

        return threading.current_thread() is threading.main_thread(), sys.stdin.read()

    assert sandbox.result(look) == (True, "")


def test_lines_come_live_and_by_stream(sandbox: Sandbox) -> None:
    def speak() -> None:
        import os
        import subprocess
        import sys
        import time

        print("größer")
        print("err", file=sys.stderr)
        os.write(1, b"raw\n")
        subprocess.run(["echo", "child"], check=True)
        time.sleep(600)

    call = sandbox.submit(speak)
    while sandbox.text() != "größer\nraw\nchild\n" or sandbox.text(frames.STDERR) != "err\n":
        log = sandbox.receive()
        assert isinstance(log, frames.Log)
        assert log.call_id == call
        sandbox.logs.append(log)


def test_a_last_line_without_end_belongs_to_its_call(sandbox: Sandbox) -> None:
    sandbox.result(lambda: print("one", end=""))
    sandbox.result(lambda: print("two", end=""))
    assert [(log.call_id, log.lines) for log in sandbox.logs] == [(1, b"one"), (2, b"two")]


def test_a_million_prints_are_bounded_and_counted(sandbox: Sandbox) -> None:
    def speak() -> None:
        for i in range(1_000_000):
            print(i)

    answer = sandbox.call(speak)
    lines = sandbox.text().count("\n")
    assert answer.dropped_log_lines > 0
    assert lines + answer.dropped_log_lines == 1_000_000


def test_a_line_without_end_is_cut(sandbox: Sandbox) -> None:
    sandbox.result(lambda: print("x" * 100_000))
    assert all(len(line) <= 16 << 10 for line in sandbox.text().split("\n"))
    assert sandbox.text().count("x") == 100_000


def test_exceptions_come_as_data_and_as_themselves(sandbox: Sandbox) -> None:
    class Broken(ValueError):
        pass

    def fail() -> None:
        try:
            raise KeyError("inner")
        except KeyError as e:
            raise Broken("outer") from e

    threw = sandbox.call(fail)
    outer, inner = threw.throwables
    assert outer.class_name.endswith("Broken")
    assert (outer.message, outer.cause) == ("outer", 1)
    assert (inner.class_name, inner.message, inner.cause) == ("KeyError", "'inner'", -1)
    assert outer.frames[0].method_name.endswith("fail")
    assert outer.frames[0].line_number > 0
    original = cloudpickle.loads(threw.original)
    assert isinstance(original, Broken)
    assert original.args == ("outer",)


def test_an_exception_that_cannot_be_pickled_comes_as_data(sandbox: Sandbox) -> None:
    def fail() -> None:
        import threading

        raise ValueError(threading.Lock())

    threw = sandbox.call(fail)
    assert threw.original is None
    assert threw.throwables[0].class_name == "ValueError"


def test_endless_recursion_is_an_exception(sandbox: Sandbox) -> None:
    def recurse() -> None:
        recurse()

    threw = sandbox.call(recurse)
    assert threw.throwables[0].class_name == "RecursionError"
    assert len(threw.throwables[0].frames) <= 256
    assert sandbox.result(lambda: 1) == 1


def test_sys_exit_costs_the_call_only(sandbox: Sandbox) -> None:
    threw = sandbox.call(lambda: sys.exit(3))
    assert threw.throwables[0].class_name == "SystemExit"
    assert sandbox.result(lambda: 1) == 1


@pytest.mark.parametrize("status", [0, 7, 255])
def test_leaving_ends_the_sandbox_as_it_did(sandbox: Sandbox, status: int) -> None:
    def leave() -> None:
        os.write(1, b"last words\n")
        os._exit(status)

    assert sandbox.call(leave) is None
    assert sandbox.text() == "last words\n"
    assert sandbox.status() == status


def test_a_segmentation_fault_ends_the_sandbox_by_its_signal(sandbox: Sandbox) -> None:
    def crash() -> None:
        import ctypes

        print("before")
        ctypes.string_at(0)

    assert sandbox.call(crash) is None
    assert sandbox.text() == "before\n"
    assert sandbox.status() == -signal.SIGSEGV


def test_memory_that_runs_out_is_named(sandbox: Sandbox) -> None:
    def fill() -> None:
        bytearray(1 << 60)

    threw = sandbox.call(fill)
    assert threw.throwables[0].class_name == "MemoryError"
    assert sandbox.status() == frames.EXIT_OUT_OF_MEMORY


def test_an_interrupt_reaches_sleeping_and_looping_functions(sandbox: Sandbox) -> None:
    def loop() -> None:
        print("running")
        while True:
            pass

    def sleep() -> None:
        print("running")
        time.sleep(600)

    for function in (loop, sleep):
        call = sandbox.submit(function)
        assert isinstance(sandbox.receive(), frames.Log)
        sandbox.send(frames.Cancel(call))
        assert sandbox.answer().throwables[0].class_name == "KeyboardInterrupt"
    assert sandbox.result(lambda: 1) == 1


def test_a_ping_is_answered_while_a_function_holds_the_interpreter(sandbox: Sandbox) -> None:
    def hold() -> None:
        print("running")
        sum(range(10**12))

    sandbox.submit(hold)
    assert isinstance(sandbox.receive(), frames.Log)
    sandbox.send(frames.Ping(11))
    assert sandbox.receive() == frames.Pong(11)


def test_a_cancel_of_a_call_that_has_ended_harms_no_other(sandbox: Sandbox) -> None:
    for _ in range(200):
        call = sandbox.submit(lambda: 1)
        sandbox.send(frames.Cancel(call))
        answer = sandbox.answer()
        assert isinstance(answer, (frames.Result, frames.Threw)), answer
        assert sandbox.result(lambda: 2) == 2


def test_a_cancel_of_the_first_call_harms_no_other() -> None:
    for _ in range(10):
        with Sandbox() as sandbox:
            call = sandbox.submit(time.sleep, 600)
            sandbox.send(frames.Cancel(call))
            assert sandbox.answer().throwables[0].class_name == "KeyboardInterrupt"
            assert sandbox.result(lambda: 2) == 2


def test_waiting_calls_are_withdrawn_and_cancelled(sandbox: Sandbox) -> None:
    def wait() -> None:
        print("running")
        time.sleep(600)

    first = sandbox.submit(wait)
    assert isinstance(sandbox.receive(), frames.Log)
    second, third, fourth = (sandbox.submit(lambda: 1) for _ in range(3))
    sandbox.send(frames.Cancel(third))
    sandbox.send(frames.Withdraw())
    rejected = [sandbox.receive() for _ in range(3)]
    assert [each.call_id for each in rejected] == [third, second, fourth]
    assert {each.kind for each in rejected} == {frames.NOT_STARTED}
    sandbox.send(frames.Cancel(first))
    assert isinstance(sandbox.answer(), frames.Threw)


def test_what_cannot_be_read_or_written_is_rejected(sandbox: Sandbox) -> None:
    import threading

    assert sandbox.call(threading.Lock).kind == frames.INVALID_RESULT
    large = sandbox.call(lambda: b"x" * 2000, limit=1000)
    assert (large.kind, "1000 bytes" in large.message) == (frames.TOO_LARGE, True)
    assert sandbox.call(lambda: 1, codec=0).kind == frames.INVALID_INVOCATION
    sandbox.send(frames.Invoke(99, 2, "", "", "", 0, "", 1, 10, 0, b"no pickle"))
    assert sandbox.answer().kind == frames.INVALID_INVOCATION


def test_forked_children_answer_nothing_and_hold_nothing_up(sandbox: Sandbox) -> None:
    def fork() -> str:
        for _ in range(20):
            if os.fork() == 0:
                return "child"
        if os.fork() == 0:
            time.sleep(600)
        return "parent"

    assert sandbox.result(fork) == "parent"
    assert sandbox.result(lambda: 1) == 1


def test_a_call_knows_its_id_and_attempt(sandbox: Sandbox) -> None:
    look = sandbox.result(
        lambda: (os.environ["ATHANOR_CORRELATION_ID"], os.environ["ATHANOR_ATTEMPT"])
    )
    assert look == ("id-7", "3")


def test_the_sandbox_and_all_it_started_end_with_its_agent(sandbox: Sandbox) -> None:
    def wait() -> None:
        child = os.fork()
        if child == 0:
            time.sleep(600)
        print(os.getpid(), child)
        time.sleep(600)

    sandbox.submit(wait)
    pids = [int(pid) for pid in sandbox.receive().lines.split()]
    sandbox.socket.close()
    sandbox.status()
    deadline = time.monotonic() + SLOW
    while any(_state(pid) != "Z" for pid in pids):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def _state(pid: int) -> str:
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return "Z"


def test_a_frame_that_does_not_parse_ends_the_conversation(sandbox: Sandbox) -> None:
    sandbox.socket.sendall(b"\x7f\xff\xff\xff")
    assert sandbox.receive() is None
    assert sandbox.status() == frames.EXIT_RUNTIME_FAILED


def values(sandbox: Sandbox, count: int) -> list[Any]:
    found: list[Any] = []
    for _ in range(count):
        frame = sandbox.answer()
        assert isinstance(frame, frames.Value), frame
        found.append(pickle.loads(frame.value))
    return found


def is_silent(sandbox: Sandbox) -> bool:
    sandbox.send(frames.Ping(5))
    return bool(sandbox.answer() == frames.Pong(5))


def test_a_generator_goes_as_far_as_it_may(sandbox: Sandbox) -> None:
    def numbers() -> Any:
        for each in range(6):
            print(f"at {each}")
            yield each

    call = sandbox.submit(numbers, window=2)
    assert values(sandbox, 2) == [0, 1]
    assert is_silent(sandbox)
    # It has not even gone on to the next value.
    assert sandbox.text() == "at 0\nat 1\n"
    sandbox.send(frames.Grant(call, 5))
    assert values(sandbox, 3) == [2, 3, 4]
    sandbox.send(frames.Grant(call - 1, 100))
    sandbox.send(frames.Grant(call, 3))
    assert is_silent(sandbox)
    sandbox.send(frames.Grant(call, 7))
    assert values(sandbox, 1) == [5]
    assert pickle.loads(sandbox.answer().result) is None
    assert sandbox.result(lambda: "goes on") == "goes on"


def test_a_cancelled_generator_is_closed_while_it_waits_and_while_it_runs(sandbox: Sandbox) -> None:
    def numbers(seconds: float) -> Any:
        try:
            yield 1
            time.sleep(seconds)
            yield 2
        finally:
            print("closed")

    for seconds, window in ((0, 1), (SLOW, 2)):
        sandbox.logs.clear()
        call = sandbox.submit(numbers, seconds, window=window)
        assert values(sandbox, 1) == [1]
        sandbox.send(frames.Cancel(call))
        answer = sandbox.answer()
        assert isinstance(answer, frames.Threw), answer
        assert answer.throwables[0].class_name == "KeyboardInterrupt"
        assert sandbox.text() == "closed\n"
    assert sandbox.result(lambda: "goes on") == "goes on"


def test_what_a_generator_raises_comes_after_its_values(sandbox: Sandbox) -> None:
    def fails() -> Any:
        yield 1
        raise KeyError("gold")

    sandbox.submit(fails, window=8)
    assert values(sandbox, 1) == [1]
    answer = sandbox.answer()
    assert isinstance(answer, frames.Threw), answer
    assert answer.throwables[0].class_name == "KeyError"


def test_a_value_that_cannot_be_sent_ends_its_generator(sandbox: Sandbox) -> None:
    def large() -> Any:
        try:
            yield b"x" * 100
            yield b"x" * 100_000
        finally:
            print("closed")

    def locks() -> Any:
        import threading

        yield threading.Lock()

    sandbox.submit(large, window=8, limit=10_000)
    assert values(sandbox, 1) == [b"x" * 100]
    answer = sandbox.answer()
    assert (answer.kind, sandbox.text()) == (frames.TOO_LARGE, "closed\n")
    assert "the value 1 takes more than the limit of 10000 bytes" in answer.message
    answer = sandbox.call(locks, window=8)
    assert (answer.kind, "the value 0 of type" in answer.message) == (frames.INVALID_RESULT, True)


def test_an_asynchronous_generator_and_any_other_iterable_yield(sandbox: Sandbox) -> None:
    async def numbers() -> Any:
        import asyncio

        for each in range(3):
            await asyncio.sleep(0)
            yield each

    sandbox.submit(numbers, window=8)
    assert values(sandbox, 3) == [0, 1, 2]
    assert isinstance(sandbox.answer(), frames.Result)
    sandbox.submit(lambda: [4, 5], window=8)
    assert values(sandbox, 2) == [4, 5]
    assert isinstance(sandbox.answer(), frames.Result)
