"""Calls to the cluster at ATHANOR_DISPATCHER_URL, each checked; prints how many there were."""

import threading
import time
from concurrent.futures import CancelledError

from athanor import (
    Batch,
    BuildFailedError,
    CancelledCallError,
    InvalidOptionError,
    Job,
    NoSuchJobError,
    OutOfMemoryError,
    RemoteTraceback,
    SandboxDiedError,
    TimedOutError,
    cached,
    isolated,
)

CHECKS = []


def check(function):
    CHECKS.append(function)
    return function


def raises(error, call, *args):
    try:
        call(*args)
    except error as e:
        return e
    raise AssertionError(f"no {error.__name__}")


class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y


@isolated(keep_alive=60)
def echo(value):
    return value


@check
def arguments_and_results_of_any_kind_return():
    for value in (None, 1, "a", [1, {2: (3,)}], b"\0" * 3_000_000):
        assert echo(value) == value
    point = echo(Point(1, 2))
    assert isinstance(point, Point)
    assert (point.x, point.y) == (1, 2)


@check
def requirements_are_those_of_the_function_alone():
    @isolated(requirements=["pyjokes"])
    def joke():
        import pyjokes

        return pyjokes.get_joke()

    assert len(joke()) > 5
    missing = raises(ModuleNotFoundError, isolated(lambda: __import__("pyjokes")))
    assert 'add "pyjokes" to the requirements' in str(missing)


@check
def what_is_raised_is_raised_here_with_its_traceback():
    @isolated
    def fails():
        raise KeyError("gold")

    error = raises(KeyError, fails)
    assert error.args == ("gold",)
    assert isinstance(error.__cause__, RemoteTraceback)
    assert "in fails" in str(error.__cause__)


@check
def a_fan_out_keeps_its_order():
    assert list(echo.map(range(30))) == list(range(30))


@check
def the_second_call_of_a_cached_function_is_not_computed():
    @cached
    def token(name):
        import os

        return name + os.urandom(8).hex()

    once = isolated(keep_alive=60)(lambda: (token("a"), token("a"), token("b")))
    first, again, other = once()
    assert first == again != other


@check
def deaths_are_told_apart():
    import ctypes
    import os

    raises(SandboxDiedError, isolated(lambda: os._exit(3)))
    raises(SandboxDiedError, isolated(lambda: ctypes.string_at(0)))
    assert raises(OutOfMemoryError, isolated(lambda: len(bytearray(1 << 30))))


@check
def a_call_that_takes_long_is_waited_for():
    begin = time.monotonic()
    assert isolated(lambda: time.sleep(35) or "awake")() == "awake"
    assert time.monotonic() - begin > 34


@check
def a_function_that_takes_too_long_is_ended():
    raises(TimedOutError, isolated(timeout=1)(lambda: time.sleep(300)))


@check
def a_cancelled_future_ends_its_function():
    future = isolated(lambda: time.sleep(300)).submit()
    threading.Timer(1, future.cancel).start()
    raises(CancelledError, future.result, 60)


@check
def what_a_function_prints_appears_here():
    seen = []

    @isolated(logs=seen.append)
    def speaks(seconds):
        import sys
        import time

        print("first")
        time.sleep(seconds)
        print("last", file=sys.stderr)

    for seconds in (0, 3):
        seen.clear()
        speaks(seconds)
        assert [(each.stream, each.text) for each in seen] == [
            ("stdout", "first"),
            ("stderr", "last"),
        ], seen
    seen.clear()
    isolated(logs=seen.append)(lambda: [print(n) for n in range(3000)] and None)()
    assert [each.text for each in seen] == [str(n) for n in range(3000)]
    many = isolated(lambda: [print(n) for n in range(3000)] and None).spawn()
    assert [each.text for each in many.logs()] == [str(n) for n in range(3000)]
    assert len(list(many.logs(follow=False))) == 3000


@check
def a_job_is_found_again_by_its_id():
    job = isolated(lambda x: x + 1).spawn(41)
    again = Job.from_id(job.id)
    assert again.result(timeout=60) == 42
    assert again.status().state == "SUCCEEDED"
    assert again.cancel() == "ALREADY_FINISHED"
    raises(ZeroDivisionError, isolated(lambda: 1 / 0).spawn().result)
    long = isolated(lambda: time.sleep(300)).spawn()
    raises(TimeoutError, long.result, 1)
    assert long.cancel() in ("REQUESTED", "CANCELLED_WHILE_QUEUED")
    raises(CancelledCallError, long.result, 60)
    once = echo.on(idempotency_key="echo-1")
    assert once.spawn(1).id == once.spawn(1).id
    assert once(1) == 1
    assert "echo-1" in str(raises(InvalidOptionError, once.spawn, 2))
    raises(NoSuchJobError, Job.from_id, "01890000-0000-7000-8000-000000000000")


@check
def values_arrive_while_the_function_runs():
    @isolated(keep_alive=60)
    def numbers(count, seconds):
        import time

        for each in range(count):
            yield each
            time.sleep(seconds)

    begin = time.monotonic()
    slow = numbers(3, 5)
    assert next(slow) == 0
    first = time.monotonic() - begin
    assert list(slow) == [1, 2]
    assert time.monotonic() - begin > first + 9
    assert list(numbers(1000, 0)) == list(range(1000))
    assert list(numbers(0, 0)) == []

    @isolated
    def large():
        yield b"x" * 3_000_000
        yield "small"

    assert [len(each) for each in large()] == [3_000_000, 5]

    @isolated
    def fails():
        yield 1
        raise KeyError("gold")

    values = fails()
    assert next(values) == 1
    raises(KeyError, next, values)


@check
def a_stream_runs_ahead_by_a_few_values_and_ends_with_its_reader():
    seen = []

    @isolated(logs=lambda line: seen.append(line.text))
    def numbers():
        import time

        try:
            n = 0
            while True:
                print(n)
                yield n
                n += 1
        finally:
            print("closed")

    values = numbers()
    assert [next(values) for _ in range(20)] == list(range(20))
    time.sleep(3)
    assert len(seen) <= 20 + 17, len(seen)
    values.close()
    deadline = time.monotonic() + 60
    while "closed" not in seen and time.monotonic() < deadline:
        time.sleep(0.1)
    assert seen[-1] == "closed", seen[-3:]


@check
def a_batch_is_found_again_by_its_id():
    halves = isolated(lambda x: 10 // x).map_job(range(5))
    again = Batch.from_id(halves.id)
    results = list(again.results())
    assert [each.index for each in results] == [0, 1, 2, 3, 4]
    assert [each.get() for each in results[1:]] == [10, 5, 3, 2]
    raises(ZeroDivisionError, results[0].get)
    assert [each.index for each in again.failures()] == [0]
    assert sorted(each.index for each in again.results_as_completed()) == [0, 1, 2, 3, 4]
    progress = again.progress()
    assert progress.ended and progress.done == 4 and progress.failed == 1, progress
    assert again.rerun_failed().done == 4
    assert len(list(again.results())) == 5
    large = isolated(len).map_job([b"x" * 300_000, b"", b"y"])
    assert [each.get() for each in large.results()] == [300_000, 0, 1]
    long = isolated(time.sleep).map_job([300] * 50)
    assert long.cancel().total == 50
    assert {type(each.error) for each in long.results()} == {CancelledCallError}
    assert list(isolated(len).map_job([]).results()) == []

    def broken():
        yield b""
        raise KeyError("input")

    raises(KeyError, isolated(len).map_job, broken())
    raises(NoSuchJobError, Batch.from_id, "01890000-0000-7000-8000-000000000000")
    raises(InvalidOptionError, isolated(machine_type="GPU")(len).map_job, ["x"])


@check
def mistakes_are_said():
    raises(BuildFailedError, isolated(requirements=["no-such-thing==9.9"])(lambda: 1))
    wrong = raises(InvalidOptionError, isolated(machine_type="GPU")(lambda: 1))
    assert "GPU" in str(wrong)
    raises(InvalidOptionError, isolated(constraints=["numpy<2"])(lambda: 1))


if __name__ == "__main__":
    for each in CHECKS:
        try:
            each()
        except Exception as e:
            e.args = (f"{each.__name__}: {e}",)
            raise
    print(len(CHECKS))
