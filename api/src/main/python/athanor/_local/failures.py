"""Makes of what a sandbox answers what the caller gets."""

from __future__ import annotations

import importlib.metadata
import linecache
import signal
import sys
from typing import Any

from athanor import _errors, _pickling
from athanor._local.sandbox import DiedError
from athanor._machine_types import MachineType, next_larger
from athanor._sandbox import _athanor_frames as frames

# Distributions that are called otherwise than what is imported, beside those installed here.
_DISTRIBUTIONS = {
    "bs4": "beautifulsoup4",
    "cv2": "opencv-python-headless",
    "dateutil": "python-dateutil",
    "dotenv": "python-dotenv",
    "PIL": "pillow",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "yaml": "PyYAML",
}


def value(name: str, kind: MachineType, answer: Any) -> Any:
    """Returns the result of a call, or raises what became of it."""
    if isinstance(answer, frames.Result):
        return _pickling.load_result(name, answer.result)
    if isinstance(answer, frames.Threw):
        raise _thrown(name, kind, answer)
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


def _thrown(name: str, kind: MachineType, answer: frames.Threw) -> BaseException:
    trace = _errors.RemoteTraceback(_text(answer.throwables))
    if is_out_of_memory(answer):
        error: BaseException | None = _out_of_memory(name, kind)
    else:
        error = _pickling.load_exception(answer.original) if answer.original else None
        first = answer.throwables[0]
        # Others would end the caller, or be taken for its own interrupt.
        if not isinstance(error, Exception):
            what = f"{first.class_name}: {first.message}" if first.message else first.class_name
            error = _errors.FunctionFailedError(f"{name} raised {what}", first.class_name)
        elif isinstance(error, ModuleNotFoundError) and error.name:
            error.msg = f"{error.msg}; {_hint(error.name)}"
    assert error is not None
    error.__cause__ = trace
    return error


def _hint(module: str) -> str:
    root = module.partition(".")[0]
    if root in sys.stdlib_module_names:
        return "it belongs to the standard library, but not of this interpreter"
    if root == "athanor":
        return "nothing of Athanor is installed where functions run: import it outside of them"
    names = importlib.metadata.packages_distributions().get(root)
    name = names[0] if names else _DISTRIBUTIONS.get(root, root)
    return f'add "{name}" to the requirements of the function'


def _text(throwables: tuple[frames.RemoteThrowable, ...]) -> str:
    """Writes them as Python does: the innermost cause first."""
    chain: list[int] = []
    at = 0
    while at >= 0 and at not in chain:
        chain.append(at)
        at = throwables[at].cause
    parts = [_one(throwables[each]) for each in reversed(chain)]
    return "\nThe above exception was the cause of the following one:\n\n".join(parts)


def _one(throwable: frames.RemoteThrowable) -> str:
    lines = ["Traceback (most recent call last), where it ran:\n"]
    for each in reversed(throwable.frames):
        if each.class_name.startswith("athanor._shipped"):
            # Ours, between the sandbox and the function.
            continue
        lines.append(f'  File "{each.file_name}", line {each.line_number}, in {each.method_name}\n')
        source = linecache.getline(each.file_name, each.line_number).strip()
        if source:
            lines.append(f"    {source}\n")
    message = f": {throwable.message}" if throwable.message else ""
    return f"{''.join(lines)}{throwable.class_name}{message}\n"
