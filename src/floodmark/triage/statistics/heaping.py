"""Where dates and times heap: days of the year, months, hours, minutes and seconds, of one date column."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.identifiers import dates
from floodmark.identifiers.date_forms import SECONDS_A_DAY
from floodmark.triage.statistics.profile import DateStatistics

FIRST_YEAR, LAST_YEAR = 1900, 2100
_CLOCK = r"(?i)(?:^|[T ,])([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?(?:[.,][0-9]+)?(?:\s*([ap])\.?m)?"


@dataclass
class Heaps:
    """Rows of one date column by day of the year and by time of day.

    Attributes:
        days: by month and day, shape (12, 31).
        months: by year and month from `FIRST_YEAR` to `LAST_YEAR`, shape (201, 12).
        times: by hour, minute and second, shape (3, 60); what has no seconds is in the first two only.
    """

    days: NDArray[np.int64] = field(default_factory=lambda: np.zeros((12, 31), np.int64))
    months: NDArray[np.int64] = field(
        default_factory=lambda: np.zeros((LAST_YEAR - FIRST_YEAR + 1, 12), np.int64)
    )
    times: NDArray[np.int64] = field(default_factory=lambda: np.zeros((3, 60), np.int64))

    def add(self, other: Heaps) -> None:
        """Add the counts of another batch or file."""
        self.days += other.days
        self.months += other.months
        self.times += other.times

    def finish(self, file: str, column: str) -> DateStatistics:
        """The statistics of a column."""
        years, months = np.nonzero(self.months)
        rows = self.months[years, months]
        return DateStatistics(
            file=file,
            column=column,
            calendar=self.days.tolist(),
            months=np.column_stack([years + FIRST_YEAR, months + 1, rows]).tolist(),
            timed=int(self.times[0].sum()),
            hours=self.times[0, :24].tolist(),
            minutes=self.times[1].tolist(),
            seconds=self.times[2].tolist(),
        )


def heaps(cells: pl.Series, read: pl.DataFrame, order: dates.DateOrder) -> Heaps:
    """Heaps of distinct cells of one column.

    Args:
        cells: distinct text, shape (n,).
        read: the same cells as `dates.parse_series` reads them, and `rows`, their counts.
        order: of the column.

    Returns:
        Counts of rows. Sentinels are in none of them; a date without a year is in `days` alone, one without a day in
        `months` alone.
    """
    found = Heaps()
    real = read.select("year", "month", "day", "rows", cell=cells).filter(read["ok"] & ~read["sentinel"])
    whole = real.filter(pl.col("month").is_not_null() & pl.col("day").is_not_null())
    _count(found.days, [whole["month"] - 1, whole["day"] - 1], whole["rows"])
    dated = real.filter(pl.col("year").is_between(FIRST_YEAR, LAST_YEAR) & pl.col("month").is_not_null())
    _count(found.months, [dated["year"] - FIRST_YEAR, dated["month"] - 1], dated["rows"])
    times = _times(real.select("cell", "rows"), order)
    times = times.select("rows", **_clock(pl.col("cell"), order)).filter(pl.col("hour") < 24)
    for place, part in enumerate(("hour", "minute", "second")):
        some = times.filter(pl.col(part) < 60)
        _count(found.times[place], [some[part]], some["rows"])
    return found


def _times(cells: pl.DataFrame, order: dates.DateOrder) -> pl.DataFrame:
    """The cells cut down to their time of day, so that few are left to read; cells without one are left out."""
    if order in dates.UNIX:
        return cells
    cell = pl.col("cell")
    colon = cell.str.find(":", literal=True).cast(pl.Int64)
    # `find` counts bytes and `slice` characters, which are the same in ASCII alone.
    plain = cell.str.len_bytes() == cell.str.len_chars()
    cut = cell.str.slice((colon - 3).clip(lower_bound=0))
    some = cells.lazy().filter(colon.is_not_null())
    short = some.select("rows", cell=pl.when(plain).then(cut).otherwise(cell))
    return short.group_by("cell").agg(pl.col("rows").sum()).collect()


def _clock(cell: pl.Expr, order: dates.DateOrder) -> dict[str, pl.Expr]:
    """Hour, minute and second of cells as written, zones left aside; null where there is no time."""
    if order in dates.UNIX:
        count = cell.cast(pl.Float64, strict=False)
        late = (count.abs() >= 1e11) | pl.lit(order is dates.DateOrder.UNIX_MILLISECONDS)
        second = (pl.when(late).then(count / 1000).otherwise(count)).floor() % SECONDS_A_DAY
        return {"hour": second // 3600, "minute": second % 3600 // 60, "second": second % 60}
    parts = cell.str.extract_groups(_CLOCK).struct
    hour = parts.field("1").cast(pl.Int32)
    half = parts.field("4").str.to_lowercase()
    hour = (
        pl.when(half.is_null()).then(hour).when(hour.is_between(1, 12)).then(hour % 12 + 12 * (half == "p"))
    )
    return {
        "hour": hour,
        "minute": parts.field("2").cast(pl.Int32),
        "second": parts.field("3").cast(pl.Int32),
    }


def _count(into: NDArray[np.int64], places: list[pl.Series], rows: pl.Series) -> None:
    at = tuple(place.cast(pl.Int64).to_numpy() for place in places)
    np.add.at(into, at, rows.cast(pl.Int64).to_numpy())
