"""The frames of ``dev.athanor.runtime.protocol``, in Python.

The format is described once, in that package's ``package-info.java``; golden bytes in the tests of
both languages keep the two sides equal. Standard library only.
"""

from __future__ import annotations

import struct
from typing import NamedTuple

VERSION = 2
MAX_PAYLOAD_BYTES = 1 << 30
MAX_FRAME_BYTES = MAX_PAYLOAD_BYTES + (8 << 20)
MAX_WAITING_CALLS = 64
EXIT_OUT_OF_MEMORY = 85
EXIT_RUNTIME_FAILED = 86

STDOUT = 1
STDERR = 2

INVALID_INVOCATION = 0
INVALID_RESULT = 1
TOO_LARGE = 2
NOT_STARTED = 3

CODEC_JSON = 1
CODEC_PICKLE = 2


class MalformedFrameError(Exception):
    """The other side sent what is no frame: the conversation is over."""


class Hello(NamedTuple):
    protocol_version: int
    pid: int
    runtime_version: str


class Loaded(NamedTuple):
    pass


class LoadFailed(NamedTuple):
    message: str


class Result(NamedTuple):
    call_id: int
    run_nanos: int
    dropped_log_lines: int
    codec: int
    result: bytes


class TraceLine(NamedTuple):
    """One line of a stack trace: module, function, file ('' for none) and line number."""

    class_name: str
    method_name: str
    file_name: str
    line_number: int


class RemoteThrowable(NamedTuple):
    """One exception as data; ``cause`` and ``suppressed`` are indexes in the list it is in."""

    class_name: str
    message: str | None
    frames: tuple[TraceLine, ...]
    cause: int
    suppressed: tuple[int, ...]


class Threw(NamedTuple):
    call_id: int
    run_nanos: int
    dropped_log_lines: int
    throwables: tuple[RemoteThrowable, ...]
    types: tuple[str, ...]
    original: bytes | None


class Rejected(NamedTuple):
    call_id: int
    kind: int
    message: str


class Log(NamedTuple):
    call_id: int
    stream: int
    lines: bytes


class Value(NamedTuple):
    call_id: int
    number: int
    codec: int
    value: bytes


class Pong(NamedTuple):
    nonce: int


class Load(NamedTuple):
    class_path: tuple[str, ...]


class Invoke(NamedTuple):
    call_id: int
    codec: int
    owner: str
    name: str
    descriptor: str
    reference_kind: int
    correlation_id: str
    attempt: int
    max_result_bytes: int
    stream_window: int
    arguments: bytes


class Cancel(NamedTuple):
    call_id: int


class Ping(NamedTuple):
    nonce: int


class Withdraw(NamedTuple):
    pass


class Grant(NamedTuple):
    call_id: int
    up_to: int


Frame = (
    Hello
    | Loaded
    | LoadFailed
    | Result
    | Threw
    | Rejected
    | Log
    | Pong
    | Load
    | Invoke
    | Cancel
    | Ping
    | Withdraw
    | Value
    | Grant
)

_HEADER = struct.Struct(">i")

# How each field is written, in order: i int, l long, b byte, s string, B bytes, S list of strings,
# T list of throwables, O boolean and then maybe bytes.
_LAYOUTS: dict[int, tuple[type, str]] = {
    1: (Hello, "ils"),
    2: (Loaded, ""),
    3: (LoadFailed, "s"),
    4: (Result, "lllbB"),
    5: (Threw, "lllTSO"),
    6: (Rejected, "lbs"),
    7: (Log, "lbB"),
    8: (Pong, "l"),
    11: (Value, "llbB"),
    16: (Load, "S"),
    17: (Invoke, "lbsssisiliB"),
    18: (Cancel, "l"),
    19: (Ping, "l"),
    20: (Withdraw, ""),
    24: (Grant, "ll"),
}
_TYPES = {kind: number for number, (kind, _) in _LAYOUTS.items()}
_FIXED = {"i": struct.Struct(">i"), "l": struct.Struct(">q"), "b": struct.Struct(">b")}


def encode(frame: Frame) -> bytes:
    """Returns the frame as it goes over the socket, its length first."""
    number = _TYPES[type(frame)]
    out = bytearray(4)
    out.append(number)
    for layout, value in zip(_LAYOUTS[number][1], frame, strict=True):
        _put(out, layout, value)
    if len(out) - 4 > MAX_FRAME_BYTES:
        raise ValueError(f"a frame of {len(out) - 4} bytes exceeds {MAX_FRAME_BYTES}")
    _HEADER.pack_into(out, 0, len(out) - 4)
    return bytes(out)


def _put(out: bytearray, layout: str, value: object) -> None:
    if layout in _FIXED:
        out += _FIXED[layout].pack(value)
    elif layout == "B":
        assert isinstance(value, (bytes, bytearray, memoryview))
        out += _HEADER.pack(len(value))
        out += value
    elif layout == "s":
        assert isinstance(value, str)
        # Lone surrogates are what Python makes of file names that are no UTF-8.
        _put(out, "B", value.encode("utf-8", "backslashreplace"))
    elif layout == "S":
        assert isinstance(value, (tuple, list))
        out += _HEADER.pack(len(value))
        for text in value:
            _put(out, "s", text)
    elif layout == "O":
        out.append(value is not None)
        if value is not None:
            _put(out, "B", value)
    else:
        assert isinstance(value, (tuple, list))
        out += _HEADER.pack(len(value))
        for throwable in value:
            _put_throwable(out, throwable)


def _put_throwable(out: bytearray, throwable: RemoteThrowable) -> None:
    _put(out, "s", throwable.class_name)
    out.append(throwable.message is not None)
    if throwable.message is not None:
        _put(out, "s", throwable.message)
    out += _HEADER.pack(len(throwable.frames))
    for line in throwable.frames:
        _put(out, "s", line.class_name)
        _put(out, "s", line.method_name)
        _put(out, "s", line.file_name)
        out += _HEADER.pack(line.line_number)
    out += _HEADER.pack(throwable.cause)
    out += _HEADER.pack(len(throwable.suppressed))
    for index in throwable.suppressed:
        out += _HEADER.pack(index)


class Decoder:
    """Cuts a stream of bytes into frames, however the bytes come in.

    A length is checked before anything is kept for it: ``max_frame_bytes`` bounds what a peer can
    make this side allocate.
    """

    def __init__(self, max_frame_bytes: int = MAX_FRAME_BYTES) -> None:
        self._max = max_frame_bytes
        self._pending = bytearray()

    def feed(self, data: bytes) -> list[Frame]:
        """Returns the frames that these bytes complete."""
        self._pending += data
        frames: list[Frame] = []
        at = 0
        while len(self._pending) - at >= 4:
            (length,) = _HEADER.unpack_from(self._pending, at)
            if length < 1 or length > self._max:
                raise MalformedFrameError(f"a frame of {length} bytes")
            if len(self._pending) - at - 4 < length:
                break
            frames.append(decode(bytes(memoryview(self._pending)[at + 4 : at + 4 + length])))
            at += 4 + length
        del self._pending[:at]
        return frames


def decode(body: bytes) -> Frame:
    """Reads a frame from its bytes after the length."""
    if not body or body[0] not in _LAYOUTS:
        raise MalformedFrameError(f"unknown type of frame {body[:1]!r}")
    kind, layout = _LAYOUTS[body[0]]
    source = _Source(body)
    try:
        frame = kind(*[source.take(each) for each in layout])
    except (struct.error, UnicodeDecodeError) as e:
        raise MalformedFrameError(f"{kind.__name__}: {e}") from e
    if source.at != len(body):
        raise MalformedFrameError(f"{kind.__name__}: {len(body) - source.at} bytes too many")
    return frame  # type: ignore[no-any-return]


class _Source:
    def __init__(self, body: bytes) -> None:
        self.body = body
        self.at = 1

    def take(self, layout: str) -> object:
        if layout in _FIXED:
            return self._fixed(layout)
        if layout == "B":
            return self._bytes()
        if layout == "s":
            return self._text()
        if layout == "S":
            return tuple(self._text() for _ in range(self._count()))
        if layout == "O":
            return self._bytes() if self._boolean() else None
        throwables = tuple(self._throwable() for _ in range(self._count()))
        for each in throwables:
            if any(not -1 <= i < len(throwables) for i in (each.cause, *each.suppressed)):
                raise MalformedFrameError(f"{each.class_name} refers beyond those sent")
        return throwables

    def _fixed(self, layout: str) -> int:
        form = _FIXED[layout]
        (value,) = form.unpack_from(self.body, self.at)
        self.at += form.size
        return int(value)

    def _bytes(self) -> bytes:
        length = self._fixed("i")
        if not 0 <= length <= len(self.body) - self.at:
            raise MalformedFrameError(f"{length} bytes where {len(self.body) - self.at} are left")
        self.at += length
        return self.body[self.at - length : self.at]

    def _text(self) -> str:
        return self._bytes().decode("utf-8")

    def _boolean(self) -> bool:
        value = self._fixed("b")
        if value not in (0, 1):
            raise MalformedFrameError(f"a boolean of {value}")
        return value == 1

    def _count(self) -> int:
        # Every element takes at least 4 bytes.
        count = self._fixed("i")
        if not 0 <= count <= (len(self.body) - self.at) // 4:
            raise MalformedFrameError(f"a list of {count}")
        return count

    def _throwable(self) -> RemoteThrowable:
        return RemoteThrowable(
            self._text(),
            self._text() if self._boolean() else None,
            tuple(
                TraceLine(self._text(), self._text(), self._text(), self._fixed("i"))
                for _ in range(self._count())
            ),
            self._fixed("i"),
            tuple(self._fixed("i") for _ in range(self._count())),
        )
