"""What several tests use."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable

import pytest

SLOW = 60.0  # seconds; a loaded machine starts a sandbox in several


def until(condition: Callable[[], object]) -> None:
    """Waits for it."""
    deadline = time.monotonic() + SLOW
    nothing = threading.Event()
    while not condition():
        assert time.monotonic() < deadline
        nothing.wait(0.01)


def need(refusal: str) -> None:
    """Leaves a test out where something is refused here; in CI that is a failure."""
    if refusal and os.environ.get("ATHANOR_TESTS_REQUIRED") == "1":
        pytest.fail(refusal)
    if refusal:
        pytest.skip(f"{refusal}; ATHANOR_TESTS_REQUIRED=1 makes this a failure")


def exists(pid: int) -> bool:
    """Returns whether that process runs."""
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
