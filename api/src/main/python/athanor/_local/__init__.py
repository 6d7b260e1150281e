"""The local host: functions run on the caller's machine, in environments of their own."""

from __future__ import annotations

from athanor._local.host import LocalHost

__all__ = ["LocalHost", "local"]

local = LocalHost()
