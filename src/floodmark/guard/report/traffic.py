"""All lookups together: how many, over what time, through which endpoints."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import polars as pl

from floodmark.guard.report.shown_names import endpoint

MOST_MOMENTS = 60
WIDTHS = ("1m", "5m", "15m", "1h", "3h", "6h", "12h", "1d", "2d", "7d", "14d", "30d", "90d", "365d", "3650d")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


@dataclass(frozen=True)
class Traffic:
    """Lookups in all.

    Attributes:
        lookups: rows.
        unattributed: of these, without account and address: they belong to no actor.
        actors: who asked.
        identifiers: distinct ones that were asked about, by whomever.
        new: pairs of actor and identifier: what budgets count.
        answered: lookups of which it is known whether the identifier existed.
        hits: of these, it did.
        first: of the first lookup; None without lookups.
        last: of the last one.
    """

    lookups: int
    unattributed: int
    actors: int
    identifiers: int
    new: int
    answered: int
    hits: int
    first: datetime | None
    last: datetime | None


@dataclass(frozen=True)
class Moment:
    """One stretch of time, of a width that all have.

    Attributes:
        at: its start.
        end: its end.
        lookups: in it.
        new: of these, of an identifier that the actor had not asked about.
        actors: who asked in it.
    """

    at: datetime
    end: datetime
    lookups: int
    new: int
    actors: int


@dataclass(frozen=True)
class Endpoint:
    """What was asked through one endpoint.

    Attributes:
        name: of the endpoint.
        lookups: through it.
        new: of these, of an identifier that the actor had not asked about, through whichever endpoint.
        actors: who asked through it.
        answered: lookups of which it is known whether the identifier existed.
        hits: of these, it did.
    """

    name: str
    lookups: int
    new: int
    actors: int
    answered: int
    hits: int


def traffic(found: pl.DataFrame) -> Traffic:
    """Count `asked` lookups."""
    known = pl.col("who") > 0
    row = found.select(
        lookups=pl.len(),
        unattributed=(~known).sum(),
        actors=pl.col("who").filter(known).n_unique(),
        identifiers=pl.col("identifier").drop_nulls().n_unique(),
        new=pl.col("new").sum(),
        answered=pl.col("hit").count(),
        hits=pl.col("hit").sum(),
        first=pl.col("at").min(),
        last=pl.col("at").max(),
    ).row(0, named=True)
    return Traffic(**row)


def moments(found: pl.DataFrame) -> list[Moment]:
    """`asked` lookups over time; stretches without any are left out.

    The width is the least of `WIDTHS` by which there are at most `MOST_MOMENTS` stretches.
    """
    if found.is_empty():
        return []
    first, last = found["at"].min(), found["at"].max()
    assert isinstance(first, datetime) and isinstance(last, datetime)  # noqa: S101 - for mypy
    width = next((one for one in WIDTHS if (last - first) / _delta(one) < MOST_MOMENTS - 1), WIDTHS[-1])
    counted = (
        found.group_by(pl.col("at").dt.truncate(width))
        .agg(
            lookups=pl.len(),
            new=pl.col("new").sum(),
            actors=pl.col("who").filter(pl.col("who") > 0).n_unique(),
        )
        .sort("at")
    )
    return [Moment(end=_end(row["at"], width), **row) for row in counted.iter_rows(named=True)]


def endpoints(found: pl.DataFrame) -> list[Endpoint]:
    """`asked` lookups by endpoint, that with most new identifiers first."""
    counted = (
        found.group_by(name=pl.col("endpoint"))
        .agg(
            lookups=pl.len(),
            new=pl.col("new").sum(),
            actors=pl.col("who").filter(pl.col("who") > 0).n_unique(),
            answered=pl.col("hit").count(),
            hits=pl.col("hit").sum(),
        )
        .sort("new", "lookups", "name", descending=[True, True, False])
    )
    return [Endpoint(**{**row, "name": endpoint(row["name"])}) for row in counted.iter_rows(named=True)]


def _delta(width: str) -> timedelta:
    return int(width[:-1]) * _UNITS[width[-1]]


def _end(at: datetime, width: str) -> datetime:
    try:
        return at + _delta(width)
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)
