"""Runs functions in isolated environments, and keeps those environments hot.

A function is marked as isolated and called as before; it runs in an environment of its own, with
requirements and a machine type of its own, and its result is returned here::

    from athanor import isolated, local

    @isolated(requirements=["pyjokes"], machine_type="M", keep_alive=20, host=local)
    def get_joke():
        import pyjokes
        return pyjokes.get_joke()

    print(get_joke())

=======================  ===========================================================================
``isolated``             the decorator; ``help(isolated)`` has all options
``IsolatedFunction``     what it makes: calls, ``submit``, ``map``, ``on``, and async twins
``Job``                  a call that outlives its caller: ``function.spawn(…)`` starts one
``Cron``, ``Schedule``   times that a cluster calls it at: ``function.schedule(Cron(…), …)``
``Retries``              when a call that failed runs again: ``isolated(retries=…)``
``function``             one that was registered under a name, by ``isolated_function.deploy(…)``
``Batch``                many calls that outlive their caller: ``function.map_job(inputs)``
``cached``               keeps what a function returns for as long as its environment is hot
``sync_dir``             uploads a directory to ``/data``, which functions find there ever after
``local``, ``cloud``     where functions run: this machine, or a cluster
``LocalHost``            this machine with other settings: cache folder, isolation, slots
``CloudKeyCredentials``  who calls
``Executor``             isolated calls for whatever takes a ``concurrent.futures.Executor``
``AthanorError``         the errors that are not the function's own, each a class of its own
=======================  ===========================================================================

==========================  ========================================================================
``ATHANOR_DISPATCHER_URL``  where the cluster is asked; ``http://localhost:8700`` by default
``ATHANOR_KEY_ID``          with ``ATHANOR_KEY_SECRET``, the key of a cluster that asks for one
``ATHANOR_HOST``            ``local``: ``cloud`` stands for this machine
``ATHANOR_CACHE``           where ``local`` keeps environments and ``/data``; ``~/.cache/athanor``
``ATHANOR_ISOLATION``       how sandboxes are kept apart: ``bubblewrap``, ``process`` or ``auto``
==========================  ========================================================================

``python -m athanor run FILE.py::FUNCTION --NAME VALUE`` runs a function from the command line,
``python -m athanor deploy FILE.py::FUNCTION --name NAME`` registers one on a cluster.
"""

from athanor._cached import cached
from athanor._cloud import Batch, BatchProgress, BatchResult, Job, JobStatus, cloud
from athanor._credentials import CloudKeyCredentials
from athanor._deployed import RegisteredFunction, function
from athanor._errors import (
    AthanorError,
    BuildFailedError,
    CancelledCallError,
    FunctionFailedError,
    InvalidArgumentsError,
    InvalidOptionError,
    InvalidResultError,
    LostCallError,
    NoSuchFunctionError,
    NoSuchJobError,
    OutOfMemoryError,
    QueueFullError,
    RemoteTraceback,
    SandboxDiedError,
    StartFailedError,
    SyncFailedError,
    TimedOutError,
    TooLargeError,
    UnauthorizedError,
    UnavailableError,
    UnpicklableError,
)
from athanor._executor import Executor
from athanor._function import IsolatedFunction, isolated
from athanor._host import Host
from athanor._local import LocalHost, local
from athanor._logs import LogLine
from athanor._retries import Retries
from athanor._schedules import Cron, Firing, Schedule
from athanor._sync import sync_dir

__all__ = [
    "AthanorError",
    "Batch",
    "BatchProgress",
    "BatchResult",
    "BuildFailedError",
    "CancelledCallError",
    "CloudKeyCredentials",
    "Cron",
    "Executor",
    "Firing",
    "FunctionFailedError",
    "Host",
    "InvalidArgumentsError",
    "InvalidOptionError",
    "InvalidResultError",
    "IsolatedFunction",
    "Job",
    "JobStatus",
    "LocalHost",
    "LogLine",
    "LostCallError",
    "NoSuchFunctionError",
    "NoSuchJobError",
    "OutOfMemoryError",
    "QueueFullError",
    "RegisteredFunction",
    "RemoteTraceback",
    "Retries",
    "SandboxDiedError",
    "Schedule",
    "StartFailedError",
    "SyncFailedError",
    "TimedOutError",
    "TooLargeError",
    "UnauthorizedError",
    "UnavailableError",
    "UnpicklableError",
    "cached",
    "cloud",
    "function",
    "isolated",
    "local",
    "sync_dir",
]
