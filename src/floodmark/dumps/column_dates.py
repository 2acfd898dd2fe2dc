"""Dates in columns of a sample: the order that they are written in, and the years that they spread over."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from floodmark.identifiers import dates
from floodmark.identifiers.dates import DateOrder

_MIDNIGHT = r"(?:^|[ T])(?:0?0:00(?::00(?:\.0+)?)?|12:00(?::00)? ?(?i:am))(?:Z|[+\-][0-9:]+)?$"


@dataclass(frozen=True)
class DateFacts:
    """Dates in a column.

    Attributes:
        order: the order that they are written in, None where the cells are no dates.
        share, partial, sentinel, timed: shares of cells that are dates, partial, sentinels, not at midnight.
        early, median, late: 2 %, 50 % and 98 % points of the years of real dates, None without any.
    """

    order: DateOrder | None
    share: float
    partial: float
    sentinel: float
    timed: float
    early: int | None
    median: int | None
    late: int | None


NO_DATES = DateFacts(None, 0, 0, 0, 0, None, None, None)


def measure_dates(cells: pl.DataFrame) -> dict[int, DateFacts]:
    """Dates of columns.

    Args:
        cells: distinct cells of each column: `column` (its index), `cell` (String), `rows` (how many it stands for).

    Returns:
        Facts by index, of the columns whose cells are dates.
    """
    if cells.is_empty():
        return {}
    orders, read = dates.infer_orders(cells)
    cell, weight = pl.col("cell"), pl.col("rows")
    real = pl.col("ok") & ~pl.col("sentinel") & pl.col("year").is_not_null()
    partial = pl.any_horizontal(pl.col("year", "month", "day").is_null())
    timed = cell.str.contains(r"[0-9]{1,2}:[0-9]{2}") & ~cell.str.contains(_MIDNIGHT)
    years = pl.col("year").filter("real").repeat_by(weight.filter(pl.col("real"))).explode()
    points = {"early": 0.02, "median": 0.5, "late": 0.98}
    facts = (
        read.lazy()
        .with_columns(real=real, partial=pl.col("ok") & partial, timed=timed)
        .group_by("column")
        .agg(
            *(years.quantile(point).cast(pl.Int32).alias(name) for name, point in points.items()),
            share=weight.filter("ok").sum() / weight.sum(),
            **{name: weight.filter(name).sum() / weight.sum() for name in ("partial", "sentinel", "timed")},
        )
        .collect()
    )
    found = {row.pop("column"): row for row in facts.to_dicts()}
    return {index: DateFacts(order=order, **found[index]) for index, order in orders.items()}
