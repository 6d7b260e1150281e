"""Asks a dispatcher by HTTP."""

from __future__ import annotations

import contextlib
import hashlib
import json
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import urllib3

from athanor import _errors
from athanor._credentials import CloudKeyCredentials

# The dispatcher answers after this at the latest, with or without an end.
WAIT_SECONDS = 30
_TIMEOUT = urllib3.Timeout(connect=10.0, read=WAIT_SECONDS + 30.0)
# For so long a cluster may be away before a call is given up.
_PATIENCE_SECONDS = 60.0
_KEY_PATIENCE_SECONDS = 120.0
_PAUSE_SECONDS = 1.0
_CONNECTIONS = 64
_FULL_TRIES = 3
_LONGEST_PAUSE_SECONDS = 15.0
_STOP_SECONDS = 10.0


class Event(NamedTuple):
    """A server-sent event."""

    name: str
    data: str
    id: str


class Client:
    """One dispatcher, asked with one key. For any number of threads."""

    def __init__(self, url: str, credentials: CloudKeyCredentials | None) -> None:
        self._url = url.rstrip("/")
        headers = {"User-Agent": "athanor-python"}
        if credentials is not None:
            headers["Authorization"] = f"Bearer {credentials.key_id}:{credentials.key_secret}"
        self._pool = urllib3.PoolManager(
            maxsize=_CONNECTIONS, headers=headers, timeout=_TIMEOUT, retries=False
        )

    def call(self, request: dict[str, Any]) -> Iterator[Event]:
        """Makes a plain call and yields what becomes of it. Closing this lets go of it."""
        body = json.dumps(request).encode()
        try:
            answer = self._patiently(lambda: self._opened_call(body), _PATIENCE_SECONDS)
            yield from _events(answer)
        except _UNSENT as e:
            raise self._unavailable(e) from None
        except urllib3.exceptions.HTTPError as e:
            raise _errors.LostCallError(
                f"the connection to the dispatcher at {self._url} ended before the call of "
                f"{request['function']['name']} did ({e}): it may have run. Calls by spawn(…) "
                "go on without one"
            ) from None

    def _opened_call(self, body: bytes) -> urllib3.BaseHTTPResponse:
        headers = {**self._pool.headers, "Content-Type": "application/json"}
        try:
            answer = self._pool.request(
                "POST", self._url + "/v1/calls", body=body, headers=headers, preload_content=False
            )
        except urllib3.exceptions.HTTPError as e:
            raise _FinalError(e) from None
        if answer.status == _OK:
            return answer
        try:
            raise _problem(answer, self._url, {})
        finally:
            answer.release_conn()

    def stop_call(self, call_id: str) -> None:
        """Has a plain call stopped; that it ends is heard by who makes it."""
        with contextlib.suppress(_errors.UnavailableError):
            self._patiently(lambda: self._answer("DELETE", f"/v1/calls/{call_id}"), _STOP_SECONDS)

    def grant(self, call_id: str, run: str, up_to: int) -> None:
        """Lets the function of a plain call yield values below that number."""
        path = f"/v1/calls/{call_id}/credit?run={run}&upTo={up_to}"
        self._patiently(lambda: self._answer("POST", path), _PATIENCE_SECONDS)

    def blob(self, place: dict[str, Any]) -> bytes:
        """Returns the bytes that lie there. Raises LostCallError if they are gone."""
        where = "&".join(f"{name}={place[name]}" for name in _BLOB_PLACE)
        path = f"/v1/blobs/{place['digest']}?{where}"
        data: bytes = self._patiently(lambda: self._answer("GET", path).data, _PATIENCE_SECONDS)
        if hashlib.sha256(data).hexdigest() != place["digest"]:
            raise _errors.LostCallError("a large value did not come as it was sent")
        return data

    def submit(
        self, job: dict[str, Any], idempotency_key: str | None = None, query: str = ""
    ) -> str:
        """Submits a job and returns its id, or that of the one first submitted under the key.

        Where the answer is lost, looks for it before it is sent again. A full queue is waited for,
        twice for as long as the dispatcher says and 15 s at most.
        """
        body = json.dumps(job).encode()
        return self._when_there_is_room(lambda: self._submit(job, body, idempotency_key, query))

    @staticmethod
    def _when_there_is_room(attempt: Callable[[], str]) -> str:
        for _ in range(_FULL_TRIES - 1):
            try:
                return attempt()
            except _errors.QueueFullError as e:
                time.sleep(min(e.retry_after, _LONGEST_PAUSE_SECONDS))
        return attempt()

    def schedule(self, job: dict[str, Any], query: str) -> None:
        """Makes a schedule of such jobs, or replaces the one of that name."""
        body = json.dumps(job).encode()
        headers = {"Content-Type": "application/json"}
        path = f"/v1/schedules?{query}"
        self._patiently(lambda: self._answer("POST", path, body, headers), _PATIENCE_SECONDS)

    def ask(self, method: str, path: str) -> Any:
        """Returns what the dispatcher answers."""
        return self._patiently(lambda: self._ask(method, path), _PATIENCE_SECONDS)

    def _submit(
        self, job: dict[str, Any], body: bytes, idempotency_key: str | None, query: str
    ) -> str:
        path = f"/v1/jobs?{query}" if query else "/v1/jobs"
        headers = {"Content-Type": "application/json"}
        if idempotency_key is not None:
            headers["Idempotency-Key"] = idempotency_key

        def post() -> str:
            return str(json.loads(self._answer("POST", path, body, headers).data)["id"])

        def post_again() -> str:
            if idempotency_key is None:
                try:
                    return str(self._ask("GET", f"/v1/jobs/{job['id']}")["id"])
                except _errors.NoSuchJobError:
                    pass
            return post()

        try:
            return post()
        except urllib3.exceptions.NewConnectionError as e:
            raise self._unavailable(e) from None
        except (urllib3.exceptions.HTTPError, _BusyError):
            # The dispatcher says that it is busy with what another one died over for 90 s.
            patience = _PATIENCE_SECONDS if idempotency_key is None else _KEY_PATIENCE_SECONDS
            return str(self._patiently(post_again, patience))

    def upload(self, data: bytes) -> Any:
        """Returns where the bytes lie from now on."""
        headers = {"Content-Type": "application/octet-stream"}
        return self._patiently(
            lambda: json.loads(self._answer("POST", "/v1/blobs", data, headers).data),
            _PATIENCE_SECONDS,
        )

    def keep_bundle(self, digest: str, data: bytes) -> None:
        """Has the dispatcher keep code, which is sent if it does not have it."""
        path = f"/v1/bundles/{digest}"
        headers = {"Content-Type": "application/octet-stream"}

        def attempt() -> None:
            try:
                self._ask("GET", path)
            except _errors.NoSuchJobError:
                self._answer("PUT", path, data, headers)

        self._patiently(attempt, _PATIENCE_SECONDS)

    def deploy(self, name: str, deployment: dict[str, Any]) -> int:
        """Registers a function and returns its version."""
        body = json.dumps(deployment).encode()
        headers = {"Content-Type": "application/json"}
        path = f"/v1/functions/{name}"
        return int(
            self._patiently(
                lambda: json.loads(self._answer("PUT", path, body, headers).data)["version"],
                _PATIENCE_SECONDS,
            )
        )

    def call_registered(
        self, name: str, version: int | None, arguments: bytes, key: str | None
    ) -> str:
        """Calls a registered function and returns the job's id.

        Under a key it is one job, and so can be sent again. A full queue is waited for as by
        ``submit``.
        """
        query = "" if version is None else f"?version={version}"
        own = key or f"call-{uuid.uuid4()}"
        headers = {"Content-Type": "application/json", "Idempotency-Key": own}
        path = f"/v1/functions/{name}/jobs{query}"

        def attempt() -> str:
            answer = self._answer("POST", path, arguments, headers, _CALL_ERRORS)
            return str(json.loads(answer.data)["id"])

        return self._when_there_is_room(
            lambda: str(self._patiently(attempt, _KEY_PATIENCE_SECONDS))
        )

    def result(self, job_id: str, wait: int) -> Any:
        """Returns how the job ended, or None if it has not after so many seconds."""

        def attempt() -> Any:
            path = f"/v1/jobs/{job_id}/result?wait={wait}"
            answer = self._answer("GET", path)
            return json.loads(answer.data) if answer.status == _OK else None

        return self._patiently(attempt, _PATIENCE_SECONDS)

    def content(self, job_id: str) -> bytes:
        """Returns the bytes of a large result."""
        path = f"/v1/jobs/{job_id}/result/content"
        return self._patiently(lambda: self._answer("GET", path).data, _PATIENCE_SECONDS)  # type: ignore[no-any-return]

    def find(self, job_id: str) -> Any:
        """Returns what is known of a job."""
        return self._patiently(lambda: self._ask("GET", f"/v1/jobs/{job_id}"), _PATIENCE_SECONDS)

    def cancel(self, job_id: str) -> Any:
        """Asks for the end of a job, and returns the answer."""
        return self._patiently(lambda: self._ask("DELETE", f"/v1/jobs/{job_id}"), _PATIENCE_SECONDS)

    def begin_batch(self, lines: Iterator[bytes]) -> None:
        """Sends a batch, as long as that takes."""
        headers = {"Content-Type": "application/x-ndjson"}
        try:
            self._answer("POST", "/v1/batches", lines, headers)
        except (urllib3.exceptions.HTTPError, _BusyError) as e:
            raise self._unavailable(e) from None

    def has_batch(self, batch_id: str) -> bool:
        """Returns whether it has begun."""
        try:
            self.batch("GET", batch_id)
        except _errors.NoSuchJobError:
            return False
        return True

    def batch(self, method: str, batch_id: str, path: str = "") -> Any:
        """Asks something of a batch, which may be asked again."""
        return self._patiently(
            lambda: self._ask(method, f"/v1/batches/{batch_id}{path}"), _PATIENCE_SECONDS
        )

    def log(self, job_id: str, after: str, follow: bool) -> Iterator[Event]:
        """Yields a job's log events, as they come, until the connection ends."""
        path = f"/v1/jobs/{job_id}/logs?follow={'true' if follow else 'false'}"
        headers = {**self._pool.headers, **({"Last-Event-ID": after} if after else {})}
        try:
            answer = self._pool.request(
                "GET", self._url + path, headers=headers, preload_content=False
            )
            if answer.status == _OK:
                yield from _events(answer)
            else:
                answer.close()
        except urllib3.exceptions.HTTPError:
            # The log is read again from where this ended.
            return

    def _patiently(self, attempt: Any, patience: float) -> Any:
        end = time.monotonic() + patience
        while True:
            try:
                return attempt()
            except _FinalError as e:
                raise e.cause from None
            except (urllib3.exceptions.HTTPError, _BusyError) as e:
                if time.monotonic() >= end:
                    raise self._unavailable(e) from None
            time.sleep(_PAUSE_SECONDS)

    def _ask(self, method: str, path: str) -> Any:
        return json.loads(self._answer(method, path).data)

    def _answer(
        self,
        method: str,
        path: str,
        body: bytes | Iterator[bytes] | None = None,
        headers: dict[str, str] | None = None,
        errors: dict[int, type[_errors.AthanorError]] | None = None,
    ) -> urllib3.BaseHTTPResponse:
        given = {**self._pool.headers, **(headers or {})}
        answer = self._pool.request(method, self._url + path, body=body, headers=given)
        if answer.status < _FIRST_ERROR:
            return answer
        raise _problem(answer, self._url, errors or {})

    def _unavailable(self, error: Exception) -> _errors.UnavailableError:
        return _errors.UnavailableError(
            f"no dispatcher answers at {self._url} ({error}): start a cluster with ./athanor up, "
            "set ATHANOR_DISPATCHER_URL to the address of yours, or run the function on this "
            "machine, by `function.on(local)` or with ATHANOR_HOST=local in the environment"
        )


_UNSENT = (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError)
_OK = 200
_FIRST_ERROR = 400
_BUSY = (408, 502, 503, 504)
_MISSING = 404
_FULL = 429
_BLOB_PLACE = ("size", "partition", "firstOffset", "lastOffset")
_ERRORS = {
    401: _errors.UnauthorizedError,
    403: _errors.UnauthorizedError,
    410: _errors.LostCallError,
    413: _errors.TooLargeError,
    422: _errors.InvalidOptionError,
    501: _errors.UnavailableError,
}
_CALL_ERRORS: dict[int, type[_errors.AthanorError]] = {
    400: _errors.InvalidArgumentsError,
    404: _errors.NoSuchFunctionError,
}


class _BusyError(Exception):
    """The dispatcher cannot do it now."""


class _FinalError(Exception):
    """What must not be tried again, since it may have been done."""

    def __init__(self, cause: urllib3.exceptions.HTTPError) -> None:
        super().__init__(cause)
        self.cause = cause


def _events(answer: urllib3.BaseHTTPResponse) -> Iterator[Event]:
    name, data, position = "", "", ""
    complete = False
    try:
        for raw in answer:
            line = raw.decode().rstrip("\r\n")
            field, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if field == "event":
                name = value
            elif field == "data":
                data = value
            elif field == "id":
                position = value
            elif not line and name:
                yield Event(name, data, position)
                name, data = "", ""
        complete = True
    finally:
        # What is left of it would block the connection's next user.
        if complete:
            answer.release_conn()
        else:
            answer.close()


def _problem(
    answer: urllib3.BaseHTTPResponse, url: str, errors: dict[int, type[_errors.AthanorError]]
) -> Exception:
    try:
        detail = json.loads(answer.data)["detail"]
    except (ValueError, KeyError, TypeError):
        detail = f"{url} answered {answer.status}, as no dispatcher does"
    if answer.status in _BUSY:
        return _BusyError(detail)
    if answer.status == _FULL:
        seconds = answer.headers.get("Retry-After", "")
        return _errors.QueueFullError(detail, float(seconds) if seconds.isdecimal() else 5.0)
    if answer.status in errors:
        return errors[answer.status](detail)
    if answer.status == _MISSING:
        return _errors.NoSuchJobError(detail)
    return _ERRORS.get(answer.status, _errors.AthanorError)(detail)
