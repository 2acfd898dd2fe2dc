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

RESULTS = ("repeats", "repeats-if", "partly", "not-found", "cannot-tell", "nothing-known", "no-numbers")
_NOTHING: Mapping[str, Mapping[str, Any]] = MappingProxyType({})
_FOUND = {"found": "repeats", "found-if": "repeats-if", "partly": "partly"}


@dataclass(frozen=True, kw_only=True)
class AdvertAssessment:
    """The assessment of an advert from its words alone.

    Attributes:
        advert: as it was read.
        known: tables that it was compared with.
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
    def found(self) -> tuple[Match, ...]:
        """Known tables whose figures the advert repeats."""
        return tuple(one for one in self.matches if one.conclusion in ("found", "found-if"))

    @property
    def shown(self) -> tuple[Match, ...]:
        """Matches to be told in full: those found, or else the closest one that has a country in common."""
        by_country = [one for one in self.matches if any(row.country for row in one.rows)]
        return self.found or tuple(by_country[:1])

    @property
    def likelihood(self) -> Likelihood | None:
        """How likely it is that the table and the best match have a common origin; None where that cannot be told.

        A convention and no calculation: a small chance of agreement under a null is not yet the probability of the
        opposite, which also hangs on what was known before.
        """
        return {"repeats": ALMOST_CERTAIN, "repeats-if": VERY_LIKELY}.get(self.result)


def assess(
    said: Advert,
    known: Sequence[KnownTable],
    statements: Sequence[Statement] = (),
    profiles: Mapping[str, Mapping[str, Any]] = _NOTHING,
) -> AdvertAssessment:
    """Assess an advert.

    Args:
        said: the advert.
        known: every table that is known, those of the advert itself among them: they are left out here.
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
        sources=[] if said.sha256 else [statement.source, statement.source_url],
    )
    found = AdvertAssessment(
        advert=said,
        known=others,
        left_out=own,
        matches=matches,
        result=_result(said, others, matches),
        orders={},
        prices={},
        sources={one.id: _source(one) for one in everything if one.id in {table.id for table in known}},
        tested=test_all(everything, others, profiles, of=[statement]),
        contradictions=tuple(
            one
            for one in contradictions(one for one in everything if one.about == statement.about)
            if statement.id in one.statements
        ),
    )
    orders = {one.known.id: rank_agreement(one.rows) for one in found.shown if one.alignment == "country"}
    return replace(
        found,
        orders={known_id: one for known_id, one in orders.items() if one is not None},
        prices={one.known.id: compare_prices(said.table.prices, one.known.prices) for one in found.shown},
    )


def _source(statement: Statement) -> str:
    """Where a statement can be read; of the reference set also whether it was."""
    words = "; ".join(filter(None, (statement.source, statement.source_url)))
    return f"{words} (cited, not opened)" if statement.is_reference and not statement.checked_on else words


def _is_own(table: KnownTable, statement: Statement) -> bool:
    return table.id == statement.id or (statement.about != "" and table.about == statement.about)


def _result(said: Advert, known: Sequence[KnownTable], matches: Sequence[Match]) -> str:
    if not said.table.counts and said.total is None:
        return "no-numbers"
    if not known or not matches:
        return "nothing-known"
    conclusions = {one.conclusion for one in matches}
    for conclusion, result in _FOUND.items():
        if conclusion in conclusions:
            return result
    return "not-found" if "not-found" in conclusions else "cannot-tell"
