"""Nothing stays behind, however a caller ends."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from athanor._local import work
from athanor._local.enclosure import Bubblewrap
from athanor._local.work import WorkFolder
from support import SLOW, exists, need, until

PROGRAM = """
import os, sys, signal, time
from athanor import LocalHost, isolated
host = LocalHost({cache!r}, {isolation!r})

@isolated(host=host)
def start(seconds):
    import os, subprocess, sys, time
    print("child", subprocess.Popen(["sleep", "987"]).pid, flush=True)
    time.sleep(seconds)

{end}
"""


def run(cache: Path, isolation: str, end: str) -> subprocess.Popen[str]:
    if isolation == "bubblewrap":
        need(Bubblewrap.refusal())
    program = PROGRAM.format(cache=str(cache / isolation), isolation=isolation, end=end)
    return subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def below(pid: int) -> list[int]:
    """All processes that a process started, directly or not."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            child = int(stat.parent.name)
            found += [child, *below(child)]
    return found


ISOLATIONS = pytest.mark.parametrize("isolation", ["process", "bubblewrap"])


@ISOLATIONS
def test_a_program_that_ends_leaves_no_process(cache_folder: Path, isolation: str) -> None:
    end = "start(0); print('hot', flush=True); sys.stdin.read()"
    program = run(cache_folder, isolation, end)
    assert program.stdout is not None
    assert [program.stdout.readline().split()[0] for _ in range(2)] == ["child", "hot"]
    started = below(program.pid)
    assert len(started) >= 3
    _, err = program.communicate(timeout=SLOW)
    assert program.returncode == 0, err
    until(lambda: not any(exists(pid) for pid in started))


@ISOLATIONS
def test_a_program_that_is_killed_leaves_nothing(
    cache_folder: Path, isolation: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    program = run(cache_folder, isolation, "start(600)")
    assert program.stdout is not None
    assert program.stdout.readline().startswith("child")
    started = below(program.pid)
    assert len(started) >= 3
    program.send_signal(signal.SIGKILL)
    program.wait(SLOW)
    until(lambda: not any(exists(pid) for pid in started))
    # Nor files, once another one looks.
    assert len(list(tmp_path.glob("athanor-py-*"))) == 1
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    living = WorkFolder()
    work.sweep(0)
    assert list(tmp_path.glob("athanor-py-*")) == [living.path]
    living.remove()


def test_functions_that_run_are_waited_for(cache_folder: Path) -> None:
    end = """
import threading
begun = threading.Event()
call = start.on(logs=lambda line: begun.set()).submit(0.5)
call.add_done_callback(lambda call: print("done", call.exception()))
begun.wait()
"""
    program = run(cache_folder, "process", end)
    out, _ = program.communicate(timeout=SLOW)
    assert program.returncode == 0
    assert out.splitlines()[-1] == "done None"


def test_a_forked_child_has_its_own_sandboxes_and_keeps_none_alive(cache_folder: Path) -> None:
    end = """
pid = isolated(host=host)(lambda: __import__("os").getpid())
mine = pid.submit().result()
child = os.fork()
if child == 0:
    print("own", pid.submit().result() != mine, flush=True)
    host.close()
    os._exit(0)
os.waitpid(child, 0)
print("kept", pid() == mine, flush=True)
"""
    program = run(cache_folder, "process", end)
    out, err = program.communicate(timeout=SLOW)
    assert out.splitlines() == ["own True", "kept True"], err
