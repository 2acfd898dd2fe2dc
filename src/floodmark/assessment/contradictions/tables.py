"""Tables of countries: they disagree where they have numbers of one country that disagree."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from floodmark.assessment.contradictions.claims import Claim, Thing, claim
from floodmark.assessment.contradictions.numbers import disagree
from floodmark.assessment.report.assertion_words import in_words, number
from floodmark.assessment.statements.assertion import Assertion
from floodmark.assessment.statements.quantity import Quantity
from floodmark.assessment.statements.statement import Statement
from floodmark.reports.labels import country_name

MOST_ROWS = 3
"""That words name; the assertions have all."""
_COUNTRY = re.compile("[A-Z]{2}")


def _tables(statement: Statement) -> Iterator[Claim]:
    """Tables, and totals of which the scope is a country: a table of one row."""
    for one in statement.assertions:
        if one.table is not None and one.table.counts:
            yield claim(statement, one, "table")
        elif one.kind == "total" and one.quantity is not None and _COUNTRY.fullmatch(one.scope):
            yield Claim(statement, one, "table", in_words(one))


def _counts(one: Assertion) -> dict[str, Quantity]:
    if one.table is not None:
        return one.table.counts
    return {one.scope: one.quantity} if one.quantity is not None else {}


def differing(a: Assertion, b: Assertion) -> list[str]:
    """Countries of which both have a number and the numbers disagree, in the order of the first."""
    counts, others = _counts(a), _counts(b)
    return [
        country for country, said in counts.items() if country in others and disagree(said, others[country])
    ]


def _conflict(a: Claim, b: Claim) -> bool:
    """Two totals of one country are no matter of tables."""
    first, second = a.assertion, b.assertion
    if first is None or second is None or (first.table is None and second.table is None):
        return False
    return bool(differing(first, second))


def _alike(a: Claim, b: Claim) -> bool:
    return not _conflict(a, b)


def _precision(one: Claim) -> int:
    return len(_counts(one.assertion)) if one.assertion else 0


def _described(sides: Sequence[Sequence[Claim]]) -> list[str]:
    """Of each side, the numbers that another side does not have so; the first few."""
    claims = [one.assertion for side in sides for one in side if one.assertion]
    apart = {country for a in claims for b in claims for country in differing(a, b)}
    return [_rows(side, apart) for side in sides]


def _rows(side: Sequence[Claim], apart: set[str]) -> str:
    counts: dict[str, Quantity] = {}
    for one in sorted(side, key=_precision, reverse=True):
        for country, said in _counts(one.assertion).items() if one.assertion else ():
            if country in apart:
                counts.setdefault(country, said)
    named = [f"{country_name(country)} {number(said)}" for country, said in [*counts.items()][:MOST_ROWS]]
    more = len(counts) - len(named)
    return ", ".join(named) + (f" and {more} more" if more > 0 else "")


TABLE = Thing("table", _tables, _alike, _conflict, _precision, _described)
