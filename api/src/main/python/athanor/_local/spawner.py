"""Starts processes from one thread that lasts."""

from __future__ import annotations

import queue
import subprocess
import threading
from concurrent.futures import Future
from typing import Any

from athanor._errors import StartFailedError


class Spawner:
    """Bubblewrap ends with its parent, which to Linux is the thread that started it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._work: queue.SimpleQueue[tuple[Future[subprocess.Popen[bytes]], Any, Any]] = (
            queue.SimpleQueue()
        )

    def start(self, command: list[str], **options: Any) -> subprocess.Popen[bytes]:
        """Does what ``subprocess.Popen`` does."""
        started: Future[subprocess.Popen[bytes]] = Future()
        try:
            with self._lock:
                if self._thread is None:
                    thread = threading.Thread(target=self._run, name="athanor-spawner", daemon=True)
                    thread.start()
                    self._thread = thread
            self._work.put((started, command, options))
            return started.result()
        except (OSError, RuntimeError) as e:
            # From Python 3.12 on a program that has come to its end starts neither threads nor
            # processes any more.
            raise StartFailedError(f"a sandbox cannot be started: {e}") from e

    def _run(self) -> None:
        while True:
            started, command, options = self._work.get()
            try:
                started.set_result(subprocess.Popen(command, **options))
            except Exception as e:
                started.set_exception(e)
