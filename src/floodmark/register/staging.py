"""A leak on its way into the workspace: prepared in a folder of its own, and there when its row is.

A save may take hours, in which others use the workspace. So it works in `leaks/.staging-<slug>-<random>/`, whose
`.lock` it holds for as long as it lives. What ends a save is one transaction: before it, the leak is not there or is
the old one; after it, it is the new one.
"""

from __future__ import annotations

import dataclasses
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from floodmark.register import lock, workspace_keys
from floodmark.register.folders import remove_tree, sync, sync_tree
from floodmark.register.free_text import HoldsIdentifier
from floodmark.register.identifier_search import identifier_in
from floodmark.register.leaks import (
    COUNTED,
    ArrayFile,
    Leak,
    LeakExists,
    folders_named,
    get_leak,
    has_leak,
    put_leak,
)
from floodmark.register.recovery import LOCK_NAME, UNCOMMITTED, other_saves, saving
from floodmark.register.removals import folders_to_remove, note_removal, remove_noted
from floodmark.register.sealed_leaks import drop_sealed
from floodmark.register.slugs import check_slug
from floodmark.register.write_errors import write_errors

if TYPE_CHECKING:
    from floodmark.register.workspace import Workspace

# Long, since hours of work are lost when the wait is in vain, and others hold the lock for seconds.
COMMIT_SECONDS = 3600.0


class Staging:
    """A folder that becomes a leak's when it is committed.

    Attributes:
        slug: the leak's.
        folder: where to write its files (profile.json, custody.json, digests/…), private to this user.
        replace: whether a leak of this slug may exist.
        committed: whether `commit` was done.
    """

    def __init__(self, workspace: Workspace, slug: str, folder: Path, *, replace: bool, what: str) -> None:
        self.slug = slug
        self.folder = folder
        self.replace = replace
        self.committed = False
        self._workspace = workspace
        self._what = what

    def commit(self, leak: Leak, arrays: Iterable[ArrayFile], replace: bool | None = None) -> Leak:
        """Make the folder the leak's: flushed to the disk, renamed, and then named by a row.

        Args:
            leak: its row; `folder` is chosen here. Of a leak that is replaced, what was said of it stays: only what
                was counted, and a title that is not empty, take the old one's place.
            arrays: the arrays that lie in the folder.
            replace: whether a leak of this slug may exist; None for what the staging was opened with.

        Returns:
            The leak as it was saved.

        Raises:
            LeakExists: it was saved by somebody else meanwhile, and is not to be replaced.
            WrongKeys: another leak was saved with other keys meanwhile.
            WorkspaceBusy, WorkspaceUnwritable: it could not be saved; what was there before still is.
        """
        if leak.slug != self.slug or self.committed:
            raise ValueError("a staging is committed once, as the leak that it was opened for")
        replaces = self.replace if replace is None else replace
        (self.folder / UNCOMMITTED).touch(mode=0o600)
        sync_tree(self.folder)
        patience = max(self._workspace.wait, COMMIT_SECONDS)
        with self._workspace.locked(self._what, wait=patience) as connection:
            with connection.begin():
                workspace_keys.check(connection, leak.digest_key_id)
                old = _replaced(connection, self.slug, replaces)
                taken = folders_named(connection) | folders_to_remove(connection)
            name = _next_folder(self._workspace.leaks_folder, self.slug, old, taken)
            saved = dataclasses.replace(_over(leak, old), folder=name)
            self._publish(connection, saved, arrays, old)
            self.committed = True
            with suppress(OSError, DBAPIError):  # saved all the same; the next write puts the rest away
                (self._workspace.leaks_folder / name / UNCOMMITTED).unlink()
                remove_noted(connection, self._workspace.leaks_folder)
            with connection.begin():
                return get_leak(connection, self.slug)

    def others(self) -> bool:
        """Whether another live process prepares a leak of this workspace, of whatever slug."""
        return other_saves(self._workspace.leaks_folder, self.folder)

    def _publish(
        self, connection: Connection, leak: Leak, arrays: Iterable[ArrayFile], old: Leak | None
    ) -> None:
        """Rename the folder, then commit the row that names it; without the row, the folder goes at once."""
        place = self._workspace.leaks_folder / leak.folder
        (self.folder / LOCK_NAME).unlink()
        self.folder.rename(place)
        try:
            sync(place)
            sync(place.parent)
            with connection.begin():
                put_leak(connection, leak, arrays)
                if old is not None:
                    drop_sealed(connection, self.slug)  # its files go with the old folder
                    note_removal(connection, old.folder)
        except BaseException:
            with suppress(Exception), connection.begin():
                if leak.folder not in folders_named(connection):
                    remove_tree(place)
            raise


def _over(leak: Leak, old: Leak | None) -> Leak:
    """The leak with what was said of the one that it replaces."""
    title = leak.title or (old.title if old is not None else leak.slug)
    if old is None:
        return dataclasses.replace(leak, title=title)
    return dataclasses.replace(old, title=title, **{name: getattr(leak, name) for name in COUNTED})


@contextmanager
def stage(workspace: Workspace, slug: str, *, replace: bool, what: str) -> Iterator[Staging]:
    """`Workspace.staging`, which says what it does and raises."""
    check_slug(slug)
    if identifier_in(slug):
        raise HoldsIdentifier("The slug seems to hold a phone number or another long number.")
    descriptor, folder = _begin(workspace, slug, replace=replace, what=what)
    try:
        with write_errors(folder):
            yield Staging(workspace, slug, folder, replace=replace, what=what)
    finally:
        # Gone already when it was committed; a disk that refuses leaves it to the next write.
        with suppress(OSError):
            remove_tree(folder)
        os.close(descriptor)


def wait_for_savers(workspace: Workspace, slug: str) -> None:
    """Wait until no live process saves a leak of this slug.

    Raises:
        WorkspaceBusy: one still does when the workspace's time to wait is up.
    """
    lock.until(
        lambda: saving(workspace.leaks_folder, slug),
        "This leak is being saved by {}.",
        wait=workspace.wait,
        waiting=workspace.waiting,
    )


def _begin(workspace: Workspace, slug: str, *, replace: bool, what: str) -> tuple[int, Path]:
    """Make the staging folder and hold its lock, when nobody else saves this leak."""
    while True:
        wait_for_savers(workspace, slug)
        with workspace.writing(what) as connection:
            _replaced(connection, slug, replace)
            if saving(workspace.leaks_folder, slug) is None:
                folder = workspace.leaks_folder / f".staging-{slug}-{secrets.token_hex(8)}"
                folder.mkdir(mode=0o700)
                return lock.take(folder / LOCK_NAME, what), folder


def _replaced(connection: Connection, slug: str, replace: bool) -> Leak | None:
    if not has_leak(connection, slug):
        return None
    if not replace:
        raise LeakExists(f"A leak is saved as {slug} already.")
    return get_leak(connection, slug)


def _next_folder(leaks_folder: Path, slug: str, old: Leak | None, taken: set[str]) -> str:
    """`slug`, then `slug@2`, `slug@3`: never a name that a reader of a former leak may still have open.

    Nor one that lies there already, whosever it is.
    """
    first = 1 if old is None else int(old.folder.partition("@")[2] or 1) + 1
    names = (slug if number == 1 else f"{slug}@{number}" for number in count(first))
    return next(name for name in names if name not in taken and not os.path.lexists(leaks_folder / name))
