"""What a function prints, as lines: whole, live and bounded."""

from __future__ import annotations

import fcntl
import os
import select
import time
from collections.abc import Callable

BURST_BYTES = 8 << 20
BYTES_PER_SECOND = 2 << 20
LINE_OVERHEAD_BYTES = 32
MAX_LINE_BYTES = 16 << 10

# What a full pipe holds, with room to spare: a bound on what is read when a call has ended.
_MAX_DRAIN_BYTES = 4 << 20
_READ_BYTES = 256 << 10


class LineQuota:
    """Decides which lines are sent, as ``dev.athanor.runtime.protocol.LineQuota`` does."""

    def __init__(self, ticker: Callable[[], float] = time.monotonic) -> None:
        self._ticker = ticker
        self._refilled_at = ticker()
        self._left = float(BURST_BYTES)

    def admits(self, size: int) -> bool:
        cost = size + LINE_OVERHEAD_BYTES
        if self._left < cost:
            now = self._ticker()
            more = (now - self._refilled_at) * BYTES_PER_SECOND
            self._left = min(self._left + more, BURST_BYTES)
            self._refilled_at = now
        if self._left < cost:
            return False
        self._left -= cost
        return True


class Stream:
    """The reading end of a pipe that user code writes to.

    Not thread-safe: the supervisor has one thread.
    """

    def __init__(self, number: int, fd: int, quota: LineQuota) -> None:
        self.number = number
        self.fd = fd
        self._quota = quota
        self._partial = bytearray()
        self.dropped = 0
        flags = fcntl.fcntl(fd, fcntl.F_GETFL)
        fcntl.fcntl(fd, fcntl.F_SETFL, flags | os.O_NONBLOCK)

    def read(self) -> bytes | None:
        """Returns the lines that have come, b'' for none yet, None at the end."""
        try:
            data = os.read(self.fd, _READ_BYTES)
        except BlockingIOError:
            return b""
        if not data:
            return None
        return self._admitted(data)

    def drain(self) -> bytes:
        """Returns all that was written before, its last line even without an end."""
        lines = bytearray()
        for _ in range(_MAX_DRAIN_BYTES // _READ_BYTES):
            more = self.read()
            if not more and not self._readable():
                break
            lines += more or b""
        if self._partial:
            lines += self._admit(bytes(self._partial))
            self._partial.clear()
        return bytes(lines)

    def restart(self) -> None:
        """Forgets what was written since the last call, and counts anew."""
        self.drain()
        self.dropped = 0

    def _readable(self) -> bool:
        poll = select.poll()
        poll.register(self.fd, select.POLLIN)
        return any(event & select.POLLIN for _, event in poll.poll(0))

    def _admitted(self, data: bytes) -> bytes:
        self._partial += data
        out = bytearray()
        start = 0
        while True:
            end = self._partial.find(b"\n", start, start + MAX_LINE_BYTES)
            if end >= 0:
                out += self._admit(bytes(self._partial[start : end + 1]))
                start = end + 1
            elif len(self._partial) - start >= MAX_LINE_BYTES:
                # A longer line is cut: nobody waits for its end, and no memory holds it.
                out += self._admit(bytes(self._partial[start : start + MAX_LINE_BYTES]) + b"\n")
                start += MAX_LINE_BYTES
            else:
                break
        del self._partial[:start]
        return bytes(out)

    def _admit(self, line: bytes) -> bytes:
        if self._quota.admits(len(line)):
            return line
        self.dropped += 1
        return b""
