"""Many calls of one function that outlive their caller."""

from __future__ import annotations

import base64
import dataclasses
import json
import random
import time
import uuid
from collections.abc import Iterable, Iterator
from typing import Any, Generic, TypeVar

from athanor import _errors, _pickling
from athanor._cloud import failures, jobs
from athanor._cloud.client import WAIT_SECONDS, Client
from athanor._cloud.clients import clients
from athanor._cloud.upload import send
from athanor._credentials import CloudKeyCredentials
from athanor._host import Call
from athanor._options import Options

R = TypeVar("R")
_PAGE = 200
_MOST_INPUTS = 1_000_000
# In a member's id they say which input it has, and which run of it this is.
_MEMBER_BITS = 32
_HIGH_BITS = 30


@dataclasses.dataclass(frozen=True)
class BatchProgress:
    """How the members of a batch fare; together they are all of it."""

    total: int
    queued: int
    running: int
    done: int
    failed: int
    cancelled: int

    @property
    def ended(self) -> bool:
        """Whether nothing of it changes any more, unless it is asked for."""
        return self.queued == 0 and self.running == 0


@dataclasses.dataclass(frozen=True)
class BatchResult(Generic[R]):
    """How a member of a batch ended: ``index`` is that of its input, ``error`` what it raised."""

    index: int
    value: R | None = None
    error: BaseException | None = None

    def get(self) -> R:
        """Returns what the function returned, or raises what it raised."""
        if self.error is not None:
            raise self.error
        return self.value  # type: ignore[return-value]


class Batch(Generic[R]):
    """Many calls that a cluster runs to their end whatever becomes of their caller.

    ``function.map_job(inputs)`` starts one; ``Batch.from_id(id)`` finds it again, from another
    program too. What failed does not keep the rest from going on. For any number of threads.
    """

    def __init__(self, client: Client, batch_id: str, name: str) -> None:
        self._client = client
        self._name = name
        self.id = batch_id

    @classmethod
    def from_id(cls, batch_id: str, credentials: CloudKeyCredentials | None = None) -> Batch[Any]:
        """Returns the batch of that id. Raises NoSuchJobError if the cluster has none."""
        # An id is a part of an address.
        try:
            known = str(uuid.UUID(batch_id))
        except ValueError:
            raise _errors.NoSuchJobError(f"{batch_id!r} is no id of a batch") from None
        batch: Batch[Any] = Batch(clients.of(credentials), known, f"batch {known}")
        batch.progress()
        return batch

    def progress(self) -> BatchProgress:
        """Asks how its members fare."""
        return _progress(self._client.batch("GET", self.id))

    def results(self) -> Iterator[BatchResult[R]]:
        """Yields the results in the order of the inputs, waiting for those that have not ended."""
        return self._results("order=index")

    def results_as_completed(self) -> Iterator[BatchResult[R]]:
        """Yields the results about as they come, so that none waits for another one."""
        return self._results("order=completion")

    def failures(self) -> Iterator[BatchResult[R]]:
        """Yields what ``results`` yields, without those of members that returned."""
        return self._results("order=index&failed=true")

    def rerun_failed(self) -> BatchProgress:
        """Has those members run again that have failed by now; all others stay as they are."""
        return _progress(self._client.batch("POST", self.id, "/rerun"))

    def cancel(self) -> BatchProgress:
        """Has it stopped as a whole: what waits never runs, what runs is interrupted."""
        return _progress(self._client.batch("DELETE", self.id)["batch"])

    def __repr__(self) -> str:
        return f"<batch {self.id}>"

    def _results(self, query: str) -> Iterator[BatchResult[R]]:
        cursor = ""
        while True:
            path = f"/results?{query}&limit={_PAGE}&wait={WAIT_SECONDS}{cursor}"
            page = self._client.batch("GET", self.id, path)
            for each in page["results"]:
                yield self._read(each)
            if "next" not in page:
                return
            cursor = f"&cursor={page['next']}"

    def _read(self, member: dict[str, Any]) -> BatchResult[R]:
        name = f"{self._name}, input {member['index']}"
        failure = member.get("failure")
        if failure is not None:
            return BatchResult(member["index"], error=failures.error(name, failure))
        content = (member.get("result") or {}).get("content")
        try:
            data = (
                self._client.content(member["job"])
                if content is None
                else base64.b64decode(content)
            )
            return BatchResult(member["index"], _pickling.load_result(name, data))
        except _errors.AthanorError as e:
            return BatchResult(member["index"], error=e)


def start(name: str, calls: Iterable[Call], options: Options) -> Batch[Any]:
    """Sends calls of one function as they are made; returns once the cluster has all of them."""
    client = clients.of(options.credentials)
    batch_id = _new_id()
    head = {
        "id": batch_id,
        "function": jobs.function(name, options),
        "limits": jobs.limits(options),
    }
    send(client, batch_id, _lines(client, head, calls))
    return Batch(client, batch_id, name)


def _lines(client: Client, head: dict[str, Any], calls: Iterable[Call]) -> Iterator[bytes]:
    yield _line(head)
    for index, call in enumerate(calls):
        if index == _MOST_INPUTS:
            raise _errors.TooLargeError(
                f"a batch has at most {_MOST_INPUTS:,} inputs, and nothing of this one runs"
            )
        yield _line(jobs.arguments(call.payload, client))


def _line(value: dict[str, Any]) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode() + b"\n"


def _progress(batch: dict[str, Any]) -> BatchProgress:
    return BatchProgress(batch["total"], **batch["counts"])


def _new_id() -> str:
    """Returns a UUID of version 7 that ends in 32 zero bits, which its members' ids fill."""
    high = (time.time_ns() // 1_000_000) << 16 | 0x7000 | random.getrandbits(12)
    low = (0b10 << _HIGH_BITS | random.getrandbits(_HIGH_BITS)) << _MEMBER_BITS
    return str(uuid.UUID(int=high << 64 | low))
