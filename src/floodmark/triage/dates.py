"""What a date column holds: earliest, latest, sentinels apart, years, and minors by birth date."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from floodmark.identifiers import dates
from floodmark.triage.statistics.heaping import Heaps, heaps

ADULT = 18


@dataclass
class DateTally:
    """Running counts of one date column; rows throughout.

    Attributes:
        rows: non-empty cells.
        parsed: cells that are dates, partial dates and sentinels included.
        ambiguous: cells whose day and month could swap.
        earliest: earliest whole date that is no sentinel.
        latest: latest one.
        sentinels: rows by sentinel, ISO text.
        years: rows by year, sentinels left out.
        minors: birth dates for which the person is certainly younger than 18.
        perhaps: birth dates for which a missing day, month or a swap leaves that open.
        heaps: where days and times heap; None where it was not asked for.
    """

    rows: int = 0
    parsed: int = 0
    ambiguous: int = 0
    earliest: date | None = None
    latest: date | None = None
    sentinels: Counter[str] = field(default_factory=Counter)
    years: Counter[int] = field(default_factory=Counter)
    minors: int = 0
    perhaps: int = 0
    heaps: Heaps | None = field(default=None, compare=False)

    def add(self, other: DateTally) -> None:
        """Add the counts of another batch."""
        self.rows += other.rows
        self.parsed += other.parsed
        self.ambiguous += other.ambiguous
        self.earliest = min((d for d in (self.earliest, other.earliest) if d), default=None)
        self.latest = max((d for d in (self.latest, other.latest) if d), default=None)
        self.sentinels.update(other.sentinels)
        self.years.update(other.years)
        self.minors += other.minors
        self.perhaps += other.perhaps
        if other.heaps is not None:
            self.heaps = self.heaps or Heaps()
            self.heaps.add(other.heaps)


def tally_dates(
    counts: pl.DataFrame, order: str, births_as_of: date | None, *, heaped: bool = False
) -> DateTally:
    """Tally of date cells; each distinct cell is read once.

    Args:
        counts: columns `cell` (String, not empty) and `rows`, as `tally.CellCounter` gathers them.
        order: `dates.DateOrder` of the column.
        births_as_of: for birth dates, the day on which ages are taken.
        heaped: whether to count where days and times heap.
    """
    tally = DateTally(rows=int(counts["rows"].sum()))
    if not counts.height:
        return tally
    read = dates.parse_series(counts["cell"], dates.DateOrder(order)).struct.unnest()
    read = read.with_columns(counts["rows"])
    if heaped:
        tally.heaps = heaps(counts["cell"], read, dates.DateOrder(order))
    read = read.filter("ok")
    tally.parsed = int(read["rows"].sum())
    tally.ambiguous = int(read.filter("ambiguous")["rows"].sum())
    sentinels = read.filter("sentinel").group_by("year", "month", "day").agg(pl.col("rows").sum())
    for year, month, day, rows in sentinels.iter_rows():
        tally.sentinels[f"{year or 0:04}-{month or 0:02}-{day or 0:02}"] += rows
    real = read.filter(~pl.col("sentinel"))
    tally.earliest, tally.latest = real.select(
        pl.col("date").min(), pl.col("date").max().alias("latest")
    ).row(0)
    by_year = real.drop_nulls("year").group_by("year").agg(pl.col("rows").sum())
    tally.years.update(dict(by_year.iter_rows()))
    if births_as_of is not None:
        tally.minors, tally.perhaps = _minors(real, births_as_of)
    return tally


def _minors(read: pl.DataFrame, as_of: date) -> tuple[int, int]:
    """Rows of certain and of possible minors; a birth after `as_of` is no birth date."""
    year, month, day = (pl.col(name).cast(pl.Int32) for name in ("year", "month", "day"))

    def after(turn: int, month: pl.Expr, day: pl.Expr) -> pl.Expr:
        later = (month > as_of.month) | ((month == as_of.month) & (day > as_of.day))
        return (year > turn) | ((year == turn) & later)

    first, last = (month.fill_null(1), day.fill_null(1)), (month.fill_null(12), day.fill_null(31))
    swapped = (first[1], first[0])
    grown = as_of.year - ADULT
    born = ~after(as_of.year, *first) | (pl.col("ambiguous") & ~after(as_of.year, *swapped))
    certain, perhaps = after(grown, *first), after(grown, *last)
    unsure = (certain != perhaps) | (pl.col("ambiguous") & (after(grown, *swapped) != certain))
    counted = (
        read.filter(year.is_not_null())
        .filter(born)
        .select(
            certain=pl.col("rows").filter(certain & ~unsure).sum(),
            possible=pl.col("rows").filter(unsure).sum(),
        )
        .row(0)
    )
    return int(counted[0]), int(counted[1])
