"""When a job runs again because of what its function did."""

from __future__ import annotations

import dataclasses
from typing import Any

from athanor._errors import InvalidOptionError

_MOST_ATTEMPTS = 100
_WEEK = 7 * 24 * 3600.0


@dataclasses.dataclass(frozen=True)
class Retries:
    """How often and when a call runs again that failed. Immutable.

    There are ``attempts`` in all. The second one comes ``delay`` seconds after the end of the
    first, and each further delay is ``factor`` times as long as the one before, up to
    ``max_delay``, give or take the part ``jitter`` of it by chance. ``on`` has classes of
    exceptions, or their names as ``requests.exceptions.HTTPError``: only what is one of them, or of
    a class that derives from one, is followed by another attempt. Without any, whatever was raised
    is, and so is an attempt that exceeded its ``timeout`` or ended its sandbox.
    """

    attempts: int
    delay: float = 1.0
    factor: float = 2.0
    max_delay: float = 300.0
    jitter: float = 0.1
    on: tuple[type[BaseException] | str, ...] = ()

    def __post_init__(self) -> None:
        _check("attempts", self.attempts, 1, _MOST_ATTEMPTS, whole=True)
        _check("delay", self.delay, 0, _WEEK)
        _check("factor", self.factor, 1, 100)
        _check("max_delay", self.max_delay, 0, _WEEK)
        _check("jitter", self.jitter, 0, 1)
        on = (self.on,) if isinstance(self.on, (str, type)) else tuple(self.on)
        for each in on:
            if not isinstance(each, str) and not (
                isinstance(each, type) and issubclass(each, BaseException)
            ):
                raise InvalidOptionError(
                    f"retries: on={each!r}: expected a class of exceptions or its name"
                )
        object.__setattr__(self, "on", on)


def checked(value: Any) -> Retries | None:
    """Returns the policy that an option stands for: a number says how often it runs again."""
    if value is None or isinstance(value, Retries):
        return value
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _MOST_ATTEMPTS:
        return Retries(value + 1) if value else None
    raise InvalidOptionError(
        f"retries={value!r}: expected how often it runs again, 0 to 99, or Retries(...)"
    )


def as_json(policy: Retries) -> dict[str, Any]:
    """Returns it as a dispatcher takes it."""
    return {
        "attempts": policy.attempts,
        "firstDelayMillis": round(policy.delay * 1000),
        "factor": policy.factor,
        "maxDelayMillis": round(policy.max_delay * 1000),
        "jitter": policy.jitter,
        "exceptions": [each if isinstance(each, str) else _name(each) for each in policy.on],
    }


def _name(kind: type[BaseException]) -> str:
    # As a sandbox names it.
    bare = kind.__module__ in ("builtins", "__main__")
    return kind.__qualname__ if bare else f"{kind.__module__}.{kind.__qualname__}"


def _check(name: str, value: object, least: float, most: float, whole: bool = False) -> None:
    kinds = (int,) if whole else (int, float)
    if not isinstance(value, kinds) or isinstance(value, bool) or not least <= value <= most:
        raise InvalidOptionError(f"retries: {name}={value!r}: expected {least:g} to {most:g}")
