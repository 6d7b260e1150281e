"""One call, or the calls of one stream, in the sandbox that was taken for it."""

from __future__ import annotations

import threading
import time
import uuid
from typing import Any

from athanor import _pickling, _shipped
from athanor._errors import TimedOutError
from athanor._host import Call
from athanor._local import failures
from athanor._local.sandbox import Answer, DiedError, Sandbox
from athanor._logs import LogLine
from athanor._sandbox import _athanor_frames as frames

_STREAMS = {frames.STDOUT: "stdout", frames.STDERR: "stderr"}


class Running:
    """Runs it. ``fit`` says whether the sandbox can serve another call."""

    def __init__(self, sandbox: Sandbox, call: Call, grace: float) -> None:
        self.fit = False
        self.sandbox = sandbox
        self._call = call
        self._grace = grace
        self._left = call.options.timeout
        self._stream = str(uuid.uuid4())

    def result(self, payload: bytes) -> Any:
        """Returns what the function of that payload returned, or raises what it raised.

        Within what is left of the call's timeout: of a stream, the function's own time counts.
        """
        self.fit = False
        begin = time.monotonic()
        answer = self._answer(payload)
        self._left -= time.monotonic() - begin
        self.fit = not failures.is_out_of_memory(answer)
        return failures.value(self._call.name, self.sandbox.kind, answer)

    def begin_stream(self) -> None:
        """Makes the generator, which runs when it is asked for values."""
        arguments = (self._stream, self._call.payload)
        self.result(_pickling.dump_call(_shipped.begin_stream, arguments, {}))

    def next_value(self) -> tuple[bool, Any]:
        """Returns whether there is another value, and that."""
        found: tuple[bool, Any] = self.result(
            _pickling.dump_call(_shipped.next_value, (self._stream,), {})
        )
        return found

    def end_stream(self) -> None:
        """Closes the generator: what it does finally is done, in no more than the grace."""
        if self.fit:
            self._left = self._grace
            self.result(_pickling.dump_call(_shipped.end_stream, (self._stream,), {}))

    def _answer(self, payload: bytes) -> Answer:
        interruption = _Interruption(self.sandbox, self._grace)
        log = _Lines(self._call)
        deadline = time.monotonic() + self._left
        try:
            number = self.sandbox.begin(payload, _pickling.MAX_PAYLOAD_BYTES, str(uuid.uuid4()))
            self._call.when_cancelled(lambda: interruption.begin(number))
            try:
                answer = self.sandbox.answer(log, deadline)
            except TimeoutError:
                self._time_out(number, log)
                raise TimedOutError(
                    f"{self._call.name} ran for longer than "
                    f"timeout={self._call.options.timeout:g} seconds"
                ) from None
            except KeyboardInterrupt:
                # The caller's own: what it called is interrupted as well.
                self.sandbox.cancel(number)
                raise
        except DiedError as e:
            self._call.check()
            raise failures.died(self._call.name, self.sandbox.kind, e) from None
        finally:
            interruption.end()
            self._call.when_cancelled(None)
        log.end(answer)
        if isinstance(answer, frames.Threw):
            # What an interrupted function raises is no longer of interest.
            self._call.check()
        return answer

    def _time_out(self, number: int, log: _Lines) -> None:
        self.sandbox.cancel(number)
        try:
            self.sandbox.answer(log, time.monotonic() + self._grace)
        except (TimeoutError, DiedError):
            # It is ended in any case.
            pass


class _Interruption:
    """Interrupts a call, and ends its sandbox where that does not help."""

    def __init__(self, sandbox: Sandbox, grace: float) -> None:
        self.sandbox = sandbox
        self._grace = grace
        self._timer: threading.Timer | None = None

    def begin(self, number: int) -> None:
        self.sandbox.cancel(number)
        self._timer = threading.Timer(self._grace, self.sandbox.kill)
        self._timer.daemon = True
        self._timer.start()

    def end(self) -> None:
        if self._timer is not None:
            self._timer.cancel()


class _Lines:
    """Cuts what a function prints into lines and gives them to the one who listens."""

    def __init__(self, call: Call) -> None:
        self._logs = call.options.logs

    def __call__(self, frame: frames.Log) -> None:
        stream: Any = _STREAMS.get(frame.stream, "stderr")
        text = frame.lines.decode("utf-8", "replace")
        for line in text.removesuffix("\n").split("\n"):
            self._logs(LogLine("function", stream, line))

    def end(self, answer: Answer) -> None:
        dropped = getattr(answer, "dropped_log_lines", 0)
        if dropped:
            self._logs(
                LogLine("athanor", "stderr", f"{dropped:,} lines came too fast and were left out")
            )
