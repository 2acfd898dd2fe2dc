"""How rows of two tables are paired: by country, wherever the same number stands, or up to one factor.

Each is a further try, and has its part of the chances: half of it is for pairing by country, a quarter for each of
the others.

>>> known = KnownTable(id="a", about="a", title="", dated="", counts={"EG": exactly(44_823_547)})
>>> [(one.name, one.tries) for one in alignments({"EG": exactly(44_823_547)}, known)]
[('country', 2)]
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from floodmark.assessment.fingerprint.known import KnownTable
from floodmark.assessment.fingerprint.rows import DIFFERS, RowMatch, match_row
from floodmark.assessment.fingerprint.ways import LEADING, Way, nearest
from floodmark.assessment.statements.quantity import Quantity, exactly

__all__ = ["Alignment", "Quantity", "alignments", "exactly"]

LEAST_ROWS = 3  # that another pairing has to explain before it is tried
PIVOT_DIGITS = 4  # of a row that a factor is taken from
PIVOTS = 12  # rows from which a factor is taken
NEAR_ONE = 0.01  # a factor nearer to one than that is growth, or a row that was typed wrong
MOVED_DIGITS = 5  # below, a number is likely to stand somewhere in a long table by chance


@dataclass(frozen=True)
class Alignment:
    """Rows that were paired in one way.

    Attributes:
        name: `country`, `moved` or `scaled`.
        rows: of both tables, in the advert's order.
        tries: by how much a chance has to be multiplied, so that all alignments of one table together are one.
        factor: by which the known numbers were multiplied.
    """

    name: str
    rows: tuple[RowMatch, ...]
    tries: int
    factor: float = 1.0


def alignments(said: Mapping[str, Quantity], known: KnownTable) -> Iterator[Alignment]:
    """Pairings of an advert's counts, by country, with a known table; other ones than by country where they are apt."""
    rows = _by_country(said, known)
    yield Alignment("country", rows, 2)
    where = _where(known)
    if sum(where.get(count.value, country) != country for country, count in said.items()) >= LEAST_ROWS:
        moved = _moved(said, known, where)
        if sum(row.matches and row.country != row.known_country for row in moved) >= LEAST_ROWS:
            yield Alignment("moved", moved, 4)
    ratios = _ratios(rows)
    for pivot in _pivots(rows):
        ratio = pivot.said.value / pivot.known.value
        unsure = pivot.said.step / pivot.said.value + pivot.known.step / pivot.known.value
        if sum(abs(one / ratio - 1) <= 10 * (either + unsure) for one, either in ratios) > LEAST_ROWS:
            others = [row for row in rows if row.country != pivot.country]
            factor = Fraction(pivot.said.value, pivot.known.value)
            scaled = tuple(_scaled(row, _times(row.known, pivot, factor)) for row in others)
            yield Alignment("scaled", scaled, 4 * PIVOTS, float(factor))


def _by_country(said: Mapping[str, Quantity], known: KnownTable) -> tuple[RowMatch, ...]:
    return tuple(
        replace(
            match_row(count, known.counts[country]), country=country, source=known.sources.get(country, "")
        )
        for country, count in said.items()
        if country in known.counts
    )


def _where(known: KnownTable) -> dict[int, str]:
    """Countries by their number, of the numbers that are not likely to stand in two tables by chance."""
    where: dict[int, str] = {}
    for country, count in known.counts.items():
        if count.digits >= MOVED_DIGITS and not count.bound:
            where.setdefault(count.value, country)
    return where


def _moved(said: Mapping[str, Quantity], known: KnownTable, where: Mapping[int, str]) -> tuple[RowMatch, ...]:
    """Numbers in full that stand in the known table, under whatever country."""
    breadth = sum(math.log1p(1 / value) for value in where)
    rows = []
    for country, count in said.items():
        if count.digits < MOVED_DIGITS or count.bound:
            continue
        way = Way("exact", len(where) * 10.0 ** (LEADING - count.digits), breadth)
        there = country if known.counts.get(country) == count else where.get(count.value, "")
        if there:
            source = known.sources.get(there, "")
            rows.append(RowMatch(count, known.counts[there], "exact", (way,), 0, country, there, source))
        else:
            rows.append(RowMatch(count, known.counts.get(country, count), DIFFERS, (way,), None, country))
    return tuple(rows)


def _pivots(rows: tuple[RowMatch, ...]) -> list[RowMatch]:
    """Rows whose ratio is known best, and is not about one."""
    usable = [
        row
        for row in rows
        if min(row.said.digits, row.known.digits) >= PIVOT_DIGITS
        and abs(row.said.value - row.known.value) >= NEAR_ONE * row.known.value
        and not (row.said.bound or row.known.bound)
    ]
    return sorted(usable, key=lambda row: (-min(row.said.digits, row.known.digits), row.country))[:PIVOTS]


def _ratios(rows: tuple[RowMatch, ...]) -> list[tuple[float, float]]:
    """Ratios of the rows with three digits or more, and how unsure each is as a share of itself: for a first look."""
    return [
        (row.said.value / row.known.value, row.said.step / row.said.value + row.known.step / row.known.value)
        for row in rows
        if min(row.said.digits, row.known.digits) > LEADING and row.said.value and row.known.value
    ]


def _times(known: Quantity, pivot: RowMatch, factor: Fraction) -> Quantity | None:
    """A known number times a factor, to as many digits as both are good for; None where that is none."""
    if not known.value or known.bound:
        return None
    value = known.value * factor
    unsure = value * sum(Fraction(one.step, one.value) for one in (pivot.said, pivot.known))
    if known.step > 1:
        unsure += known.step * factor
    step = 1
    while step < 2 * unsure:
        step *= 10
    rounded = nearest(round(value), step)
    return Quantity(rounded, len(str(rounded)) - len(str(step)) + 1) if rounded else None


def _scaled(row: RowMatch, times: Quantity | None) -> RowMatch:
    if times is None:
        return replace(row, how=DIFFERS, ways=(), reached=None, unscored="too small for the factor")
    matched = match_row(row.said, times)
    return replace(matched, country=row.country, source=row.source, original=row.known)
