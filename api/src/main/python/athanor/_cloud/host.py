"""Runs calls on a cluster."""

from __future__ import annotations

import datetime as dt
import json
import random
import time
import uuid
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlencode

from athanor import _errors
from athanor._cloud import batch, jobs
from athanor._cloud.batch import Batch
from athanor._cloud.client import Client
from athanor._cloud.clients import clients
from athanor._cloud.job import Job, value
from athanor._cloud.logs import CallLines, dropped
from athanor._cloud.stream import Stream
from athanor._host import Call, Host
from athanor._options import Options, default_machine
from athanor._schedules import Cron, Schedule

_RANDOM_BITS = 62


class CloudHost:
    """A cluster: functions run on its agents, by way of its dispatcher.

    A call is under way for as long as its caller waits: it is cancelled where this program ends or
    loses the connection, which raises a LostCallError. ``spawn`` makes a job instead, which runs to
    its end whatever becomes of this program. Either waits for hours where no machine is free. The
    dispatcher is the one at ``ATHANOR_DISPATCHER_URL``, by default the one of ``./athanor up`` on
    this machine. With ``ATHANOR_HOST=local`` in the environment this stands for the local host, so
    that a program written for a cluster can be tried without one. For any number of threads.
    """

    def run(self, call: Call) -> Any:
        """Returns what the function returned, or raises what it raised."""
        here = _local()
        if here is not None:
            return here.run(call)
        if call.options.retries or call.options.idempotency_key:
            return self._run_as_job(call)
        client = clients.of(call.options.credentials)
        request = _request(call, client)
        call.check()
        call.when_cancelled(lambda: client.stop_call(request["id"]))
        try:
            end = _end(call, client, request)
        except _errors.AthanorError:
            raise
        except BaseException:
            # An interrupt, say: nobody waits for the call any more.
            client.stop_call(request["id"])
            raise
        finally:
            call.when_cancelled(None)
        return value(call.name, end, lambda result: client.blob(result["blob"]))

    def _run_as_job(self, call: Call) -> Any:
        # Only a job waits for its next attempt at the dispatcher, and only a job has a key.
        job = self._submitted(call)
        call.when_cancelled(job.cancel)
        try:
            for line in job.logs():
                call.options.logs(line)
            return job.result()
        except (KeyboardInterrupt, SystemExit):
            job.cancel()
            raise
        finally:
            call.when_cancelled(None)

    def spawn(self, call: Call) -> Job[Any]:
        """Returns once the call is the cluster's, which runs it whatever becomes of the caller."""
        here = _local()
        return self._submitted(call) if here is None else here.spawn(call)

    def map_job(self, name: str, calls: Iterable[Call], options: Options) -> Batch[Any]:
        """Returns once all calls are the cluster's, whatever becomes of the caller."""
        here = _local()
        if here is None:
            return batch.start(name, calls, options)
        return here.map_job(name, calls, options)  # type: ignore[no-any-return]

    def _submitted(self, call: Call, query: str = "") -> Job[Any]:
        client = clients.of(call.options.credentials)
        job = _request(call, client)
        call.check()
        job_id = client.submit(job, call.options.idempotency_key, query)
        return Job(client, job_id, call.name)

    def schedule(self, call: Call, when: dt.datetime | dt.timedelta | Cron) -> Any:
        """Returns a job that runs then, or the schedule of all those times."""
        here = _local()
        if here is not None:
            return here.schedule(call, when)
        if isinstance(when, Cron):
            client = clients.of(call.options.credentials)
            query = {"name": when.name, "cron": when.expression, "zone": when.zone}
            client.schedule(_request(call, client), urlencode({**query, "missed": when.missed}))
            return Schedule(client, when.name)
        if isinstance(when, dt.timedelta):
            millis = max(0, round(when.total_seconds() * 1000))
            return self._submitted(call, urlencode({"delayMillis": millis}))
        if isinstance(when, dt.datetime):
            # One without a zone is of this machine's clock.
            return self._submitted(call, urlencode({"at": when.astimezone().isoformat()}))
        raise _errors.InvalidOptionError(
            f"schedule({when!r}): expected a datetime, a timedelta or a Cron"
        )

    def stream(self, call: Call) -> Iterator[Any]:
        """Yields what the function yields, which runs ahead by a few values.

        Its timeout counts for all of it, with the time for which it waits for its reader. Where its
        agent is lost before its end, a LostCallError is raised: values are not given twice.
        """
        here = _local()
        return self._stream(call) if here is None else here.stream(call)

    def _stream(self, call: Call) -> Iterator[Any]:
        client = clients.of(call.options.credentials)
        request = _request(call, client)
        call.check()
        yield from Stream(call, client, request).values()

    def close(self) -> None:
        """Does nothing: a cluster is not this program's to end."""

    def __repr__(self) -> str:
        return "cloud"


def _local() -> Host | None:
    if default_machine() != "local":
        return None
    from athanor._local import local  # noqa: PLC0415  what most callers of a cluster never need

    return local


def _end(call: Call, client: Client, request: dict[str, Any]) -> dict[str, Any]:
    """Makes a call, hands out its lines, and returns how it ended."""
    lines = CallLines()
    end: dict[str, Any] | None = None
    for event in client.call(request):
        if event.name == "lines":
            for line in lines.new(json.loads(event.data)):
                call.options.logs(line)
        elif event.name == "end":
            end = json.loads(event.data)
        elif event.name == "lost":
            why = json.loads(event.data)["message"]
            raise _errors.LostCallError(f"{call.name} may have run: {why}")
    if end is None:
        raise _errors.LostCallError(f"{call.name} may have run: its dispatcher ended")
    dropped(end, call.options.logs)
    return end


def _request(call: Call, client: Client) -> dict[str, Any]:
    return {
        "id": _new_id(),
        "function": jobs.function(call.name, call.options),
        "arguments": jobs.arguments(call.payload, client),
        "limits": jobs.limits(call.options),
        **({"webhook": call.options.webhook} if call.options.webhook else {}),
    }


def _new_id() -> str:
    """Returns a UUID of version 7: the time, then what makes it unique."""
    high = (time.time_ns() // 1_000_000) << 16 | 0x7000 | random.getrandbits(12)
    low = 0b10 << _RANDOM_BITS | random.getrandbits(_RANDOM_BITS)
    return str(uuid.UUID(int=high << 64 | low))
