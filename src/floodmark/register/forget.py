"""Every trace of a leak removed: its rows, its folder, and the bytes that deleting a row leaves in a database.

The rows go first, with a note that freed pages are to be wiped, in one transaction. A kill after it leaves work that
the next command does; a kill before it leaves the leak.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, select, update

from floodmark.errors import FloodmarkError
from floodmark.register.folders import remove_tree
from floodmark.register.leaks import get_leak
from floodmark.register.staging import wait_for_savers
from floodmark.register.tables import case_links, leak_arrays, leaks, workspace
from floodmark.register.wipe import wipe
from floodmark.register.workspace import Workspace


@dataclass(frozen=True)
class Forgotten:
    """What was removed: the leak's slug, the cases that lost their link to it, and what is still to be done.

    `pending` is empty when nothing is left, and else says in a sentence why freed bytes could not be wiped yet.
    """

    slug: str
    cases: tuple[str, ...]
    pending: str


def forget(target: Workspace, slug: str) -> Forgotten:
    """Remove a leak and every trace of it from a workspace.

    Args:
        target: the workspace.
        slug: the leak's.

    Raises:
        LeakNotFound: there is none of this slug.
        WorkspaceBusy: a live process saves this leak, or holds the lock for too long.
        WorkspaceUnwritable: read-only or full; the leak is still there.
    """
    wait_for_savers(target, slug)
    with target.locked("forget") as connection:
        with connection.begin():
            leak = get_leak(connection, slug)
            linked = (case_links.c.kind == "leak") & (case_links.c.reference == slug)
            found = select(case_links.c.case_slug).where(linked).order_by(case_links.c.case_slug)
            cases = tuple(connection.execute(found).scalars())
            connection.execute(delete(case_links).where(linked))
            connection.execute(delete(leak_arrays).where(leak_arrays.c.slug == slug))
            connection.execute(delete(leaks).where(leaks.c.slug == slug))
            connection.execute(update(workspace).values(wipe_due=True))
        remove_tree(target.leaks_folder / leak.folder)
        try:
            wipe(connection)
        except FloodmarkError as error:
            return Forgotten(slug, cases, error.message)
    return Forgotten(slug, cases, "")
