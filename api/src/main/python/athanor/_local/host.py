"""Runs calls in sandboxes on this machine."""

from __future__ import annotations

import atexit
import os
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from athanor._errors import (
    InvalidOptionError,
    TimedOutError,
    UnavailableError,
)
from athanor._host import Call
from athanor._local import failures
from athanor._local.enclosure import Bare, Bubblewrap, Enclosure
from athanor._local.environments import Definition, EnvironmentStore
from athanor._local.limits import Limits
from athanor._local.pool import Pool
from athanor._local.sandbox import DiedError, Sandbox
from athanor._local.spawner import Spawner
from athanor._logs import LogLine
from athanor._machine_types import MachineType, machine_type
from athanor._pickling import MAX_PAYLOAD_BYTES
from athanor._sandbox import _athanor_frames as frames

_ISOLATIONS = ("auto", "bubblewrap", "process")
_STREAMS = {frames.STDOUT: "stdout", frames.STDERR: "stderr"}


class LocalHost:
    """This machine: functions run here, in environments and processes of their own.

    No server is needed. A function's environment is built in the cache folder when it is first
    called, and shared by all processes; its sandbox is a process that has the limits of its machine
    type, as far as this user may set them. Where bubblewrap works, a sandbox sees of this machine
    programs, libraries, the network and ``/data``; elsewhere it sees what this user sees, and
    ``ATHANOR_DATA`` names the folder that is ``/data``.

    Sandboxes end with the process that made them, however that ends. For any number of threads.

    ``cache_folder``
        By default ``ATHANOR_CACHE``, or ``athanor`` in ``XDG_CACHE_HOME`` or ``~/.cache``. What is
        ``/data`` to functions is the folder ``data`` in there.
    ``isolation``
        ``auto``, ``bubblewrap`` or ``process``; by default ``ATHANOR_ISOLATION``, or ``auto``.
    ``slots``
        How many sandboxes there may be at once, from 1; by default twice as many as processors, and
        at least 4. Further calls wait.
    ``grace``
        Seconds between a function's interruption and the end of its process; 5 by default.
    """

    def __init__(
        self,
        cache_folder: str | os.PathLike[str] | None = None,
        isolation: str | None = None,
        slots: int | None = None,
        grace: float = 5.0,
    ) -> None:
        isolation = isolation or os.environ.get("ATHANOR_ISOLATION") or "auto"
        if isolation not in _ISOLATIONS:
            raise InvalidOptionError(f"isolation={isolation!r}: expected one of {_ISOLATIONS}")
        if slots is not None and slots < 1:
            raise InvalidOptionError(f"slots={slots!r}: expected at least 1")
        self._cache = Path(cache_folder) if cache_folder is not None else None
        self._isolation = isolation
        self._slots = slots or max(4, 2 * (os.cpu_count() or 1))
        self._grace = grace
        self._lock = threading.Lock()
        self._machine: _Machine | None = None
        os.register_at_fork(after_in_child=self._forked)

    def run(self, call: Call) -> Any:
        """Returns what the function returned, or raises what it raised."""
        return self._opened().run(call)

    def stream(self, call: Call) -> Iterator[Any]:
        """Yields what the function yields."""
        raise InvalidOptionError(f"{call.name} yields its values, which the local host cannot yet")

    def close(self) -> None:
        """Ends all sandboxes, and the calls in them. A later call begins anew."""
        with self._lock:
            machine, self._machine = self._machine, None
        if machine is not None:
            machine.close()

    def __repr__(self) -> str:
        return "local"

    def _opened(self) -> _Machine:
        with self._lock:
            if self._machine is None:
                self._machine = _Machine(
                    (self._cache or _cache_folder()).expanduser().absolute(),
                    self._isolation,
                    self._slots,
                    self._grace,
                )
                atexit.register(self._machine.close)
            return self._machine

    def _forked(self) -> None:
        # The sandboxes are the parent's, and must not outlive it because of this process.
        machine, self._machine = self._machine, None
        self._lock = threading.Lock()
        if machine is not None:
            atexit.unregister(machine.close)
            machine.abandon()


class _Machine:
    """What a local host has once it was called."""

    def __init__(self, cache: Path, isolation: str, slots: int, grace: float) -> None:
        self._grace = grace
        self._notices: list[str] = []
        self._lock = threading.Lock()
        self._environments = EnvironmentStore(cache / "environments" / "python")
        self._enclosure = self._choose(isolation, cache)
        self._limits = Limits.find()
        self._spawner = Spawner()
        self._pool: Pool[Sandbox] = Pool(slots)
        if self._limits.missing():
            self._notices.append(self._limits.missing())

    def _choose(self, isolation: str, cache: Path) -> Enclosure:
        data = cache / "data"
        if isolation == "process":
            return Bare(data)
        refusal = Bubblewrap.refusal()
        if not refusal:
            return Bubblewrap(data, cache / "sandbox-files")
        if isolation == "bubblewrap":
            raise UnavailableError(refusal)
        self._notices.append(
            f"functions run as this user, with its files, and find /data by ATHANOR_DATA: {refusal}"
        )
        return Bare(data)

    def run(self, call: Call) -> Any:
        options = call.options
        kind = machine_type(options.machine_type)
        self._refuse_gpus(kind)
        self._tell(call)
        call.check()
        definition = Definition.of(options)
        environment = self._environments.prepare(
            definition,
            options.build_timeout,
            lambda text: options.logs(LogLine("build", "stderr", text)),
            call.check,
        )
        sandbox = self._pool.take(
            (environment, kind), lambda: self._start(environment, kind), call.check
        )
        return self._run_in(sandbox, call, kind)

    def _start(self, environment: Path, kind: MachineType) -> Sandbox:
        cell = self._limits.cell(kind)
        return Sandbox(environment, kind, self._enclosure, cell, self._spawner)

    def _run_in(self, sandbox: Sandbox, call: Call, kind: MachineType) -> Any:
        fit = False
        try:
            answer = self._answer(sandbox, call, kind)
            fit = not failures.is_out_of_memory(answer)
        finally:
            call.when_cancelled(None)
            # From here on it counts as idle: the timer starts when a call ends.
            if fit:
                self._pool.give_back(sandbox, call.options.keep_alive)
            else:
                self._pool.discard(sandbox)
        return failures.value(call.name, kind, answer)

    def _answer(self, sandbox: Sandbox, call: Call, kind: MachineType) -> Any:
        interruption = _Interruption(sandbox, self._grace)
        log = _Lines(call)
        deadline = time.monotonic() + call.options.timeout
        try:
            number = sandbox.begin(call.payload, MAX_PAYLOAD_BYTES, str(uuid.uuid4()))
            call.when_cancelled(lambda: interruption.begin(number))
            try:
                answer = sandbox.answer(log, deadline)
            except TimeoutError:
                self._time_out(sandbox, number, log)
                raise TimedOutError(
                    f"{call.name} ran for longer than timeout={call.options.timeout:g} seconds"
                ) from None
            except KeyboardInterrupt:
                # The caller's own: what it called is interrupted as well.
                sandbox.cancel(number)
                raise
        except DiedError as e:
            call.check()
            raise failures.died(call.name, kind, e) from None
        finally:
            interruption.end()
        log.end(answer)
        if isinstance(answer, frames.Threw) and answer.throwables[0].class_name == (
            "KeyboardInterrupt"
        ):
            call.check()
        return answer

    def _time_out(self, sandbox: Sandbox, number: int, log: _Lines) -> None:
        sandbox.cancel(number)
        try:
            sandbox.answer(log, time.monotonic() + self._grace)
        except (TimeoutError, DiedError):
            # It is ended in any case.
            pass

    def _refuse_gpus(self, kind: MachineType) -> None:
        if kind.gpus and not Path("/dev/nvidiactl").exists():
            raise UnavailableError(
                f"machine type {kind.name} needs a GPU, and this machine has none"
            )

    def _tell(self, call: Call) -> None:
        """Says once what cannot be done as it should be."""
        with self._lock:
            notices, self._notices = self._notices, []
        for each in notices:
            call.options.logs(LogLine("athanor", "stderr", each))

    def close(self) -> None:
        self._pool.close()

    def abandon(self) -> None:
        self._pool.abandon()


class _Interruption:
    """Interrupts a call, and ends its sandbox where that does not help."""

    def __init__(self, sandbox: Sandbox, grace: float) -> None:
        self._sandbox = sandbox
        self._grace = grace
        self._timer: threading.Timer | None = None

    def begin(self, number: int) -> None:
        self._sandbox.cancel(number)
        self._timer = threading.Timer(self._grace, self._sandbox.kill)
        self._timer.daemon = True
        self._timer.start()

    def end(self) -> None:
        if self._timer is not None:
            self._timer.cancel()


class _Lines:
    """Cuts what a function prints into lines and gives them to the one who listens."""

    def __init__(self, call: Call) -> None:
        self._logs = call.options.logs

    def __call__(self, frame: frames.Log) -> None:
        stream: Any = _STREAMS.get(frame.stream, "stderr")
        text = frame.lines.decode("utf-8", "replace")
        for line in text.removesuffix("\n").split("\n"):
            self._logs(LogLine("function", stream, line))

    def end(self, answer: Any) -> None:
        dropped = getattr(answer, "dropped_log_lines", 0)
        if dropped:
            self._logs(
                LogLine("athanor", "stderr", f"{dropped:,} lines came too fast and were left out")
            )


def _cache_folder() -> Path:
    named = os.environ.get("ATHANOR_CACHE")
    if named:
        return Path(named)
    base = os.environ.get("XDG_CACHE_HOME")
    return Path(base if base else "~/.cache") / "athanor"
