"""Counts of single countries: the rows of tables, and totals of which the scope is a country.

Countries on which the same speakers take the same sides are put together, so that two tables that differ in a hundred
rows make one contradiction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from floodmark.assessment.contradictions.claims import Claim, Thing
from floodmark.assessment.contradictions.contradiction import Contradiction, Said, Side
from floodmark.assessment.contradictions.numbers import counted_as, disagree
from floodmark.assessment.contradictions.scopes import country_of, part_of
from floodmark.assessment.contradictions.sentences import in_sentences
from floodmark.assessment.report.assertion_words import number
from floodmark.assessment.statements.assertion import Assertion
from floodmark.assessment.statements.quantity import Quantity
from floodmark.assessment.statements.statement import Statement
from floodmark.reports.labels import country_name

MOST_ROWS = 3
"""That words name; the assertions have all."""


def _counts(statement: Statement) -> Iterator[Claim]:
    totals = {counted_as(one.of) for one in statement.assertions if one.kind == "total" and not one.scope}
    of = totals.pop() if len(totals) == 1 else ""
    for one in statement.assertions:
        if one.table is not None:
            for country, count in one.table.counts.items():
                yield _claim(statement, one, country, count, of, part_of(one.scope))
        elif one.kind == "total" and one.quantity is not None and (country := country_of(one.scope)):
            yield _claim(statement, one, country, one.quantity, counted_as(one.of), "")


def _claim(statement: Statement, one: Assertion, country: str, count: Quantity, of: str, scope: str) -> Claim:
    words = f"{country_name(country)} {number(count)}"
    return Claim(statement, one, "table", words, part=country, scope=scope, quantity=count, of=of)


def _conflict(a: Claim, b: Claim) -> bool:
    """Two totals of one country are no matter of tables, and what counts something else is no matter at all."""
    if not (_is_row(a) or _is_row(b)) or (a.of and b.of and a.of != b.of):
        return False
    return a.quantity is not None and b.quantity is not None and disagree(a.quantity, b.quantity)


def _alike(a: Claim, b: Claim) -> bool:
    return a.quantity is not None and b.quantity is not None and not disagree(a.quantity, b.quantity)


def _is_row(one: Claim) -> bool:
    return one.assertion is not None and one.assertion.table is not None


def _precision(one: Claim) -> int:
    return one.quantity.digits if one.quantity is not None else 0


def together(found: Iterable[Contradiction]) -> Iterator[Contradiction]:
    """Contradictions, with countries put together on which the same statements stand on the same sides."""
    alike: dict[object, list[Contradiction]] = {}
    for place, one in enumerate(found):
        sides = tuple(tuple(said.statement.id for said in side.said) for side in one.sides)
        key = (one.about, one.scope, sides, one.pairs) if one.thing == TABLE.name else place
        alike.setdefault(key, []).append(one)
    for several in alike.values():
        yield several[0] if len(several) == 1 else _joined(several)


def _joined(several: Sequence[Contradiction]) -> Contradiction:
    first = several[0]
    sides = tuple(_joined_side(same) for same in zip(*(one.sides for one in several), strict=True))
    return replace(
        first,
        sides=sides,
        between=tuple(side for one in several for side in one.between),
        words=in_sentences(first.thing, first.scope, sides, first.changed, first.how),
    )


def _joined_side(same: Sequence[Side]) -> Side:
    by_statement = zip(*(side.said for side in same), strict=True)
    return Side(
        _rows([side.words for side in same]),
        tuple(
            Said(rows[0].statement, rows[0].assertion, _rows([row.words for row in rows]))
            for rows in by_statement
        ),
    )


def _rows(words: Sequence[str]) -> str:
    more = len(words) - MOST_ROWS
    return ", ".join(words[:MOST_ROWS]) + (f" and {more} more" if more > 0 else "")


TABLE = Thing("table", _counts, _alike, _conflict, _precision)
