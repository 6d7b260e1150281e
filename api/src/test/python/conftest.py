"""The local host under test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from athanor import LocalHost
from athanor._local.enclosure import Bubblewrap
from support import need


@pytest.fixture(scope="session")
def cache_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all: an empty environment is built once."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session", params=["process", "bubblewrap"])
def host(request: pytest.FixtureRequest, cache_folder: Path) -> Iterator[LocalHost]:
    """Each kind of isolation, one after the other."""
    isolation: str = request.param
    if isolation == "bubblewrap":
        need(Bubblewrap.refusal())
    started = LocalHost(cache_folder / isolation, isolation, grace=1)
    yield started
    started.close()


@pytest.fixture(scope="session")
def process_host(cache_folder: Path) -> Iterator[LocalHost]:
    """The one that works everywhere, for what no isolation changes."""
    started = LocalHost(cache_folder / "process", "process", slots=8, grace=1)
    yield started
    started.close()
