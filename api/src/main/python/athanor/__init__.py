"""Athanor runs functions in isolated environments, and keeps those environments hot."""

from athanor._cached import cached
from athanor._credentials import CloudKeyCredentials
from athanor._errors import (
    AthanorError,
    BuildFailedError,
    CancelledCallError,
    FunctionFailedError,
    InvalidOptionError,
    InvalidResultError,
    OutOfMemoryError,
    RemoteTraceback,
    SandboxDiedError,
    StartFailedError,
    SyncFailedError,
    TimedOutError,
    TooLargeError,
    UnavailableError,
    UnpicklableError,
)
from athanor._executor import Executor
from athanor._function import IsolatedFunction, isolated
from athanor._host import Host, cloud
from athanor._local import LocalHost, local
from athanor._logs import LogLine
from athanor._sync import sync_dir

__all__ = [
    "AthanorError",
    "BuildFailedError",
    "CancelledCallError",
    "CloudKeyCredentials",
    "Executor",
    "FunctionFailedError",
    "Host",
    "InvalidOptionError",
    "InvalidResultError",
    "IsolatedFunction",
    "LocalHost",
    "LogLine",
    "OutOfMemoryError",
    "RemoteTraceback",
    "SandboxDiedError",
    "StartFailedError",
    "SyncFailedError",
    "TimedOutError",
    "TooLargeError",
    "UnavailableError",
    "UnpicklableError",
    "cached",
    "cloud",
    "isolated",
    "local",
    "sync_dir",
]
