"""What a kill left behind, put away: run by whoever changes the workspace next, under its lock.

A leak is saved when its row is. Only what is known to be ours goes: a staging folder whose process lives no more, a
folder that still has the mark of a save which had not committed its row, and what was noted when a leak was forgotten
or replaced. Any other folder that no row names is left alone, and `strays` tells of it. Links are never followed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Connection, select

from floodmark.errors import FloodmarkError
from floodmark.register.folders import remove_tree
from floodmark.register.leaks import folders_named
from floodmark.register.lease import remove_unread
from floodmark.register.lock import Holder, holder, is_held
from floodmark.register.removals import remove_noted
from floodmark.register.slugs import FOLDER
from floodmark.register.tables import workspace
from floodmark.register.wipe import wipe

LOCK_NAME = ".lock"
UNCOMMITTED = ".uncommitted"  # lies in a folder from before its renaming until its row is committed
STAGING = re.compile(r"\.staging-(?P<slug>[a-z0-9][a-z0-9-]{0,63})-[0-9a-f]{16}")
_PART = re.compile(r"\..{1,100}\.[0-9a-f]{16}\.part")


def clear_staging(leaks_folder: Path) -> None:
    """Remove what saves that were killed had prepared.

    Apart from the rest, since it needs no database: a disk that such a save filled may be too full to open one.

    Raises:
        OSError: the disk refused.
    """
    for folder in _folders(leaks_folder):
        if STAGING.fullmatch(folder.name) and not is_held(folder / LOCK_NAME):
            remove_tree(folder)


def recover(connection: Connection, root: Path, leaks_folder: Path) -> None:
    """Remove what saves that were killed, and leaks that are no more, have left, and finish a wipe that is due.

    Args:
        connection: to the register, in no transaction; the caller holds the workspace's lock.
        root: the workspace's folder.
        leaks_folder: its folder of leaks.

    Raises:
        OSError: the disk refused.
    """
    remove_noted(connection, leaks_folder)
    with connection.begin():
        named = folders_named(connection)
        wipe_due = connection.execute(select(workspace.c.wipe_due)).scalar_one_or_none()
    for folder in _folders(leaks_folder):
        if FOLDER.fullmatch(folder.name) and os.path.lexists(folder / UNCOMMITTED):
            if folder.name in named:
                (folder / UNCOMMITTED).unlink()
            else:
                remove_unread(folder)
        if folder.name in named:
            _remove_parts(folder)
    for folder in (root, leaks_folder):
        _remove_parts(folder)
    if wipe_due:
        with suppress(FloodmarkError):  # a reader is in the way, or the disk is full: it stays due
            wipe(connection, patience=0)


def saving(leaks_folder: Path, slug: str) -> Holder | None:
    """The live process that saves a leak of this slug now, if there is one."""
    for folder in _folders(leaks_folder):
        staged = STAGING.fullmatch(folder.name)
        if staged and staged["slug"] == slug and is_held(folder / LOCK_NAME):
            return holder(folder / LOCK_NAME)
    return None


def other_saves(leaks_folder: Path, own: Path) -> bool:
    """Whether a live process prepares a leak in a staging folder other than `own`."""
    return any(
        folder != own and STAGING.fullmatch(folder.name) and is_held(folder / LOCK_NAME)
        for folder in _folders(leaks_folder)
    )


def leftovers(leaks_folder: Path) -> bool:
    """Whether leaks lie in the folder, other than in staging."""
    return any(FOLDER.fullmatch(folder.name) for folder in _folders(leaks_folder))


def _folders(parent: Path) -> Iterator[Path]:
    with suppress(FileNotFoundError), os.scandir(parent) as entries:
        yield from [Path(entry.path) for entry in entries if entry.is_dir(follow_symlinks=False)]


def _remove_parts(folder: Path) -> None:
    with suppress(FileNotFoundError, NotADirectoryError), os.scandir(folder) as entries:
        for entry in entries:
            if _PART.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
                Path(entry.path).unlink(missing_ok=True)
