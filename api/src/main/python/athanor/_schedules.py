"""Times at which functions run again and again."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Any

from athanor._errors import InvalidOptionError

if TYPE_CHECKING:
    from athanor._cloud.client import Client
    from athanor._cloud.job import Job
    from athanor._credentials import CloudKeyCredentials

# A name is a part of an address.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")


@dataclasses.dataclass(frozen=True)
class Cron:
    """Times under a name, for ``function.schedule(Cron("nightly", "0 3 * * *"), …)``. Immutable.

    ``expression`` has five fields, as Unix has them: minute, hour, day of month, month and day of
    week, by the clock of ``zone``, such as ``"Europe/Berlin"``. A time within the hour that is left
    out where that clock is put forward does not come on that day; one within the hour that comes
    twice where it is put back comes once. Times at which no dispatcher was there are made up for by
    one job for all of them, or with ``missed="skip"`` not at all.
    """

    name: str
    expression: str
    zone: str = "UTC"
    missed: str = "once"

    def __post_init__(self) -> None:
        check_name(self.name)
        if self.missed not in ("once", "skip"):
            raise InvalidOptionError(f"missed={self.missed!r}: expected 'once' or 'skip'")


def check_name(name: object) -> None:
    """Refuses what is no name of a schedule."""
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise InvalidOptionError(
            f"name={name!r}: expected 1 to 128 letters, digits, '.', '-' and '_', the first a "
            "letter or digit"
        )


@dataclasses.dataclass(frozen=True)
class Firing:
    """What became of a time of a schedule: the id of its job, or None where it was skipped."""

    at: str
    job: str | None


class Schedule:
    """A function that runs at the times of a ``Cron``, as jobs, whatever becomes of its maker.

    ``Schedule.named(name)`` finds it again, from another program too. For any number of threads.
    """

    def __init__(self, client: Client, name: str) -> None:
        self._client = client
        self.name = name

    @classmethod
    def named(cls, name: str, credentials: CloudKeyCredentials | None = None) -> Schedule:
        """Returns the schedule of that name; nothing is asked for yet."""
        from athanor._cloud.clients import clients  # noqa: PLC0415  it leads back here

        check_name(name)
        return cls(clients.of(credentials), name)

    def status(self) -> dict[str, Any]:
        """Asks how it is: its cron, zone, function, whether it is paused, and when it is next."""
        return dict(self._ask("GET", ""))

    def pause(self) -> None:
        """Keeps it from firing; jobs that it made go on."""
        self._ask("POST", "/pause")

    def resume(self) -> None:
        """Lets it fire again from now on; what it would have fired meanwhile is not made up for."""
        self._ask("POST", "/resume")

    def run_now(self) -> Job[Any]:
        """Makes a job now, paused or not."""
        from athanor._cloud.job import Job  # noqa: PLC0415  it leads back here

        job_id = self._ask("POST", "/run")["id"]
        return Job(self._client, job_id, f"schedule {self.name}")

    def firings(self, limit: int = 50) -> list[Firing]:
        """Asks what became of its times in the last 30 days, the newest first."""
        found = self._ask("GET", f"/firings?limit={limit}")["firings"]
        return [Firing(each["fireAt"], each.get("job")) for each in found]

    def delete(self) -> None:
        """Deletes it; jobs that it made go on."""
        self._ask("DELETE", "")

    def __repr__(self) -> str:
        return f"<schedule {self.name}>"

    def _ask(self, method: str, path: str) -> Any:
        return self._client.ask(method, f"/v1/schedules/{self.name}{path}")
