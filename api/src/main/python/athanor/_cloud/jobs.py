"""Calls as a dispatcher takes them."""

from __future__ import annotations

import base64
import sys
from typing import Any

from athanor import _errors, _retries
from athanor._cloud.client import Client
from athanor._options import Options

# What is larger goes ahead of the job: a request has 1 MiB at most, and Base64 takes a third more.
_INLINE_BYTES = 256 << 10


def function(name: str, options: Options) -> dict[str, Any]:
    """Returns what runs, and with what."""
    return {
        "name": name,
        "version": "{}.{}".format(*sys.version_info[:2]),
        "requirements": requirement_lines(options),
        "machineType": options.machine_type,
        "keepAliveMillis": round(options.keep_alive * 1000),
        **({"retries": _retries.as_json(options.retries)} if options.retries else {}),
    }


def arguments(payload: bytes, client: Client) -> dict[str, Any]:
    """Returns a call's arguments, or where they lie, which they are sent to before."""
    if len(payload) <= _INLINE_BYTES:
        return {"pickle": base64.b64encode(payload).decode()}
    return {"blob": client.upload(payload)}


def limits(options: Options) -> dict[str, Any]:
    """Returns how long things may take."""
    return {
        "executionTimeoutMillis": round(options.timeout * 1000),
        "buildTimeoutMillis": round(options.build_timeout * 1000),
    }


def requirement_lines(options: Options) -> list[str]:
    """Returns what a cluster is to install, as pip takes it."""
    for name in ("constraints", "find_links"):
        if getattr(options, name):
            raise _errors.InvalidOptionError(
                f"{name} is for the local host only, so far: put exact versions into requirements"
            )
    indexes = [f"--index-url {options.index_url}"] if options.index_url else []
    indexes += [f"--extra-index-url {url}" for url in options.extra_index_urls]
    return [*indexes, *options.requirements]
