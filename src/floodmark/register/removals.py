"""Folders of leaks that were forgotten or replaced: noted with the change of the row, removed after it.

The note is what says that a folder is ours to remove. That no row names a folder says nothing: the register may have
been put back from an older copy, and somebody may keep a folder of their own below leaks/.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, delete, insert, select, update

from floodmark.register.leaks import folders_named, known_slugs
from floodmark.register.lease import remove_unread
from floodmark.register.slugs import FOLDER
from floodmark.register.tables import removals, workspace


def note_removal(connection: Connection, folder: str) -> None:
    """Note that a leak's folder is to be removed; in the transaction that takes it from the leak's row.

    Args:
        connection: in a transaction that writes.
        folder: its name below leaks/.
    """
    connection.execute(delete(removals).where(removals.c.folder == folder))
    connection.execute(insert(removals).values(folder=folder))


def folders_to_remove(connection: Connection) -> set[str]:
    """Names of folders that were noted and are not removed yet."""
    return set(connection.execute(select(removals.c.folder)).scalars())


def remove_noted(connection: Connection, leaks_folder: Path) -> bool:
    """Remove the folders that were noted, but for those that somebody reads; whether none is left.

    With the last folder of a slug its name goes, too: the wipe of freed pages is due then.

    Args:
        connection: to the register, in no transaction; the caller holds the workspace's lock.
        leaks_folder: the workspace's folder of leaks.

    Raises:
        OSError: the disk refused; the note stays.
    """
    with connection.begin():
        noted, named, slugs = (
            folders_to_remove(connection),
            folders_named(connection),
            known_slugs(connection),
        )
    ours = {name for name in noted - named if FOLDER.fullmatch(name)}
    kept = {name for name in sorted(ours) if not remove_unread(leaks_folder / name)}
    gone = noted - kept
    if gone:
        with connection.begin():
            connection.execute(delete(removals).where(removals.c.folder.in_(gone)))
            if {name.partition("@")[0] for name in gone} - set(slugs):
                connection.execute(update(workspace).values(wipe_due=True))
    return not kept
