"""How long sandboxes are kept, by a clock that is set by hand."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from athanor._local.pool import Pool
from support import SLOW, until


class Fake:
    def __init__(self) -> None:
        self.alive = True
        self.closed = False

    def is_alive(self) -> bool:
        return self.alive

    def kill(self) -> None:
        self.alive = False

    def close(self) -> None:
        self.closed = True

    def abandon(self) -> None: ...


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def take(pool: Pool[Fake], key: str = "key", check: Callable[[], None] = lambda: None) -> Fake:
    return pool.take(key, Fake, check)


def test_the_timer_starts_when_a_call_ends_and_with_every_call(clock: Clock) -> None:
    pool = Pool[Fake](4, clock)
    first = take(pool)
    clock.now += 100
    pool.give_back(first, 20)
    clock.now += 15
    assert take(pool) is first
    clock.now += 100
    pool.give_back(first, 20)
    clock.now += 19.9
    assert take(pool) is first
    pool.give_back(first, 20)
    clock.now += 20
    assert take(pool) is not first
    assert first.closed


def test_nothing_is_kept_for_no_time(clock: Clock) -> None:
    pool = Pool[Fake](4, clock)
    first = take(pool)
    pool.give_back(first, 0)
    assert first.closed
    assert take(pool) is not first


def test_the_latest_moment_that_was_asked_for_counts(clock: Clock) -> None:
    pool = Pool[Fake](4, clock)
    first = take(pool)
    pool.give_back(first, 20)
    assert take(pool) is first
    pool.give_back(first, 0)
    clock.now += 19
    assert take(pool) is first
    pool.give_back(first, 0)
    clock.now += 1
    assert take(pool) is not first


def test_one_that_has_died_is_not_given_out(clock: Clock) -> None:
    pool = Pool[Fake](4, clock)
    first = take(pool)
    pool.give_back(first, 20)
    first.alive = False
    assert take(pool) is not first
    assert first.closed


def test_calls_that_overlap_and_other_keys_have_their_own(clock: Clock) -> None:
    pool = Pool[Fake](4, clock)
    taken = [take(pool), take(pool), take(pool, "other")]
    assert len(set(map(id, taken))) == 3


def test_the_oldest_idle_one_makes_room(clock: Clock) -> None:
    pool = Pool[Fake](2, clock)
    old, young = take(pool, "old"), take(pool, "young")
    pool.give_back(old, 20)
    pool.give_back(young, 20)
    take(pool, "new")
    assert (old.closed, young.closed) == (True, False)


def test_who_finds_no_room_waits_for_it_or_gives_up(clock: Clock) -> None:
    pool = Pool[Fake](1, clock)
    first = take(pool)
    waiting = threading.Event()
    found: list[Fake] = []
    thread = threading.Thread(target=lambda: found.append(take(pool, check=waiting.set)))
    thread.start()
    assert waiting.wait(SLOW)
    pool.give_back(first, 20)
    thread.join(SLOW)
    assert found == [first]

    def give_up() -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        take(pool, check=give_up)


def test_a_start_that_fails_takes_no_room(clock: Clock) -> None:
    pool = Pool[Fake](1, clock)

    def fail() -> Fake:
        raise ValueError

    for _ in range(2):
        with pytest.raises(ValueError, match=r"^$"):
            pool.take("key", fail, lambda: None)
    assert take(pool)


def test_closing_ends_all(clock: Clock) -> None:
    pool = Pool[Fake](4, clock)
    busy, left, idle = take(pool), take(pool), take(pool, "other")
    pool.give_back(idle, 20)
    busy.kill = lambda: pool.discard(busy)  # type: ignore[method-assign]
    pool.close()
    assert busy.closed
    assert (left.alive, left.closed) == (False, True)
    assert idle.closed
    with pytest.raises(RuntimeError, match="closed"):
        take(pool)


def test_idle_ones_end_by_themselves() -> None:
    pool = Pool[Fake](4)
    first = take(pool)
    pool.give_back(first, 0.05)
    until(lambda: first.closed)
