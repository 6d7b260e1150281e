"""The folders that sandboxes have while they run."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
import time
from pathlib import Path

_PREFIX = "athanor-py-"
# Younger ones may be about to be locked.
_LEAST_SECONDS = 60.0
_MAX_BYTES = 80


class WorkFolder:
    """A new folder for temporary files, locked for as long as its owner lives."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=_parent()))
        self._lock = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._lock, fcntl.LOCK_EX)

    def abandon(self) -> None:
        """Lets go of it, as a process that was forked off its owner."""
        lock, self._lock = self._lock, -1
        if lock >= 0:
            os.close(lock)

    def remove(self) -> None:
        """Takes it away with all that is in there."""
        shutil.rmtree(self.path, ignore_errors=True)
        self.abandon()


def _parent() -> str:
    # A socket is in there, and its path may have 107 bytes at most, on macOS 103.
    folder = tempfile.gettempdir()
    return folder if len(os.fsencode(folder)) <= _MAX_BYTES else "/tmp"


def sweep(least_seconds: float = _LEAST_SECONDS) -> None:
    """Removes those whose owners were killed."""
    for folder in Path(_parent()).glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            lock = os.open(folder / "lock", os.O_RDWR | os.O_CLOEXEC)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if time.time() - folder.stat().st_mtime >= least_seconds:
                    shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(lock)
