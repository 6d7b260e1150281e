"""Calls that outlive their caller."""

from __future__ import annotations

import base64
import dataclasses
import json
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar

from athanor import _errors, _pickling
from athanor._cloud import failures
from athanor._cloud.client import WAIT_SECONDS, Client
from athanor._cloud.clients import clients
from athanor._cloud.logs import LogReader
from athanor._credentials import CloudKeyCredentials
from athanor._logs import LogLine

R = TypeVar("R")


@dataclasses.dataclass(frozen=True)
class JobStatus:
    """What a cluster knows of a job: ``QUEUED``, ``RUNNING``, ``SUCCEEDED`` and the like.

    ``ended`` says that nothing of it changes any more; ``agent`` is what runs it or did last.
    """

    state: str
    ended: bool
    function: str
    machine_type: str
    attempt: int
    agent: str | None = None
    message: str | None = None


class Job(Generic[R]):
    """A call that the cluster runs to its end whatever becomes of its caller.

    ``function.spawn(…)`` starts one; ``Job.from_id(id)`` finds it again, from another program too.
    For any number of threads.
    """

    def __init__(self, client: Client, job_id: str, name: str, is_own: bool = True) -> None:
        self._client = client
        self._name = name
        # What a function of somebody else's pickled is not read here.
        self._is_own = is_own
        self._end: dict[str, Any] | None = None
        self.id = job_id

    @classmethod
    def from_id(cls, job_id: str, credentials: CloudKeyCredentials | None = None) -> Job[Any]:
        """Returns the job of that id. Raises NoSuchJobError if the cluster has none."""
        # An id is a part of an address.
        try:
            known = str(uuid.UUID(job_id))
        except ValueError:
            raise _errors.NoSuchJobError(f"{job_id!r} is no id of a job") from None
        job: Job[Any] = Job(clients.of(credentials), known, f"job {known}")
        job.status()
        return job

    def logs(self, follow: bool = True) -> Iterator[LogLine]:
        """Yields what it prints, from its first line and until it has ended.

        With ``follow=False``, what there is by now.
        """
        reader = LogReader(self._client, self.id)
        yield from reader.lines(follow)
        while follow and self.wait(0) is None:
            yield from reader.lines(follow)

    def wait(self, seconds: int) -> int | None:
        """Waits for its end; returns how many lines it printed, None if it has not ended."""
        self._end = self._end or self._client.result(self.id, seconds)
        if self._end is None:
            return None
        is_build = self._end.get("failure", {}).get("code", "").startswith("BUILD")
        return int(self._end["logLines"]) or int(is_build)

    def result(self, timeout: float | None = None) -> R:
        """Waits, and returns what the function returned or raises what it raised.

        Raises TimeoutError if it has not ended after ``timeout`` seconds; None waits for ever.
        Results are kept for a week.
        """
        until = None if timeout is None else time.monotonic() + timeout
        while True:
            left = WAIT_SECONDS if until is None else min(WAIT_SECONDS, until - time.monotonic())
            self.wait(max(0, round(left)))
            if self._end is not None:
                return self._value(self._end)  # type: ignore[no-any-return]
            if until is not None and time.monotonic() >= until:
                raise TimeoutError(f"{self._name} has not ended after {timeout:g} s")

    def status(self) -> JobStatus:
        """Asks how it stands."""
        found = self._client.find(self.id)
        return JobStatus(
            found["state"],
            found["ended"],
            found["function"],
            found["machineType"],
            found["attempt"],
            found.get("agent"),
            found.get("message"),
        )

    def cancel(self) -> str:
        """Asks for its end.

        Returns ``CANCELLED_WHILE_QUEUED`` if it now never runs, ``REQUESTED`` if its agent was told
        to interrupt it, and ``ALREADY_FINISHED``.
        """
        return str(self._client.cancel(self.id)["answer"])

    def __repr__(self) -> str:
        return f"<job {self.id}>"

    def _value(self, end: dict[str, Any]) -> Any:
        return value(
            self._name, end, lambda _result: self._client.content(self.id), is_own=self._is_own
        )


def value(
    name: str,
    end: dict[str, Any],
    large: Callable[[dict[str, Any]], bytes],
    *,
    is_own: bool = True,
) -> Any:
    """Returns what a function returned, or raises what it raised.

    ``large`` gets the bytes of a result that are not told along with it. What is not the caller's
    own function is read as JSON only.
    """
    failure = end.get("failure")
    if failure is not None:
        raise failures.error(name, failure, is_own)
    result = end.get("result")
    if result is None:
        raise _errors.InvalidResultError(f"{name} ended without a result")
    if result["codec"] == "JSON":
        return result["value"] if "value" in result else json.loads(large(result))
    if result["codec"] != "PICKLE" or not is_own:
        raise _errors.InvalidResultError(
            f"the result of {name} is of codec {result['codec']}, which cannot be read here"
        )
    content = result.get("content")
    data = large(result) if content is None else base64.b64decode(content)
    return _pickling.load_result(name, data)
