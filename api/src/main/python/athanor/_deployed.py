"""Functions that are registered under names: deploys them, and calls those of any language."""

from __future__ import annotations

import hashlib
import inspect
import io
import json
import re
import sys
import typing
import zipfile
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from athanor import _calls, _pickling, _schemas
from athanor._cloud import Job, cloud
from athanor._cloud.clients import clients
from athanor._cloud.jobs import requirement_lines
from athanor._credentials import CloudKeyCredentials
from athanor._errors import InvalidOptionError, UnpicklableError
from athanor._host import Call
from athanor._options import Options
from athanor._sandbox import _athanor_json

_PART = r"(?!(?:jobs|versions|current)(?:/|$))[A-Za-z0-9][A-Za-z0-9_.-]*"
_NAME = re.compile(rf"{_PART}(?:/{_PART}){{0,7}}")
_LONGEST_NAME = 200
_MODULE = "athanor_deployed"
# The time of all files, so that the same code is the same archive.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_SOURCE = f"""\
import asyncio, functools, inspect, os, pickle
_file = os.path.join(os.path.dirname(__file__), "{_MODULE}.pickle")
function, _hints = pickle.loads(__loader__.get_data(_file))
try:
    # Names of types, which mean nothing here, were looked up where it was deployed.
    getattr(function, "__func__", function).__annotations__ = _hints
except AttributeError:
    pass
if inspect.iscoroutinefunction(function):
    _coroutine = function

    @functools.wraps(_coroutine)
    def function(*args, **kwargs):
        return asyncio.run(_coroutine(*args, **kwargs))
"""


def checked_name(name: str) -> str:
    """Returns a name that a function can be registered under. Raises InvalidOptionError."""
    if not isinstance(name, str) or len(name) > _LONGEST_NAME or not _NAME.fullmatch(name):
        raise InvalidOptionError(
            f"{name!r:.80} is no name of a function: it has parts with '/' between them, each of "
            "letters, digits, '_', '-' and '.', none of them jobs, versions or current"
        )
    return name


def deploy(function: Callable[..., Any], options: Options, name: str) -> int:
    """Registers a function under a name; returns its version."""
    checked_name(name)
    if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
        raise InvalidOptionError(f"{name} yields its values one by one, which JSON has no form for")
    client = clients.of(options.credentials)
    code = _archive(function)
    digest = hashlib.sha256(code).hexdigest()
    deployment = {
        "language": "PYTHON",
        "runtimeVersion": "{}.{}".format(*sys.version_info[:2]),
        "entryPoint": {"owner": _MODULE, "name": "function"},
        "bundles": [digest],
        "requirements": requirement_lines(options),
        "machineType": options.machine_type,
        "keepAliveMillis": round(options.keep_alive * 1000),
        "limits": {
            "executionTimeoutMillis": round(options.timeout * 1000),
            "buildTimeoutMillis": round(options.build_timeout * 1000),
        },
        "parameters": _schemas.parameters(function),
        "description": (inspect.getdoc(function) or "").partition("\n")[0][:1000],
    }
    client.keep_bundle(digest, code)
    return client.deploy(name, deployment)


def _archive(function: Callable[..., Any]) -> bytes:
    """Returns a module of the function, by value as calls send it, that needs no other of ours."""
    try:
        hints: Any = typing.get_type_hints(function)
    except Exception:
        # Annotations may name what only a type checker knows.
        hints = {}
    pickled = _pickling.dump_function(function, hints)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, content in ((".py", _SOURCE.encode()), (".pickle", pickled)):
            info = zipfile.ZipInfo(_MODULE + file, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return buffer.getvalue()


class RegisteredFunction:
    """A function that was deployed to a cluster under a name, from whatever language.

    ``function("jokes/tell")`` makes one; nothing is asked for yet::

        tell = athanor.function("jokes/tell")
        tell("World")           # calls it and returns its result
        tell(name="World")      # the same by the names of its parameters
        tell.submit("World")    # a concurrent.futures.Future
        tell.spawn("World")     # a Job, to come back to from anywhere
        tell.version(3)("World")

    Arguments and results travel in JSON. Arguments that do not fit what it takes are refused before
    it is queued, with an InvalidArgumentsError that names the parameter. It runs with the options
    that it was deployed with. Immutable; for any number of threads.
    """

    def __init__(
        self,
        name: str,
        credentials: CloudKeyCredentials | None = None,
        version: int | None = None,
        idempotency_key: str | None = None,
    ) -> None:
        self.name = checked_name(name)
        self._credentials = credentials
        self._version = version
        self._key = idempotency_key

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        job = self.spawn(*args, **kwargs)
        try:
            return job.result()
        except KeyboardInterrupt:
            job.cancel()
            raise

    def submit(self, *args: Any, **kwargs: Any) -> Future[Any]:
        """Starts a call and returns at once. Cancelling the future ends the call."""
        self._json(args, kwargs)
        call = Call(self.name, b"", Options(host=cloud))

        def run() -> Any:
            job = self.spawn(*args, **kwargs)
            call.when_cancelled(job.cancel)
            try:
                return job.result()
            finally:
                call.when_cancelled(None)

        return _calls.submit(call, run)

    def spawn(self, *args: Any, **kwargs: Any) -> Job[Any]:
        """Starts a job, which the cluster runs to its end whatever becomes of this program."""
        client = clients.of(self._credentials)
        job_id = client.call_registered(
            self.name, self._version, self._json(args, kwargs), self._key
        )
        return Job(client, job_id, self.name, is_own=False)

    def version(self, number: int) -> RegisteredFunction:
        """Returns the same function as of one of its versions, which never change."""
        return RegisteredFunction(self.name, self._credentials, number, self._key)

    def under_key(self, idempotency_key: str) -> RegisteredFunction:
        """Returns the same for a call that is one job however often it is made within 24 hours."""
        return RegisteredFunction(self.name, self._credentials, self._version, idempotency_key)

    def __repr__(self) -> str:
        version = "" if self._version is None else f" version {self._version}"
        return f"<registered function {self.name}{version}>"

    def _json(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bytes:
        if args and kwargs:
            raise TypeError(
                f"{self.name}: give its arguments all by position, or all by the names of its "
                "parameters"
            )
        try:
            return _athanor_json.dump(kwargs or list(args))
        except (TypeError, ValueError, RecursionError) as e:
            raise UnpicklableError(f"the arguments of {self.name} cannot be sent: {e}") from e


def function(name: str, credentials: CloudKeyCredentials | None = None) -> RegisteredFunction:
    """Returns the function that is registered under a name on the cluster."""
    return RegisteredFunction(name, credentials)


def print_deployed(name: str, version: int, as_json: bool) -> None:
    """Says what became of a deployment."""
    if as_json:
        print(json.dumps({"name": name, "version": version}))
    else:
        print(f"{name} is version {version} now.")
