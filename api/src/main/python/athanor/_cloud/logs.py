"""Reads what a job prints, while it runs and afterwards."""

from __future__ import annotations

import json
from collections.abc import Iterator
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
        event, data, position = "", "", ""
        for line in self._client.events(self._job_id, self._last, follow):
            field, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if field == "event":
                event = value
            elif field == "data":
                data = value
            elif field == "id":
                position = value
            elif not line:
                if event == "end":
                    return
                if event == "lines":
                    self._last = position
                    yield from _lines(json.loads(data))
                event, data = "", ""


def _lines(part: dict[str, Any]) -> Iterator[LogLine]:
    for each in part["lines"]:
        yield LogLine(
            _SOURCES.get(each["source"], "athanor"),
            "stderr" if each["stream"] == "STDERR" else "stdout",
            each["text"],
        )
