"""Keeps what functions return for as long as an environment is hot."""

from __future__ import annotations

import hashlib
import pickle
import types
import uuid
from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

from athanor import _shipped

P = ParamSpec("P")
R = TypeVar("R")


def cached(function: Callable[P, R]) -> Callable[P, R]:
    """Keeps the output of a function for as long as the environment that calls it is hot.

    When the function is called again in the same environment with the same arguments, it is not
    executed: what it returned is returned again. Outside of an isolated function the value is
    kept for the life of the process::

        @cached
        def load_model():
            import torch
            return torch.load("/data/model.pt")

        @isolated(requirements=["torch"], keep_alive=60)
        def predict(x):
            return load_model()(x)

    A value is computed once even when threads race for it; what the function raises is not kept.
    The same object is returned each time, so whoever changes it changes it for all. Functions are
    told apart by their code and what it captures, so all isolated functions that call one in the
    same environment share its values. Nothing is ever dropped while the environment lives.
    """
    return cast("Callable[P, R]", _shipped.Cached(function, _key(function)))


def _key(function: Callable[..., object]) -> str:
    digest = hashlib.sha256()
    digest.update(f"{function.__module__}.{function.__qualname__}".encode())
    code = getattr(function, "__code__", None)
    if not isinstance(code, types.CodeType):
        return f"{digest.hexdigest()}-{uuid.uuid4()}"
    _add(digest, code)
    captured = (getattr(function, "__closure__", None), getattr(function, "__defaults__", None))
    try:
        values = [cell.cell_contents for cell in captured[0] or ()]
        digest.update(pickle.dumps((values, captured[1])))
    except Exception:
        # What cannot be compared is taken to be different.
        digest.update(uuid.uuid4().bytes)
    return digest.hexdigest()


def _add(digest: hashlib._Hash, code: types.CodeType) -> None:
    digest.update(code.co_code)
    for names in (code.co_names, code.co_varnames, code.co_freevars):
        digest.update("\0".join(names).encode() + b"\1")
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            _add(digest, constant)
        elif isinstance(constant, frozenset):
            digest.update(repr(sorted(map(repr, constant))).encode())
        else:
            digest.update(repr(constant).encode())
