"""Which control groups are found, and what is written to them."""

from __future__ import annotations

from pathlib import Path

import pytest

from athanor._local.limits import CONTROLLERS, Limits
from athanor._machine_types import MACHINE_TYPES, next_larger


def test_the_sizes_are_those_of_the_reference() -> None:
    gib = 1 << 30
    assert [(t.name, t.cpus, t.memory, t.gpus) for t in MACHINE_TYPES.values()] == [
        ("XS", 0.25, 256 << 20, 0),
        ("S", 0.5, gib, 0),
        ("M", 2, 8 * gib, 0),
        ("L", 4, 32 * gib, 0),
        ("XL", 8, 128 * gib, 0),
        ("GPU-T4", 4, 26 * gib, 1),
        ("GPU", 8, 64 * gib, 1),
    ]
    larger = [next_larger(MACHINE_TYPES[name]) for name in ("XS", "XL", "GPU-T4")]
    assert [each.name if each else None for each in larger] == ["S", None, "GPU"]


def find(folder: Path, mounts: str, membership: str) -> Limits:
    (folder / "mounts").write_text(mounts)
    (folder / "own").write_text(membership)
    return Limits.find(folder / "mounts", folder / "own")


def test_version_1_is_found_by_controller(tmp_path: Path) -> None:
    mounts = membership = ""
    for number, controller in enumerate(CONTROLLERS):
        (tmp_path / controller / "own").mkdir(parents=True)
        mounts += f"cgroup {tmp_path}/{controller} cgroup rw,{controller} 0 0\n"
        membership += f"{number}:{controller}:/own\n"
    limits = find(tmp_path, mounts, membership)
    assert limits.missing() == ""
    cell = limits.cell(MACHINE_TYPES["XS"])
    cell.limit_cpu()
    (group,) = (tmp_path / "memory" / "own").iterdir()
    assert (group / "memory.limit_in_bytes").read_text() == str(256 << 20)
    assert (tmp_path / "cpu/own" / group.name / "cpu.cfs_quota_us").read_text() == "25000"
    assert (tmp_path / "pids/own" / group.name / "pids.max").read_text() == "1024"


def test_version_2_is_used_where_a_parent_has_the_controllers(tmp_path: Path) -> None:
    own = tmp_path / "parent" / "own"
    own.mkdir(parents=True)
    (own / "cgroup.subtree_control").write_text("\n")
    (tmp_path / "parent" / "cgroup.subtree_control").write_text("cpu memory pids\n")
    limits = find(tmp_path, f"none {tmp_path} cgroup2 rw 0 0\n", "0::/parent/own\n")
    assert limits.missing() == ""
    cell = limits.cell(MACHINE_TYPES["M"])
    cell.limit_cpu()
    (group,) = tmp_path.glob("parent/athanor-*")
    assert (group / "memory.max").read_text() == str(8 << 30)
    assert (group / "cpu.max").read_text() == "200000 100000"
    assert not cell.ran_out_of_memory()
    (group / "memory.events").write_text("oom 1\noom_kill 1\n")
    assert cell.ran_out_of_memory()
    assert cell.command(["true"])[-4:] == ["athanor", f"{group}/cgroup.procs", "--", "true"]


@pytest.mark.parametrize("mounts", ["", "none {} cgroup2 rw 0 0\n"])
def test_what_is_not_permitted_is_said(tmp_path: Path, mounts: str) -> None:
    limits = find(tmp_path, mounts.format(tmp_path), "0::/\n")
    assert limits.missing().startswith("cpu, memory, pids of machine types not enforced: ")
    assert limits.cell(MACHINE_TYPES["XS"]).command(["true"]) == ["true"]


def test_groups_of_the_dead_are_swept(tmp_path: Path) -> None:
    (tmp_path / "athanor-999999999-aaaaaaaa-1").mkdir()
    (tmp_path / "athanor-1-aaaaaaaa-1").mkdir()
    (tmp_path / "cgroup.subtree_control").write_text("cpu memory pids\n")
    find(tmp_path, f"none {tmp_path} cgroup2 rw 0 0\n", "0::/\n")
    assert [each.name for each in tmp_path.glob("athanor-*")] == ["athanor-1-aaaaaaaa-1"]
