"""Sends a batch while its inputs are made."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from athanor import _errors
from athanor._cloud.client import Client

_BLOCK_BYTES = 64 << 10
_MOST_BLOCKS = 4
# While inputs are long in coming, an empty line says that they still do.
_SILENCE_SECONDS = 10.0
_LOOK_SECONDS = 0.1
_END = b""


class _BrokenOffError(Exception):
    """The inputs end before they are complete."""


def send(client: Client, batch_id: str, lines: Iterator[bytes]) -> None:
    """Sends all lines, with a few blocks of them in memory, and returns once the batch has begun.

    They are made in the calling thread, and sent in another one. If making them raises, nothing of
    the batch runs.
    """
    blocks: queue.Queue[bytes | Exception] = queue.Queue(_MOST_BLOCKS)
    with ThreadPoolExecutor(1, "athanor-batch") as executor:
        answer = executor.submit(client.begin_batch, _body(blocks))

        def put(block: bytes | Exception) -> None:
            while not answer.done():
                try:
                    blocks.put(block, timeout=_LOOK_SECONDS)
                    return
                except queue.Full:
                    pass

        try:
            block = bytearray()
            for line in lines:
                block += line
                if len(block) >= _BLOCK_BYTES:
                    put(bytes(block))
                    block.clear()
                    if answer.done():
                        break
            put(bytes(block) or b"\n")
            put(_END)
        except BaseException:
            put(_BrokenOffError())
            raise
        try:
            answer.result()
        except _errors.UnavailableError:
            # The answer may be what was lost.
            if not client.has_batch(batch_id):
                raise


def _body(blocks: queue.Queue[bytes | Exception]) -> Iterator[bytes]:
    while True:
        try:
            block = blocks.get(timeout=_SILENCE_SECONDS)
        except queue.Empty:
            block = b"\n"
        if isinstance(block, Exception):
            raise block
        if block == _END:
            return
        yield block
