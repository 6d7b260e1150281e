"""Locks that hold across threads and processes, and end with whoever holds them."""

from __future__ import annotations

import contextlib
import fcntl
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

_LOOK_AGAIN_SECONDS = 0.05


@contextlib.contextmanager
def locked(file: Path, deadline: float, check: Callable[[], None]) -> Iterator[int]:
    """Holds the lock of that file, and gives its descriptor.

    A child that inherits the descriptor holds the lock as well. Raises TimeoutError at
    ``deadline`` (of ``time.monotonic``), and whatever ``check`` does while it waits.
    """
    pause = threading.Event()
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                check()
                if time.monotonic() >= deadline:
                    raise TimeoutError(f"{file} is still locked") from None
                pause.wait(_LOOK_AGAIN_SECONDS)
        yield descriptor
    finally:
        os.close(descriptor)
