"""Every trace of a leak removed: its rows, its folder, and the bytes that deleting a row leaves in a database.

The rows go first, with notes that the folder is to be removed and freed pages are to be wiped, in one transaction. A
kill after it leaves work that the next command does; a kill before it leaves the leak.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from sqlalchemy import Column, ColumnElement, Connection, delete, false, select, update

from floodmark.errors import FloodmarkError
from floodmark.register.cases import STATEMENT
from floodmark.register.incidents import has_incident
from floodmark.register.leaks import Leak, LeakNotFound, get_leak
from floodmark.register.lease import lease
from floodmark.register.removals import note_removal, remove_noted
from floodmark.register.sealed_leaks import drop_sealed
from floodmark.register.snapshot_leftovers import NAME as SNAPSHOTS
from floodmark.register.snapshot_leftovers import clear_leftovers, holding, mark, withdraw
from floodmark.register.staging import wait_for_savers
from floodmark.register.statements import Statement, list_statements, remove_statements
from floodmark.register.tables import (
    case_links,
    case_notes,
    cases,
    leak_arrays,
    leaks,
    statements,
    workspace,
)
from floodmark.register.wipe import wipe
from floodmark.register.workspace import Workspace

_READ = "Another process reads its files, so that they cannot be removed yet."


@dataclass(frozen=True)
class Forgotten:
    """What was removed: the slug, cases that lost a link to the leak or its statements, and what is still to be done.

    `pending` is empty when nothing is left, and else says what is, and why it could not be removed yet; the next
    command that writes removes it.
    """

    slug: str
    cases: tuple[str, ...]
    pending: str


@dataclass(frozen=True)
class Trace:
    """What a workspace holds of a leak.

    Attributes:
        leak: its row.
        arrays: how many arrays are kept of it.
        bytes: size of all its files.
        cases: slugs of cases that tie it, or a statement that goes with it.
        snapshots: how many snapshots of the workspace hold it, which go with it.
        statements: how many statements about it are recorded.
        incident: whether an incident of the same slug is recorded, which keeps the statements; else they go with it.
        mentions: slugs of cases whose title or notes have its slug or title in them; forgetting leaves such words to
            whoever wrote them.
        mentioned_by: slugs of other leaks and incidents whose statements do; the same holds for them.
    """

    leak: Leak
    arrays: int
    bytes: int
    cases: tuple[str, ...]
    snapshots: int
    statements: int
    incident: bool
    mentions: tuple[str, ...]
    mentioned_by: tuple[str, ...]


def trace(source: Workspace, slug: str) -> Trace:
    """What would be removed with a leak.

    Raises:
        LeakNotFound: there is none of this slug, be there an incident.
    """
    with source.connect() as connection:
        _check_saved(connection, slug)
    found = lease(source, slug)
    within = () if found.folder.is_symlink() else found.folder.rglob("*")  # a link goes, not what it leads to
    size = sum(path.lstat().st_size for path in within if path.is_file())
    found.close()
    with source.connect() as connection:
        linked, mentions = _cases_of(connection, slug), _mentions(connection, found.leak)
        snapshots = len(holding(connection, slug))
        said, elsewhere = len(list_statements(connection, slug)), _said_elsewhere(connection, found.leak)
        incident = has_incident(connection, slug)
    return Trace(found.leak, len(found.arrays), size, linked, snapshots, said, incident, mentions, elsewhere)


def forget(target: Workspace, slug: str) -> Forgotten:
    """Remove a leak and every trace of it from a workspace; statements stay where they are of an incident, too.

    Args:
        target: the workspace.
        slug: the leak's.

    Raises:
        LeakNotFound: there is none of this slug, be there an incident.
        WorkspaceBusy: a live process saves this leak, or holds the lock for too long.
        WorkspaceUnwritable: read-only or full; the leak is still there.
    """
    wait_for_savers(target, slug)
    snapshots_folder = target.folder / SNAPSHOTS
    with target.locked("forget") as connection:
        with connection.begin():
            _check_saved(connection, slug)
            held_by = holding(connection, slug)
        for name in held_by:
            mark(snapshots_folder / name)
        with connection.begin():
            leak = get_leak(connection, slug)
            linked = _cases_of(connection, slug)
            connection.execute(delete(case_links).where(_is_link_to(slug)))
            connection.execute(delete(leak_arrays).where(leak_arrays.c.slug == slug))
            remove_statements(connection, _said_of_it_alone(connection, slug))
            drop_sealed(connection, slug)
            withdraw(connection, held_by)
            connection.execute(delete(leaks).where(leaks.c.slug == slug))
            note_removal(connection, leak.folder)
            connection.execute(update(workspace).values(wipe_due=True))
        pending = []
        try:
            gone = remove_noted(connection, target.leaks_folder)
            if not (clear_leftovers(connection, snapshots_folder) and gone):
                pending.append(_READ)
        except OSError as error:
            pending.append(f"Its files could not be removed: {os.strerror(error.errno or 0)}.")
        try:
            wipe(connection)
        except FloodmarkError as error:
            pending.append(error.message)
    return Forgotten(slug, linked, " ".join(pending))


def _check_saved(connection: Connection, slug: str) -> None:
    """See that a leak of this slug is saved.

    Raises:
        LeakNotFound: none is; of an incident alone, the hint says how that goes.
    """
    try:
        get_leak(connection, slug)
    except LeakNotFound:
        if not has_incident(connection, slug):
            raise
        raise LeakNotFound(
            "That is an incident, and no leak is saved of it.",
            "It goes with its last statement: floodmark statement list SLUG shows their numbers, and floodmark "
            "statement remove NUMBER removes one.",
        ) from None


def _is_link_to(slug: str) -> ColumnElement[bool]:
    return (case_links.c.kind == "leak") & (case_links.c.reference == slug)


def _cases_of(connection: Connection, slug: str) -> tuple[str, ...]:
    """Cases that tie it, or a statement that goes with it."""
    numbers = [one.id for one in _said_of_it_alone(connection, slug)]
    said = (case_links.c.kind == STATEMENT) & case_links.c.reference.in_(numbers)
    found = select(case_links.c.case_slug).distinct().where(_is_link_to(slug) | said)
    return tuple(connection.execute(found.order_by(case_links.c.case_slug)).scalars())


def _said_of_it_alone(connection: Connection, slug: str) -> list[Statement]:
    """Statements about it that are not those of an incident."""
    return [] if has_incident(connection, slug) else list_statements(connection, slug)


def _mentions(connection: Connection, leak: Leak) -> tuple[str, ...]:
    said = _names(leak, case_notes.c.text, cases.c.title, cases.c.slug)
    joined = cases.outerjoin(case_notes, case_notes.c.case_slug == cases.c.slug)
    found = select(cases.c.slug).distinct().select_from(joined).where(said).order_by(cases.c.slug)
    return tuple(connection.execute(found).scalars())


def _said_elsewhere(connection: Connection, leak: Leak) -> tuple[str, ...]:
    said = _names(leak, statements.c.text, statements.c.speaker, statements.c.source, statements.c.source_url)
    found = select(statements.c.about).distinct().where(said & (statements.c.about != leak.slug))
    return tuple(connection.execute(found.order_by(statements.c.about)).scalars())


def _names(leak: Leak, *columns: Column[str]) -> ColumnElement[bool]:
    """Whether one of the columns has the leak's slug or title in it."""
    said: ColumnElement[bool] = false()
    for words in (leak.slug, leak.title):
        for column in columns:
            said |= column.contains(words, autoescape=True)
    return said
