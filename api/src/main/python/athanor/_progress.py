"""A bar that says how far something is."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import TextIO

_WIDTH = 30
_LEAST_SECONDS = 0.1


class Progress:
    """Draws on standard error, where that is a terminal, at most ten times a second.

    ``unit`` is 1 for things that are counted, 1 << 20 for bytes that are shown as MiB.
    """

    def __init__(
        self,
        name: str,
        total: int | None,
        unit: int = 1,
        out: TextIO | None = None,
        ticker: Callable[[], float] = time.monotonic,
    ) -> None:
        self._name = name
        self._total = total
        self._unit = unit
        self._out = out or sys.stderr
        self._ticker = ticker
        self._done = 0
        self._drawn_at = -_LEAST_SECONDS
        self._drawn = False
        self._suffix = " MiB" if unit == 1 << 20 else ""
        self._shown = bool(getattr(self._out, "isatty", lambda: False)())

    def advance(self, by: int = 1) -> None:
        """Says that so much more is done."""
        self._done += by
        now = self._ticker()
        if self._shown and now - self._drawn_at >= _LEAST_SECONDS:
            self._drawn_at = now
            self._draw()

    def _draw(self) -> None:
        self._drawn = True
        if self._total:
            filled = min(_WIDTH, _WIDTH * self._done // self._total)
            done, total = (-(-each // self._unit) for each in (self._done, self._total))
            bar = f"[{'#' * filled}{'.' * (_WIDTH - filled)}] {done}/{total}{self._suffix}"
        else:
            bar = str(self._done)
        self._out.write(f"\r{self._name} {bar}")
        self._out.flush()

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._drawn:
            self._draw()
            self._out.write("\n")
            self._out.flush()
