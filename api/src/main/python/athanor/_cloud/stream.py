"""Values of a function that yields, while it runs on a cluster."""

from __future__ import annotations

import base64
import json
import queue
import threading
from collections.abc import Iterator
from typing import Any

from athanor import _errors, _pickling
from athanor._cloud import failures
from athanor._cloud.client import Client
from athanor._cloud.logs import CallLines, dropped
from athanor._host import Call

# How far a function may be ahead of who takes its values. One that takes them as fast as they come
# says what it took each time that half of them are gone.
WINDOW = 16


class Stream:
    """The values of one call. For one thread; lines come on another, while they are printed."""

    def __init__(self, call: Call, client: Client, request: dict[str, Any]) -> None:
        self._call = call
        self._client = client
        self._request = {**request, "streamWindow": WINDOW}
        self._run: str | None = None
        self._taken = 0
        self._granted = WINDOW
        # No more than the window in it, since no more are asked for.
        self._arrived: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def values(self) -> Iterator[Any]:
        """Yields them; closing this ends the function."""
        call_id = self._request["id"]
        self._call.when_cancelled(lambda: self._client.stop_call(call_id))
        threading.Thread(target=self._receive, name="athanor-stream", daemon=True).start()
        ended = False
        try:
            while True:
                arrived = self._arrived.get()
                if isinstance(arrived, BaseException):
                    ended = True
                    raise arrived
                if "outcome" in arrived:
                    ended = True
                    self._end(arrived)
                    return
                yield self._value(arrived)
                self._grant()
        finally:
            self._call.when_cancelled(None)
            if not ended:
                self._client.stop_call(call_id)

    def _receive(self) -> None:
        """Runs on a thread of its own, so that nothing piles up on the way here."""
        lines = CallLines()
        try:
            for event in self._client.call(self._request):
                data = json.loads(event.data)
                if event.name == "lines":
                    for line in lines.new(data):
                        self._call.options.logs(line)
                elif event.name == "end":
                    dropped(data, self._call.options.logs)
                    self._arrived.put(data)
                elif event.name == "value":
                    self._arrived.put(data)
                elif event.name == "lost":
                    self._arrived.put(self._lost(data["message"]))
            # Where there was an end, nobody sees this one.
            self._arrived.put(self._lost("its dispatcher ended"))
        except BaseException as e:
            self._arrived.put(e)

    def _value(self, data: dict[str, Any]) -> Any:
        self._run = self._run or data["run"]
        if (data["run"], data["index"]) != (self._run, self._taken):
            raise self._lost("its agent was lost, and a second run may yield other values")
        self._taken += 1
        value = data["value"]
        content = value.get("content")
        if content is None:
            return _pickling.load_result(self._call.name, self._client.blob(value["blob"]))
        return _pickling.load_result(self._call.name, base64.b64decode(content))

    def _grant(self) -> None:
        if self._granted - self._taken <= WINDOW // 2:
            self._granted = self._taken + WINDOW
            assert self._run is not None
            self._client.grant(self._request["id"], self._run, self._granted)

    def _end(self, end: dict[str, Any]) -> None:
        failure = end.get("failure")
        if failure is not None:
            raise failures.error(self._call.name, failure)
        if end["values"] != self._taken:
            raise self._lost("its agent was lost")

    def _lost(self, why: str) -> _errors.LostCallError:
        return _errors.LostCallError(
            f"{self._call.name} was lost after {self._taken} values, which are not given again: "
            f"{why}"
        )
