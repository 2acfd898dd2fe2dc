"""Folders below leaks/ that no row names and that nothing removes: somebody's own, or leaks of a newer register."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from sqlalchemy import Connection

from floodmark.register.leaks import folders_named
from floodmark.register.recovery import STAGING, UNCOMMITTED
from floodmark.register.removals import folders_to_remove

MOST_NAMED = 5


def strays(leaks_folder: Path, connect: Callable[[], AbstractContextManager[Connection]]) -> list[str]:
    """Names of such folders, and of links, sorted.

    Args:
        leaks_folder: the workspace's folder of leaks; it need not exist.
        connect: opens a new transaction of the register. It is looked at after the folder, so that a leak which
            somebody saves meanwhile is not taken for a stray.

    Raises:
        FloodmarkError: as `connect`.
    """
    try:
        with os.scandir(leaks_folder) as entries:
            found = [entry.name for entry in entries if entry.is_symlink() or entry.is_dir()]
    except OSError:
        return []
    found = [name for name in found if not STAGING.fullmatch(name)]
    found = [name for name in found if not os.path.lexists(leaks_folder / name / UNCOMMITTED)]
    if not found:
        return []
    with connect() as connection:
        ours = folders_named(connection) | folders_to_remove(connection)
    return sorted(name for name in found if name not in ours and os.path.lexists(leaks_folder / name))


def words(names: list[str]) -> str:
    """What to tell of strays, in two sentences.

    Examples:
        >>> words(["a-backup"])
        'No row of register.sqlite names leaks/a-backup, which is left alone. If a leak is missing, put back the \
register.sqlite that names it; if not, move what is yours away.'
    """
    shown = ", ".join(f"leaks/{name}" for name in names[:MOST_NAMED])
    more = f" and {len(names) - MOST_NAMED:,} more" if len(names) > MOST_NAMED else ""
    return (
        f"No row of register.sqlite names {shown}{more}, which {'is' if len(names) == 1 else 'are'} left alone. "
        "If a leak is missing, put back the register.sqlite that names it; if not, move what is yours away."
    )
