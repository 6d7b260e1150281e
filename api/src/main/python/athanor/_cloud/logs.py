"""Reads what a job prints, while it runs and afterwards."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from athanor._cloud.client import Client
from athanor._logs import LogLine

_SOURCES: dict[str, Any] = {"BUILD": "build", "FUNCTION": "function"}


class LogReader:
    """Reads each line of one job once. For one thread at a time."""

    def __init__(self, client: Client, job_id: str) -> None:
        self._client = client
        self._job_id = job_id
        self._last = ""

    def lines(self, follow: bool) -> Iterator[LogLine]:
        """Yields what has come since the last one, and if wanted what comes until the job ends.

        Ends early where the connection is lost; the next call goes on from there.
        """
        for event in self._client.log(self._job_id, self._last, follow):
            if event.name == "lines":
                self._last = event.id
                yield from _lines(json.loads(event.data)["lines"])


class CallLines:
    """The lines of one plain call: each once, a later attempt's after an earlier one's."""

    def __init__(self) -> None:
        self._attempt = 0
        self._next = 0

    def new(self, part: dict[str, Any]) -> Iterator[LogLine]:
        """Yields those that did not come before."""
        if part["attempt"] < self._attempt:
            return
        if part["attempt"] > self._attempt:
            self._attempt, self._next = part["attempt"], 0
        known = max(0, self._next - part["firstIndex"])
        self._next = max(self._next, part["firstIndex"] + len(part["lines"]))
        yield from _lines(part["lines"][known:])


def dropped(end: dict[str, Any], logs: Callable[[LogLine], object]) -> None:
    """Says how many lines of a plain call did not come, where some did not."""
    count = end["droppedLogLines"]
    if count:
        logs(LogLine("athanor", "stderr", f"{count:,} lines came too fast and were left out"))


def _lines(lines: list[dict[str, Any]]) -> Iterator[LogLine]:
    for each in lines:
        yield LogLine(
            _SOURCES.get(each["source"], "athanor"),
            "stderr" if each["stream"] == "STDERR" else "stdout",
            each["text"],
        )
