"""What an isolated function does on the local host."""

from __future__ import annotations

import asyncio
import functools
import os
import signal
import sys
import tempfile
import threading
import traceback
from concurrent.futures import CancelledError, wait
from pathlib import Path
from typing import Any

import pytest

import athanor
import own_module
from athanor import LocalHost, LogLine, isolated
from athanor._local.enclosure import Bubblewrap
from athanor._local.limits import Limits
from support import SLOW, exists, need, until


def test_returns_what_the_function_returns(host: LocalHost) -> None:
    @isolated(host=host)
    def add(a: int, b: int = 2) -> int:
        return a + b

    assert add(1) == 3
    assert add(1, b=5) == 6
    assert add.function(1) == 3


def test_runs_in_an_environment_and_a_process_of_its_own(host: LocalHost) -> None:
    @isolated(host=host)
    def look() -> tuple[int, str, list[str], str]:
        import os
        import sys

        return os.getpid(), sys.prefix, [m for m in sys.modules if "athanor" in m], os.getcwd()

    pid, prefix, ours, folder = look()
    assert pid != os.getpid()
    assert prefix != sys.prefix
    assert ours == []
    assert folder != os.getcwd()


def test_sees_nothing_of_the_caller_in_bubblewrap(cache_folder: Any) -> None:
    need(Bubblewrap.refusal())

    def look() -> tuple[bool, bool, int]:
        import os

        return os.path.exists(secret), "ATHANOR_SECRET" in os.environ, os.getuid()

    secret = str(cache_folder / "secret")
    (cache_folder / "secret").write_text("x")
    os.environ["ATHANOR_SECRET"] = "x"
    host = LocalHost(cache_folder / "bubblewrap", "bubblewrap")
    try:
        assert isolated(host=host)(look)() == (False, False, 10_001)
    finally:
        host.close()
        del os.environ["ATHANOR_SECRET"]


def test_lambdas_closures_and_own_modules_travel_by_value(host: LocalHost) -> None:
    assert isolated(host=host)(lambda x: own_module.double(x) + 1)(3) == 7
    point = isolated(host=host)(own_module.shifted)(own_module.Point(1, 2), 3)
    assert point == own_module.Point(4, 5)
    assert type(point) is own_module.Point
    # The class here is what it was, whatever came back.
    assert own_module.Point.length.__globals__ is vars(own_module)


def test_whatever_can_be_called_will_do(process_host: LocalHost) -> None:
    here = isolated(host=process_host)
    assert here(functools.partial(pow, 2))(5) == 32
    assert here(own_module.Adder(2))(5) == 7
    assert here(own_module.Point(3, 4).length)() == 5
    assert here(max)(1, 2) == 2
    assert "partial on local" in repr(here(functools.partial(pow, 2)))


def test_a_long_path_of_temporary_files_does_no_harm(
    cache_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = tmp_path / ("long" * 20)
    long.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(long))
    host = LocalHost(cache_folder / "process", "process")
    assert isolated(host=host)(lambda: 1)() == 1
    host.close()


def test_arguments_that_do_not_fit_are_refused_before_anything_is_sent() -> None:
    @isolated
    def add(a: int, b: int) -> int:
        return a + b

    with pytest.raises(TypeError, match=r"add: missing a required argument: 'b'"):
        add(1)  # type: ignore[call-arg]


def test_lines_arrive_live_and_by_stream(host: LocalHost) -> None:
    lines: list[LogLine] = []
    arrived = threading.Event()

    def listen(line: LogLine) -> None:
        lines.append(line)
        if line.source == "function" and len([x for x in lines if x.source == "function"]) == 2:
            arrived.set()

    @isolated(host=host, logs=listen)
    def speak() -> None:
        import sys
        import time

        print("größer")
        print("err", file=sys.stderr)
        time.sleep(600)

    call = speak.submit()
    assert arrived.wait(SLOW)
    assert not call.done()
    assert call.cancel()
    assert {line for line in lines if line.source == "function"} == {
        LogLine("function", "stdout", "größer"),
        LogLine("function", "stderr", "err"),
    }


def test_output_appears_as_if_it_ran_here(
    process_host: LocalHost, capsys: pytest.CaptureFixture[str]
) -> None:
    def speak() -> None:
        import sys

        print("out")
        print("err", file=sys.stderr)

    isolated(host=process_host)(speak)()
    out, err = capsys.readouterr()
    assert out == "out\n"
    assert "err\n" in err


def test_the_real_exception_is_raised_with_its_remote_traceback(host: LocalHost) -> None:
    def fail() -> None:
        raise own_module.BrokenError("it broke", 7)

    with pytest.raises(own_module.BrokenError) as raised:
        isolated(host=host)(fail)()
    assert raised.value.args == ("it broke", 7)
    text = "".join(traceback.format_exception(raised.value))
    assert 'raise own_module.BrokenError("it broke", 7)' in text
    assert "where it ran" in text
    assert __file__ in text


def test_an_exception_that_would_end_the_caller_does_not(host: LocalHost) -> None:
    with pytest.raises(athanor.FunctionFailedError, match=r"SystemExit: 3") as raised:
        isolated(host=host)(lambda: sys.exit(3))()
    assert raised.value.class_name == "SystemExit"


def test_a_missing_import_names_the_requirement_to_add(host: LocalHost) -> None:
    def load() -> None:
        import sklearn  # type: ignore[import-not-found]  # noqa: F401

    with pytest.raises(ModuleNotFoundError, match=r'add "scikit-learn" to the requirements'):
        isolated(host=host)(load)()


def test_the_end_of_a_process_is_named(host: LocalHost) -> None:
    def leave() -> None:
        import os

        os._exit(status)

    def crash() -> None:
        import ctypes

        ctypes.string_at(0)

    for status in (7, 255):
        with pytest.raises(athanor.SandboxDiedError, match=rf"its process with status {status}"):
            isolated(host=host)(leave)()
    with pytest.raises(athanor.SandboxDiedError, match=r"SIGSEGV"):
        isolated(host=host)(crash)()
    assert isolated(host=host)(lambda: 1)() == 1


def test_memory_is_limited_and_its_lack_named(host: LocalHost) -> None:
    need(Limits.find().missing())

    def fill() -> int:
        return len(bytearray(b"x") * (400 << 20))

    with pytest.raises(athanor.OutOfMemoryError, match=r"XS \(256 MiB\).*\"S\"") as raised:
        isolated(host=host)(fill)()
    assert raised.value.larger_machine_type == "S"
    assert isolated(host=host, machine_type="S")(fill)() == 400 << 20


def test_the_cpu_is_limited(process_host: LocalHost) -> None:
    need(Limits.find().missing())

    def share() -> float:
        import time

        begin = time.monotonic()
        while time.process_time() < 1:
            pass
        return 1 / (time.monotonic() - begin)

    assert isolated(host=process_host, keep_alive=0)(share)() < 0.4


def test_a_call_that_takes_too_long_ends(host: LocalHost) -> None:
    @isolated(host=host, timeout=0.5)
    def sleep() -> None:
        import time

        time.sleep(600)

    with pytest.raises(athanor.TimedOutError, match=r"timeout=0\.5"):
        sleep()


def test_cancelling_ends_even_what_ignores_it(host: LocalHost) -> None:
    begun = threading.Event()

    @isolated(host=host, logs=lambda line: begun.set() if line.text == "begun" else None)
    def ignore() -> None:
        print("begun")
        while True:
            try:
                while True:
                    pass
            except KeyboardInterrupt:
                pass

    call = ignore.submit()
    assert begun.wait(SLOW)
    assert call.running()
    assert call.cancel()
    assert call.cancelled()
    with pytest.raises(CancelledError):
        call.result()
    assert wait([call], SLOW).done == {call}
    assert isolated(host=host)(lambda: 1)() == 1


def test_an_environment_is_kept_alive_from_the_end_of_each_call(process_host: LocalHost) -> None:
    def pid() -> int:
        return os.getpid()

    kept = isolated(host=process_host, keep_alive=30, machine_type="M")(pid)
    first = kept()
    assert kept() == first
    # Another function with the same environment shares it.
    assert isolated(host=process_host, machine_type="M")(lambda: os.getpid())() == first
    # One that asks for nothing takes nothing away.
    assert kept.on(keep_alive=0)() == first
    assert kept() == first
    # Nobody else here uses this machine type.
    unkept = kept.on(machine_type="XL", keep_alive=0)
    assert unkept() != unkept()


def test_an_environment_ends_when_its_time_is_over(process_host: LocalHost) -> None:
    pid = isolated(host=process_host, keep_alive=0.5, machine_type="L")(os.getpid)()
    until(lambda: not exists(pid))


def test_overlapping_calls_have_sandboxes_of_their_own(process_host: LocalHost) -> None:
    def pid(seconds: float) -> int:
        import time

        time.sleep(seconds)
        return os.getpid()

    function = isolated(host=process_host, machine_type="S")(pid)
    calls = [function.submit(0.5) for _ in range(3)]
    assert len({call.result(SLOW) for call in calls}) == 3


def test_coroutines_are_awaited_and_others_can_be(process_host: LocalHost) -> None:
    @isolated(host=process_host)
    async def double(x: int) -> int:
        import asyncio

        await asyncio.sleep(0)
        return 2 * x

    triple = isolated(host=process_host)(lambda x: 3 * x)

    async def use() -> tuple[int, int]:
        return await double(2), await triple.call_async(2)

    assert asyncio.run(use()) == (4, 6)


def test_an_interrupt_of_the_caller_ends_the_call(process_host: LocalHost) -> None:
    def interrupt(line: LogLine) -> None:
        if line.text == "begun":
            signal.raise_signal(signal.SIGINT)

    @isolated(host=process_host, logs=interrupt)
    def sleep() -> None:
        import time

        print("begun")
        time.sleep(600)

    # Who runs the tests in a shell's background has them ignore it.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            sleep()
    finally:
        signal.signal(signal.SIGINT, before)


def test_closing_the_host_ends_what_runs(cache_folder: Any) -> None:
    host = LocalHost(cache_folder / "process", "process")
    begun = threading.Event()

    @isolated(host=host, logs=lambda line: begun.set())
    def ignore() -> None:
        print("begun")
        while True:
            try:
                while True:
                    pass
            except KeyboardInterrupt:
                pass

    call = ignore.submit()
    assert begun.wait(SLOW)
    host.close()
    with pytest.raises(athanor.CancelledCallError):
        call.result(SLOW)
    assert isolated(host=host)(lambda: 1)() == 1
    host.close()


def test_results_that_are_no_results_are_named(process_host: LocalHost) -> None:
    with pytest.raises(athanor.InvalidResultError, match=r"_thread\.lock"):
        isolated(host=process_host)(lambda: threading.Lock())()
    with pytest.raises(athanor.TooLargeError, match=r"limit of 67108864"):
        isolated(host=process_host, machine_type="S")(lambda: bytes(65 << 20))()
