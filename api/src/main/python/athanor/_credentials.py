"""Who calls."""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True)
class CloudKeyCredentials:
    """A key of a cluster that asks for one: its id, and its secret, which is never printed.

    ``athanor keys create --tenant NAME`` makes one. The local host needs none and ignores it.
    """

    key_id: str
    key_secret: str = dataclasses.field(repr=False)

    def __post_init__(self) -> None:
        for name in ("key_id", "key_secret"):
            value = getattr(self, name)
            if not isinstance(value, str) or not value:
                raise ValueError(f"{name} must be a text that is not empty")
