"""Isolated calls for whatever takes an executor."""

from __future__ import annotations

import concurrent.futures
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from athanor._function import IsolatedFunction, isolated
from athanor._host import Host
from athanor._options import GivenOptions

if TYPE_CHECKING:
    from typing_extensions import Unpack

P = ParamSpec("P")
R = TypeVar("R")


class Executor(concurrent.futures.Executor):
    """A ``concurrent.futures.Executor`` whose calls are isolated.

    Takes the options of ``isolated``, for all of its calls; functions are plain ones, or isolated
    ones, which keep their own options::

        with Executor(host=local, machine_type="M", requirements=["numpy"]) as executor:
            for result in executor.map(work, range(100)):
                print(result)

    Its futures can be cancelled also while they run. For any number of threads.
    """

    def __init__(self, host: Host | None = None, **options: Unpack[GivenOptions]) -> None:
        # Refused here, rather than by the first call.
        self._options = isolated(_nothing).on(host, **options).options
        self._lock = threading.Lock()
        self._under_way: set[Future[Any]] = set()
        self._closed = False

    def submit(self, fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        """Starts a call. Raises RuntimeError after ``shutdown``."""
        function: IsolatedFunction[P, R] = (
            fn if isinstance(fn, IsolatedFunction) else IsolatedFunction(fn, self._options)
        )
        with self._lock:
            if self._closed:
                raise RuntimeError("this executor was shut down")
            future = function.submit(*args, **kwargs)
            self._under_way.add(future)
        future.add_done_callback(self._ended)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Takes no more calls; waits for those under way, or cancels them before.

        Environments stay hot for their keep-alive.
        """
        with self._lock:
            self._closed = True
            under_way = list(self._under_way)
        if cancel_futures:
            for each in under_way:
                each.cancel()
        if wait:
            concurrent.futures.wait(under_way)

    def _ended(self, future: Future[Any]) -> None:
        with self._lock:
            self._under_way.discard(future)


def _nothing() -> None:
    """Stands for the functions to come."""
