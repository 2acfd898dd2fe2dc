"""A snapshot as files in a folder that a web server hosts: buckets first, the envelope last, by renaming.

A client that took the envelope before finds its buckets after: those of the snapshot that was published before stay.
Everything else of the folder is left alone, and only what this module wrote is ever removed.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from floodmark.errors import FloodmarkError, NothingToRead, UsageError
from floodmark.exposure.snapshots.directory import (
    BUCKETS_FILE,
    ENVELOPE,
    SNAPSHOTS,
    VERSION,
    SnapshotDirectory,
    buckets_at,
    envelope_at,
)
from floodmark.exposure.snapshots.envelope import WrongRootKey, read_snapshot
from floodmark.exposure.snapshots.snapshot import Snapshot, SnapshotBroken
from floodmark.files import OutputFailed, open_atomic, write_atomic

PIECE = 16 << 20
_ID = re.compile(r"[0-9a-f]{32}")
_PART = re.compile(rf"\.({re.escape(BUCKETS_FILE)}|{ENVELOPE})\.[0-9a-f]{{16}}\.part")

Advance = Callable[[int], None]


class PublishedNewer(UsageError):
    """A newer snapshot is published there already; exit code 2."""

    slug: ClassVar[str] = "published-newer"
    hint = "Clients would go back in time. Publish the newest one; to go back on purpose, publish to a new folder."


class FolderTaken(UsageError):
    """The folder to publish to holds something else; exit code 2."""

    slug: ClassVar[str] = "folder-taken"
    hint = "Name a folder that is empty or new, or the one that was published to before."


class PublishBusy(FloodmarkError):
    """Another process publishes to the same folder."""

    slug: ClassVar[str] = "publish-busy"
    hint = "Wait until it ends; a process that was killed holds nothing."


@dataclass(frozen=True)
class Published:
    """What publishing did: ids of the snapshots whose buckets were kept beside the new ones, and were removed."""

    kept: tuple[str, ...]
    removed: tuple[str, ...]


def published(folder: Path, root: bytes) -> Snapshot | None:
    """The snapshot that is published in a folder, in time or not; None where there is none.

    Raises:
        FolderTaken: the folder holds something else, or a snapshot by another root key.
        OutputFailed: it cannot be read.
    """
    try:
        found = SnapshotDirectory(folder).envelope()
    except NothingToRead:
        _check_ours(folder)
        return None
    except SnapshotBroken as error:
        raise FolderTaken(f"The folder has a {VERSION}/{ENVELOPE} that is no snapshot's.") from error
    try:
        return read_snapshot(found, root)
    except WrongRootKey as error:
        raise FolderTaken("The folder has a snapshot that is signed with another root key.") from error
    except FloodmarkError as error:
        raise FolderTaken(f"The folder has a {VERSION}/{ENVELOPE} that is no snapshot's.") from error


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
        PublishBusy: another process publishes there.
        SnapshotBroken: the buckets are not what was signed; nothing of them is there then.
        OutputFailed: the disk refused; what was published before still is.
    """
    snapshot = read_snapshot(envelope, root)
    with _write_errors(folder), _locked(folder):
        before = published(folder, root)
        if before is not None and before.number > snapshot.number:
            raise PublishedNewer(
                f"Snapshot {before.number} is published there, and this one is number {snapshot.number}."
            )
        target = buckets_at(folder, snapshot.id)
        _make(folder, VERSION, SNAPSHOTS, snapshot.id)
        with open_atomic(target) as file, source.buckets(snapshot) as descriptor:
            found = hashlib.sha256()
            for piece in _pieces(descriptor):
                file.write(piece)
                found.update(piece)
                advance(len(piece))
            if found.hexdigest() != snapshot.buckets.sha256:
                raise SnapshotBroken(f"{BUCKETS_FILE} is not what was signed.")
        write_atomic(envelope_at(folder), envelope)
        needed = {snapshot.id} | {one.id for one in (before, snapshot.predecessor) if one is not None}
        return _clear(folder, needed - {snapshot.id}, snapshot.id)


def _check_ours(folder: Path) -> None:
    """Refuse a folder with anything in it but what a publishing that was killed leaves."""
    names = _names(folder)
    inner = _names(folder / VERSION)
    strange = names - {VERSION} or {name for name in inner - {SNAPSHOTS} if not _PART.fullmatch(name)}
    for name in _names(folder / VERSION / SNAPSHOTS):
        files = _names(folder / VERSION / SNAPSHOTS / name)
        if not _ID.fullmatch(name) or any(not _is_ours(file) for file in files):
            strange.add(name)
    if strange:
        raise FolderTaken("The folder to publish to is not empty, and nothing was published there before.")


def _names(folder: Path) -> set[str]:
    """Names in a folder; empty where there is none, and where a file or a link stands for it."""
    if folder.is_symlink() and folder.name in (VERSION, SNAPSHOTS):
        raise FolderTaken(f"{folder.name} in the folder to publish to is a link.")
    try:
        return set(os.listdir(folder))  # noqa: PTH208
    except FileNotFoundError:
        return set()
    except NotADirectoryError:
        raise FolderTaken("There is a file in the place of a folder.") from None


def _is_ours(name: str) -> bool:
    return name == BUCKETS_FILE or _PART.fullmatch(name) is not None


def _make(folder: Path, *names: str) -> None:
    """Make folders one in another, each on the disk before what it holds; links in their place are refused."""
    for name in names:
        _sync(folder)
        folder = folder / name
        folder.mkdir(exist_ok=True)
        if folder.is_symlink():
            raise FolderTaken(f"{name} in the folder to publish to is a link.")
    _sync(folder.parent)


def _clear(folder: Path, keep: set[str], new: str) -> Published:
    """Remove buckets of older snapshots, and parts that kills left; nothing else, and no folder that holds more."""
    removed = []
    there = {name for name in _names(folder / VERSION / SNAPSHOTS) if _ID.fullmatch(name)}
    for name in sorted(there):
        place = folder / VERSION / SNAPSHOTS / name
        if place.is_symlink():
            continue
        if name in keep | {new}:
            _remove_parts(place)
            continue
        for file in filter(_is_ours, _names(place)):
            (place / file).unlink()
        with suppress(OSError):  # somebody put something of theirs there
            place.rmdir()
        removed.append(name)
    _remove_parts(folder / VERSION)
    return Published(tuple(sorted(there & keep)), tuple(removed))


def _remove_parts(folder: Path) -> None:
    for name in filter(_PART.fullmatch, _names(folder)):
        (folder / name).unlink()


def _pieces(descriptor: int) -> Iterator[bytes]:
    at = 0
    while piece := os.pread(descriptor, PIECE, at):
        yield piece
        at += len(piece)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the folder, where its file system has locks; made first when it is not there."""
    if not folder.is_dir():
        folder.mkdir(parents=True)
        _sync(folder.parent)
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


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _write_errors(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else "unknown reason"
        raise OutputFailed(f"{folder.name or 'The folder'} could not be written: {reason}.") from error
