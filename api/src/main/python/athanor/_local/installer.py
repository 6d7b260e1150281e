"""Runs uv."""

from __future__ import annotations

import collections
import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import uv

from athanor._errors import BuildFailedError

if TYPE_CHECKING:
    from athanor._local.environments import Definition

_KEPT_LINES = 200
_LOOK_AGAIN_SECONDS = 0.2


class Build(Protocol):
    """What a build is given: until when, who listens, whether to go on, and its lock."""

    @property
    def deadline(self) -> float: ...
    @property
    def log(self) -> Callable[[str], object]: ...
    @property
    def check(self) -> Callable[[], None]: ...
    @property
    def lock(self) -> int: ...


def install(definition: Definition, folder: Path, build: Build) -> None:
    """Makes a virtual environment of that definition. Raises BuildFailedError, TimeoutError."""
    program = _uv()
    common = [program, "--no-progress", "--color", "never"]
    venv = ["venv", "--quiet", "--no-project", "--python", definition.python, str(folder)]
    _run([*common, *venv], "", build)
    if definition.requirements:
        constraints = []
        if definition.constraints:
            file = folder / "constraints.txt"
            file.write_text("".join(f"{line}\n" for line in definition.constraints))
            constraints = ["--constraints", str(file)]
        _run(
            [
                *common,
                "pip",
                "install",
                "--python",
                str(folder / "bin" / "python"),
                # What a sandbox sees is read-only, so it could not keep what it compiles.
                "--compile-bytecode",
                *constraints,
                *_sources(definition),
                "--requirements",
                "-",
            ],
            "".join(f"{line}\n" for line in definition.requirements),
            build,
        )


def _sources(definition: Definition) -> list[str]:
    options = []
    if definition.index_url is not None:
        options += ["--default-index", definition.index_url]
    for url in definition.extra_index_urls:
        options += ["--index", url]
    for place in definition.find_links:
        options += ["--find-links", place]
    return options


def _uv() -> str:
    try:
        return os.fsdecode(uv.find_uv_bin())
    except FileNotFoundError:
        found = shutil.which("uv")
        if found is None:
            raise BuildFailedError("uv is not installed: pip install uv") from None
        return found


def _run(command: Sequence[str], text: str, build: Build) -> None:
    """Runs it to its end, its output as log lines, in the time that there is."""
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
        # Should this process die, the lock holds for as long as that one writes.
        pass_fds=(build.lock,),
    )
    output: collections.deque[str] = collections.deque(maxlen=_KEPT_LINES)
    reader = threading.Thread(
        target=_read, args=(process, text, output, build.log), name="athanor-build", daemon=True
    )
    reader.start()
    try:
        _await(process, build)
        reader.join(max(0.0, build.deadline - time.monotonic()))
    finally:
        _kill(process)
    if process.returncode != 0:
        said = "\n".join(output)
        raise BuildFailedError(f"the environment could not be built:\n{said}", said)


def _await(process: subprocess.Popen[str], build: Build) -> None:
    while True:
        build.check()
        left = build.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        try:
            process.wait(min(left, _LOOK_AGAIN_SECONDS))
            return
        except subprocess.TimeoutExpired:
            continue


def _read(
    process: subprocess.Popen[str],
    text: str,
    output: collections.deque[str],
    log: Callable[[str], object],
) -> None:
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        with process.stdin:
            process.stdin.write(text)
    except BrokenPipeError:
        # It ended early, and says why.
        pass
    with process.stdout:
        for line in process.stdout:
            output.append(line.rstrip("\n"))
            log(output[-1])


def _kill(process: subprocess.Popen[str]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()
