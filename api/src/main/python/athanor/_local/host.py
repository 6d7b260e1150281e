"""Runs calls in sandboxes on this machine."""

from __future__ import annotations

import atexit
import contextlib
import os
import threading
import weakref
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from athanor._errors import (
    InvalidOptionError,
    UnavailableError,
)
from athanor._host import Call
from athanor._local import work
from athanor._local.enclosure import Bare, Bubblewrap, Enclosure
from athanor._local.environments import Definition, EnvironmentStore
from athanor._local.limits import Limits
from athanor._local.pool import Pool
from athanor._local.running import Running
from athanor._local.sandbox import Sandbox
from athanor._local.spawner import Spawner
from athanor._logs import LogLine
from athanor._machine_types import MachineType, machine_type
from athanor._options import Options

_ISOLATIONS = ("auto", "bubblewrap", "process")


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
        # It would keep this alive for ever.
        own = weakref.ref(self)
        os.register_at_fork(after_in_child=lambda: _forked(own()))

    def run(self, call: Call) -> Any:
        """Returns what the function returned, or raises what it raised."""
        return self._opened().run(call)

    def spawn(self, call: Call) -> Any:
        """Raises UnavailableError: nothing here outlives the caller."""
        raise UnavailableError(
            f"a job outlives its caller, and nothing on this machine does: start {call.name} on a "
            "cluster, or in the background by submit(…)"
        )

    def map_job(self, name: str, calls: Iterable[Call], options: Options) -> Any:
        """Raises UnavailableError: nothing here outlives the caller."""
        raise UnavailableError(
            f"a batch outlives its caller, and nothing on this machine does: start {name} on a "
            "cluster, or take the results as they come by map(…)"
        )

    def schedule(self, call: Call, when: Any) -> Any:
        """Raises UnavailableError: nothing here outlives the caller."""
        return self.spawn(call)

    def stream(self, call: Call) -> Iterator[Any]:
        """Yields what the function yields, which runs on with each that is asked for."""
        return self._opened().stream(call)

    def close(self) -> None:
        """Ends all sandboxes, and the calls in them. A later call begins anew."""
        with self._lock:
            machine, self._machine = self._machine, None
        if machine is not None:
            atexit.unregister(machine.close)
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
        self._calls: set[Call] = set()
        work.sweep()
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
        running = self._begun(call)
        try:
            return running.result(call.payload)
        finally:
            self._end(running, call)

    def stream(self, call: Call) -> Iterator[Any]:
        running = self._begun(call)
        try:
            running.begin_stream()
            while True:
                more, value = running.next_value()
                if not more:
                    return
                yield value
        except GeneratorExit:
            # Nobody is there any more to hear what goes wrong in its last moments.
            with contextlib.suppress(Exception):
                running.end_stream()
            raise
        finally:
            self._end(running, call)

    def _begun(self, call: Call) -> Running:
        """Takes a sandbox for it, once its environment is there."""
        with self._lock:
            self._calls.add(call)
        try:
            return self._taken(call)
        except BaseException:
            with self._lock:
                self._calls.discard(call)
            raise

    def _taken(self, call: Call) -> Running:
        options = call.options
        kind = machine_type(options.machine_type)
        self._refuse_gpus(kind)
        self._tell(call)
        call.check()
        environment = self._environments.prepare(
            Definition.of(options),
            options.build_timeout,
            lambda text: options.logs(LogLine("build", "stderr", text)),
            call.check,
        )
        sandbox = self._pool.take(
            (environment, kind), lambda: self._start(environment, kind), call.check
        )
        return Running(sandbox, call, self._grace)

    def _start(self, environment: Path, kind: MachineType) -> Sandbox:
        cell = self._limits.cell(kind)
        return Sandbox(environment, kind, self._enclosure, cell, self._spawner)

    def _end(self, running: Running, call: Call) -> None:
        with self._lock:
            self._calls.discard(call)
        # From here on it counts as idle: the timer starts when a call ends.
        if running.fit:
            self._pool.give_back(running.sandbox, call.options.keep_alive)
        else:
            self._pool.discard(running.sandbox)

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
        with self._lock:
            calls = list(self._calls)
        for each in calls:
            each.cancel()
        self._pool.close()

    def abandon(self) -> None:
        self._pool.abandon()


def _forked(host: LocalHost | None) -> None:
    if host is not None:
        host._forked()


def _cache_folder() -> Path:
    named = os.environ.get("ATHANOR_CACHE")
    if named:
        return Path(named)
    base = os.environ.get("XDG_CACHE_HOME")
    return Path(base if base else "~/.cache") / "athanor"
