"""What a function runs with."""

from __future__ import annotations

import dataclasses
import difflib
import os
import platform
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypedDict

from athanor import _machine_types, _retries
from athanor._credentials import CloudKeyCredentials
from athanor._errors import InvalidOptionError
from athanor._logs import LogLine, print_line
from athanor._retries import Retries

if TYPE_CHECKING:
    from athanor._host import Host

_YEAR = 365 * 24 * 3600.0
_KEY = re.compile(r"[!-~]{1,255}")
_VERSION = re.compile(r"3\.\d{1,2}(\.\d{1,3})?")

# What says what the machine is to be, as opposed to the function: left behind by one that moves to
# another kind of host.
OF_HOST = frozenset({"machine_type", "keep_alive"})


class GivenOptions(TypedDict, total=False):
    """The options as they are given, for those who check types: all but the host."""

    requirements: Sequence[str]
    constraints: Sequence[str]
    index_url: str | None
    extra_index_urls: Sequence[str]
    find_links: Sequence[str]
    python_version: str | None
    machine_type: str
    keep_alive: float
    timeout: float
    build_timeout: float
    max_in_flight: int
    retries: int | Retries | None
    idempotency_key: str | None
    webhook: str | None
    credentials: CloudKeyCredentials | None
    logs: Callable[[LogLine], object]


@dataclasses.dataclass(frozen=True)
class Options:
    """All options of a function, checked. Immutable."""

    host: Host
    requirements: tuple[str, ...] = ()
    constraints: tuple[str, ...] = ()
    index_url: str | None = None
    extra_index_urls: tuple[str, ...] = ()
    find_links: tuple[str, ...] = ()
    python_version: str | None = None
    machine_type: str = "XS"
    keep_alive: float = 10.0
    timeout: float = 300.0
    build_timeout: float = 600.0
    max_in_flight: int = 256
    retries: Retries | None = None
    idempotency_key: str | None = None
    webhook: str | None = None
    credentials: CloudKeyCredentials | None = None
    logs: Callable[[LogLine], object] = print_line

    def __post_init__(self) -> None:
        for name in ("requirements", "constraints", "extra_index_urls", "find_links"):
            object.__setattr__(self, name, _texts(name, getattr(self, name)))
        for name, least in (("keep_alive", 0.0), ("timeout", 0.001), ("build_timeout", 0.001)):
            object.__setattr__(self, name, _seconds(name, getattr(self, name), least))
        _machine_types.machine_type(self.machine_type)
        object.__setattr__(self, "retries", _retries.checked(self.retries))
        self._check_others()

    def _check_others(self) -> None:
        _check("webhook", self.webhook, "an address", (str, type(None)))
        _check("index_url", self.index_url, "an address", (str, type(None)))
        _check(
            "credentials",
            self.credentials,
            "CloudKeyCredentials",
            (CloudKeyCredentials, type(None)),
        )
        _check("max_in_flight", self.max_in_flight, "a number from 1", int)
        if not callable(self.logs):
            raise InvalidOptionError(f"logs={self.logs!r}: expected a function of a line")
        if self.max_in_flight < 1:
            raise InvalidOptionError(f"max_in_flight={self.max_in_flight!r}: expected at least 1")
        if not hasattr(self.host, "run"):
            raise InvalidOptionError(f"host={self.host!r}: expected `local` or `cloud`")
        key = self.idempotency_key
        if key is not None and not (isinstance(key, str) and _KEY.fullmatch(key)):
            raise InvalidOptionError(
                f"idempotency_key={key!r}: expected 1 to 255 characters of ASCII, without spaces"
            )
        if self.python_version is not None:
            _check_version(self.python_version)

    def replaced(self, changes: Mapping[str, Any]) -> Options:
        """Returns these with others in their place; a new kind of host starts with its defaults."""
        check_names(changes)
        changes = dict(changes)
        host = changes.get("host", self.host)
        if type(host) is not type(self.host):
            for field in dataclasses.fields(self):
                if field.name in OF_HOST:
                    changes.setdefault(field.name, field.default)
        return dataclasses.replace(self, **changes)


def check_names(given: Mapping[str, Any]) -> None:
    """Refuses what is no option, with the nearest name."""
    names = [field.name for field in dataclasses.fields(Options)]
    for name in given:
        if name not in names:
            near = difflib.get_close_matches(name, names, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(names)}"
            raise InvalidOptionError(f"there is no option {name!r}: {hint}")


def _texts(name: str, value: object) -> tuple[str, ...]:
    # A single string would be taken for a list of its letters.
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise InvalidOptionError(f"{name}={value!r}: expected a list of strings")
    for each in value:
        # What begins with a dash would be an option of the installer.
        if not isinstance(each, str) or not each.strip() or "\n" in each or each[0] == "-":
            raise InvalidOptionError(f"{name}={value!r}: {each!r} is not one such entry")
    return tuple(value)


def _seconds(name: str, value: object, least: float) -> float:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not number or not least <= value <= _YEAR:  # type: ignore[operator]
        raise InvalidOptionError(f"{name}={value!r}: expected seconds, {least:g} to a year")
    return float(value)  # type: ignore[arg-type]


def _check(name: str, value: object, expected: str, kinds: type | tuple[type, ...]) -> None:
    if not isinstance(value, kinds) or isinstance(value, bool):
        raise InvalidOptionError(f"{name}={value!r}: expected {expected}")


def _check_version(version: str) -> None:
    own = "{}.{}".format(*sys.version_info[:2])
    if not isinstance(version, str) or not _VERSION.fullmatch(version):
        raise InvalidOptionError(f"python_version={version!r}: expected one such as {own!r}")
    if version.split(".")[:2] != own.split("."):
        # Code is sent compiled, which no other minor version can read.
        raise InvalidOptionError(
            f"python_version={version!r}: this is Python {platform.python_version()}, and "
            f"functions run in the minor version that they are called from; call from {version}"
        )


def default_machine() -> str | None:
    """Returns what ``ATHANOR_HOST`` says of where functions run, or None."""
    named = os.environ.get("ATHANOR_HOST")
    if named not in (None, "", "local", "cloud"):
        raise InvalidOptionError(f"ATHANOR_HOST={named!r}: expected 'local' or 'cloud'")
    return named or None
