"""Whether an advert's numbers are those of a table that is known already (METHODS, A3).

>>> from floodmark.assessment.statements.country_table import CountryRow
>>> counts = {"EG": exactly(44_823_547), "MY": exactly(11_675_894), "ID": exactly(130_331), "US": exactly(32_315_282)}
>>> advert = CountryTable(tuple(CountryRow(country, count) for country, count in counts.items()))
>>> known = KnownTable(id="old/list", about="old", title="An old list", dated="2021-04", counts=counts)
>>> [(one.conclusion, one.p, one.at_floor) for one in compare(advert, None, [known])]
[('found', 1e-06, True)]
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from floodmark.assessment.fingerprint.alignments import Alignment, alignments
from floodmark.assessment.fingerprint.circular import Comparable, without_circular
from floodmark.assessment.fingerprint.conclusion import Conclusion, conclude, is_small, least_sigma
from floodmark.assessment.fingerprint.known import KnownTable
from floodmark.assessment.fingerprint.match import APART, CONCLUSIONS, LOG10_FLOOR, SIGMAS, Match
from floodmark.assessment.fingerprint.rows import RowMatch, match_row
from floodmark.assessment.statements.country_table import CountryTable
from floodmark.assessment.statements.quantity import Quantity, exactly

__all__ = ["CountryTable", "KnownTable", "Match", "compare", "exactly"]


def compare(
    advert: CountryTable,
    total: Quantity | None,
    known: Sequence[KnownTable],
    *,
    about: str = "",
    said_on: str = "",
    sources: Iterable[str] = (),
) -> tuple[Match, ...]:
    """Compare an advert with every table that is known.

    Args:
        advert: its counts; may be empty where it gives a total alone.
        total: that it gives.
        known: tables; those of `about` itself are not compared.
        about: slug of the leak or incident that the advert is about; empty where it is not known.
        said_on: when the advert was published, as a day, a month or a year.
        sources: where the advert was read, besides the sources of its rows; see `without_circular`.

    Returns:
        One match for each known table that has a row in common: what was found first, then the least likely by
        chance.
    """
    read = [*sources, *(row.source for row in advert.rows)]
    comparable = without_circular(known, about=about, sources=read, said_on=said_on)
    found = [_match(advert, total, one, len(comparable), said_on) for one in comparable]
    return tuple(sorted((one for one in found if one.rows), key=_order))


def _match(advert: CountryTable, total: Quantity | None, one: Comparable, tables: int, said_on: str) -> Match:
    table, said = one.table, advert.counts
    pairing, conclusion = _best(said, _total_row(advert, total, table), table, tables)
    tests = tables * pairing.tries
    can_be_small = conclusion.sensitivity[SIGMAS[-1]] <= LOG10_FLOOR
    named = {row.country: row.source for row in advert.rows}
    return Match(
        known=table,
        order=_before_or_after(table.dated, said_on),
        alignment=pairing.name,
        factor=pairing.factor,
        rows=tuple(
            replace(row, said_source=named.get(row.country, ""))
            for row in pairing.rows
            if row.matches or not row.country or row.country in table.counts
        ),
        left_out=one.left_out,
        later=one.later,
        only_said=tuple(country for country in said if country not in table.counts),
        only_known=tuple(country for country in table.counts if country not in said),
        advert_rows=len(said),
        tests=tests,
        log10_p=conclusion.log10_p,
        sensitivity=conclusion.sensitivity,
        least_sigma=least_sigma(pairing.rows, tests) if can_be_small else None,
        telling=conclusion.telling,
        needed=conclusion.needed,
        conclusion=conclusion.conclusion,
    )


def _best(
    said: Mapping[str, Quantity], total: tuple[RowMatch, ...], table: KnownTable, tables: int
) -> tuple[Alignment, Conclusion]:
    """The first pairing that finds the table; otherwise by country."""
    pairings = alignments(said, table)
    by_country = _weighed(_with_total(next(pairings), total), tables, len(said))
    if by_country[1].conclusion == "found":
        return by_country
    others = (_with_total(one, total if one.name == "moved" else ()) for one in pairings)
    likely = [_weighed(one, tables, len(said)) for one in others if is_small(one.rows, tables * one.tries)]
    return next((one for one in likely if one[1].conclusion == "found"), by_country)


def _with_total(pairing: Alignment, total: tuple[RowMatch, ...]) -> Alignment:
    return replace(pairing, rows=_without_repeats((*pairing.rows, *total)))


def _weighed(pairing: Alignment, tables: int, advert_rows: int) -> tuple[Alignment, Conclusion]:
    return pairing, conclude(pairing.rows, tables * pairing.tries, advert_rows)


def _without_repeats(rows: Iterable[RowMatch]) -> tuple[RowMatch, ...]:
    """Rows of which one number that agrees with one number counts once, as often as it stands there."""
    seen: set[tuple[int, int]] = set()
    kept = []
    for row in rows:
        pair = row.said.value, row.known.value
        repeated = row.reached is not None and pair in seen
        kept.append(
            replace(row, reached=None, unscored="the same two numbers as in a row before")
            if repeated
            else row
        )
        seen.add(pair)
    return tuple(kept)


def _total_row(advert: CountryTable, total: Quantity | None, table: KnownTable) -> tuple[RowMatch, ...]:
    """The totals, which count as one more row unless one of them is the sum of its rows: then it says nothing new."""
    if total is None or table.total is None:
        return ()
    row = match_row(total, table.total)
    if _is_sum(total, advert.counts) or _is_sum(table.total, table.counts):
        row = replace(row, ways=(), reached=None, unscored="a total follows from its rows")
    return (row,)


def _is_sum(total: Quantity, counts: Mapping[str, Quantity]) -> bool:
    least, most = (sum(getattr(one, end) or one.value for one in counts.values()) for end in ("low", "high"))
    return bool(counts) and least <= (total.high or total.value) and total.low <= most


def _before_or_after(dated: str, said_on: str) -> str:
    """Where a date stands to another, as far as both are known."""
    length = min(len(dated), len(said_on))
    one, other = dated[:length], said_on[:length]
    return "" if one == other else "before" if one < other else "after"


def _order(match: Match) -> tuple[int, float, int, int, float, str]:
    found = CONCLUSIONS.index(match.conclusion), match.log10_p
    return *found, -len(match.matching), -len(match.rows), match.sensitivity[APART], match.known.id
