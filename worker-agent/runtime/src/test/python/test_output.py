"""What of a function's lines is let through."""

from __future__ import annotations

import os

import _athanor_output as output
from sandboxes import MAIN  # noqa: F401  puts the sandbox's modules on the path


def test_a_quota_admits_a_burst_and_then_its_rate() -> None:
    now = 0.0
    quota = output.LineQuota(lambda: now)
    cost = 992 + output.LINE_OVERHEAD_BYTES
    assert sum(quota.admits(992) for _ in range(100_000)) == output.BURST_BYTES // cost
    now = 1.0
    assert sum(quota.admits(992) for _ in range(100_000)) == output.BYTES_PER_SECOND // cost
    now = 1000.0
    assert sum(quota.admits(992) for _ in range(100_000)) == output.BURST_BYTES // cost


def test_a_stream_gives_whole_lines_until_it_is_drained() -> None:
    reader, writer = os.pipe()
    stream = output.Stream(1, reader, output.LineQuota(lambda: 0.0))
    assert stream.read() == b""
    os.write(writer, b"one\ntw")
    assert stream.read() == b"one\n"
    assert stream.drain() == b"tw"
    os.write(writer, b"left over")
    stream.restart()
    assert stream.drain() == b""
    os.close(writer)
    assert stream.read() is None
    os.close(reader)
