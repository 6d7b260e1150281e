"""Makes of what a sandbox answers what the caller gets."""

from __future__ import annotations

import signal
from typing import Any

from athanor import _errors, _failures, _pickling
from athanor._local.sandbox import DiedError
from athanor._machine_types import MachineType, next_larger
from athanor._sandbox import _athanor_frames as frames


def value(name: str, kind: MachineType, answer: Any) -> Any:
    """Returns the result of a call, or raises what became of it."""
    if isinstance(answer, frames.Result):
        return _pickling.load_result(name, answer.result)
    if isinstance(answer, frames.Threw):
        if not is_out_of_memory(answer):
            raise _failures.thrown(name, answer.throwables, answer.original)
        raise _out_of_memory(name, kind) from _failures.trace(answer.throwables)
    errors = {
        frames.INVALID_INVOCATION: _errors.UnpicklableError,
        frames.INVALID_RESULT: _errors.InvalidResultError,
        frames.TOO_LARGE: _errors.TooLargeError,
    }
    raise errors.get(answer.kind, _errors.StartFailedError)(f"{name}: {answer.message}")


def is_out_of_memory(answer: object) -> bool:
    """Returns whether the sandbox ends by itself after this answer."""
    return isinstance(answer, frames.Threw) and any(
        each.class_name == "MemoryError" for each in answer.throwables
    )


def died(name: str, kind: MachineType, death: DiedError) -> _errors.AthanorError:
    """Says how a sandbox ended under a call."""
    if death.out_of_memory:
        return _out_of_memory(name, kind)
    if death.status < 0:
        try:
            how = signal.Signals(-death.status).name
        except ValueError:
            how = f"signal {-death.status}"
        what = f"the process of {name} was ended by {how}"
    elif death.status == frames.EXIT_RUNTIME_FAILED:
        what = f"the sandbox of {name} failed: {death.said}"
    else:
        what = f"{name} ended its process with status {death.status}"
    return _errors.SandboxDiedError(what)


def _out_of_memory(name: str, kind: MachineType) -> _errors.OutOfMemoryError:
    larger = next_larger(kind)
    hint = f': try machine_type="{larger.name}"' if larger else ""
    what = f"the memory of machine type {kind.name} ({kind.memory >> 20:,} MiB)"
    return _errors.OutOfMemoryError(
        f"{name} ran out of {what}{hint}", larger.name if larger else None
    )
