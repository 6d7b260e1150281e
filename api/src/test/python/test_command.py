"""``python -m athanor run``."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from support import SLOW

PROGRAM = """
from athanor import isolated
from beside import greeting

@isolated(machine_type="M")
def greet(name: str, times: int = 1, loud=False):
    print("greeting")
    text = f"{greeting}, {name}!" * times
    return text.upper() if loud else text

def plain(a, b=None):
    return {"a": a, "b": b}

@isolated
def count(n):
    yield from range(n)

@isolated
def fail():
    raise ValueError("it broke")

other = 1
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    # Named like a module that everybody has loaded.
    (tmp_path / "json.py").write_text(PROGRAM)
    (tmp_path / "beside.py").write_text("greeting = 'Hello'\n")
    return tmp_path


def run(folder: Path, cache: Path, *words: str, host: str = "local") -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "athanor", "run", *words],
        capture_output=True,
        text=True,
        timeout=SLOW,
        cwd=folder.parent,
        env={**os.environ, "ATHANOR_CACHE": str(cache / "process"), "ATHANOR_HOST": host},
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def test_a_function_is_run_with_arguments_by_name(folder: Path, cache_folder: Path) -> None:
    target = f"{folder}/json.py::greet"
    status, out, err = run(folder, cache_folder, target, "--name", "12", "--times=2", "--loud")
    assert (status, out) == (0, "greeting\nHELLO, 12!HELLO, 12!\n"), err


def test_values_are_json_and_a_plain_function_will_do(folder: Path, cache_folder: Path) -> None:
    target = f"{folder}/json.py::plain"
    words = ("--on", "local", target, "--a", "[1, 2]", "--b", "text")
    status, out, err = run(folder, cache_folder, *words, host="cloud")
    assert (status, out) == (0, '{"a": [1, 2], "b": "text"}\n'), err


def test_values_that_are_yielded_come_line_by_line(folder: Path, cache_folder: Path) -> None:
    assert run(folder, cache_folder, f"{folder}/json.py::count", "--n", "3")[:2] == (
        0,
        "0\n1\n2\n",
    )


def test_a_failure_is_told_by_status_and_words(folder: Path, cache_folder: Path) -> None:
    status, _, err = run(folder, cache_folder, f"{folder}/json.py::fail")
    assert status == 1
    assert "ValueError: it broke" in err
    status, _, err = run(folder, cache_folder, f"{folder}/json.py::fail", host="cloud")
    assert status == 1
    assert err.startswith("UnavailableError: ")
    for words, message in (
        (("json.py",), "is not of the form"),
        (("missing.py::f",), "missing.py does not exist"),
        ((f"{folder}/json.py::grete",), "it has count, fail, greet, plain"),
        ((f"{folder}/json.py::other",), "is not a function"),
        ((f"{folder}/json.py::greet", "--nam", "x"), "greet(name: str, times: int = 1, loud=Fa"),
        ((f"{folder}/json.py::greet", "x"), "--NAME VALUE"),
    ):
        status, _, err = run(folder, cache_folder, *words)
        assert (status, message in err) == (2, True), err
