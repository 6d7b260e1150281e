"""Isolated functions, and the decorator that makes them."""

from __future__ import annotations

import asyncio
import functools
import inspect
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from concurrent.futures import Future
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, TypeVar, overload

from athanor import _calls, _deployed, _mapping, _pickling, _shipped
from athanor._cloud import Batch, Job, cloud
from athanor._errors import InvalidOptionError, UnpicklableError
from athanor._host import Call, Host
from athanor._options import GivenOptions, Options, check_names
from athanor._schedules import Cron

if TYPE_CHECKING:
    from typing_extensions import Unpack

P = ParamSpec("P")
R = TypeVar("R")


class IsolatedFunction(Generic[P, R]):
    """A function with what it runs with. Immutable; for any number of threads.

    Calling it runs it in its environment and returns its result here::

        result = function(1, key="value")

    What it prints appears here while it runs, and what it raises is raised here, with the traceback
    of where it ran as its cause. An interrupt (Ctrl-C) ends it there as well.

    A function that yields gives an iterator of its values. Each arrives when it is yielded; on this
    machine the function waits until the next one is asked for, as generators do, and on a cluster
    it runs ahead by up to 16 values. Closing the iterator closes the generator there. Its sandbox
    is its own until then. A coroutine function is awaited, as ever, and an asynchronous generator
    is for ``async for``.

    ============================  ==============================================================
    ``function(…)``               runs it, waits, returns its result
    ``function.submit(…)``        a ``concurrent.futures.Future`` of it; cancelling that ends it
    ``function.call_async(…)``    the same to be awaited
    ``function.spawn(…)``         a ``Job`` of a cluster, to come back to from anywhere
    ``function.deploy(name)``     registers it for callers of any language
    ``function.map(inputs)``      its results for each input, in order
    ``function.map_job(inputs)``  a ``Batch`` of a cluster: as ``spawn``, for up to a million inputs
    ``function.map_async(…)``     the same for ``async for``
    ``function.on(…)``            the same function with other options
    ``function.function``         what was decorated; calling it runs it right here
    ============================  ==============================================================
    """

    __name__: str
    __qualname__: str

    def __init__(self, function: Callable[P, R], options: Options) -> None:
        self.function = function
        self.options = options
        # Objects that can be called, partial ones for example, have no name of their own.
        self.__name__ = self.__qualname__ = type(function).__name__
        functools.update_wrapper(self, function, updated=())

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        if inspect.iscoroutinefunction(self.function):
            return self.call_async(*args, **kwargs)  # type: ignore[return-value]
        if inspect.isgeneratorfunction(self.function):
            return self._stream(args, kwargs)  # type: ignore[return-value]
        if inspect.isasyncgenfunction(self.function):
            return _mapping.in_threads(self._stream(args, kwargs))  # type: ignore[return-value]
        return self._run(self._call(args, kwargs))

    def submit(self, *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        """Starts a call and returns at once.

        Cancelling the future ends the call wherever it stands, also one that runs. At its end the
        program waits for functions that run; those that have not started by then may fail.
        """
        self._refuse_streams("submit")
        call = self._call(args, kwargs)
        return _calls.submit(call, lambda: self._run(call))

    def spawn(self, *args: P.args, **kwargs: P.kwargs) -> Job[R]:
        """Starts a job: a call that a cluster runs to its end whatever becomes of this program.

        Returns once the cluster has it. ``Job.from_id(job.id)`` finds it again from anywhere.
        """
        self._refuse_streams("spawn")
        return self.options.host.spawn(self._call(args, kwargs))  # type: ignore[no-any-return]

    def deploy(self, name: str) -> int:
        """Registers it under a name, such as ``jokes/tell``, for callers of any language.

        They give arguments in JSON, which have to fit the types of its parameters, and get its
        result in JSON. Returns the version that it is from now on; the same as before, where
        nothing has changed. ``athanor.function(name)`` calls it.
        """
        return _deployed.deploy(self.function, self.options, name)

    def map_job(self, *inputs: Iterable[Any]) -> Batch[R]:
        """Starts a batch: a call for each input, which outlive this program as jobs do.

        Several iterables are taken in step, as ``map`` does, up to 1,000,000 inputs, and sent as
        they are taken. Returns once the cluster has all of them; if this raises, none of them runs.
        ``Batch.from_id(batch.id)`` finds it again from anywhere.
        """
        self._refuse_streams("map_job")
        calls = (self._call(args, {}) for args in zip(*inputs, strict=False))
        return self.options.host.map_job(self.__qualname__, calls, self.options)  # type: ignore[no-any-return]

    def schedule(
        self, when: datetime | timedelta | Cron, /, *args: P.args, **kwargs: P.kwargs
    ) -> Any:
        """Has a cluster call it later, whatever becomes of this program.

        At a ``datetime`` (of this machine's clock where it has no zone) or a ``timedelta`` from now
        on, at most 7 days, as a job, which is returned; or at all times of a ``Cron``, as jobs, and
        then their ``Schedule`` is returned. One of the same name is replaced.
        """
        self._refuse_streams("schedule")
        return self.options.host.schedule(self._call(args, kwargs), when)

    async def call_async(self, *args: P.args, **kwargs: P.kwargs) -> Any:
        """Calls it from a coroutine. Cancelling the task ends the call."""
        return await asyncio.wrap_future(self.submit(*args, **kwargs))

    def map(self, *inputs: Iterable[Any], max_in_flight: int | None = None) -> Iterator[R]:
        """Calls it for each input and yields the results in order.

        Several iterables are taken in step, as the built-in ``map`` does. Inputs are taken as they
        are needed, so there may be endlessly many: at most ``max_in_flight`` calls are begun and
        not yet taken (the option of that name, 256 by default). Calls begin with the first
        ``next``. The first failure in order is raised; that, or closing the iterator, ends all
        other calls. A progress bar is shown where standard error is a terminal.
        """
        self._refuse_streams("map")
        limit = self.options.max_in_flight if max_in_flight is None else max_in_flight
        if limit < 1:
            raise InvalidOptionError(f"max_in_flight={max_in_flight!r}: expected at least 1")
        submit: Callable[..., Future[R]] = self.submit
        return _mapping.ordered(self.__name__, submit, inputs, limit)

    def map_async(
        self, *inputs: Iterable[Any], max_in_flight: int | None = None
    ) -> AsyncIterator[R]:
        """Does what ``map`` does, for ``async for``."""
        return _mapping.in_threads(self.map(*inputs, max_in_flight=max_in_flight))

    def on(
        self, host: Host | None = None, **options: Unpack[GivenOptions]
    ) -> IsolatedFunction[P, R]:
        """Returns the same function with other options; this one stays as it is.

        Takes what ``isolated`` takes. ``machine_type`` and ``keep_alive`` belong to the host: where
        ``host`` is of another kind than before, they start anew with their defaults::

            here = function.on(local)
            large = function.on(machine_type="L")
            back = here.on(cloud, machine_type="M")
        """
        changes: dict[str, Any] = {**options}
        if host is not None:
            changes["host"] = host
        return IsolatedFunction(self.function, self.options.replaced(changes))

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        """Binds it to an object, which then travels as its first argument."""
        if instance is None:
            return self
        return IsolatedFunction(self.function.__get__(instance, owner), self.options)

    def __reduce__(self) -> Any:
        raise UnpicklableError(
            f"{self.__name__} is an isolated function, and one cannot call another one from inside "
            f"yet; {self.__name__}.function runs it as a part of its caller"
        )

    def __repr__(self) -> str:
        return f"<isolated function {self.__qualname__} on {self.options.host!r}>"

    def _call(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Call:
        # Found here, a mistake costs no environment and no round trip.
        _bind(self.function, args, kwargs)
        if inspect.iscoroutinefunction(self.function):
            args, kwargs = (self.function, args, kwargs), {}
            payload = _pickling.dump_call(_shipped.run_coroutine, args, kwargs)
        else:
            payload = _pickling.dump_call(self.function, args, kwargs)
        return Call(self.__qualname__, payload, self.options)

    def _run(self, call: Call) -> R:
        return self.options.host.run(call)  # type: ignore[no-any-return]

    def _stream(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Iterator[Any]:
        return self.options.host.stream(self._call(args, kwargs))

    def _refuse_streams(self, what: str) -> None:
        if inspect.isgeneratorfunction(self.function) or inspect.isasyncgenfunction(self.function):
            raise InvalidOptionError(
                f"{self.__qualname__} yields its values one by one; call it, instead of {what}"
            )


def _bind(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    try:
        signature = inspect.signature(function)
    except ValueError:
        # Some that are written in C have none.
        return
    try:
        signature.bind(*args, **kwargs)
    except TypeError as e:
        raise TypeError(f"{getattr(function, '__qualname__', function)}: {e}") from None


@overload
def isolated(function: Callable[P, R], /) -> IsolatedFunction[P, R]: ...


@overload
def isolated(
    *, host: Host = ..., **options: Unpack[GivenOptions]
) -> Callable[[Callable[P, R]], IsolatedFunction[P, R]]: ...


def isolated(function: Callable[..., Any] | None = None, /, **options: Any) -> Any:
    """Makes a function an isolated function: its calls run in an environment of their own.

    ::

        @isolated(requirements=["pyjokes"], machine_type="M", keep_alive=20)
        def get_joke():
            import pyjokes
            return pyjokes.get_joke()

        get_joke()

    The function is sent by value, with whatever of the caller's own modules it needs; installed
    packages are not, they are its requirements. Import these inside of the function. Arguments and
    results may be whatever cloudpickle can pickle, up to 64 MiB.

    Options, all to be given by name, to the decorator or to ``on``:

    ``requirements``
        Strings as pip takes them, with hashes if need be (``"name==1.0 --hash=sha256:…"``). They
        are installed in the function's environment only, in this order. The same list means the
        same environment, which is built once.
    ``constraints``
        Requirements that limit versions and install nothing, as of ``pip install -c``.
    ``index_url``, ``extra_index_urls``, ``find_links``
        Where packages are looked for, as pip's options of these names. uv's own settings count too.
    ``python_version``
        Such as ``"3.11"`` or ``"3.11.7"``; of the minor version that runs this program, which is
        also the default. Downloaded where it is not installed.
    ``machine_type``
        The size of the machine, ``"XS"`` by default. Exceeding its memory ends the function with an
        OutOfMemoryError that names the next larger one.

        ======  =========  ======  ===================
        XS      0.25 CPU   256 MB
        S       0.5 CPU    1 GB
        M       2 CPU      8 GB
        L       4 CPU      32 GB
        XL      8 CPU      128 GB
        GPU-T4  4 CPU      26 GB   one T4, 16 GB
        GPU     8 CPU      64 GB   one A100, 40 GB
        ======  =========  ======  ===================
    ``keep_alive``
        Seconds for which the environment stays hot after a call has ended, 10 by default; each call
        starts them anew, and 0 keeps nothing. Functions with the same requirements and machine type
        share hot environments, which live until the latest of their times is over.
    ``host``
        ``cloud``, the default, or ``local``. With ``ATHANOR_HOST=local`` in the environment,
        ``cloud`` stands for the local host.
    ``credentials``
        ``CloudKeyCredentials`` for a cluster that asks for them.
    ``timeout``
        Seconds that one call may run, 300 by default. Then it is interrupted (KeyboardInterrupt in
        the function), after 5 more seconds its process is ended, and a TimedOutError raised.
    ``build_timeout``
        Seconds that the installation of requirements may take, 600 by default.
    ``retries``
        How often a call that failed runs again on a cluster, not at all by default; ``Retries``
        says when, and after which exceptions. The wait for the next attempt is the cluster's, so it
        goes on whatever becomes of this program. On the local host it means nothing.
    ``webhook``
        An address that a cluster tells when a call has ended, by a signed POST of JSON.
    ``max_in_flight``
        How many calls of one ``map`` are under way at once, 256 by default.
    ``idempotency_key``
        Makes a call on a cluster one job however often it is made: under the same key a function
        has one within 24 hours, and whoever calls it again gets that one's result, or its ``Job``.
        With other arguments, code or options it is refused. Give it to the one call that it is for:
        ``ship.on(idempotency_key="order-17").spawn(order)``.
    ``logs``
        Is called with each ``LogLine``, in the thread that runs the call; by default the function's
        lines go to standard output and error, as if it ran here.

    An option that does not exist is refused with the nearest name.
    """
    if function is not None and not callable(function):
        raise InvalidOptionError(f"isolated({function!r}): options are given by name")
    check_names(options)
    checked = Options(**{"host": cloud, **options})
    if function is not None:
        return IsolatedFunction(function, checked)
    return lambda decorated: IsolatedFunction(decorated, checked)
