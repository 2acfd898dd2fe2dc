"""A folder that snapshots are published to: what of it is ours, and what of that may go.

Only what publishing wrote is ever removed; links are neither followed nor removed.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from floodmark.errors import FloodmarkError, NothingToRead, UnreadableInput, UsageError
from floodmark.exposure.snapshots.directory import (
    BUCKETS_FILE,
    ENVELOPE,
    SNAPSHOTS,
    VERSION,
    SnapshotDirectory,
)
from floodmark.exposure.snapshots.envelope import WrongRootKey, read_snapshot
from floodmark.exposure.snapshots.snapshot import Snapshot

_ID = re.compile(r"[0-9a-f]{32}")
WITHDRAWN = f".{ENVELOPE}.withdrawn"
_PART = re.compile(rf"\.({re.escape(BUCKETS_FILE)}|{ENVELOPE})\.[0-9a-f]{{16}}\.part|{re.escape(WITHDRAWN)}")


class FolderTaken(UsageError):
    """The folder to publish to holds something else; exit code 2."""

    slug: ClassVar[str] = "folder-taken"
    hint = "Name a folder that is empty or new, or the one that was published to before."


@dataclass(frozen=True)
class Published:
    """What publishing did: ids of the snapshots whose buckets were kept beside the new ones, and were removed."""

    kept: tuple[str, ...]
    removed: tuple[str, ...]


def published(folder: Path, root: bytes) -> Snapshot | None:
    """The snapshot that is published in a folder, in time or not; None where there is none.

    Raises:
        FolderTaken: the folder holds something else, or a snapshot by another root key.
        UnreadableInput: it cannot be read.
    """
    found = envelope_in(folder, root)
    if found is None:
        _check_ours(folder)
    return found


def envelope_in(folder: Path, root: bytes, name: str = ENVELOPE) -> Snapshot | None:
    """The snapshot that a file in `v1` names; None where there is no such file.

    Raises:
        FolderTaken: it is no snapshot's, or one by another root key.
        UnreadableInput: it cannot be read.
    """
    try:
        return read_snapshot(SnapshotDirectory(folder).envelope(name), root)
    except NothingToRead:
        return None
    except UnreadableInput:
        raise
    except WrongRootKey as error:
        raise FolderTaken("The folder has a snapshot that is signed with another root key.") from error
    except FloodmarkError as error:
        raise FolderTaken(f"The folder has a {VERSION}/{name} that is no snapshot's.") from error


def snapshots_in(folder: Path) -> dict[str, set[str]]:
    """Names of the files of each snapshot's folder that is there, by its id; links are none.

    Raises:
        FolderTaken: a link or a file stands for a folder.
    """
    names = {name for name in _names(folder, VERSION, SNAPSHOTS) if _ID.fullmatch(name)}
    places = {name: folder / VERSION / SNAPSHOTS / name for name in sorted(names)}
    return {name: _names(place) for name, place in places.items() if not place.is_symlink()}


def closed(folder: Path) -> tuple[str, ...]:
    """What of a published folder a web server that runs as another user cannot get at, as paths from the folder.

    A folder that others cannot enter, or a file that they cannot read.
    """
    places = [folder, folder / VERSION, folder / VERSION / SNAPSHOTS]
    files = [folder / VERSION / ENVELOPE]
    for name in snapshots_in(folder):
        places.append(folder / VERSION / SNAPSHOTS / name)
        files.append(places[-1] / BUCKETS_FILE)
    shut = [place for place in places if _lacks(place, stat.S_IXOTH)]
    shut += [file for file in files if _lacks(file, stat.S_IROTH)]
    return tuple(str(path.relative_to(folder)) for path in shut)


def clear(folder: Path, keep: set[str], new: str) -> Published:
    """Remove buckets of older snapshots, and parts that kills left; nothing else, and no folder that holds more.

    Args:
        folder: that was published to.
        keep: ids of snapshots whose buckets stay.
        new: id of the one that was published now.

    Raises:
        OSError: the disk refused.
    """
    removed = []
    there = {name for name in _names(folder, VERSION, SNAPSHOTS) if _ID.fullmatch(name)}
    for name in sorted(there):
        place = folder / VERSION / SNAPSHOTS / name
        if place.is_symlink():
            continue
        if name in keep | {new}:
            _remove(place, _PART.fullmatch)
            continue
        _remove(place, is_ours)
        with suppress(OSError):  # somebody put something of theirs there
            place.rmdir()
            removed.append(name)
    _remove(folder / VERSION, _PART.fullmatch)
    return Published(tuple(sorted(there & keep)), tuple(removed))


def _lacks(path: Path, bit: int) -> bool:
    """Whether what is at a path lacks a permission."""
    with suppress(OSError):
        return not path.stat().st_mode & bit
    return False


def _remove(folder: Path, ours: Callable[[str], object]) -> None:
    """Remove files of ours; what cannot go stays until the next time, since the snapshot is published already."""
    for name in filter(ours, _names(folder)):
        with suppress(OSError):
            (folder / name).unlink()


def _check_ours(folder: Path) -> None:
    """Refuse a folder with anything in it but what a publishing that was killed leaves."""
    names = _names(folder)
    inner = _names(folder, VERSION)
    strange = names - {VERSION} or {name for name in inner - {SNAPSHOTS} if not _PART.fullmatch(name)}
    for name in _names(folder, VERSION, SNAPSHOTS):
        files = _names(folder, VERSION, SNAPSHOTS, name)
        if not _ID.fullmatch(name) or not all(map(is_ours, files)):
            strange.add(name)
    if strange:
        raise FolderTaken("The folder to publish to is not empty, and nothing was published there before.")


def _names(folder: Path, *within: str) -> set[str]:
    """Names in a folder below `folder`, none of which may be a link; empty where there is none.

    Raises:
        FolderTaken: a link or a file stands for it.
    """
    for name in within:
        folder = folder / name
        if folder.is_symlink():
            raise FolderTaken(f"{name} in the folder to publish to is a link.")
    try:
        return set(os.listdir(folder))  # noqa: PTH208
    except FileNotFoundError:
        return set()
    except NotADirectoryError:
        raise FolderTaken("There is a file in the place of a folder.") from None


def is_ours(name: str) -> bool:
    """Whether publishing wrote a file of this name into a snapshot's folder."""
    return name == BUCKETS_FILE or _PART.fullmatch(name) is not None
