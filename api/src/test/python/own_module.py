"""A module of the caller's own, which is installed nowhere."""

from __future__ import annotations

import dataclasses
import math

FACTOR = 2


@dataclasses.dataclass
class Point:
    x: int
    y: int

    def length(self) -> float:
        return math.hypot(self.x, self.y)


class BrokenError(Exception):
    def __init__(self, message: str, code: int) -> None:
        super().__init__(message, code)


class Adder:
    def __init__(self, by: int) -> None:
        self.by = by

    def __call__(self, x: int) -> int:
        return x + self.by


def double(x: int) -> int:
    return FACTOR * x


def shifted(point: Point, by: int) -> Point:
    return dataclasses.replace(point, x=point.x + by, y=point.y + by)
