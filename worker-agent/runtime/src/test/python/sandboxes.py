"""A sandbox under test, and the agent's end of its socket."""

from __future__ import annotations

import os
import pickle
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import cloudpickle

MAIN = Path(__file__).parents[2] / "main" / "python" / "sandbox"
sys.path.insert(0, str(MAIN))

import _athanor_frames as frames  # noqa: E402

__all__ = ["MAIN", "SLOW", "Sandbox", "frames"]

SLOW = 60.0  # seconds; a loaded machine starts an interpreter in several


class Sandbox:
    def __init__(self, load: bool = True, path: tuple[str, ...] = ()) -> None:
        self._folder = tempfile.TemporaryDirectory()
        place = os.path.join(self._folder.name, "s")
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(place)
        listener.listen(1)
        listener.settimeout(SLOW)
        self.process = subprocess.Popen(
            [sys.executable, "-I", str(MAIN), place],
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        self.socket, _ = listener.accept()
        listener.close()
        self.socket.settimeout(SLOW)
        self._decoder = frames.Decoder()
        self._received: list[frames.Frame] = []
        self._calls = 0
        self.logs: list[frames.Log] = []
        self.hello = self.receive()
        if load:
            self.send(frames.Load(path))
            assert self.receive() == frames.Loaded()

    def send(self, frame: frames.Frame) -> None:
        self.socket.sendall(frames.encode(frame))

    def receive(self) -> Any:
        """The next frame; None when the sandbox is gone."""
        while not self._received:
            try:
                data = self.socket.recv(1 << 20)
            except ConnectionError:
                return None
            if not data:
                return None
            self._received += self._decoder.feed(data)
        return self._received.pop(0)

    def submit(
        self, function: Any, *args: Any, limit: int = 1 << 20, codec: int = 2, window: int = 0
    ) -> int:
        self._calls += 1
        arguments = pickle.dumps((cloudpickle.dumps(function), args, {}))
        self.send(
            frames.Invoke(self._calls, codec, "m", "f", "", 0, "id-7", 3, limit, window, arguments)
        )
        return self._calls

    def call_json(self, owner: str, name: str, arguments: str, limit: int = 1 << 20) -> Any:
        self._calls += 1
        self.send(
            frames.Invoke(
                self._calls, 1, owner, name, "", 0, "id-7", 3, limit, 0, arguments.encode()
            )
        )
        return self.answer()

    def answer(self) -> Any:
        while True:
            frame = self.receive()
            if not isinstance(frame, frames.Log):
                return frame
            self.logs.append(frame)

    def call(self, function: Any, *args: Any, **options: Any) -> Any:
        self.submit(function, *args, **options)
        return self.answer()

    def result(self, function: Any, *args: Any, **options: Any) -> Any:
        answer = self.call(function, *args, **options)
        assert isinstance(answer, frames.Result), answer
        return pickle.loads(answer.result)

    def text(self, stream: int = frames.STDOUT) -> str:
        return b"".join(log.lines for log in self.logs if log.stream == stream).decode()

    def status(self) -> int:
        return self.process.wait(SLOW)

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait(SLOW)
        assert self.process.stderr is not None
        self.process.stderr.close()
        self._folder.cleanup()
