"""Who said what of a leak, when it was said and when it became known, with what tests make of it.

>>> from floodmark.assessment.statements.statement import Statement
>>> memo = Statement(id="acme/memo", about="acme", kind="report", speaker_kind="company", speaker="Acme Ltd",
...     said_on="2021-04-08", learnt_on="2021-04-19", text="Expect more of it.", source="a newspaper")
>>> found, = timelines([memo], titles={"acme": "Customers of Acme"})
>>> [(one.on, one.is_said) for one in found.moments]
[('2021-04-08', True), ('2021-04-19', False)]
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from floodmark.assessment.contradictions import Contradiction
from floodmark.assessment.evidence.evidence import Evidence, Tested
from floodmark.assessment.statements.statement import Incident, Statement
from floodmark.reports.partial_dates import days


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A statement on a timeline.

    Attributes:
        number: by which drawings and contradictions refer to it, from 1, in the order in which things were said.
        statement: what was said.
        tested: its assertions in their order, each with its state and evidence.
    """

    number: int
    statement: Statement
    tested: tuple[Tested, ...] = ()

    @property
    def states(self) -> frozenset[str]:
        """States of its assertions."""
        return frozenset(one.state for one in self.tested)

    def is_repeated(self, place: int, found: Evidence) -> bool:
        """Whether an assertion before the one at `place`, from 0, has the same words of the same test."""
        before = (one for tested in self.tested[:place] for one in tested.evidence)
        return any((one.test, one.words) == (found.test, found.words) for one in before)


@dataclass(frozen=True, kw_only=True)
class Moment:
    """Something that happened: a statement was made, or one that was made earlier became known.

    Attributes:
        on: a day, a month or a year.
        is_said: whether it was made then; else it became known.
        entry: the statement.
    """

    on: str
    is_said: bool
    entry: Entry


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """What was said of one leak or incident.

    Attributes:
        incident: slug and title.
        entries: statements in the order in which they were made: a year before its months, a month before its days.
        contradictions: of which at least one statement is on the timeline.
        synthetic: whether the leak is made up.
    """

    incident: Incident
    entries: tuple[Entry, ...]
    contradictions: tuple[Contradiction, ...] = ()
    synthetic: bool = False

    @property
    def moments(self) -> tuple[Moment, ...]:
        """What happened, in order: statements, and again those that became known later, when they did."""
        found = [Moment(on=one.statement.said_on, is_said=True, entry=one) for one in self.entries]
        found += [
            Moment(on=one.statement.learnt_on, is_said=False, entry=one)
            for one in self.entries
            if one.statement.learnt_on and one.statement.learnt_on != one.statement.said_on
        ]
        return tuple(sorted(found, key=lambda one: (one.on, not one.is_said, one.entry.number)))

    @property
    def numbers(self) -> Mapping[str, int]:
        """Numbers of its entries by id of their statement."""
        return {one.statement.id: one.number for one in self.entries}

    @property
    def days(self) -> tuple[str, str]:
        """The first and the last date on it."""
        return self.moments[0].on, max((one.on for one in self.moments), key=lambda on: days(on)[1])


def timelines(
    statements: Iterable[Statement],
    tested: Iterable[Tested] = (),
    contradictions: Iterable[Contradiction] = (),
    *,
    titles: Mapping[str, str],
    synthetic: Collection[str] = (),
) -> tuple[Timeline, ...]:
    """One timeline for each leak or incident, that with the earliest statement first.

    Args:
        statements: in any order but for those of one day, which stay in theirs.
        tested: assertions of these statements; those of others are left out.
        contradictions: between these statements.
        titles: by slug; one that has none is called by its slug.
        synthetic: slugs of leaks that are made up.
    """
    results: dict[str, list[Tested]] = {}
    for one in tested:
        results.setdefault(one.statement.id, []).append(one)
    by_incident: dict[str, list[Statement]] = {}
    for said in sorted(statements, key=_order):
        by_incident.setdefault(said.about, []).append(said)
    against: dict[str, list[Contradiction]] = {}
    for found in contradictions:
        against.setdefault(found.about, []).append(found)
    return tuple(
        Timeline(
            incident=Incident(slug, titles.get(slug, slug)),
            entries=tuple(
                Entry(number=place, statement=said, tested=tuple(results.get(said.id, ())))
                for place, said in enumerate(made, 1)
            ),
            contradictions=tuple(against.get(slug, ())),
            synthetic=slug in synthetic,
        )
        for slug, made in by_incident.items()
    )


def narrowed(
    found: Iterable[Timeline],
    *,
    since: str = "",
    until: str = "",
    by: Sequence[str] = (),
) -> tuple[Timeline, ...]:
    """Timelines with a part of their statements, which keep their numbers; those without any are left out.

    Args:
        found: whole timelines, so that what is left out still counts as evidence and in contradictions.
        since: a day, a month or a year, from which on it may have been said or become known; empty: from the first.
        until: the same, for the end.
        by: kinds of speakers; empty: all.

    Raises:
        ValueError: a date is none.
    """
    first = days(since)[0] if since else None
    last = days(until)[1] if until else None

    def is_within(on: str) -> bool:
        begin, end = days(on)
        return (first is None or end >= first) and (last is None or begin <= last)

    def is_wanted(said: Statement) -> bool:
        dates = {said.said_on, said.learnt_on or said.said_on}
        return (not by or said.speaker_kind in by) and any(map(is_within, dates))

    kept = []
    for one in found:
        entries = tuple(entry for entry in one.entries if is_wanted(entry.statement))
        ids = {entry.statement.id for entry in entries}
        against = tuple(each for each in one.contradictions if not ids.isdisjoint(each.statements))
        if entries:
            kept.append(replace(one, entries=entries, contradictions=against))
    return tuple(kept)


def _order(said: Statement) -> tuple[str, str]:
    """By what is known of the day; what was said on one day stays in the order in which it came."""
    return said.said_on, said.learnt_on or said.said_on
