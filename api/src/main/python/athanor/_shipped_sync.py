"""The far end of ``sync_dir``, which runs in sandboxes: sent by value, standard library only.

What has arrived lies in ``/data/.athanor/staged``, named by its content, until all of a tree is
there; then each file takes its place by a rename. So an upload that was interrupted goes on where
it was, and nobody ever sees half a file.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import stat
import time
from typing import Any, NamedTuple

FOLDER, FILE, LINK = "folder", "file", "link"
_KEPT_SECONDS = 24 * 3600
_READ_BYTES = 1 << 20


class Entry(NamedTuple):
    """A member of a tree: ``content`` is a file's SHA-256, or what a link leads to."""

    path: str
    kind: str
    mode: int
    mtime_ns: int
    size: int
    content: str


def lacking(remote: str, entries: list[Entry]) -> dict[str, int]:
    """Returns the contents that are not here, with how many bytes of each are."""
    place, own = _places(remote)
    known = _read_known(own, remote)
    found: dict[str, int] = {}
    with _locked(own):
        _sweep(own)
        for entry in entries:
            if entry.kind != FILE or entry.content in found:
                continue
            staged = os.path.join(own, "staged", entry.content)
            if os.path.exists(staged):
                os.utime(staged)
            elif _content(os.path.join(place, entry.path), entry, known) != entry.content:
                part = staged + ".part"
                found[entry.content] = os.path.getsize(part) if os.path.exists(part) else 0
    return found


def store(chunks: list[tuple[str, int, bytes, bool]]) -> str | None:
    """Keeps chunks: of which content, where in it, the bytes, whether these are its last.

    Returns a content that turned out to be another one; None when all is well.
    """
    _, own = _places("/data")
    for content, offset, data, last in chunks:
        staged = os.path.join(own, "staged", content)
        part = staged + ".part"
        if os.path.exists(staged):
            continue
        # Written at its own place: a call that is made again writes the same once more.
        with open(os.open(part, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
            file.seek(offset)
            file.write(data)
            if last:
                file.truncate()
                file.flush()
                os.fsync(file.fileno())
        if last and _digest(part) != content:
            os.unlink(part)
            return content
        if last:
            os.replace(part, staged)
    return None


def commit(remote: str, entries: list[Entry]) -> list[str]:
    """Makes the remote folder the same as the tree, if all of its contents are here.

    Returns those that are not; then nothing was changed.
    """
    place, own = _places(remote)
    with _locked(own):
        known = _read_known(own, remote)
        changed = [
            entry
            for entry in entries
            if entry.kind == FILE
            and _content(os.path.join(place, entry.path), entry, known) != entry.content
        ]
        staged = os.path.join(own, "staged")
        missing = {
            entry.content
            for entry in changed
            if not os.path.exists(os.path.join(staged, entry.content))
        }
        if missing:
            return sorted(missing)
        _clear(place, entries)
        _fill(place, staged, entries, {entry.path for entry in changed})
        for content in {entry.content for entry in changed}:
            os.unlink(os.path.join(staged, content))
        _write_known(own, remote, place, entries)
        for entry in reversed(entries):
            if entry.kind == FOLDER:
                path = os.path.join(place, entry.path)
                os.chmod(path, entry.mode)
                os.utime(path, ns=(entry.mtime_ns, entry.mtime_ns))
    return []


def _places(remote: str) -> tuple[str, str]:
    data = os.environ["ATHANOR_DATA"]
    own = os.path.join(data, ".athanor")
    for folder in ("staged", "known"):
        os.makedirs(os.path.join(own, folder), exist_ok=True)
    return os.path.normpath(os.path.join(data, os.path.relpath(remote, "/data"))), own


@contextlib.contextmanager
def _locked(own: str) -> Any:
    with open(os.path.join(own, "lock"), "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _sweep(own: str) -> None:
    for staged in os.scandir(os.path.join(own, "staged")):
        with contextlib.suppress(FileNotFoundError):
            if time.time() - staged.stat().st_mtime > _KEPT_SECONDS:
                os.unlink(staged.path)


def _content(path: str, entry: Entry, known: dict[str, Any]) -> str | None:
    """Returns the digest of a file in place; None where it is no such file."""
    try:
        found = os.lstat(path)
    except OSError:
        return None
    if not stat.S_ISREG(found.st_mode) or found.st_size != entry.size:
        return None
    mark, digest = known.get(entry.path, (None, None))
    return digest if mark == _mark(found) else _digest(path)


def _mark(found: os.stat_result) -> list[int]:
    # The time of change cannot be set by anyone, so whoever wrote to the file changed it.
    return [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]


def _digest(path: str) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for data in iter(lambda: file.read(_READ_BYTES), b""):
            digest.update(data)
    return digest.hexdigest()


def _clear(place: str, entries: list[Entry]) -> None:
    """Takes away what is not in the tree, or is of another kind there."""
    kinds = {entry.path: entry.kind for entry in entries}
    parent = os.path.dirname(place)
    os.makedirs(parent, exist_ok=True)
    if os.path.lexists(place) and (os.path.islink(place) or not os.path.isdir(place)):
        os.unlink(place)
    for folder, folders, files in os.walk(place):
        below = os.path.relpath(folder, place)
        for name in list(folders):
            path = os.path.normpath(os.path.join(below, name))
            full = os.path.join(folder, name)
            if os.path.islink(full):
                if kinds.get(path) != LINK:
                    os.unlink(full)
            elif kinds.get(path) != FOLDER:
                folders.remove(name)
                shutil.rmtree(full)
            else:
                os.chmod(full, os.stat(full).st_mode | 0o700)
        for name in files:
            path = os.path.normpath(os.path.join(below, name))
            full = os.path.join(folder, name)
            if kinds.get(path) != (LINK if os.path.islink(full) else FILE):
                os.unlink(full)


def _fill(place: str, staged: str, entries: list[Entry], changed: set[str]) -> None:
    os.makedirs(place, exist_ok=True)
    os.chmod(place, os.stat(place).st_mode | 0o700)
    for entry in entries:
        path = os.path.join(place, entry.path)
        if entry.kind == FOLDER:
            os.makedirs(path, exist_ok=True)
        elif entry.kind == LINK:
            if not os.path.islink(path) or os.readlink(path) != entry.content:
                new = path + ".athanor-new"
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(new)
                os.symlink(entry.content, new)
                os.replace(new, path)
        else:
            new = path
            if entry.path in changed:
                new = path + ".athanor-new"
                shutil.copyfile(os.path.join(staged, entry.content), new)
            os.chmod(new, entry.mode)
            os.utime(new, ns=(entry.mtime_ns, entry.mtime_ns))
            if new != path:
                os.replace(new, path)


def _known_file(own: str, remote: str) -> str:
    return os.path.join(own, "known", hashlib.sha256(remote.encode()).hexdigest())


def _read_known(own: str, remote: str) -> dict[str, Any]:
    try:
        with open(_known_file(own, remote)) as file:
            known = json.load(file)
    except (OSError, ValueError):
        # It only saves reading files again.
        return {}
    return known if isinstance(known, dict) else {}


def _write_known(own: str, remote: str, place: str, entries: list[Entry]) -> None:
    known = {
        entry.path: (_mark(os.lstat(os.path.join(place, entry.path))), entry.content)
        for entry in entries
        if entry.kind == FILE
    }
    file = _known_file(own, remote)
    with open(file + ".new", "w") as new:
        json.dump(known, new)
    os.replace(file + ".new", file)
