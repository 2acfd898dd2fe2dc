"""Lookups of canaries: identifiers that nobody holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from floodmark.guard.actor_text import written
from floodmark.guard.actors import who
from floodmark.guard.canaries import Canaries
from floodmark.guard.report.shown_names import endpoint

MOST_LOOKUPS = 100


@dataclass(frozen=True)
class CanaryLookup:
    """One lookup of a canary.

    Attributes:
        at: when.
        actor: part and digest; empty where nothing is known of who asked.
        endpoint: through which.
        kind: of identifier.
        canaries: name of the set that the canary is of.
        made: when that was made.
    """

    at: datetime
    actor: str
    endpoint: str
    kind: str
    canaries: str
    made: datetime


@dataclass(frozen=True)
class CanaryUse:
    """All lookups of canaries, from when each was made on.

    Attributes:
        canaries: that are known.
        asked: of these.
        actors: who asked for one.
        total: lookups of them.
        lookups: of these the earliest, at most `MOST_LOOKUPS`.
    """

    canaries: int
    asked: int
    actors: int
    total: int
    lookups: tuple[CanaryLookup, ...]


def canary_use(lookups: pl.DataFrame, canaries: Canaries) -> tuple[CanaryUse, pl.DataFrame]:
    """Lookups of canaries among past lookups.

    Args:
        lookups: of columns `lookups.SCHEMA`, in order of `at`.
        canaries: that are known.

    Returns:
        The lookups; and of every actor that asked for one, `who` UInt64 and `canaries`, how many different ones.
    """
    found = canaries.lookups(lookups).with_columns(who()).collect()
    by_actor = found.filter(pl.col("who") > 0).group_by("who").agg(canaries=pl.col("identifier").n_unique())
    use = CanaryUse(
        canaries=len(canaries.digests),
        asked=found["identifier"].n_unique(),
        actors=by_actor.height,
        total=found.height,
        lookups=tuple(_lookup(row) for row in found.head(MOST_LOOKUPS).iter_rows(named=True)),
    )
    return use, by_actor


def _lookup(row: dict[str, Any]) -> CanaryLookup:
    part = "account" if row["account"] else "address"
    return CanaryLookup(
        at=row["at"],
        actor=written(part, row["who"]) if row["who"] else "",
        endpoint=endpoint(row["endpoint"]),
        kind=row["kind"],
        canaries=row["canaries"],
        made=row["made"],
    )
