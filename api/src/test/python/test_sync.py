"""Folders that are sent to ``/data``."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import athanor
from athanor import LocalHost, _sync, isolated, sync_dir
from athanor._local.enclosure import Bubblewrap
from support import need


@pytest.fixture(params=["process", "bubblewrap"])
def host(request: pytest.FixtureRequest, tmp_path: Path, cache_folder: Path) -> Iterator[LocalHost]:
    if request.param == "bubblewrap":
        need(Bubblewrap.refusal())
    started = LocalHost(tmp_path / "cache", request.param)
    yield started
    started.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "local"
    (made / "deep" / "er").mkdir(parents=True)
    (made / "empty").mkdir()
    (made / "one.txt").write_text("one")
    (made / "deep" / "two.txt").write_text("two")
    (made / "deep" / "er" / "same.txt").write_text("two")
    (made / "deep" / "nothing").write_text("")
    (made / "link").symlink_to("deep/two.txt")
    (made / "run.sh").write_text("#!/bin/sh\n")
    (made / "run.sh").chmod(0o755)
    return made


def tree(root: str) -> dict[str, tuple[str, int, int]]:
    """What a folder holds, as a function would see it."""
    import os

    data = os.environ.get("ATHANOR_DATA", "/data")
    place = os.path.join(data, os.path.relpath(root, "/data")) if root.startswith("/data") else root
    found = {}
    for folder, folders, files in os.walk(place):
        for name in (*folders, *files):
            path = os.path.join(folder, name)
            state = os.lstat(path)
            if os.path.islink(path):
                content = "-> " + os.readlink(path)
            elif os.path.isdir(path):
                content = "folder"
            else:
                with open(path) as file:
                    content = file.read()
            mode = 0 if os.path.islink(path) else state.st_mode & 0o777
            mtime = 0 if os.path.islink(path) else state.st_mtime_ns
            found[os.path.relpath(path, place)] = (content, mode, mtime)
    return found


def test_the_remote_folder_becomes_the_same(host: LocalHost, folder: Path) -> None:
    there = isolated(host=host)(tree)
    assert sync_dir(folder, "/data/remote_dir", host=host) == "/data/remote_dir"
    assert there("/data/remote_dir") == tree(str(folder))
    (folder / "one.txt").unlink()
    (folder / "one.txt").mkdir()
    (folder / "empty").rmdir()
    (folder / "empty").write_text("no more")
    (folder / "link").unlink()
    (folder / "link").write_text("a file")
    (folder / "deep" / "two.txt").write_text("TWO")
    (folder / "run.sh").chmod(0o644)
    assert sync_dir(str(folder), "/data/remote_dir/", host=host) == "/data/remote_dir"
    assert there("/data/remote_dir") == tree(str(folder))


def test_the_data_folder_is_where_functions_expect_it(tmp_path: Path, folder: Path) -> None:
    need(Bubblewrap.refusal())
    lines: list[str] = []
    host = LocalHost(tmp_path / "cache", "bubblewrap")
    remote_dir = sync_dir(folder, "/data/remote_dir", host=host)

    @isolated(host=host, logs=lambda line: lines.append(line.text))
    def test() -> None:
        import os

        os.system(f"ls {remote_dir}")

    test()
    assert lines == ["deep", "empty", "link", "one.txt", "run.sh"]
    # It outlasts what it was sent by.
    host.close()
    test()
    assert len(lines) == 10
    host.close()


def test_only_what_differs_is_sent(
    host: LocalHost, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []
    send = _sync._send

    def counted(root: str, entries: list[Any], lacking: dict[str, int], store: Any) -> Any:
        sent.extend(entry.path for entry in entries if entry.content in lacking)
        return send(root, entries, lacking, store)

    monkeypatch.setattr(_sync, "_send", counted)
    sync_dir(folder, "/data/x", host=host)
    assert {"one.txt", "run.sh"} < set(sent)
    sent.clear()
    sync_dir(folder, "/data/x", host=host)
    assert sent == []
    (folder / "one.txt").write_text("ONE")

    # Someone there changes a file, to the same size.
    def tamper() -> None:
        import os

        with open(os.path.join(os.environ["ATHANOR_DATA"], "x", "run.sh"), "r+") as file:
            file.write("!")

    isolated(host=host)(tamper)()
    sync_dir(folder, "/data/x", host=host)
    assert sorted(sent) == ["one.txt", "run.sh"]


def test_an_upload_goes_on_where_it_was(
    host: LocalHost, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "large").write_bytes(os.urandom(5 << 20))
    large = hashlib.sha256((folder / "large").read_bytes()).hexdigest()
    offsets: list[int] = []
    store = _sync._store

    def failing(call: Any, batch: Any, progress: Any) -> Any:
        offsets.extend(at for content, at, _, _ in batch if content == large)
        if offsets and offsets[-1] == 4 << 20 and len(offsets) < 4:
            raise ConnectionError
        return store(call, batch, progress)

    monkeypatch.setattr(_sync, "_store", failing)
    with pytest.raises(ConnectionError):
        sync_dir(folder, "/data/x", host=host)
    assert isolated(host=host)(tree)("/data/x") == {}
    sync_dir(folder, "/data/x", host=host)
    assert offsets == [0, 2 << 20, 4 << 20, 4 << 20]

    def size() -> int:
        import os

        return os.path.getsize(os.path.join(os.environ["ATHANOR_DATA"], "x", "large"))

    assert isolated(host=host)(size)() == 5 << 20


def test_a_file_that_changes_meanwhile_is_named(
    host: LocalHost, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chunks = _sync._chunks

    def changing(path: str, entry: Any, there: int) -> Any:
        for content, at, data, last in chunks(path, entry, there):
            yield content, at, data.replace(b"one", b"new"), last

    monkeypatch.setattr(_sync, "_chunks", changing)
    with pytest.raises(athanor.SyncFailedError, match=r"one\.txt changed while it was sent"):
        sync_dir(folder, "/data/x", host=host)
    monkeypatch.undo()
    sync_dir(folder, "/data/x", host=host)
    assert isolated(host=host)(tree)("/data/x") == tree(str(folder))


def test_what_cannot_be_sent_is_named(folder: Path, tmp_path: Path) -> None:
    for remote in ("relative", "/etc", "/data", "/data/../etc", "/data/.athanor/x", "/data//x"):
        with pytest.raises(athanor.InvalidOptionError, match=r"remote_dir="):
            sync_dir(folder, remote)
    with pytest.raises(NotADirectoryError, match=r"missing"):
        sync_dir(tmp_path / "missing", "/data/x")
    (folder / "out").symlink_to("../../etc")
    with pytest.raises(athanor.SyncFailedError, match=r"out is a link to \.\./\.\./etc"):
        sync_dir(folder, "/data/x")
    (folder / "out").unlink()
    os.mkfifo(folder / "pipe")
    with pytest.raises(athanor.SyncFailedError, match=r"pipe is neither"):
        sync_dir(folder, "/data/x")
