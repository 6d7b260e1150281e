"""The process that user code runs in: takes one call at a time and answers it."""

from __future__ import annotations

import io
import mmap
import os
import pickle
import select
import signal
import socket
import sys
import time
import types
from typing import Any

import _athanor_frames as frames
import _athanor_json as _json

MAX_ORIGINAL_BYTES = 256 << 10
_MAX_THROWABLES = 64
_MAX_TYPES = 32
_MAX_TRACE_LINES = 256
_MAX_MESSAGE = 64 << 10
# A signal that comes just before a wait is seen after it.
_LONGEST_WAIT_MILLIS = 200


class _TooLarge(Exception):
    pass


class _RefusedError(Exception):
    """What a function made cannot be sent."""

    def __init__(self, rejected: frames.Rejected) -> None:
        super().__init__(rejected.message)
        self.rejected = rejected


class _LimitedBuffer(io.BytesIO):
    """Stops a pickle that exceeds what may be sent, before it takes all memory."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._limit = limit

    def write(self, data: Any) -> int:
        if self.tell() + memoryview(data).nbytes > self._limit:
            raise _TooLarge
        return super().write(data)


def read_call_id(shared: mmap.mmap) -> int:
    """Returns the call that was cancelled last; -1 for none."""
    return int.from_bytes(shared[:8], "big", signed=True)


def write_call_id(shared: mmap.mmap, call_id: int) -> None:
    """Says to the other process which call is cancelled."""
    shared[:8] = call_id.to_bytes(8, "big", signed=True)


class Worker:
    """Answers the calls that come over a socket. Runs on the process's main thread."""

    def __init__(self, control: socket.socket, cancelled: mmap.mmap) -> None:
        self._control = control
        self._cancelled = cancelled
        self._running = 0
        self._decoder = frames.Decoder()
        self._pid = os.getpid()
        self._functions: dict[bytes, Any] = {}
        self._in_user_code = False

    def run(self) -> None:
        """Returns when the other end has closed."""
        signal.signal(signal.SIGINT, self._interrupted)
        while True:
            data = self._control.recv(1 << 20)
            if not data:
                return
            for frame in self._decoder.feed(data):
                if isinstance(frame, frames.Invoke):
                    self._answer(frame)

    def _answer(self, call: frames.Invoke) -> None:
        # The last call may have set another.
        signal.signal(signal.SIGINT, self._interrupted)
        self._running = call.call_id
        os.environ["ATHANOR_CORRELATION_ID"] = call.correlation_id
        os.environ["ATHANOR_ATTEMPT"] = str(call.attempt)
        out_of_memory = False
        try:
            answer: frames.Frame = self._call(call)
        except (MemoryError, KeyboardInterrupt) as e:
            # One that came between two steps, the other while its like was being described.
            self._in_user_code = False
            answer = self._threw(call, 0, e)
        if os.getpid() != self._pid:
            # A child that the function forked came back in its place. The call is its parent's.
            _flush()
            os._exit(0)
        if isinstance(answer, frames.Threw):
            out_of_memory = any(t.class_name == "MemoryError" for t in answer.throwables)
        _flush()
        self._control.sendall(frames.encode(answer))
        if out_of_memory:
            os._exit(frames.EXIT_OUT_OF_MEMORY)

    def _interrupted(self, _signal: int, _frame: Any) -> None:
        self._check_cancelled()

    def _check_cancelled(self) -> None:
        # The call is named beside the signal, which may come late, for one that has ended.
        if (
            self._in_user_code
            and os.getpid() == self._pid
            and read_call_id(self._cancelled) == self._running
        ):
            # Once only: a second one could come while the first is being answered.
            self._in_user_code = False
            raise KeyboardInterrupt("the call was cancelled")

    def _call(self, call: frames.Invoke) -> frames.Frame:
        if call.codec not in (frames.CODEC_PICKLE, frames.CODEC_JSON):
            return frames.Rejected(
                call.call_id,
                frames.INVALID_INVOCATION,
                f"a Python function takes its arguments pickled or in JSON, not in codec "
                f"{call.codec}",
            )
        start = time.perf_counter_ns()
        try:
            # Unpickling runs user code too: modules are imported, __setstate__ is called.
            self._in_user_code = True
            self._check_cancelled()
            try:
                function, args, kwargs = self._read(call)
            except MemoryError:
                raise
            except BaseException as e:
                self._in_user_code = False
                return self._unreadable(call, e)
            start = time.perf_counter_ns()
            try:
                result = function(*args, **kwargs)
                if call.stream_window:
                    self._stream(call, result)
                    result = None
                run_nanos = time.perf_counter_ns() - start
            finally:
                self._in_user_code = False
        except _RefusedError as e:
            self._in_user_code = False
            return e.rejected
        except BaseException as e:
            self._in_user_code = False
            return self._threw(call, time.perf_counter_ns() - start, e)
        return self._result(call, run_nanos, result)

    def _stream(self, call: frames.Invoke, made: Any) -> None:
        """Sends what a generator yields, each value once it may be sent."""
        values = _AsyncValues(made) if hasattr(made, "__anext__") else made
        try:
            iterator = iter(values)
            granted = call.stream_window
            index = 0
            while True:
                while index >= granted:
                    granted = max(granted, self._granted(call.call_id))
                try:
                    value = next(iterator)
                except StopIteration:
                    return
                data = self._written(call, value, f"the value {index}")
                _flush()
                # An interrupt in the middle of a frame would end the conversation.
                self._in_user_code = False
                frame = frames.Value(call.call_id, index, call.codec, data)
                self._control.sendall(frames.encode(frame))
                self._in_user_code = True
                self._check_cancelled()
                index += 1
        finally:
            # What it does finally is done now, and not whenever it is collected.
            if hasattr(values, "close"):
                values.close()

    def _granted(self, call_id: int) -> int:
        """Waits a moment for what the agent grants; returns that, or 0."""
        poll = select.poll()
        poll.register(self._control, select.POLLIN)
        if not poll.poll(_LONGEST_WAIT_MILLIS):
            return 0
        data = self._control.recv(1 << 16)
        if not data:
            # The supervisor has gone, and all of this goes with it.
            os._exit(0)
        return max(
            (
                frame.up_to
                for frame in self._decoder.feed(data)
                if isinstance(frame, frames.Grant) and frame.call_id == call_id
            ),
            default=0,
        )

    def _read(self, call: frames.Invoke) -> tuple[Any, Any, Any]:
        if call.codec == frames.CODEC_JSON:
            function = _json.find(call.owner, call.name)
            args, kwargs = _json.bind(function, call.arguments)
            return function, args, kwargs
        code, args, kwargs = pickle.loads(call.arguments)
        return self._function(code), args, kwargs

    def _function(self, code: bytes) -> Any:
        # By its bytes: a hash of them would cost every start the import of OpenSSL.
        if code not in self._functions:
            self._functions[code] = pickle.loads(code)
        return self._functions[code]

    def _unreadable(self, call: frames.Invoke, error: BaseException) -> frames.Frame:
        if isinstance(error, (ImportError, KeyboardInterrupt)):
            return self._threw(call, 0, error)
        message = f"the function or its arguments cannot be read: {_describe(error)}"
        if isinstance(error, _json.UnfitError):
            message = str(error)
        return frames.Rejected(call.call_id, frames.INVALID_INVOCATION, message)

    def _result(self, call: frames.Invoke, run_nanos: int, result: Any) -> frames.Frame:
        try:
            data = self._written(call, result, "the result")
        except _RefusedError as e:
            return e.rejected
        return frames.Result(call.call_id, run_nanos, 0, call.codec, data)

    @staticmethod
    def _written(call: frames.Invoke, value: Any, what: str) -> bytes:
        is_json = call.codec == frames.CODEC_JSON
        try:
            if not is_json:
                return _dump(value, call.max_result_bytes)
            data: bytes = _json.dump(value)
            if len(data) > call.max_result_bytes:
                raise _TooLarge
            return data
        except MemoryError:
            raise
        except _TooLarge:
            kind = frames.TOO_LARGE
            message = (
                f"{what} takes more than the limit of {call.max_result_bytes} bytes; "
                "store it elsewhere and return where"
            )
        except BaseException as e:
            kind = frames.INVALID_RESULT
            how = "written as JSON" if is_json else "pickled"
            message = f"{what} of type {_class_name(type(value))} cannot be {how}: {_describe(e)}"
        raise _RefusedError(frames.Rejected(call.call_id, kind, message))

    def _threw(self, call: frames.Invoke, run_nanos: int, error: BaseException) -> frames.Threw:
        throwables = describe(error)
        try:
            original: bytes | None = _dump(error, MAX_ORIGINAL_BYTES)
        except BaseException:
            # Its description says all that matters.
            original = None
        return frames.Threw(call.call_id, run_nanos, 0, throwables, _types(type(error)), original)


class _AsyncValues:
    """What an asynchronous generator yields, gone through by who is no coroutine."""

    def __init__(self, values: Any) -> None:
        import asyncio  # noqa: PLC0415  what most calls do not need

        self._values = values
        self._loop = asyncio.new_event_loop()

    def __iter__(self) -> _AsyncValues:
        return self

    def __next__(self) -> Any:
        try:
            return self._loop.run_until_complete(self._values.__anext__())
        except StopAsyncIteration:
            raise StopIteration from None

    def close(self) -> None:
        try:
            if hasattr(self._values, "aclose"):
                self._loop.run_until_complete(self._values.aclose())
        finally:
            self._loop.close()


def _dump(value: Any, limit: int) -> bytes:
    # Of the environment, which may lack it: then this call says so.
    import cloudpickle  # noqa: PLC0415

    buffer = _LimitedBuffer(limit)
    cloudpickle.dump(value, buffer, protocol=5)
    return buffer.getvalue()


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BaseException:
            # It is the function's to break.
            pass


def _types(kind: type[BaseException]) -> tuple[str, ...]:
    """Names what it is: its class, and those that it derives from, nearest first."""
    return tuple(_class_name(each) for each in kind.__mro__ if each is not object)[:_MAX_TYPES]


def _class_name(kind: type) -> str:
    module = kind.__module__
    return (
        kind.__qualname__ if module in ("builtins", "__main__") else f"{module}.{kind.__qualname__}"
    )


def _message(error: BaseException) -> str | None:
    try:
        text = str(error)
    except BaseException as e:
        text = f"<its message raised {type(e).__name__}>"
    if len(text) > _MAX_MESSAGE:
        text = f"{text[:_MAX_MESSAGE]}... ({len(text)} characters)"
    return text if error.args or text else None


def _describe(error: BaseException) -> str:
    message = _message(error)
    return _class_name(type(error)) + (f": {message}" if message else "")


def describe(error: BaseException) -> tuple[frames.RemoteThrowable, ...]:
    """Returns the exception, then its causes and members, referred to by index.

    Flat, so that neither cycles nor long chains need recursion.
    """
    found = [error]
    indexes = {id(error): 0}

    def index(other: BaseException) -> int:
        if id(other) not in indexes:
            if len(found) >= _MAX_THROWABLES:
                return -1
            indexes[id(other)] = len(found)
            found.append(other)
        return indexes[id(other)]

    described = []
    for each in found:  # grows while it is gone through
        cause = each.__cause__
        if cause is None and not each.__suppress_context__:
            cause = each.__context__
        members = getattr(each, "exceptions", ())
        members = members if isinstance(members, (tuple, list)) else ()
        described.append(
            frames.RemoteThrowable(
                _class_name(type(each)),
                _message(each),
                _trace(each.__traceback__),
                -1 if cause is None else index(cause),
                tuple(
                    i for i in (index(m) for m in members if isinstance(m, BaseException)) if i >= 0
                ),
            )
        )
    return tuple(described)


def _trace(traceback: types.TracebackType | None) -> tuple[frames.TraceLine, ...]:
    lines = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        if code.co_filename != __file__:
            module = traceback.tb_frame.f_globals.get("__name__")
            lines.append(
                frames.TraceLine(
                    module if isinstance(module, str) else "",
                    getattr(code, "co_qualname", code.co_name),
                    code.co_filename,
                    traceback.tb_lineno or 0,
                )
            )
        traceback = traceback.tb_next
    # Innermost first, as in Java; of endless recursion both ends are kept.
    lines.reverse()
    if len(lines) > _MAX_TRACE_LINES:
        half = _MAX_TRACE_LINES // 2
        lines = lines[:half] + lines[-half:]
    return tuple(lines)
