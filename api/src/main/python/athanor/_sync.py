"""Sends a folder to ``/data``."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from athanor import _shipped_sync
from athanor._errors import InvalidOptionError, SyncFailedError
from athanor._function import isolated
from athanor._host import Host
from athanor._options import GivenOptions
from athanor._progress import Progress
from athanor._shipped_sync import FILE, FOLDER, LINK, Entry

if TYPE_CHECKING:
    from typing_extensions import Unpack

_CHUNK_BYTES = 2 << 20
_MAX_BATCH = 256
_ATTEMPTS = 3


def sync_dir(
    path_to_local_dir: str | os.PathLike[str],
    remote_dir: str,
    host: Host | None = None,
    **options: Unpack[GivenOptions],
) -> str:
    """Uploads a local directory to the persistent ``/data`` directory.

    ``path_to_local_dir``
        The directory to upload.
    ``remote_dir``
        Where its files are to be: an absolute path below ``/data``.
    ``host``, ``options``
        Of the isolated functions that receive the files, as ``isolated`` takes them:
        ``host=local``, ``credentials=…``, or ``machine_type="M"`` for an upload that a quarter of a
        CPU would slow down.

    Returns ``remote_dir``, for use in isolated functions::

        remote_dir = sync_dir("path/to/local/dir", "/data/remote_dir")

        @isolated
        def test():
            import os
            os.system(f"ls {remote_dir}")

    The remote directory becomes the same as the local one: only what differs is sent, and what the
    local one does not have is deleted. Permissions, times and symbolic links survive; links that
    lead out of the directory are refused. Files appear whole, once all of them have arrived. An
    upload that was interrupted goes on where it was when it is made again within a day. What is in
    ``/data`` outlasts environments, and all functions find the same there.

    Raises SyncFailedError when a file cannot be sent or changes meanwhile, and whatever a call may.
    """
    remote = _checked(remote_dir)
    root = os.fspath(path_to_local_dir)
    if not os.path.isdir(root):
        raise NotADirectoryError(f"{root!r} is not a directory")
    entries = list(_tree(root))
    lacking = isolated(_shipped_sync.lacking).on(host, **options)
    store = isolated(_shipped_sync.store).on(host, **options)
    commit = isolated(_shipped_sync.commit).on(host, **options)
    for _ in range(_ATTEMPTS):
        changed = _send(root, entries, lacking(remote, entries), store)
        if changed is None and not commit(remote, entries):
            return remote
    raise SyncFailedError(
        f"{changed} changed while it was sent"
        if changed is not None
        else f"what was sent to {remote} was taken away again and again"
    )


def _checked(remote: object) -> str:
    if not isinstance(remote, str) or not remote.startswith("/data/"):
        raise InvalidOptionError(
            f"remote_dir={remote!r}: expected a path that starts with '/data/'"
        )
    parts = remote.rstrip("/").split("/")[2:]
    if not parts or any(part in ("", ".", "..", ".athanor") for part in parts) or "\0" in remote:
        raise InvalidOptionError(
            f"remote_dir={remote!r}: expected the path of a folder below /data"
        )
    return remote.rstrip("/")


def _tree(root: str) -> Iterator[Entry]:
    """Yields all members of a folder, each after the folder that it is in."""
    yield _entry(root, ".")
    for folder, folders, files in os.walk(root):
        folders.sort()
        for name in sorted([*folders, *files]):
            yield _entry(root, os.path.normpath(os.path.join(os.path.relpath(folder, root), name)))


def _entry(root: str, path: str) -> Entry:
    full = os.path.join(root, path)
    found = os.stat(full) if path == "." else os.lstat(full)
    mode = stat.S_IMODE(found.st_mode) & 0o777
    if stat.S_ISLNK(found.st_mode):
        target = os.readlink(full)
        inside = os.path.normpath(os.path.join(os.path.dirname(path), target))
        if os.path.isabs(target) or inside == ".." or inside.startswith("../"):
            raise SyncFailedError(f"{full} is a link to {target}, which is not in {root}")
        return Entry(path, LINK, mode, found.st_mtime_ns, 0, target)
    if stat.S_ISDIR(found.st_mode):
        return Entry(path, FOLDER, mode, found.st_mtime_ns, 0, "")
    if not stat.S_ISREG(found.st_mode):
        raise SyncFailedError(f"{full} is neither a file nor a folder nor a link")
    try:
        digest = _shipped_sync._digest(full)
    except OSError as e:
        raise SyncFailedError(f"{full} cannot be read: {e.strerror}") from e
    return Entry(path, FILE, mode, found.st_mtime_ns, found.st_size, digest)


def _send(root: str, entries: list[Entry], lacking: dict[str, int], store: Any) -> str | None:
    """Sends what is lacking; returns a file that arrived as another one, and None if none did.

    Another caller who sends the same can bring that about too, so it is worth trying again.
    """
    paths = {entry.content: entry for entry in entries if entry.kind == FILE}
    total = sum(paths[content].size - there for content, there in lacking.items())
    if not lacking:
        return None
    with Progress(f"sync {root}", total, unit=1 << 20) as progress:
        batch: list[tuple[str, int, bytes, bool]] = []
        for content, there in lacking.items():
            entry = paths[content]
            for chunk in _chunks(os.path.join(root, entry.path), entry, there):
                batch.append(chunk)
                if len(batch) == _MAX_BATCH or sum(len(each[2]) for each in batch) >= _CHUNK_BYTES:
                    changed = _store(store, batch, progress)
                    batch = []
                    if changed is not None:
                        return paths[changed].path
        changed = _store(store, batch, progress)
    return None if changed is None else paths[changed].path


def _store(store: Any, batch: list[Any], progress: Progress) -> str | None:
    changed: str | None = store(batch) if batch else None
    progress.advance(sum(len(each[2]) for each in batch))
    return changed


def _chunks(path: str, entry: Entry, there: int) -> Iterator[tuple[str, int, bytes, bool]]:
    # What was left by an earlier upload is looked at when all has come.
    at = there if there < entry.size else 0
    with open(path, "rb") as file:
        file.seek(at)
        while True:
            data = file.read(_CHUNK_BYTES)
            last = at + len(data) >= entry.size or not data
            yield entry.content, at, data, last
            at += len(data)
            if last:
                return
