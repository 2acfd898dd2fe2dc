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
TELLING = 100.0
"""The e-value of canaries from which chance explains them at most one time in 100."""


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
        telling: of these, who asked for so many that chance explains it at most one time in 100.
        total: lookups of them.
        lookups: of these the earliest, at most `MOST_LOOKUPS`.
    """

    canaries: int
    asked: int
    actors: int
    telling: int
    total: int
    lookups: tuple[CanaryLookup, ...]


def canary_use(lookups: pl.DataFrame, canaries: Canaries) -> tuple[CanaryUse, pl.DataFrame]:
    """Lookups of canaries among past lookups.

    Args:
        lookups: of columns `lookups.SCHEMA`, in order of `at`.
        canaries: that are known.

    Returns:
        The lookups; and of every actor that asked for one, `who` UInt64, `canaries`, how many different ones, and
        `canary_value`, the e-value of that.
    """
    found = canaries.lookups(lookups).with_columns(who()).collect()
    asked = found.filter(pl.col("who") > 0).group_by("who").agg(canaries=pl.col("identifier").n_unique())
    sizes = (
        lookups.lazy()
        .select(who(), "identifier")
        .join(asked.lazy(), on="who", how="semi")
        .group_by("who")
        .agg(identifiers=pl.col("identifier").n_unique())
        .collect()
    )
    by_actor = asked.join(sizes, on="who")
    values = [canaries.score(many, of) for _, many, of in by_actor.iter_rows()]
    by_actor = by_actor.drop("identifiers").with_columns(canary_value=pl.Series(values, dtype=pl.Float64))
    use = CanaryUse(
        canaries=len(canaries.digests),
        asked=found["identifier"].n_unique(),
        actors=by_actor.height,
        telling=by_actor.filter(pl.col("canary_value") >= TELLING).height,
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
