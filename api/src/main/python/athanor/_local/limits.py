"""Holds sandboxes to their machine types, by control groups of version 1 or 2, where permitted."""

from __future__ import annotations

import contextlib
import itertools
import math
import os
import re
import signal
import threading
import uuid
from collections.abc import Sequence
from pathlib import Path

from athanor._machine_types import MachineType

CONTROLLERS = ("cpu", "memory", "pids")
_PERIOD_MICROS = 100_000
_PIDS_PER_CPU = 1024
_NAME = re.compile(r"athanor-(\d{1,18})-.+")
_REMOVING_LOOKS = 50
_PAUSE_SECONDS = 0.01

# Joins the groups, then becomes the command: nothing of it ever runs outside.
_JOIN = 'while [ "$1" != -- ]; do echo $$ > "$1" || exit 126; shift; done; shift; exec "$@"'


class Limits:
    """What of this machine's control groups can be used: a parent group for each controller."""

    def __init__(self, parents: dict[str, Path], unified: bool, why: str = "") -> None:
        self.parents = parents
        self._unified = unified
        self._why = why
        self._instance = f"athanor-{os.getpid()}-{uuid.uuid4().hex[:8]}"
        self._numbers = itertools.count(1)
        self._sweep()

    @staticmethod
    def find(
        mounts: Path = Path("/proc/self/mounts"), own: Path = Path("/proc/self/cgroup")
    ) -> Limits:
        """Looks at the groups that this process is in. Moves no process."""
        try:
            return _find(mounts.read_text(), own.read_text())
        except OSError as e:
            return Limits({}, False, f"there are no control groups ({e.strerror})")

    def missing(self) -> str:
        """Says what is not enforced, and why; '' where all is."""
        missing = [each for each in CONTROLLERS if each not in self.parents]
        if not missing:
            return ""
        why = self._why or "no group of that kind can be made here"
        return f"{', '.join(missing)} of machine types not enforced: {why}"

    def cell(self, machine_type: MachineType) -> Cell:
        """Makes groups for one sandbox, with all limits but the CPU's."""
        name = f"{self._instance}-{next(self._numbers)}"
        groups = {each: parent / name for each, parent in self.parents.items()}
        return Cell(groups, self._unified, machine_type)

    def _sweep(self) -> None:
        """Removes the groups of processes that are gone."""
        for parent in set(self.parents.values()):
            for group in parent.glob("athanor-*"):
                name = _NAME.fullmatch(group.name)
                if name and not Path("/proc", name[1]).exists():
                    with contextlib.suppress(OSError):
                        group.rmdir()


class Cell:
    """The groups of one sandbox."""

    def __init__(self, groups: dict[str, Path], unified: bool, machine_type: MachineType) -> None:
        self._groups = groups
        self._unified = unified
        self._type = machine_type
        self._folders = list(dict.fromkeys(groups.values()))
        try:
            for folder in self._folders:
                folder.mkdir()
            for controller in groups:
                if controller != "cpu":
                    self._apply(controller)
        except OSError:
            self.remove()
            raise

    def command(self, command: Sequence[str]) -> list[str]:
        """Returns a command that runs this one in the groups."""
        if not self._folders:
            return list(command)
        joins = [str(folder / "cgroup.procs") for folder in self._folders]
        return ["/bin/sh", "-c", _JOIN, "athanor", *joins, "--", *command]

    def limit_cpu(self) -> None:
        """From now on: an interpreter that starts is not to be slowed down."""
        if "cpu" in self._groups:
            self._apply("cpu")

    def ran_out_of_memory(self) -> bool:
        """Returns whether the kernel killed something in there for lack of memory."""
        group = self._groups.get("memory")
        if group is None:
            return False
        try:
            lines = (
                group / ("memory.events" if self._unified else "memory.oom_control")
            ).read_text()
        except OSError:
            return False
        return any(
            line.startswith("oom_kill ") and line != "oom_kill 0" for line in lines.splitlines()
        )

    def kill(self) -> None:
        """Ends all that runs in there; at full speed, since giving memory back is work too."""
        with contextlib.suppress(OSError):
            if "cpu" in self._groups:
                self._write(
                    "cpu",
                    *(
                        ("cpu.max", f"max {_PERIOD_MICROS}")
                        if self._unified
                        else ("cpu.cfs_quota_us", "-1")
                    ),
                )
        for folder in self._folders:
            with contextlib.suppress(OSError):
                for pid in (folder / "cgroup.procs").read_text().split():
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(int(pid), signal.SIGKILL)

    def remove(self) -> None:
        """Removes the groups, once all in there has ended."""
        pause = threading.Event()
        for folder in self._folders:
            for _ in range(_REMOVING_LOOKS):
                try:
                    folder.rmdir()
                    break
                except FileNotFoundError:
                    break
                except OSError:
                    self.kill()
                    pause.wait(_PAUSE_SECONDS)

    def _apply(self, controller: str) -> None:
        for file, value, optional in settings(controller, self._type, self._unified):
            if not optional or (self._groups[controller] / file).exists():
                self._write(controller, file, value)

    def _write(self, controller: str, file: str, value: str) -> None:
        (self._groups[controller] / file).write_text(value)


def settings(controller: str, kind: MachineType, unified: bool) -> list[tuple[str, str, bool]]:
    """Returns which file gets what value, and whether kernels may lack it."""
    quota = str(max(1000, round(kind.cpus * _PERIOD_MICROS)))
    memory = str(kind.memory)
    if controller == "pids":
        return [("pids.max", str(_PIDS_PER_CPU * max(1, math.ceil(kind.cpus))), False)]
    if controller == "memory":
        if unified:
            return [("memory.max", memory, False), ("memory.swap.max", "0", True)]
        return [
            ("memory.limit_in_bytes", memory, False),
            ("memory.memsw.limit_in_bytes", memory, True),
        ]
    if unified:
        return [("cpu.max", f"{quota} {_PERIOD_MICROS}", False), ("cpu.max.burst", quota, True)]
    return [
        ("cpu.cfs_period_us", str(_PERIOD_MICROS), False),
        ("cpu.cfs_quota_us", quota, False),
        ("cpu.cfs_burst_us", quota, True),
    ]


def _find(mounts: str, own: str) -> Limits:
    memberships = {}
    for line in own.splitlines():
        _, controllers, path = line.split(":", 2)
        memberships.update({each: path.lstrip("/") for each in controllers.split(",")})
    legacy, unified = {}, None
    for line in mounts.splitlines():
        _, place, kind, options = line.split(" ")[:4]
        if kind == "cgroup":
            for controller in set(options.split(",")) & set(CONTROLLERS):
                group = _group(Path(place), memberships.get(controller, ""))
                if _permitted(group):
                    legacy[controller] = group
        elif kind == "cgroup2" and unified is None:
            unified = _group(Path(place), memberships.get("", ""))
    if legacy:
        return Limits(legacy, False)
    return Limits({}, True, "there are no control groups") if unified is None else _unified(unified)


def _unified(group: Path) -> Limits:
    # A group whose processes are the caller's has no controllers below; its parent may have some.
    for parent in (group, group.parent):
        try:
            enabled = set((parent / "cgroup.subtree_control").read_text().split())
        except OSError:
            continue
        usable = [each for each in CONTROLLERS if each in enabled]
        if usable and _permitted(parent):
            return Limits(dict.fromkeys(usable, parent), True)
    return Limits({}, True, f"no group with controllers can be made in {group}")


def _group(mount: Path, membership: str) -> Path:
    own = Path(os.path.normpath(mount / membership))
    # A container sees paths that do not exist in it, or lie above its own root.
    return own if own.is_relative_to(mount) and own.is_dir() else mount


def _permitted(group: Path) -> bool:
    probe = group / f"athanor-{os.getpid()}-probe-{uuid.uuid4().hex[:8]}"
    try:
        probe.mkdir()
        probe.rmdir()
    except OSError:
        return False
    return True
