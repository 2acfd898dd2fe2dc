"""Folders of snapshots below snapshots/ of a workspace: staged, named by a row, kept while read, removed when old.

    snapshots/.staging-<id>/     one that is being made, whose `.lock` its process holds, or that a kill left
    snapshots/<id>/              one that a row names; a snapshot directory, with v1/ in it
    snapshots/<id>/.uncommitted  marks a folder whose row is not committed yet, or is about to be removed

Only what has these names is ever removed, and of the second kind only what has the mark and no row that counts
(`snapshot_leftovers`).
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from floodmark.exposure.snapshots.directory import buckets_at, envelope_at
from floodmark.files import write_atomic
from floodmark.register import lock
from floodmark.register.database import WorkspaceUnwritable
from floodmark.register.folders import make_private, remove_tree, sync
from floodmark.register.lease import remove_unread
from floodmark.register.recovery import LOCK_NAME, UNCOMMITTED
from floodmark.register.snapshot_leftovers import NAME, clear_leftovers, mark
from floodmark.register.snapshot_rows import (
    SnapshotRow,
    drop_snapshots,
    list_snapshots,
    put_snapshot,
)
from floodmark.register.write_errors import write_errors

if TYPE_CHECKING:
    from floodmark.register.workspace import Workspace

KEPT = 2  # newest snapshots, so that who reads the one before the newest can end
WHAT = "snapshot make"


class StagedSnapshot:
    """A folder that becomes a snapshot's when it is committed.

    Attributes:
        id: of the snapshot.
        folder: where to write its files.
    """

    def __init__(self, parent: Path, name: str) -> None:
        self.id = name
        self.folder = parent / f".staging-{name}"
        self._place = parent / name

    @property
    def buckets(self) -> Path:
        """Where its buckets.bin goes, whose folder is there."""
        return buckets_at(self.folder, self.id)

    def commit(self, connection: Connection, row: SnapshotRow, envelope: bytes) -> Path:
        """Make the folder, flushed to the disk before, the snapshot's; older ones than the newest two go.

        Args:
            connection: to the register, in no transaction; the caller holds the workspace's lock.
            row: that will name it.
            envelope: as it was signed.

        Returns:
            The snapshot's folder.

        Raises:
            OSError, OutputFailed: the disk refused; what there was before still is.
        """
        write_atomic(envelope_at(self.folder), envelope, private=True)
        (self.folder / UNCOMMITTED).touch(mode=0o600)
        (self.folder / LOCK_NAME).unlink()
        self.folder.rename(self._place)
        try:
            sync(self._place)
            sync(self._place.parent)
            old = self._mark_old(connection)
            with connection.begin():
                put_snapshot(connection, row)
                drop_snapshots(connection, old)
        except BaseException:
            with suppress(Exception), connection.begin():
                if self.id not in {found.id for found in list_snapshots(connection)}:
                    remove_tree(self._place)
            raise
        with suppress(OSError):  # made all the same; the next one puts the rest away
            (self._place / UNCOMMITTED).unlink()
            for name in old:
                remove_unread(self._place.parent / name)
        return self._place

    def _mark_old(self, connection: Connection) -> list[str]:
        """Mark the snapshots that are one too many with this one; a mark on one whose row stays says nothing."""
        with connection.begin():
            old = [row.id for row in list_snapshots(connection)[KEPT - 1 :]]
        for name in old:
            mark(self._place.parent / name)
        return old


@contextmanager
def staged(workspace: Workspace, name: str) -> Iterator[StagedSnapshot]:
    """A folder to make a snapshot in, removed when the block ends without `commit`.

    Args:
        workspace: where to.
        name: id of the snapshot.

    Raises:
        WorkspaceBusy: another process held the lock for too long.
        WorkspaceUnwritable: read-only, full or not permitted; also for a disk that is full in the block.
    """
    parent = workspace.folder / NAME
    with workspace.locked(WHAT) as connection:
        if parent.is_symlink():
            raise WorkspaceUnwritable(
                "snapshots is a link, and only a folder of the workspace itself is written to.",
                "Move the workspace as a whole to the larger disk, and point FLOODMARK_HOME there.",
            )
        make_private(parent)
        clear_leftovers(connection, parent)
        made = StagedSnapshot(parent, name)
        made.folder.mkdir(mode=0o700)
        descriptor = lock.take(made.folder / LOCK_NAME, WHAT)
    try:
        with write_errors(workspace.folder):
            made.buckets.parent.mkdir(parents=True)
            yield made
    finally:
        with suppress(OSError):
            remove_tree(made.folder)
        os.close(descriptor)


def snapshots_of(workspace: Workspace) -> Sequence[tuple[SnapshotRow, Path]]:
    """The snapshots of a workspace with their folders, the newest first, but for those that were withdrawn."""
    with workspace.connect() as connection:
        return [(row, workspace.folder / NAME / row.id) for row in list_snapshots(connection) if row.leaks]


def latest_snapshot(workspace: Workspace) -> Path | None:
    """The folder of the newest snapshot; None when none was made yet."""
    return next((folder for _, folder in snapshots_of(workspace)), None)


@contextmanager
def kept_while_read(folder: Path) -> Iterator[None]:
    """Keep a snapshot's folder from being removed for as long as the block runs; one that is not there is nobody's."""
    descriptor = -1
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        fcntl.flock(descriptor, fcntl.LOCK_SH)
    try:
        yield
    finally:
        if descriptor >= 0:
            os.close(descriptor)
