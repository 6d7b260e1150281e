"""Lines that come from where a function runs."""

from __future__ import annotations

import sys
from typing import Literal, NamedTuple


class LogLine(NamedTuple):
    """A line of text without its end.

    ``source`` is ``function`` for what the function printed, ``build`` for what the installation of
    its requirements said, and ``athanor`` for notices of its host.
    """

    source: Literal["function", "build", "athanor"]
    stream: Literal["stdout", "stderr"]
    text: str


def print_line(line: LogLine) -> None:
    """Prints it where the caller's own output goes; what the function did not say, to stderr."""
    if line.source != "function":
        print(f"[{line.source}] {line.text}", file=sys.stderr)
    elif line.stream == "stdout":
        print(line.text)
    else:
        print(line.text, file=sys.stderr)
