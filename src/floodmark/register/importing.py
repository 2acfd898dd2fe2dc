"""Statements of a file recorded together: all of them or none.

What a statement says of itself (kind, who, when, source, assertions) is taken; its number and the time of recording are
new. One that is recorded already in every part, or comes with the program, is left out: a file can be imported again.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, datetime

from sqlalchemy import Connection

from floodmark.assessment.statements.document import Document, Said
from floodmark.assessment.statements.statement import Incident, Saying, Statement
from floodmark.errors import FloodmarkError
from floodmark.register.incidents import ensure_incident, fit_incident, get_incident, known_incidents
from floodmark.register.statement_room import check_room
from floodmark.register.statement_words import cleaned
from floodmark.register.statements import add_statement, list_statements


@dataclass(frozen=True)
class Importing:
    """What a document adds to a register.

    Attributes:
        incidents: those that are not known yet.
        statements: those that are not recorded yet, with texts that are safe to show.
        known: how many are recorded already in every part, come with the program, or are in the document twice.
    """

    incidents: tuple[Incident, ...]
    statements: tuple[Said, ...]
    known: int


def look_at(connection: Connection, document: Document, now: datetime) -> Importing:
    """Check a whole document, and say what it adds; nothing is changed.

    Args:
        connection: of a transaction, which need not write.
        document: as it was read.
        now: with time zone; nothing can have been said after it.

    Raises:
        IncidentNotFound: a statement is about something that has no title anywhere.
        BadSlug: a slug is none.
        UsageError: of any part of a statement, as `cleaned` says; the message has the number of the statement.
        TooManyStatements, TooManyTables: more than are kept of one leak or incident.
    """
    from floodmark.assessment import reference

    today = now.astimezone(UTC).date()
    known = {one.slug for one in known_incidents(connection)}
    titles = {one.slug: one for one in (*document.incidents, *reference.incidents())}
    public = {_identity(one.about, one) for one in reference.statements()}
    recorded = {_identity(one.about, one) for one in list_statements(connection)}
    incidents: dict[str, Incident] = {}
    found: list[Said] = []
    for place, one in enumerate(document.statements, 1):
        if _identity(one.about, one.said) in public:
            continue
        try:
            if one.about not in known and one.about not in incidents:
                named = titles.get(one.about) or get_incident(connection, one.about)
                incidents[one.about] = fit_incident(named.slug, named.title)
            made = Said(one.about, cleaned(one.said, today))
        except FloodmarkError as error:
            raise type(error)(f"Statement {place} of the file: {error.message}", error.hint) from error
        if _identity(made.about, made.said) not in recorded:
            recorded.add(_identity(made.about, made.said))
            found.append(made)
    for about in dict.fromkeys(one.about for one in found):
        check_room(connection, about, [one.said for one in found if one.about == about])
    return Importing(tuple(incidents.values()), tuple(found), len(document.statements) - len(found))


def import_statements(connection: Connection, document: Document, now: datetime) -> list[Statement]:
    """Record what a document adds.

    Args:
        connection: of a transaction that writes; whoever opened it commits, so that all is recorded or nothing.
        document: as it was read.
        now: with time zone.

    Raises:
        UsageError, FloodmarkError: as `look_at` and `add_statement` say.
    """
    found = look_at(connection, document, now)
    wanted = {one.about for one in found.statements}
    for incident in found.incidents:
        if incident.slug in wanted:
            ensure_incident(connection, incident.slug, incident.title, now)
    return [add_statement(connection, one.about, one.said, now) for one in found.statements]


def _identity(about: str, said: Saying) -> tuple[object, ...]:
    return (about, *(getattr(said, one.name) for one in fields(Saying)))
