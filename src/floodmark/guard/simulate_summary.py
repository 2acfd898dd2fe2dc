"""Whom a policy would have limited, by tenth of honest size and by kind, from `simulate`."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import polars as pl

from floodmark.guard.actor_text import written
from floodmark.guard.decision import Action
from floodmark.guard.report.sizes import tenth

MOST_NAMED = 50


@dataclass(frozen=True)
class SimulatedTenth:
    """Actors of one tenth of size.

    Attributes:
        tenth: 1 for those who asked for the fewest identifiers, 10 for those who asked for the most.
        actors: in it.
        least: distinct identifiers that the smallest of them asked for.
        most: that the largest of them asked for.
        limited: of the actors, those who would not have got every answer.
        lookups: of all of them.
        unanswered: of these, refused, challenged or denied.
    """

    tenth: int
    actors: int
    least: int
    most: int
    limited: int
    lookups: int
    unanswered: int


@dataclass(frozen=True)
class SimulatedFamily:
    """Actors of one kind, where the truth is known.

    Attributes:
        kind: sort of honest client, or family of scrapers.
        honest: whether it is honest.
        actors: of the kind.
        limited: of these, those who would not have got every answer.
        asked: distinct identifiers that they asked for together.
        answered: of these, answered to any of them.
    """

    kind: str
    honest: bool
    actors: int
    limited: int
    asked: int
    answered: int


@dataclass(frozen=True)
class SimulatedActor:
    """An actor who would not have got every answer.

    Attributes:
        name: part and digest.
        new: distinct identifiers that it asked for.
        answered: of these, those that would have been answered.
        first: when an answer would have failed to come for the first time.
        why: what limited it then: `budget`, `evidence`, `canaries`.
        kind: what the truth says that it is; empty where nobody says.
    """

    name: str
    new: int
    answered: int
    first: datetime
    why: str
    kind: str


@dataclass(frozen=True)
class Simulation:
    """What a policy would have done.

    Attributes:
        lookups: in all.
        refused: of these, for want of budget.
        challenged: of these.
        denied: of these.
        delayed: of these, those that would have been answered later.
        coarsened: of these, those that would have been answered less.
        allowed: of these, those of actors on the allow-list.
        actors: in all.
        limited: of these, those who would not have got every answer.
        by: of these, by what limited them first: `budget`, `evidence`, `canaries`.
        honest_known: whether the tenths are of honest actors only.
        tenths: of actors by size; empty ones are left out.
        families: actors by kind; empty where the truth is not known.
        named: those limited who asked for the most, `MOST_NAMED` at most.
    """

    lookups: int
    refused: int
    challenged: int
    denied: int
    delayed: int
    coarsened: int
    allowed: int
    actors: int
    limited: int
    by: dict[str, int]
    honest_known: bool
    tenths: tuple[SimulatedTenth, ...]
    families: tuple[SimulatedFamily, ...]
    named: tuple[SimulatedActor, ...]

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        found = asdict(self)
        for actor in found["named"]:
            actor["first"] = actor["first"].strftime("%Y-%m-%dT%H:%M:%SZ")
        return found


def summary(simulated: pl.DataFrame, truth: pl.DataFrame | None = None) -> Simulation:
    """Count what `simulate` found.

    Args:
        simulated: lookups with the columns `SIMULATED`.
        truth: `who` UInt64, `kind` String, `honest` Boolean, one row an actor; None where nobody says.
    """
    table = simulated.with_columns(why=why())
    actors = _actors(table)
    if truth is not None:
        known = truth.select("who", "kind", "honest")
        actors = actors.join(known, on="who", how="left", maintain_order="left")
    honest = actors if truth is None else actors.filter("honest")
    limited = actors.filter("limited")
    counts = table.select(
        refused=pl.col("refused").sum(),
        **{
            name: ((pl.col("action") == action) & ~pl.col("refused")).sum()
            for name, action in (
                ("delayed", Action.DELAY),
                ("coarsened", Action.COARSEN),
                ("challenged", Action.CHALLENGE),
                ("denied", Action.DENY),
            )
        },
        allowed=pl.col("allowed").sum(),
    ).row(0, named=True)
    return Simulation(
        lookups=table.height,
        **counts,
        actors=actors.height,
        limited=limited.height,
        by=dict(limited.group_by("why").len().sort("len", "why", descending=[True, False]).iter_rows()),
        honest_known=truth is not None,
        tenths=_tenths(honest),
        families=() if truth is None else _families(table, actors, truth),
        named=_named(limited),
    )


def why() -> pl.Expr:
    """What kept an answer back: the strictest step; null where it came."""
    step = pl.max_horizontal("canary", "evidence")
    return (
        pl.when("answered")
        .then(None)
        .when("refused")
        .then(pl.lit("budget"))
        .when(pl.col("canary") == step)
        .then(pl.lit("canaries"))
        .otherwise(pl.lit("evidence"))
    )


def _actors(table: pl.DataFrame) -> pl.DataFrame:
    """One row for each who is known: sizes, what was answered, and the first time that something was not."""
    unanswered = ~pl.col("answered")
    return (
        table.filter(pl.col("who") > 0)
        .group_by("who", maintain_order=True)
        .agg(
            is_account=pl.col("is_account").first(),
            lookups=pl.len(),
            new=pl.col("new").sum(),
            answered=pl.col("identifier").filter("answered").n_unique(),
            unanswered=unanswered.sum(),
            limited=unanswered.any(),
            first=pl.col("at").filter(unanswered).first(),
            why=pl.col("why").filter(unanswered).first(),
        )
    )


def _tenths(actors: pl.DataFrame) -> tuple[SimulatedTenth, ...]:
    counted = (
        actors.with_columns(tenth=tenth(pl.col("new")))
        .group_by("tenth")
        .agg(
            actors=pl.len(),
            least=pl.col("new").min(),
            most=pl.col("new").max(),
            limited=pl.col("limited").sum(),
            lookups=pl.col("lookups").sum(),
            unanswered=pl.col("unanswered").sum(),
        )
        .sort("tenth")
    )
    return tuple(SimulatedTenth(**row) for row in counted.iter_rows(named=True))


def _families(table: pl.DataFrame, actors: pl.DataFrame, truth: pl.DataFrame) -> tuple[SimulatedFamily, ...]:
    """Kinds, scrapers first; identifiers are counted once for all of a kind, as rings share what they ask."""
    together = (
        table.select("who", "identifier", "answered")
        .join(truth.select("who", "kind", "honest"), on="who")
        .group_by("kind", "honest")
        .agg(
            asked=pl.col("identifier").n_unique(),
            answered=pl.col("identifier").filter("answered").n_unique(),
        )
    )
    counted = (
        actors.filter(pl.col("kind").is_not_null())
        .group_by("kind", "honest")
        .agg(actors=pl.len(), limited=pl.col("limited").sum())
        .join(together, on=["kind", "honest"])
        .sort("honest", "asked", "kind", descending=[False, True, False])
    )
    return tuple(SimulatedFamily(**row) for row in counted.iter_rows(named=True))


def _named(limited: pl.DataFrame) -> tuple[SimulatedActor, ...]:
    most = limited.sort("new", "who", descending=[True, False]).head(MOST_NAMED)
    return tuple(
        SimulatedActor(
            name=written("account" if row["is_account"] else "address", row["who"]),
            new=row["new"],
            answered=row["answered"],
            first=row["first"],
            why=row["why"],
            kind=row.get("kind") or "",
        )
        for row in most.iter_rows(named=True)
    )
