"""Fan-out: one call for each input, in order, bounded."""

from __future__ import annotations

import asyncio
import collections
import operator
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from typing import Any, TypeVar

from athanor._progress import Progress

R = TypeVar("R")
_END = object()


def ordered(
    name: str,
    submit: Callable[..., Future[R]],
    inputs: Sequence[Iterable[Any]],
    limit: int,
) -> Iterator[R]:
    """Yields results in the order of the inputs, with at most so many calls ahead."""
    total = min((operator.length_hint(each, -1) for each in inputs), default=0)
    waiting: collections.deque[Future[R]] = collections.deque()
    remaining = zip(*inputs, strict=False)
    with Progress(name, total if total >= 0 else None) as progress:
        try:
            for args in remaining:
                waiting.append(submit(*args))
                if len(waiting) >= limit:
                    yield _take(waiting, progress)
            while waiting:
                yield _take(waiting, progress)
        finally:
            for each in waiting:
                each.cancel()


def _take(waiting: collections.deque[Future[R]], progress: Progress) -> R:
    # Only then taken off the list: if this is interrupted it is still there to be cancelled.
    result = waiting[0].result()
    waiting.popleft()
    progress.advance()
    return result


async def in_threads(values: Iterator[R]) -> AsyncIterator[R]:
    """Yields the same from a coroutine, which another thread waits for."""
    try:
        while True:
            value = await asyncio.to_thread(next, values, _END)
            if value is _END:
                return
            yield value  # type: ignore[misc]
    finally:
        close = getattr(values, "close", None)
        if close is not None:
            close()
