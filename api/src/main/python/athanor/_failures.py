"""Makes exceptions of what a function raised elsewhere."""

from __future__ import annotations

import importlib.metadata
import linecache
import sys

from athanor import _errors, _pickling
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


def thrown(
    name: str, throwables: tuple[frames.RemoteThrowable, ...], original: bytes | None
) -> Exception:
    """Returns what a function raised, itself where it can be read here, with its traceback."""
    error = _pickling.load_exception(original) if original else None
    first = throwables[0]
    # Others would end the caller, or be taken for its own interrupt.
    if not isinstance(error, Exception):
        what = f"{first.class_name}: {first.message}" if first.message else first.class_name
        error = _errors.FunctionFailedError(f"{name} raised {what}", first.class_name)
    elif isinstance(error, ModuleNotFoundError) and error.name:
        error.msg = f"{error.msg}; {_hint(error.name)}"
    error.__cause__ = trace(throwables)
    return error


def trace(throwables: tuple[frames.RemoteThrowable, ...]) -> _errors.RemoteTraceback:
    """Returns the traceback of where it ran, to be the cause of what is raised here."""
    return _errors.RemoteTraceback(_text(throwables))


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
