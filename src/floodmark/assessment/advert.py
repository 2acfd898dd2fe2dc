"""What can be said of an advert before any data is at hand: its numbers beside those that are known, and each other.

>>> from floodmark.assessment.advert_reading import pasted
>>> from floodmark.assessment.statements.assertion import Assertion
>>> from floodmark.assessment.statements.country_table import CountryRow, CountryTable, exactly
>>> table = CountryTable((CountryRow("EG", exactly(44_823_547)),))
>>> claims = (Assertion(kind="countries", table=table),)
>>> assess(pasted(claims, name="table.txt", content=b"Egypt 44,823,547"), []).result
'nothing-known'
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from floodmark.assessment.advert_reading import Advert
from floodmark.assessment.contradictions import contradictions
from floodmark.assessment.contradictions.contradiction import Contradiction
from floodmark.assessment.evidence.evidence import Tested
from floodmark.assessment.evidence.testing import test_all
from floodmark.assessment.fingerprint.compare import compare
from floodmark.assessment.fingerprint.known import KnownTable
from floodmark.assessment.fingerprint.match import Match
from floodmark.assessment.fingerprint.prices import PriceMatch, compare_prices
from floodmark.assessment.fingerprint.ranks import RankAgreement, rank_agreement
from floodmark.assessment.likelihood import ALMOST_CERTAIN, VERY_LIKELY, Likelihood
from floodmark.assessment.statements.statement import Statement

RESULTS = (
    "repeats",
    "repeats-if",
    "statistic",
    "partly",
    "not-found",
    "cannot-tell",
    "nothing-known",
    "no-numbers",
)
SURE_SIGMA = 0.001
"""Nothing is called almost certain that hangs on unrelated tables being further apart than this."""
_NOTHING: Mapping[str, Mapping[str, Any]] = MappingProxyType({})
_FOUND = (
    ("found", False, "repeats"),
    ("found", True, "statistic"),
    ("found-if", False, "repeats-if"),
    ("found-if", True, "statistic"),
    ("partly", False, "partly"),
)
"""Conclusion, whether it is of a statistic, and the result: what comes first is told first."""


@dataclass(frozen=True, kw_only=True)
class AdvertAssessment:
    """The assessment of an advert from its words alone.

    Attributes:
        advert: as it was read.
        known: tables that it was compared with, statistics of countries among them.
        left_out: tables that are of the advert itself, or of what it is about, and were not compared.
        matches: one for each known table that has a row in common: what was found first, then the least likely by
            chance.
        result: one of `RESULTS`, of the comparison.
        orders: of the countries by size, by id of the known table, of the matches that are told in full.
        prices: that both name, likewise.
        sources: where known tables were read, in words, by id; of those that were counted here there is none.
        tested: every assertion of the advert, with what all tests say of it.
        contradictions: in which the advert is on a side.
    """

    advert: Advert
    known: tuple[KnownTable, ...]
    left_out: tuple[KnownTable, ...]
    matches: tuple[Match, ...]
    result: str
    orders: Mapping[str, RankAgreement]
    prices: Mapping[str, tuple[PriceMatch, ...]]
    sources: Mapping[str, str]
    tested: tuple[Tested, ...]
    contradictions: tuple[Contradiction, ...]

    @property
    def leaks(self) -> tuple[KnownTable, ...]:
        """Of the tables that it was compared with those of leaks and incidents."""
        return tuple(one for one in self.known if not one.statistic)

    @property
    def statistics(self) -> tuple[KnownTable, ...]:
        """Of the tables that it was compared with those that are published of countries anyway."""
        return tuple(one for one in self.known if one.statistic)

    @property
    def found(self) -> tuple[Match, ...]:
        """Known tables whose figures the advert repeats; of equal ones those of leaks first."""
        return tuple(
            match
            for conclusion, is_statistic, _ in _FOUND
            for match in self.matches
            if conclusion != "partly"
            and (match.conclusion, match.known.statistic) == (conclusion, is_statistic)
        )

    @property
    def shown(self) -> tuple[Match, ...]:
        """Matches to be told in full: those found, or else the closest leak that has a country in common."""
        by_country = [
            one for one in self.matches if not one.known.statistic and any(row.country for row in one.rows)
        ]
        return self.found or tuple(by_country[:1])

    @property
    def likelihood(self) -> Likelihood | None:
        """How likely it is that figures and those of the best match have a common origin; None where nobody can tell.

        A convention and no calculation: a small chance of agreement under a null is not yet the probability of the
        opposite, which also hangs on what was known before.
        """
        if not self.found:
            return None
        best, least = self.found[0], self.found[0].least_sigma
        is_sure = best.conclusion == "found" and least is not None and least <= SURE_SIGMA
        return ALMOST_CERTAIN if is_sure else VERY_LIKELY


def assess(
    said: Advert,
    known: Sequence[KnownTable],
    statements: Sequence[Statement] = (),
    profiles: Mapping[str, Mapping[str, Any]] = _NOTHING,
) -> AdvertAssessment:
    """Assess an advert.

    Args:
        said: the advert.
        known: every table that is known, those of the advert itself among them: they are left out here. Statistics of
            countries may be among them too.
        statements: everything that is known to have been said, of every leak and incident.
        profiles: `profile.json` of saved leaks as JSON values, by slug.
    """
    statement = said.statement
    own = tuple(one for one in known if _is_own(one, statement))
    others = tuple(one for one in known if not _is_own(one, statement))
    everything = [one for one in statements if one.id != statement.id] + [statement]
    matches = compare(
        said.table,
        said.total,
        others,
        about=statement.about,
        said_on=statement.said_on,
        sources=[statement.source, statement.source_url] if said.is_recorded else [],
    )
    found = AdvertAssessment(
        advert=said,
        known=others,
        left_out=own,
        matches=matches,
        result=_result(said, matches),
        orders={},
        prices={},
        sources=_of_statistics(known)
        | {one.id: _source(one) for one in everything if one.id in {table.id for table in known}},
        tested=test_all(everything, others, profiles, of=[statement]),
        contradictions=tuple(
            one
            for one in contradictions(one for one in everything if one.about == statement.about)
            if statement.id in one.statements
        ),
    )
    orders = {
        one.known.id: rank_agreement(one.rows)
        for one in found.shown
        if one.alignment == "country" and not one.known.statistic
    }
    return replace(
        found,
        orders={known_id: one for known_id, one in orders.items() if one is not None},
        prices={one.known.id: compare_prices(said.table.prices, one.known.prices) for one in found.shown},
    )


def _source(statement: Statement) -> str:
    """Where a statement can be read; of the reference set also whether it was."""
    words = "; ".join(filter(None, (statement.source, statement.source_url)))
    return f"{words} (cited, not opened)" if statement.is_reference and not statement.checked_on else words


def _of_statistics(known: Sequence[KnownTable]) -> dict[str, str]:
    """Who published the figures of a statistic, and of which years."""
    return {one.id: "; ".join(sorted(set(one.sources.values()))) for one in known if one.statistic}


def _is_own(table: KnownTable, statement: Statement) -> bool:
    return table.id == statement.id or (statement.about != "" and table.about == statement.about)


def _result(said: Advert, matches: Sequence[Match]) -> str:
    if not said.figures:
        return "no-numbers"
    conclusions = {(one.conclusion, one.known.statistic) for one in matches}
    for conclusion, is_statistic, result in _FOUND:
        if (conclusion, is_statistic) in conclusions:
            return result
    of_leaks = {conclusion for conclusion, is_statistic in conclusions if not is_statistic}
    if not of_leaks:
        return "nothing-known"
    return "not-found" if "not-found" in of_leaks else "cannot-tell"
