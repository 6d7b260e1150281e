"""The format on the wire, held against the golden bytes that Java's tests read as well."""

from __future__ import annotations

from pathlib import Path

import pytest

from sandboxes import frames

GOLDEN = Path(__file__).parents[1] / "resources/dev/athanor/runtime/protocol/golden-frames.txt"

FRAMES: dict[str, frames.Frame] = {
    "hello": frames.Hello(1, 42, "3.14.0"),
    "loaded": frames.Loaded(),
    "load-failed": frames.LoadFailed("größer als Ω"),
    "result": frames.Result(7, 11, 13, 2, b"\x01\x02\x03"),
    "threw": frames.Threw(
        1,
        2,
        3,
        (
            frames.RemoteThrowable(
                "X",
                "m",
                (frames.TraceLine("a.B", "c", "B.java", 7), frames.TraceLine("a.B", "c", "", -2)),
                1,
                (),
            ),
            frames.RemoteThrowable("Y", None, (), 0, (0, 1)),
        ),
        ("X", "Z"),
        b"\x09",
    ),
    "threw-without-original": frames.Threw(1, 2, 3, (), (), None),
    "rejected": frames.Rejected(3, frames.TOO_LARGE, "too large"),
    "log": frames.Log(258, frames.STDERR, b"hi\n"),
    "pong": frames.Pong(-(1 << 63)),
    "value": frames.Value(7, 1 << 33, 2, b"\x01\x02\x03"),
    "grant": frames.Grant(7, 1 << 34),
    "load": frames.Load(("/a/b", "/c")),
    "invoke": frames.Invoke(7, 2, "a/B", "c", "()V", 6, "id", 3, 1 << 40, 8, b"\x01\x02\x03"),
    "cancel": frames.Cancel((1 << 63) - 1),
    "ping": frames.Ping(-1),
    "withdraw": frames.Withdraw(),
}


def golden() -> dict[str, bytes]:
    lines = (line.split(" ") for line in GOLDEN.read_text().splitlines())
    return {name: bytes.fromhex(data) for name, data in lines}


def test_every_frame_has_golden_bytes() -> None:
    assert golden().keys() == FRAMES.keys()


@pytest.mark.parametrize("name", FRAMES)
def test_frames_are_written_and_read_as_java_does(name: str) -> None:
    assert frames.encode(FRAMES[name]).hex() == golden()[name].hex()
    assert frames.Decoder().feed(golden()[name]) == [FRAMES[name]]


def test_bytes_may_trickle_in_one_by_one() -> None:
    decoder = frames.Decoder()
    data = b"".join(frames.encode(each) for each in FRAMES.values())
    read = [frame for i in range(len(data)) for frame in decoder.feed(data[i : i + 1])]
    assert read == list(FRAMES.values())


@pytest.mark.parametrize("name", FRAMES)
def test_a_cut_or_lengthened_body_is_malformed(name: str) -> None:
    body = golden()[name][4:]
    for wrong in [*(body[:i] for i in range(len(body))), body + b"\x00"]:
        with pytest.raises(frames.MalformedFrameError):
            frames.decode(wrong)


@pytest.mark.parametrize(
    "data",
    [b"\x00\x00\x00\x00", b"\xff\xff\xff\xff", b"\x00\x00\x00\x65", b"\x00\x00\x00\x01\x63"],
)
def test_a_length_out_of_range_and_an_unknown_type_are_malformed(data: bytes) -> None:
    with pytest.raises(frames.MalformedFrameError):
        frames.Decoder(max_frame_bytes=100).feed(data)


def test_a_throwable_that_refers_beyond_those_sent_is_malformed() -> None:
    threw = frames.Threw(1, 2, 3, (frames.RemoteThrowable("X", None, (), 1, ()),), (), None)
    with pytest.raises(frames.MalformedFrameError, match="beyond"):
        frames.Decoder().feed(frames.encode(threw))


def test_surrogates_in_names_of_files_are_escaped() -> None:
    (read,) = frames.Decoder().feed(frames.encode(frames.LoadFailed("a\udcff")))
    assert read == frames.LoadFailed("a\\udcff")
