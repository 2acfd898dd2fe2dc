"""Whether an advert's numbers are those of a table that is known already (METHODS, A3)."""

from __future__ import annotations

import math
from collections.abc import Sequence

from floodmark.assessment.fingerprint.known import KnownTable
from floodmark.assessment.fingerprint.match import Match
from floodmark.assessment.fingerprint.rows import by_digits, Chance, RowMatch, by_noise, match_row
from floodmark.assessment.fingerprint.tail import log10_tail
from floodmark.assessment.statements.country_table import CountryTable
from floodmark.assessment.statements.quantity import Quantity

SIGMAS = (0.05, 0.1, 0.25, 0.5, 1.0)


def compare(advert: CountryTable, total: Quantity | None, known: Sequence[KnownTable]) -> tuple[Match, ...]:
    """Compare an advert with every table that is known.

    Args:
        advert: its counts; may be empty where it gives a total alone.
        total: that it gives.
        known: none may rest on the advert itself.

    Returns:
        One match a known table that has a row in common, the least likely by chance first.
    """
    found = [_match(advert, total, table, len(known)) for table in known]
    return tuple(sorted((one for one in found if one.rows), key=lambda one: (one.log10_p, one.known.id)))


def _match(advert: CountryTable, total: Quantity | None, table: KnownTable, tables: int) -> Match:
    rows = [
        match_row(said, table.counts[country], country=country, source=table.sources.get(country, ""))
        for country, said in advert.counts.items()
        if country in table.counts
    ]
    if total is not None and table.total is not None:
        rows.append(match_row(total, table.total))
    tries = math.log10(max(1, tables))
    p = min(0.0, tries + _log10_tail(rows, by_digits))
    sensitivity = {sigma: min(0.0, tries + _log10_tail(rows, by_noise(sigma))) for sigma in SIGMAS}
    return Match(
        known=table,
        alignment="country",
        rows=tuple(rows),
        left_out=0,
        log10_p=p,
        sensitivity=sensitivity,
        conclusion="found" if p <= -6 else "found-if" if sensitivity[0.25] <= -6 else "not-found",
    )


def _log10_tail(rows: Sequence[RowMatch], chance: Chance) -> float:
    scored = [row for row in rows if row.attainable(chance)]
    return log10_tail(sum(row.score(chance) for row in scored), len(scored))
