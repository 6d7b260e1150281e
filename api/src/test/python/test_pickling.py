"""What is sent by value, and what is refused by name."""

from __future__ import annotations

import threading

import pytest

import athanor
import own_module
from athanor import _pickling, isolated


def refusal(function: object, *args: object, **kwargs: object) -> str:
    with pytest.raises(athanor.UnpicklableError) as raised:
        _pickling.dump_call(function, args, kwargs)  # type: ignore[arg-type]
    return str(raised.value)


def test_an_argument_is_named() -> None:
    lock = threading.Lock()
    assert "argument 2 of double, a _thread.lock" in refusal(own_module.double, 1, lock)
    assert "argument 'x' of double, a _thread.lock" in refusal(own_module.double, x=lock)


def test_a_captured_value_is_named_however_deep() -> None:
    lock = threading.Lock()

    def inner() -> object:
        return lock

    def outer() -> object:
        return inner()

    assert "inner captures 'lock', a _thread.lock" in refusal(outer)


def test_another_isolated_function_is_named() -> None:
    @isolated
    def inner() -> int:
        return 1

    assert "inner is an isolated function" in refusal(lambda: inner())


def test_a_large_argument_is_refused_with_its_size() -> None:
    with pytest.raises(athanor.TooLargeError, match=r"67,1\d\d,\d\d\d bytes.*sync_dir"):
        _pickling.dump_call(own_module.double, [bytes(64 << 20)], {})


def test_own_modules_are_told_from_installed_ones() -> None:
    assert _pickling.is_own(own_module)
    assert not any(_pickling.is_own(each) for each in (threading, pytest, athanor, _pickling))


def test_source_files_keep_their_names() -> None:
    def inner() -> None: ...

    assert _pickling.load_result("", _pickling._dumps(inner)).__code__.co_filename == __file__
