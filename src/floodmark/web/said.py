"""What was said of a leak as a server tells it: tested by what whoever asks may know of, and by nothing else.

What everybody is told of a leak rests on statements of leaks that everybody is told of, and on the public statements
that come with the program. What was counted in leaks is left out: it is exact, and a test's words would print it, or
name a leak that is not public. Analysts see all of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from floodmark.assessment import reference
from floodmark.assessment.contradictions import contradictions
from floodmark.assessment.evidence.testing import test_all
from floodmark.assessment.fingerprint.known import KnownTable, said_table
from floodmark.assessment.statements.statement import Incident, Statement
from floodmark.assessment.timeline import Timeline, timelines
from floodmark.register.known_tables import recorded
from floodmark.register.workspace import Workspace


def timeline(slug: str, statements: Iterable[Statement], titles: Mapping[str, str]) -> Timeline:
    """What was said of a leak, with what tests make of it, and what disagrees.

    Args:
        slug: the leak's; it has a title.
        statements: of the register.
        titles: of leaks that whoever asks may know of, by slug; statements of others are left out.
    """
    known = tuple(one for one in statements if one.about in titles)
    tables = (said_table(one, titles[one.about]) for one in known)
    return _timeline(Incident(slug, titles[slug]), known, [one for one in tables if one is not None], {})


def whole_timeline(slug: str, title: str, workspace: Workspace) -> Timeline:
    """What was said of a leak, tested by all that the workspace knows, for analysts."""
    known = recorded(workspace)
    return _timeline(Incident(slug, title), known.statements, known.tables, known.profiles)


def _timeline(
    incident: Incident,
    statements: Sequence[Statement],
    tables: Sequence[KnownTable],
    profiles: Mapping[str, Mapping[str, Any]],
) -> Timeline:
    shown = [one for one in statements if one.about == incident.slug]
    tested = test_all(
        (*statements, *reference.statements()), (*tables, *reference.known_tables()), profiles, of=shown
    )
    made = timelines(shown, tested, contradictions(shown), titles={incident.slug: incident.title})
    return made[0] if made else Timeline(incident=incident, entries=())
