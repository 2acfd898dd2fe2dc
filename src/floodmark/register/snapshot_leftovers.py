"""What snapshots leave behind, put away: by whoever changes the workspace next, under its lock.

A snapshot is made, and removed, when its row says so. A folder below snapshots/ goes only when it has the name of one
that was being made and whose process lives no more, or that of a snapshot with the mark and without a row that counts.
No link is followed.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from sqlalchemy import Connection, select, update

from floodmark.register import lock
from floodmark.register.database import RegisterDamaged
from floodmark.register.folders import remove_tree, sync
from floodmark.register.lease import remove_unread
from floodmark.register.recovery import LOCK_NAME, UNCOMMITTED
from floodmark.register.tables import snapshots

NAME = "snapshots"
ID = re.compile(r"[0-9a-f]{32}")
STAGING = re.compile(r"\.staging-[0-9a-f]{32}")


def clear_leftovers(connection: Connection, parent: Path) -> bool:
    """Remove what kills left of snapshots that were being made or removed; whether nothing is left.

    Args:
        connection: to the register, in no transaction; the caller holds the workspace's lock.
        parent: the workspace's folder of snapshots.

    Raises:
        OSError: the disk refused.
    """
    if parent.is_symlink() or not parent.is_dir():
        return True
    with connection.begin():
        kept = {name for name, leaks in _leaks_by_id(connection).items() if leaks}
    with os.scandir(parent) as entries:
        folders = [Path(entry.path) for entry in entries if entry.is_dir(follow_symlinks=False)]
    gone = True
    for folder in folders:
        if STAGING.fullmatch(folder.name) and not lock.is_held(folder / LOCK_NAME):
            remove_tree(folder)
        elif ID.fullmatch(folder.name) and os.path.lexists(folder / UNCOMMITTED):
            if folder.name in kept:
                (folder / UNCOMMITTED).unlink()
            else:
                gone &= remove_unread(folder)
    return gone


def mark(folder: Path) -> None:
    """Mark a snapshot's folder that is to go when its row does; as long as the row stays, the mark says nothing."""
    if folder.is_dir() and not folder.is_symlink():
        (folder / UNCOMMITTED).touch(mode=0o600)
        sync(folder)


def holding(connection: Connection, slug: str) -> list[str]:
    """Ids of the snapshots that a leak is in."""
    return [name for name, leaks in _leaks_by_id(connection).items() if slug in leaks]


def withdraw(connection: Connection, ids: list[str]) -> None:
    """Keep of snapshots no more than that they were made: the next one names its number and hash all the same."""
    connection.execute(update(snapshots).where(snapshots.c.id.in_(ids)).values(leaks=[]))


def _leaks_by_id(connection: Connection) -> dict[str, list[str]]:
    try:
        rows = connection.execute(select(snapshots.c.id, snapshots.c.leaks)).all()
    except ValueError as error:  # leaks that are no JSON
        raise RegisterDamaged("register.sqlite holds a snapshot that cannot be read.") from error
    if any(not isinstance(row.leaks, list) for row in rows):
        raise RegisterDamaged("register.sqlite holds a snapshot that cannot be one.")
    return {row.id: row.leaks for row in rows}
