"""Builds environments with uv, each once for its content, and keeps them."""

from __future__ import annotations

import compileall
import hashlib
import json
import os
import platform
import shutil
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import cloudpickle

from athanor._errors import BuildFailedError
from athanor._local import installer
from athanor._local.locks import locked
from athanor._options import Options

FAILURE_MEMORY_SECONDS = 30.0
_COMPLETE = "complete"


class Definition(NamedTuple):
    """Everything that makes an environment what it is."""

    requirements: tuple[str, ...]
    constraints: tuple[str, ...]
    index_url: str | None
    extra_index_urls: tuple[str, ...]
    find_links: tuple[str, ...]
    python: str

    @staticmethod
    def of(options: Options) -> Definition:
        """The interpreter is the caller's own, unless the options ask for a version."""
        return Definition(
            options.requirements,
            options.constraints,
            options.index_url,
            options.extra_index_urls,
            options.find_links,
            options.python_version or str(getattr(sys, "_base_executable", sys.executable)),
        )

    def key(self) -> str:
        """Returns what tells it from others: a digest of its content."""
        own = (sys.implementation.cache_tag, platform.python_version(), platform.machine())
        content = json.dumps([*self, *own, cloudpickle.__version__])
        return hashlib.sha256(content.encode()).hexdigest()[:40]


class EnvironmentStore:
    """Environments in a folder that threads and processes may share."""

    def __init__(self, folder: Path, ticker: Callable[[], float] = time.monotonic) -> None:
        self._folder = folder
        self._ticker = ticker
        self._lock = threading.Lock()
        self._failures: dict[str, tuple[float, BuildFailedError]] = {}
        self._ready: set[str] = set()

    def prepare(
        self,
        definition: Definition,
        timeout: float,
        log: Callable[[str], object],
        check: Callable[[], None],
    ) -> Path:
        """Returns the folder of the environment, after building it if there is none.

        One at a time for each content, whoever asks; other contents are not held up. A build that
        failed is not tried again for 30 s, in this process; nothing of it stays. ``check`` is asked
        now and then whether to go on: it may raise.
        """
        key = definition.key()
        folder = self._folder / key
        if self._is_complete(key, folder):
            return folder
        deadline = self._ticker() + timeout
        self._folder.mkdir(parents=True, exist_ok=True)
        try:
            with locked(self._folder / f"{key}.lock", deadline, check) as lock:
                self._refuse_known_failure(key)
                if not self._is_complete(key, folder):
                    self._build(key, definition, folder, _Build(deadline, log, check, lock))
        except TimeoutError:
            raise BuildFailedError(
                f"the environment was not built within build_timeout={timeout:g} seconds"
            ) from None
        return folder

    def _is_complete(self, key: str, folder: Path) -> bool:
        with self._lock:
            # Its interpreter may be uninstalled, and the cache be emptied, between two calls.
            if key in self._ready and (folder / "bin" / "python").exists():
                return True
        complete = (folder / _COMPLETE).exists() and (folder / "bin" / "python").exists()
        if complete:
            with self._lock:
                self._ready.add(key)
        return complete

    def _refuse_known_failure(self, key: str) -> None:
        with self._lock:
            until, failure = self._failures.get(key, (0.0, None))
            if failure is None:
                return
            if self._ticker() >= until:
                del self._failures[key]
                return
        raise BuildFailedError(str(failure), failure.output)

    def _build(self, key: str, definition: Definition, folder: Path, build: _Build) -> None:
        # What is there was left by one that was killed.
        shutil.rmtree(folder, ignore_errors=True)
        done = False
        try:
            installer.install(definition, folder, build)
            _add_cloudpickle(folder)
            # Empty: addresses of indexes may hold credentials.
            (folder / _COMPLETE).touch()
            done = True
        except BuildFailedError as e:
            with self._lock:
                self._failures[key] = (self._ticker() + FAILURE_MEMORY_SECONDS, e)
            raise
        finally:
            if not done:
                shutil.rmtree(folder, ignore_errors=True)


class _Build(NamedTuple):
    deadline: float
    log: Callable[[str], object]
    check: Callable[[], None]
    lock: int


def _add_cloudpickle(folder: Path) -> None:
    """Gives it the one that pickles here, unless its requirements brought another."""
    (packages,) = folder.glob("lib/python3.*/site-packages")
    target = packages / "cloudpickle"
    if not target.exists():
        source = Path(os.path.realpath(cloudpickle.__file__)).parent
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        compileall.compile_dir(target, quiet=2)
