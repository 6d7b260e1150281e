"""Where functions run."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol

from athanor._errors import CancelledCallError
from athanor._options import Options


class Call:
    """One call of a function: what is sent, and the wish to end it. For any number of threads.

    ``payload`` is a pickle of ``(function, args, kwargs)``, in which the function is pickled once
    more by itself, so that a sandbox knows it again.
    """

    def __init__(self, name: str, payload: bytes, options: Options) -> None:
        self.name = name
        self.payload = payload
        self.options = options
        self._lock = threading.Lock()
        self._cancelled = False
        self._on_cancel: Callable[[], object] | None = None

    def cancel(self) -> None:
        """Ends it as soon as can be. The one who waits for it gets a CancelledCallError."""
        with self._lock:
            self._cancelled = True
            act = self._on_cancel
        if act is not None:
            act()

    def when_cancelled(self, act: Callable[[], object] | None) -> None:
        """Has this done when it is cancelled, at once if it is already; None: nothing any more."""
        with self._lock:
            self._on_cancel = act
            due = self._cancelled
        if due and act is not None:
            act()

    def check(self) -> None:
        """Raises CancelledCallError if it is cancelled."""
        with self._lock:
            if self._cancelled:
                raise CancelledCallError(f"the call of {self.name} was cancelled")


class Host(Protocol):
    """Runs calls. Safe for any number of threads."""

    def run(self, call: Call) -> Any:
        """Returns what the function returned, or raises what it raised."""

    def spawn(self, call: Call) -> Any:
        """Starts a call that outlives its caller, and returns its job."""

    def map_job(self, name: str, calls: Iterable[Call], options: Options) -> Any:
        """Starts calls of one function that outlive their caller, and returns their batch."""

    def schedule(self, call: Call, when: Any) -> Any:
        """Has a call made then, whatever becomes of the caller, and returns its job or schedule."""

    def stream(self, call: Call) -> Iterator[Any]:
        """Yields what the function yields, while it runs; closing it ends the function."""

    def close(self) -> None:
        """Ends what runs. A later call begins anew."""
