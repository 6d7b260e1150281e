"""Calls that run while their caller does something else."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError, ThreadPoolExecutor
from typing import Any

from athanor._host import Call

# Each waits for a sandbox; how many of these there are is the host's to decide.
_MAX_THREADS = 512

_lock = threading.Lock()
_threads: list[ThreadPoolExecutor] = []


class CallFuture(Future):  # type: ignore[type-arg]
    """A future that can be cancelled until it is done, since a call can.

    To the base class it never runs: what runs cannot be cancelled there.
    """

    def __init__(self, call: Call) -> None:
        super().__init__()
        self._call = call
        self._begun = False

    def cancel(self) -> bool:
        with self._condition:
            before = self.cancelled()
            if not super().cancel():
                return False
            if not before:
                # Tells those who wait for several futures.
                self.set_running_or_notify_cancel()
        if not before:
            self._call.cancel()
        return True

    def running(self) -> bool:
        return self._begun and not self.done()

    def run(self, act: Callable[[], Any]) -> None:
        """Completes it with what this returns or raises."""
        if self.cancelled():
            return
        self._begun = True
        try:
            result = act()
        except BaseException as e:
            self._complete(self.set_exception, e)
        else:
            self._complete(self.set_result, result)

    @staticmethod
    def _complete(how: Callable[[Any], None], value: Any) -> None:
        try:
            how(value)
        except InvalidStateError:
            # It was cancelled meanwhile.
            pass


def _forked() -> None:
    # The threads are the parent's, and so may be whoever holds the lock.
    global _lock  # noqa: PLW0603
    _lock = threading.Lock()
    _threads.clear()


os.register_at_fork(after_in_child=_forked)


def submit(call: Call, act: Callable[[], Any]) -> Future[Any]:
    """Has this done in another thread."""
    future = CallFuture(call)
    with _lock:
        if not _threads:
            _threads.append(ThreadPoolExecutor(_MAX_THREADS, thread_name_prefix="athanor-call"))
        _threads[0].submit(future.run, act)
    return future
