"""A snapshot as files in a folder that a web server hosts: buckets first, the envelope last, by renaming.

A client that took the envelope before finds its buckets after: those of the snapshot that was published before stay.

A web server is another user, so what is made here can be read by everybody and written by its owner alone, whatever the
umask says. Folders that were there are left as they are (`closed` names those that shut others out).
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, ClassVar

from floodmark.errors import FloodmarkError, UsageError
from floodmark.exposure.snapshots.directory import (
    BUCKETS_FILE,
    SNAPSHOTS,
    VERSION,
    SnapshotDirectory,
    buckets_at,
    envelope_at,
    read_errors,
)
from floodmark.exposure.snapshots.envelope import read_snapshot
from floodmark.exposure.snapshots.publish_folder import FolderTaken, Published, clear, published
from floodmark.exposure.snapshots.snapshot import Snapshot, SnapshotBroken
from floodmark.files import OutputFailed, open_atomic

PIECE = 16 << 20
FILE_MODE, FOLDER_MODE = 0o644, 0o755

Advance = Callable[[int], None]


class PublishedNewer(UsageError):
    """A newer snapshot is published there already; exit code 2."""

    slug: ClassVar[str] = "published-newer"
    hint = "Clients would go back in time. Publish the newest one; to go back on purpose, publish to a new folder."


class PublishedOther(UsageError):
    """Another snapshot is published there under the same number; exit code 2."""

    slug: ClassVar[str] = "published-other"
    hint = (
        "Was the workspace restored from a backup? Clients keep to one snapshot for a number: make another, whose "
        "number is higher, with floodmark snapshot make."
    )


class PublishBusy(FloodmarkError):
    """Another process publishes to the same folder."""

    slug: ClassVar[str] = "publish-busy"
    hint = "Wait until it ends; a process that was killed holds nothing."


def publish(
    source: SnapshotDirectory,
    envelope: bytes,
    root: bytes,
    folder: Path,
    advance: Advance = lambda size: None,
) -> Published:
    """Write a snapshot's files, for good: whoever downloads them keeps them.

    The caller has seen that the snapshot is sound and in its time.

    Args:
        source: has the snapshot's buckets.
        envelope: of the snapshot.
        root: the public root key, 32 bytes.
        folder: where to; made when it is not there.
        advance: told of the bytes written.

    Raises:
        FolderTaken: the folder holds something else, or a snapshot by another root key.
        PublishedNewer: a snapshot of a higher number is there.
        PublishedOther: another one of the same number is.
        PublishBusy: another process publishes there.
        SnapshotBroken: the buckets are not what was signed; nothing of them is there then.
        OutputFailed: the disk refused; what was published before still is.
    """
    snapshot = read_snapshot(envelope, root)
    with write_errors(folder), locked(folder):
        before = published(folder, root)
        if before is not None:
            _check_follows(before, snapshot)
        target = buckets_at(folder, snapshot.id)
        _make(folder, VERSION, SNAPSHOTS, snapshot.id)
        with _open(target) as file, source.buckets(snapshot) as descriptor:
            found = hashlib.sha256()
            for piece in _pieces(descriptor):
                file.write(piece)
                found.update(piece)
                advance(len(piece))
            if found.hexdigest() != snapshot.buckets.sha256:
                raise SnapshotBroken(f"{BUCKETS_FILE} is not what was signed.")
        with _open(envelope_at(folder)) as file:
            file.write(envelope)
        needed = {snapshot.id} | {one.id for one in (before, snapshot.predecessor) if one is not None}
        return clear(folder, needed - {snapshot.id}, snapshot.id)


def _check_follows(before: Snapshot, snapshot: Snapshot) -> None:
    """Refuse to put a snapshot in the place of a newer one, or of another that calls itself the same."""
    if before.number > snapshot.number:
        raise PublishedNewer(
            f"Snapshot {before.number} is published there, and this one is number {snapshot.number}."
        )
    same = before.number == snapshot.number or before.id == snapshot.id
    if same and before.sha256 != snapshot.sha256:
        raise PublishedOther(f"Another snapshot is published there as number {before.number}.")


@contextmanager
def _open(path: Path) -> Iterator[BinaryIO]:
    """A file that becomes `path` when the block ends, for everybody to read."""
    with open_atomic(path, private=True) as file:
        os.fchmod(file.fileno(), FILE_MODE)
        yield file


def _make(folder: Path, *names: str) -> None:
    """Make folders one in another, each on the disk before what it holds; links in their place are refused."""
    for name in names:
        sync(folder)
        folder = folder / name
        if folder.is_symlink():
            raise FolderTaken(f"{name} in the folder to publish to is a link.")
        _make_one(folder)
    sync(folder.parent)


def _make_one(folder: Path) -> None:
    """Make a folder that everybody can enter, where there is none."""
    if not folder.is_dir():
        folder.mkdir(0o700)
        folder.chmod(FOLDER_MODE)


def _pieces(descriptor: int) -> Iterator[bytes]:
    at = 0
    while piece := _piece(descriptor, at):
        yield piece
        at += len(piece)


def _piece(descriptor: int, at: int) -> bytes:
    with read_errors(BUCKETS_FILE):
        return os.pread(descriptor, PIECE, at)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder, where its file system has locks; made first when it is not there.

    Raises:
        PublishBusy: another process holds it.
    """
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    for one in reversed(missing):
        _make_one(one)
        sync(one.parent)
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise PublishBusy("Another process publishes to this folder.") from None
        except OSError:  # a file system without locks
            pass
        yield
    finally:
        os.close(descriptor)


def sync(folder: Path) -> None:
    """Flush what was made, renamed or removed in a folder."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def write_errors(folder: Path) -> Iterator[None]:
    """Failures of the system to write to a folder, in words.

    Raises:
        OutputFailed: in place of an OSError.
    """
    try:
        yield
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else "unknown reason"
        raise OutputFailed(f"{folder.name or 'The folder'} could not be written: {reason}.") from error
