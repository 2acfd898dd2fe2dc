"""What tests are given, and what a test is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from floodmark.assessment.contradictions.claims import Claim, days_of
from floodmark.assessment.contradictions.find import answers
from floodmark.assessment.evidence.evidence import Evidence
from floodmark.assessment.fingerprint.known import KnownTable
from floodmark.assessment.statements.assertion import Assertion
from floodmark.assessment.statements.country_table import CountryTable
from floodmark.assessment.statements.statement import Statement

if TYPE_CHECKING:
    from floodmark.assessment.fingerprint.match import Match


@dataclass(frozen=True)
class Material:
    """Everything that is known when assertions are tested; what several tests need of it is worked out once.

    Attributes:
        statements: all of them, of every leak and incident.
        known_tables: tables of countries that were published or counted, of every leak and incident.
        profiles: `profile.json` of saved leaks as JSON values, by slug.
    """

    statements: Sequence[Statement] = ()
    known_tables: Sequence[KnownTable] = ()
    profiles: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    _matches: dict[str, tuple[Match, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _answers: dict[str, tuple[Claim, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @cached_property
    def by_about(self) -> Mapping[str, Sequence[Statement]]:
        """Statements by what they are about."""
        found: dict[str, list[Statement]] = {}
        for one in self.statements:
            found.setdefault(one.about, []).append(one)
        return found

    def answers(self, statement: Statement) -> tuple[Claim, ...]:
        """What a statement answers to questions that statements can disagree on."""
        if statement.id not in self._answers:
            self._answers[statement.id] = tuple(answers(statement))
        return self._answers[statement.id]

    def matches(self, advert: Statement) -> tuple[Match, ...]:
        """An advert beside every table that may be older, the best match first.

        Not compared are its own table, those of what it is about, and those that were surely published after it: a copy
        takes nothing from what it is a copy of. Statistics of countries are always among the tables.
        """
        from floodmark.assessment.fingerprint.compare import compare
        from floodmark.assessment.fingerprint.statistics import statistics_tables

        if advert.id not in self._matches:
            total = next(
                (one.quantity for one in advert.assertions if one.kind == "total" and not one.scope), None
            )
            everything = {one.id: one for one in (*self.known_tables, *statistics_tables())}
            others = [
                one
                for one in everything.values()
                if not is_own(one, advert)
                and not (advert.is_reference and self._is_made_up(one))
                and not self._is_later(one, advert)
            ]
            self._matches[advert.id] = compare(
                advert.table or CountryTable(()),
                total,
                others,
                about=advert.about,
                said_on=advert.said_on,
                sources=[one for one in (advert.source, advert.source_url) if one],
            )
        return self._matches[advert.id]

    def published(self, table: KnownTable) -> tuple[date, date] | None:
        """First and last day on which a known table may have become known; None where nobody can tell.

        A table that was counted here has the date of that day; what it is of, is known since somebody first spoke of it
        in public.
        """
        if not table.counted:
            return days_of(table.dated)
        heard = (days_of(one.learnt_on or one.said_on) for one in self.by_about.get(table.about, ()))
        return min((found for found in heard if found is not None), default=None)

    def is_advert(self, table: KnownTable) -> bool:
        """Whether a known table is itself that of an advert."""
        return self._kinds.get(table.id) == "advert"

    @cached_property
    def _kinds(self) -> Mapping[str, str]:
        return {one.id: one.kind for one in self.statements}

    def _is_later(self, table: KnownTable, advert: Statement) -> bool:
        said, published = days_of(advert.said_on), self.published(table)
        return said is not None and published is not None and published[0] > said[1]

    def _is_made_up(self, table: KnownTable) -> bool:
        """Whether it was counted in synthetic data, which says nothing of what was said of real leaks."""
        return table.counted and bool(self.profiles.get(table.about, {}).get("synthetic"))


def is_own(table: KnownTable, statement: Statement) -> bool:
    """Whether a known table is the statement's, or is of what it is about, so that a comparison would be circular."""
    return table.id == statement.id or bool(statement.about and table.about == statement.about)


@dataclass(frozen=True)
class EvidenceTest:
    """One test.

    Attributes:
        name: of `Evidence.test`.
        kinds: of assertions that it can test.
        needs: what it needs to be run, as `a profile of the data`.
        run: its results on one assertion of one statement; none where it lacks what it needs.
        asked_for: kinds for whose sake one would get what it needs, since it could settle them; None: all of them.
    """

    name: str
    kinds: frozenset[str]
    needs: str
    run: Callable[[Statement, Assertion, Material], Iterable[Evidence]]
    asked_for: frozenset[str] | None = None

    def is_asked_for(self, kind: str) -> bool:
        """Whether it could settle an assertion of this kind, given what it needs."""
        return kind in (self.kinds if self.asked_for is None else self.asked_for)
