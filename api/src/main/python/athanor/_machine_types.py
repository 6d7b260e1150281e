"""The machine types that there are."""

from __future__ import annotations

import difflib
from typing import NamedTuple

from athanor._errors import InvalidOptionError

_GIB = 1 << 30


class MachineType(NamedTuple):
    """A named size: CPU cores, memory in bytes, number of GPUs."""

    name: str
    cpus: float
    memory: int
    gpus: int = 0


MACHINE_TYPES = {
    each.name: each
    for each in (
        MachineType("XS", 0.25, 256 << 20),
        MachineType("S", 0.5, _GIB),
        MachineType("M", 2, 8 * _GIB),
        MachineType("L", 4, 32 * _GIB),
        MachineType("XL", 8, 128 * _GIB),
        MachineType("GPU-T4", 4, 26 * _GIB, 1),
        MachineType("GPU", 8, 64 * _GIB, 1),
    )
}


def machine_type(name: str) -> MachineType:
    """Returns the machine type of that name."""
    if name not in MACHINE_TYPES:
        near = difflib.get_close_matches(name.upper(), MACHINE_TYPES, n=1, cutoff=0.4)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(MACHINE_TYPES)}"
        raise InvalidOptionError(f"machine_type={name!r} does not exist: {hint}")
    return MACHINE_TYPES[name]


def next_larger(small: MachineType) -> MachineType | None:
    """Returns the smallest one with more memory and as many GPUs, or None."""
    larger = [
        each
        for each in MACHINE_TYPES.values()
        if each.memory > small.memory and each.gpus == small.gpus
    ]
    return min(larger, key=lambda each: each.memory, default=None)
