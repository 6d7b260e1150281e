"""Makes of what a dispatcher says of a failure what the caller gets."""

from __future__ import annotations

import base64
import re
from typing import Any

from athanor import _errors, _failures
from athanor._sandbox import _athanor_frames as frames

# As Java writes a stack frame, in which a function's module stands for the class.
_FRAME = re.compile(r"(?:(?P<module>.*)\.)?(?P<name>[^.]*)\((?P<file>.*?)(?::(?P<line>\d+))?\)")

_ERRORS = {
    "SANDBOX_DIED": _errors.SandboxDiedError,
    "INVALID_INVOCATION": _errors.UnpicklableError,
    "INVALID_RESULT": _errors.InvalidResultError,
    "TOO_LARGE": _errors.TooLargeError,
    "BUILD_FAILED": _errors.BuildFailedError,
    "BUILD_TIMEOUT": _errors.BuildFailedError,
    "START_FAILED": _errors.StartFailedError,
    "START_TIMEOUT": _errors.StartFailedError,
    "BLOB_GONE": _errors.LostCallError,
    "EXECUTION_TIMEOUT": _errors.TimedOutError,
    "DEADLINE_PASSED": _errors.TimedOutError,
    "CANCELLED": _errors.CancelledCallError,
    "ATTEMPTS_EXHAUSTED": _errors.LostCallError,
    "UNAUTHORIZED": _errors.UnauthorizedError,
}


def error(name: str, failure: dict[str, Any], is_own: bool = True) -> Exception:
    """Returns what a failed call raises; the very exception only of code that is one's own."""
    code, message = failure["code"], failure["message"]
    throwables = tuple(_throwable(each) for each in failure["throwables"])
    if code == "FUNCTION_THREW" and throwables:
        original = failure.get("original") or {}
        is_readable = is_own and original.get("codec") == "PICKLE"
        content = original.get("content") if is_readable else None
        return _failures.thrown(name, throwables, base64.b64decode(content) if content else None)
    if code == "OUT_OF_MEMORY":
        made: Exception = _errors.OutOfMemoryError(
            f"{name}: {message}", failure.get("largerMachineType")
        )
    else:
        made = _ERRORS.get(code, _errors.AthanorError)(f"{name}: {message}")
    if throwables:
        made.__cause__ = _failures.trace(throwables)
    return made


def _throwable(data: dict[str, Any]) -> frames.RemoteThrowable:
    return frames.RemoteThrowable(
        data["className"],
        data.get("message"),
        tuple(_frame(each) for each in data["frames"]),
        data.get("cause", -1),
        (),
    )


def _frame(text: str) -> frames.TraceLine:
    found = _FRAME.fullmatch(text)
    if found is None:
        return frames.TraceLine("", text, "", 0)
    return frames.TraceLine(
        found["module"] or "", found["name"], found["file"], int(found["line"] or 0)
    )
