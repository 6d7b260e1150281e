"""A running sandbox: the process, and the socket over which it is told what to do."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

from athanor._errors import StartFailedError
from athanor._local.enclosure import Enclosure
from athanor._local.limits import Cell
from athanor._local.spawner import Spawner
from athanor._local.work import WorkFolder
from athanor._machine_types import MachineType
from athanor._sandbox import _athanor_frames as frames

START_SECONDS = 120.0
_END_SECONDS = 10.0
_MAX_FRAME_BYTES = 80 << 20
_MAX_SAID = 4096

Answer = frames.Result | frames.Threw | frames.Rejected
LogSink = Callable[[frames.Log], object]


class DiedError(Exception):
    """The sandbox ended under a call. Its status is that of ``os.waitstatus_to_exitcode``."""

    def __init__(self, status: int, out_of_memory: bool, said: str) -> None:
        super().__init__(status)
        self.status = status
        self.out_of_memory = out_of_memory
        self.said = said


class Sandbox:
    """Runs one call at a time.

    ``cancel`` and ``kill`` may come from any thread, the rest from one at a time.
    """

    def __init__(
        self,
        environment: Path,
        kind: MachineType,
        enclosure: Enclosure,
        cell: Cell,
        spawner: Spawner,
    ) -> None:
        self.kind = kind
        self._cell = cell
        self._sending = threading.Lock()
        self._calls = 0
        self._tells_signals = False
        self._decoder = frames.Decoder(_MAX_FRAME_BYTES)
        self._received: list[frames.Frame] = []
        self._folder = WorkFolder()
        self._said: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  closed with this
        self._socket: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        started = False
        try:
            self._start(environment, enclosure, spawner)
            started = True
        finally:
            if not started:
                self.close()

    def _start(self, environment: Path, enclosure: Enclosure, spawner: Spawner) -> None:
        place = self._folder.path / "s"
        work = self._folder.path / "work"
        work.mkdir()
        deadline = time.monotonic() + START_SECONDS
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(place))
            listener.listen(1)
            room = enclosure.room(environment, place, work, self.kind)
            self._tells_signals = room.tells_signals
            self._process = spawner.start(
                self._cell.command(room.command),
                env=room.variables,
                cwd=work,
                stdin=subprocess.DEVNULL,
                stdout=self._said,
                stderr=self._said,
                start_new_session=True,
            )
            self._socket = self._accept(listener, deadline)
        self._socket.settimeout(max(0.001, deadline - time.monotonic()))
        try:
            hello = self._receive()
            if not isinstance(hello, frames.Hello) or hello.protocol_version != frames.VERSION:
                raise StartFailedError(f"a sandbox began with {hello}")
            self._send(frames.Load(()))
            loaded = self._receive()
            if not isinstance(loaded, frames.Loaded):
                raise StartFailedError(f"a sandbox refused to load: {loaded}")
        except (DiedError, TimeoutError) as e:
            raise StartFailedError(f"a sandbox did not start: {self._heard()}") from e
        self._cell.limit_cpu()

    def _accept(self, listener: socket.socket, deadline: float) -> socket.socket:
        assert self._process is not None
        listener.settimeout(0.2)
        while True:
            try:
                return listener.accept()[0]
            except TimeoutError:
                if self._process.poll() is not None or time.monotonic() >= deadline:
                    raise StartFailedError(
                        f"a sandbox did not start (status {self._process.poll()}): {self._heard()}"
                    ) from None

    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def begin(self, payload: bytes, max_result_bytes: int, correlation_id: str) -> int:
        """Sends a call and returns its number in here."""
        self._calls += 1
        invoke = frames.Invoke(
            self._calls,
            frames.CODEC_PICKLE,
            "",
            "",
            "",
            0,
            correlation_id,
            1,
            max_result_bytes,
            0,
            payload,
        )
        assert self._socket is not None
        self._socket.settimeout(None)
        self._send(invoke)
        return self._calls

    def answer(self, log: LogSink, deadline: float) -> Answer:
        """Waits for the end of the call. Raises DiedError, and TimeoutError at the deadline."""
        assert self._socket is not None
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self._socket.settimeout(left)
            frame = self._receive()
            if isinstance(frame, frames.Log):
                log(frame)
            elif isinstance(frame, frames.Result | frames.Threw | frames.Rejected):
                return frame

    def cancel(self, call: int) -> None:
        """Has the call interrupted."""
        with contextlib.suppress(OSError, DiedError):
            self._send(frames.Cancel(call))

    def kill(self) -> None:
        """Ends it, whatever it is doing."""
        self._cell.kill()
        if self.is_alive():
            assert self._process is not None
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def close(self) -> None:
        """Ends it and takes away what it left behind."""
        if self._socket is not None:
            self._socket.close()
        self.kill()
        if self._process is not None:
            self._process.wait()
        self._cell.remove()
        self._said.close()
        self._folder.remove()

    def abandon(self) -> None:
        """Lets go of it, as a process that was forked off its owner."""
        self._folder.abandon()
        if self._socket is not None:
            self._socket.close()

    def _send(self, frame: frames.Frame) -> None:
        assert self._socket is not None
        with self._sending:
            try:
                self._socket.sendall(frames.encode(frame))
            except ConnectionError:
                # What it had to say before it ended may still be there to be read.
                pass

    def _receive(self) -> frames.Frame:
        assert self._socket is not None
        while not self._received:
            try:
                data = self._socket.recv(1 << 20)
            except ConnectionError:
                data = b""
            if not data:
                raise self._death()
            try:
                self._received += self._decoder.feed(data)
            except frames.MalformedFrameError as e:
                # User code got hold of the socket.
                self.kill()
                raise self._death() from e
        return self._received.pop(0)

    def _death(self) -> DiedError:
        assert self._process is not None
        try:
            status = self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            status = self._process.wait()
        if self._tells_signals and 128 < status <= 128 + signal.NSIG:
            status = 128 - status
        ran_out = status == frames.EXIT_OUT_OF_MEMORY or self._cell.ran_out_of_memory()
        return DiedError(status, ran_out, self._heard())

    def _heard(self) -> str:
        size = self._said.seek(0, os.SEEK_END)
        self._said.seek(max(0, size - _MAX_SAID))
        return self._said.read().decode(errors="replace").strip() or "it said nothing"
