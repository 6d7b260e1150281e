"""What runs in sandboxes beside user code: sent by value, since nothing of ours is installed there.

Standard library only, imported where it is used.
"""

from __future__ import annotations

from typing import Any


def run_coroutine(function: Any, args: Any, kwargs: Any) -> Any:
    """Calls a coroutine function to its end."""
    import asyncio  # noqa: PLC0415

    async def to_its_end() -> Any:
        return await function(*args, **kwargs)

    return asyncio.run(to_its_end())


def begin_stream(token: str, payload: bytes) -> None:
    """Makes a generator, and keeps it for the calls that ask for its values."""
    import asyncio  # noqa: PLC0415
    import pickle  # noqa: PLC0415
    import sys  # noqa: PLC0415

    code, args, kwargs = pickle.loads(payload)
    values = pickle.loads(code)(*args, **kwargs)
    loop = asyncio.new_event_loop() if hasattr(values, "__anext__") else None
    vars(sys).setdefault("_athanor_streams", {})[token] = (values, loop)


def next_value(token: str) -> Any:
    """Returns whether there is another value, and that."""
    import sys  # noqa: PLC0415

    streams = vars(sys)["_athanor_streams"]
    values, loop = streams[token]
    more = False
    try:
        value = loop.run_until_complete(values.__anext__()) if loop else next(values)
        more = True
    except (StopIteration, StopAsyncIteration):
        value = None
    finally:
        if not more:
            del streams[token]
            if loop:
                loop.close()
    return more, value


def end_stream(token: str) -> None:
    """Closes it, so that what it does finally is done."""
    import sys  # noqa: PLC0415

    values, loop = vars(sys)["_athanor_streams"].pop(token, (None, None))
    if loop:
        loop.run_until_complete(values.aclose())
        loop.close()
    elif values is not None:
        values.close()


def cached_value(key: str, function: Any, args: Any, kwargs: Any) -> Any:
    """Returns what was computed for these arguments in this process, or computes it.

    Once even when threads race for it. What it raises is not kept.
    """
    import sys  # noqa: PLC0415
    import threading  # noqa: PLC0415

    # Code that is sent by value has no module whose globals would last; the process has this one.
    values = vars(sys).setdefault("_athanor_cached", {})
    slot = values.setdefault(cache_key(key, args, kwargs), [threading.RLock()])
    with slot[0]:
        if len(slot) == 1:
            slot.append(function(*args, **kwargs))
        return slot[1]


def cache_key(key: str, args: Any, kwargs: Any) -> Any:
    """Returns what tells a function and its arguments from others."""
    import pickle  # noqa: PLC0415

    arguments = (args, tuple(sorted(kwargs.items())))
    try:
        hash(arguments)
    except TypeError:
        # Lists and the like: known by what is in them.
        return key, pickle.dumps(arguments)
    # 1, 1.0 and True are equal, but not the same argument.
    kinds = tuple(type(each) for each in (*args, *(value for _, value in arguments[1])))
    return key, arguments, kinds


class Cached:
    """A function whose values are kept as long as its process lives."""

    def __init__(self, function: Any, key: str) -> None:
        self.function = function
        self.key = key
        for name in ("__module__", "__name__", "__qualname__", "__doc__"):
            if hasattr(function, name):
                setattr(self, name, getattr(function, name))
        self.__wrapped__ = function

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return cached_value(self.key, self.function, args, kwargs)

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        import functools  # noqa: PLC0415

        return self if instance is None else functools.partial(self, instance)
