"""Keeps sandboxes hot for as long as they were asked to be."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from typing import Generic, Protocol, TypeVar

_GIVE_BACK_SECONDS = 2.0


class Pooled(Protocol):
    """What a pool needs to know of a sandbox."""

    def is_alive(self) -> bool: ...
    def kill(self) -> None: ...
    def close(self) -> None: ...
    def abandon(self) -> None: ...


S = TypeVar("S", bound=Pooled)


class _Held(Generic[S]):
    def __init__(self, key: Hashable, sandbox: S) -> None:
        self.key = key
        self.sandbox = sandbox
        self.until = 0.0


class Pool(Generic[S]):
    """Sandboxes that are running, at most so many. For any number of threads.

    A sandbox serves one call at a time. When a call ends, it stays for the call's keep-alive, or
    until the latest moment that an earlier call asked for.
    """

    def __init__(self, slots: int, ticker: Callable[[], float] = time.monotonic) -> None:
        self._slots = slots
        self._ticker = ticker
        self._changed = threading.Condition()
        self._idle: list[_Held[S]] = []  # the one that ended last is last
        self._busy: dict[int, _Held[S]] = {}
        self._starting = 0
        self._closed = False
        self._reaper: threading.Thread | None = None

    def take(self, key: Hashable, start: Callable[[], S], check: Callable[[], None]) -> S:
        """Returns an idle sandbox of that key, or starts one once there is room.

        ``check`` is asked now and then whether to go on waiting: it may raise.
        """
        while True:
            unwanted: list[_Held[S]] = []
            with self._changed:
                held = self._hot(key, unwanted)
                room = held is None and self._room(unwanted)
                if held is None and not room and not unwanted:
                    self._changed.wait(0.1)
            for each in unwanted:
                each.sandbox.close()
            if held is not None:
                return held.sandbox
            if room:
                return self._started(key, start)
            check()

    def _hot(self, key: Hashable, unwanted: list[_Held[S]]) -> _Held[S] | None:
        self._refuse_closed()
        for held in reversed(self._idle):
            if held.key != key:
                continue
            self._idle.remove(held)
            # It may have died in the meantime, or its time be over and nobody have looked yet.
            if held.until > self._ticker() and held.sandbox.is_alive():
                self._busy[id(held.sandbox)] = held
                return held
            unwanted.append(held)
        return None

    def _room(self, unwanted: list[_Held[S]]) -> bool:
        if self._starting + len(self._busy) + len(self._idle) >= self._slots:
            if not self._idle:
                return False
            unwanted.append(self._idle.pop(0))
        self._starting += 1
        return True

    def _started(self, key: Hashable, start: Callable[[], S]) -> S:
        sandbox = None
        try:
            sandbox = start()
        finally:
            with self._changed:
                self._starting -= 1
                closed = self._closed
                if sandbox is not None and not closed:
                    self._busy[id(sandbox)] = _Held(key, sandbox)
                self._changed.notify_all()
            if sandbox is not None and closed:
                sandbox.close()
        self._refuse_closed()
        return sandbox

    def _refuse_closed(self) -> None:
        if self._closed:
            raise RuntimeError("the local host was closed")

    def give_back(self, sandbox: S, keep_alive: float) -> None:
        """Ends the call that has it: from now on it is kept for so many seconds."""
        with self._changed:
            held = self._busy.pop(id(sandbox), None)
            if held is not None:
                now = self._ticker()
                held.until = max(held.until, now + keep_alive)
                if held.until > now and not self._closed and sandbox.is_alive():
                    self._idle.append(held)
                    self._watch()
                    held = None
            self._changed.notify_all()
        if held is not None:
            sandbox.close()

    def discard(self, sandbox: S) -> None:
        """Ends a sandbox that a call has."""
        with self._changed:
            self._busy.pop(id(sandbox), None)
            self._changed.notify_all()
        sandbox.close()

    def _watch(self) -> None:
        if self._reaper is None:
            reaper = threading.Thread(target=self._reap, name="athanor-reaper", daemon=True)
            try:
                reaper.start()
            except RuntimeError:
                # The program has come to its end, and with it so do sandboxes.
                return
            self._reaper = reaper

    def _reap(self) -> None:
        while True:
            with self._changed:
                if not self._idle:
                    # The next one that becomes idle starts another.
                    self._reaper = None
                    return
                now = self._ticker()
                over = [each for each in self._idle if each.until <= now]
                if not over:
                    self._changed.wait(min(each.until for each in self._idle) - now)
                self._idle = [each for each in self._idle if each not in over]
                self._changed.notify_all()
            for each in over:
                each.sandbox.close()

    def close(self) -> None:
        """Ends all sandboxes, also those that calls have, which these then give back."""
        with self._changed:
            self._closed = True
            idle, busy = list(self._idle), list(self._busy.values())
            self._idle.clear()
            self._changed.notify_all()
        for each in busy:
            each.sandbox.kill()
        for each in idle:
            each.sandbox.close()
        with self._changed:
            # At the program's end nobody may be left to do so.
            self._changed.wait_for(lambda: not self._busy, _GIVE_BACK_SECONDS)
            left = list(self._busy.values())
            self._busy.clear()
        for each in left:
            each.sandbox.close()

    def abandon(self) -> None:
        """Lets go of all of them without a lock: for a process that was forked off their owner."""
        for each in (*self._idle, *self._busy.values()):
            each.sandbox.abandon()
