"""Taking down what was published: the envelope first, so that no client begins a check that it cannot end.

The envelope is set aside until the buckets are gone, so that a withdrawal that was killed is known as one of the same
root key, and ended by the next. Only what publishing wrote goes; folders go when nothing else is in them.
"""

from __future__ import annotations

import errno
from dataclasses import dataclass
from pathlib import Path

from floodmark.errors import NothingToRead
from floodmark.exposure.snapshots.directory import SNAPSHOTS, VERSION, envelope_at
from floodmark.exposure.snapshots.publish_folder import (
    WITHDRAWN,
    envelope_in,
    is_ours,
    snapshots_in,
)
from floodmark.exposure.snapshots.publishing import locked, sync, write_errors
from floodmark.exposure.snapshots.snapshot import Snapshot


@dataclass(frozen=True)
class Withdrawn:
    """What was taken down: the snapshot that was published, and ids of all whose buckets were there."""

    snapshot: Snapshot
    removed: tuple[str, ...]


def standing(folder: Path, root: bytes) -> Snapshot:
    """The snapshot that is published in a folder, or that a withdrawal which was killed has set aside.

    Raises:
        NothingToRead: there is none.
        FolderTaken: the folder holds a snapshot by another root key, or something that is none.
        UnreadableInput: it cannot be read.
    """
    found = envelope_in(folder, root) or envelope_in(folder, root, WITHDRAWN)
    if found is None:
        raise NothingToRead("No snapshot is published in that folder.", "Name the folder that has v1 in it.")
    return found


def withdraw(folder: Path, root: bytes) -> Withdrawn:
    """Remove what was published to a folder: the envelope, then the buckets of every snapshot.

    Copies that others have are out of reach, and so are caches on the way to them.

    Args:
        folder: that was published to.
        root: the public root key, 32 bytes, that signed what is there.

    Raises:
        NothingToRead, FolderTaken, UnreadableInput: as `standing`; nothing is removed.
        PublishBusy: another process publishes there.
        OutputFailed: the disk refused; run it again.
    """
    standing(folder, root)  # before a lock would make the folder
    with write_errors(folder), locked(folder):
        found = standing(folder, root)
        within, aside = folder / VERSION, folder / VERSION / WITHDRAWN
        listed = snapshots_in(folder)
        if envelope_at(folder).exists():
            envelope_at(folder).replace(aside)
            sync(within)
        for name, files in listed.items():
            for file in sorted(filter(is_ours, files)):
                (within / SNAPSHOTS / name / file).unlink()
            _remove_empty(within / SNAPSHOTS / name)
        _remove_empty(within / SNAPSHOTS)
        for path in sorted(within.glob(".*")):
            if is_ours(path.name) and path != aside:
                path.unlink()
        aside.unlink()
        _remove_empty(within)
        sync(folder)
    return Withdrawn(found, tuple(listed))


def _remove_empty(folder: Path) -> None:
    """Remove a folder for good, unless it holds something that is not ours."""
    try:
        folder.rmdir()
    except FileNotFoundError:
        return
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
            raise
        return
    sync(folder.parent)
