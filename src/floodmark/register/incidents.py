"""What statements are about: the leaks that are saved, and incidents that have a name and a title and no dump.

Both share one name space. A leak that is saved under the slug of an incident has its statements; its title is then
the leak's.
"""

from __future__ import annotations

import difflib
from datetime import UTC, datetime

from sqlalchemy import Connection, delete, func, insert, select

from floodmark.assessment.statements.statement import Incident
from floodmark.errors import FloodmarkError
from floodmark.register.free_text import HoldsIdentifier, clean
from floodmark.register.identifier_search import identifier_in
from floodmark.register.slugs import SLUG, check_slug
from floodmark.register.tables import incidents, leaks, statements

LONGEST_TITLE = 200


class IncidentNotFound(FloodmarkError):
    """Neither a leak nor an incident of this slug is in the workspace."""

    slug = "incident-not-found"
    hint = (
        "Record an incident with its first statement, which gives it a title: --incident of floodmark statement add "
        'and import, or "incidents" in a document.'
    )


def known_incidents(connection: Connection) -> list[Incident]:
    """Everything that statements can be about: incidents and leaks, by slug."""
    found: dict[str, str] = {}
    for table in (incidents, leaks):
        found |= {row.slug: row.title for row in connection.execute(select(table.c.slug, table.c.title))}
    return [Incident(slug, found[slug]) for slug in sorted(found)]


def get_incident(connection: Connection, slug: str) -> Incident:
    """What has this slug, be it a leak or an incident.

    Raises:
        IncidentNotFound: nothing has; the hint names what comes close.
    """
    if (found := _titled(connection, slug)) is not None:
        return found
    from floodmark.assessment import reference

    public = [one.slug for one in reference.incidents()]
    if slug in public:
        raise IncidentNotFound(
            "Nothing is recorded of that incident.",
            f"What is public comes with the program: floodmark statement list {slug} --reference",
        )
    known = [*(one.slug for one in known_incidents(connection)), *public]
    close = difflib.get_close_matches(slug[:128], dict.fromkeys(known), n=3)
    hint = f"Did you mean {' or '.join(close)}? Else r{IncidentNotFound.hint[1:]}" if close else None
    raise IncidentNotFound("Neither a leak nor an incident has that slug.", hint)


def has_incident(connection: Connection, slug: str) -> bool:
    """Whether an incident of this slug is recorded; a leak of that slug does not count."""
    if not SLUG.fullmatch(slug):
        return False
    query = select(incidents.c.slug).where(incidents.c.slug == slug)
    return connection.execute(query).one_or_none() is not None


def fit_incident(slug: str, title: str) -> Incident:
    """An incident that can be recorded, with a title that is safe to show.

    Raises:
        BadSlug: the slug is none.
        HoldsIdentifier, UnfitText: of the slug or the title.
    """
    check_slug(slug, "incident")
    if identifier_in(slug):
        raise HoldsIdentifier("The slug seems to hold a phone number or another long number.")
    return Incident(slug, clean(title, "The title of the incident", LONGEST_TITLE, lines=False))


def ensure_incident(connection: Connection, slug: str, title: str, now: datetime) -> Incident:
    """What has this slug; the incident is recorded where nothing has.

    Args:
        connection: of a transaction that writes.
        slug: lower-case letters, digits and hyphens.
        title: one line; not heeded where a leak or an incident has the slug already.
        now: with time zone.

    Raises:
        BadSlug: it is none.
        HoldsIdentifier, UnfitText: of the slug or the title.
    """
    if (found := _titled(connection, slug)) is not None:
        return found
    made = fit_incident(slug, title)
    stamp = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    connection.execute(insert(incidents).values(slug=made.slug, title=made.title, recorded_at=stamp))
    return made


def drop_if_silent(connection: Connection, slug: str) -> bool:
    """Take an incident out of which no statement is left, since statements are all that there was of it.

    Returns:
        Whether one was taken out.
    """
    said = select(func.count()).select_from(statements).where(statements.c.about == slug)
    if connection.execute(said).scalar_one():
        return False
    return bool(connection.execute(delete(incidents).where(incidents.c.slug == slug)).rowcount)


def _titled(connection: Connection, slug: str) -> Incident | None:
    # What is no slug is not asked for: text that is not Unicode would not even reach the database.
    for table in (leaks, incidents) if SLUG.fullmatch(slug) else ():
        title = connection.execute(select(table.c.title).where(table.c.slug == slug)).scalar_one_or_none()
        if title is not None:
            return Incident(slug, title)
    return None
