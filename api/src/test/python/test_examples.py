"""The programs in examples/python, run as their README says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from athanor._local.enclosure import Bubblewrap
from support import SLOW, need

EXAMPLES = Path(__file__).parents[4] / "examples" / "python"
JOKE = r".{10,}"
SECONDS = r"(\d+\.\d{3}) s"

# What each prints; {JOKE} is whatever pyjokes has to tell.
OUTPUTS = {
    "isolated": "Hello World",
    "requirements": JOKE,
    "machine_type": "M L",
    "local_development": f"{JOKE}\n{JOKE}\n{JOKE}",
    "credentials": "hello world",
    "keep_alive": f"{SECONDS}: {JOKE}\n{SECONDS}: {JOKE}",
    "cached_function": (
        f"The result is: Hello, World!\nThe result is: Hello, World!\n{SECONDS}, then {SECONDS}"
    ),
    "sync_a_dir": "one.txt\ntwo.txt",
}


def run(name: str, cache: Path, folder: Path, host: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(EXAMPLES / f"{name}.py")],
        capture_output=True,
        text=True,
        timeout=2 * SLOW,
        cwd=folder,
        env={
            **os.environ,
            "ATHANOR_HOST": host,
            "ATHANOR_CACHE": str(cache),
            "ATHANOR_DISPATCHER_URL": "http://127.0.0.1:9",
        },
        check=False,
    )


def test_every_example_is_tried_and_listed() -> None:
    names = sorted(path.stem for path in EXAMPLES.glob("*.py"))
    assert names == sorted(OUTPUTS)
    listed = re.findall(r"^\| `(\w+)\.py`", (EXAMPLES / "README.md").read_text(), re.MULTILINE)
    assert listed == list(OUTPUTS)


@pytest.mark.parametrize("name", OUTPUTS)
def test_an_example_prints_what_it_should(name: str, cache_folder: Path, tmp_path: Path) -> None:
    if name == "sync_a_dir":
        # Elsewhere /data has another name.
        need(Bubblewrap.refusal())
    local_dir = tmp_path / "path" / "to" / "local" / "dir"
    local_dir.mkdir(parents=True)
    for file in ("one.txt", "two.txt"):
        (local_dir / file).write_text(file)
    done = run(name, cache_folder / "examples", tmp_path, "local")
    assert done.returncode == 0, done.stderr
    printed = re.fullmatch(OUTPUTS[name], done.stdout.strip())
    assert printed, done.stdout
    if name == "cached_function":
        # The second call took no part of those seconds.
        assert float(printed[1]) > 2
        assert float(printed[2]) < 2


def test_without_a_cluster_an_example_says_what_to_do(cache_folder: Path, tmp_path: Path) -> None:
    done = run("isolated", cache_folder, tmp_path, "cloud")
    assert done.returncode == 1
    assert "ATHANOR_HOST=local" in done.stderr.splitlines()[-1]
