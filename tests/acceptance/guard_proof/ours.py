"""The guard itself over past lookups: budgets that refuse, evidence that stops, and both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from floodmark.guard.actors import who
from floodmark.guard.budgets import Limit, simulate_budgets
from floodmark.guard.evidence import Model, Reference, evidence, reference, train


@dataclass(frozen=True)
class Learnt:
    """What evidence is judged by: learnt from one part, compared with another."""

    model: Model
    reference: Reference

    @classmethod
    def of(cls, training: pl.DataFrame, compared: pl.DataFrame, cluster: str = "network") -> Learnt:
        """Learn from lookups, and score other lookups by it, with one reference actor for each `cluster`."""
        model = train(training, cluster=cluster)
        return cls(model, reference(compared, model))

    def judged(self, lookups: pl.DataFrame, alpha: float, epsilon: float) -> pl.DataFrame:
        """Evidence on every actor."""
        return evidence(lookups, self.model, self.reference, alpha, epsilon)

    def stops(self, lookups: pl.DataFrame, alpha: float, epsilon: float) -> pl.DataFrame:
        """Whom evidence flags and at which lookup: columns who and stopped."""
        return stops(lookups, self.judged(lookups, alpha, epsilon), self.model, alpha)


def stops(lookups: pl.DataFrame, found: pl.DataFrame, model: Model, alpha: float) -> pl.DataFrame:
    """When the weighted sum of e-values reached 1/α: at the lookup that completed the checkpoint.

    Args:
        lookups: that evidence is about, of one epoch.
        found: the evidence.
        model: whose checkpoints and weights it was made with.
        alpha: the rate.
    """
    crossed = pl.DataFrame(schema={"who": pl.UInt64, "place": pl.UInt32})
    total = pl.lit(0.0)
    for checkpoint, weight in zip(model.checkpoints, model.weights, strict=True):
        total = total + weight * pl.col(f"e_{checkpoint}").fill_null(0.0)
        now = found.filter(total >= 1 / alpha).select("who", place=pl.lit(checkpoint, pl.UInt32))
        crossed = pl.concat([crossed, now]).unique("who", keep="first", maintain_order=True)
    new = lookups.select("at", who(), "identifier").unique(
        ["who", "identifier"], keep="first", maintain_order=True
    )
    placed = new.with_columns(place=pl.int_range(1, pl.len() + 1, dtype=pl.UInt32).over("who"))
    return placed.join(crossed, on=["who", "place"]).select("who", stopped="at")


def within_budgets(lookups: pl.DataFrame, limits: Sequence[Limit]) -> pl.Series:
    """Which lookups budgets grant: Boolean, shape (lookups,)."""
    return simulate_budgets(lookups, limits)["granted"]
