"""The guard's own budgets and evidence, as a scraper sees them that has read the policy and the model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from floodmark.guard.actors import who
from floodmark.guard.budgets import Limit, simulate_budgets
from floodmark.guard.evidence import Model, Reference, evidence
from floodmark.synth.traffic.rules import SECONDS_A_DAY, Answered

LONG_RUN = 2000  # identifiers that evidence is tried with: more than it looks at


@dataclass(frozen=True)
class BudgetRule:
    """Budgets: what has no room is refused, and nobody is ever locked out.

    Attributes:
        limits: of the policy.
        name: what reports call them.
    """

    limits: tuple[Limit, ...]
    name: str = "budgets"

    looks = False

    @property
    def paces(self) -> tuple[tuple[int, float], ...]:
        """For each limit of an account its burst, and then what comes back."""
        return tuple(
            (limit.burst, limit.per_second * SECONDS_A_DAY)
            for limit in self.limits
            if limit.level == "account"
        )

    def answered(self, lookups: pl.DataFrame) -> Answered:
        """What has room at every level."""
        return simulate_budgets(lookups, self.limits)["granted"].to_numpy()


@dataclass(frozen=True)
class EvidenceRule:
    """Evidence: whoever is flagged at a checkpoint is not answered until the epoch ends.

    Attributes:
        model: to score by.
        reference: to compare with.
        alpha: as for `evidence`.
        epsilon: as for `evidence`.
    """

    model: Model
    reference: Reference
    alpha: float = 0.01
    epsilon: float = 0.0

    name = "evidence"
    looks = True

    @property
    def paces(self) -> tuple[tuple[int, float], ...]:
        """One less than each checkpoint in every epoch; and all at once, for who hopes not to be flagged."""
        epochs = max(1.0, self.reference.epoch / SECONDS_A_DAY)
        stops = [(k - 1, (k - 1) / epochs) for k in self.model.checkpoints]
        return ((LONG_RUN, LONG_RUN / epochs), *((burst, 0.0) for burst, _ in stops), *stops)

    def answered(self, lookups: pl.DataFrame) -> Answered:
        """Everything up to the checkpoint at which an actor is flagged."""
        rows = lookups.select("at", who(), "identifier").with_row_index("row")
        if rows.select(pl.col("identifier").n_unique().over("who").max()).item() < self.model.checkpoints[0]:
            return np.ones(rows.height, bool)
        found = evidence(lookups, self.model, self.reference, self.alpha, self.epsilon)
        stop = pl.lit(None, pl.UInt32)
        for k in reversed(self.model.checkpoints):
            stop = pl.when(_summed(self, k) >= 1 / self.alpha).then(pl.lit(k, pl.UInt32)).otherwise(stop)
        epochs = found.select("who", "epoch", stop=stop).sort("who", "epoch")
        epoch_of = rows.sort("who", "at", maintain_order=True).join_asof(
            epochs, left_on="at", right_on="epoch", by="who", check_sortedness=False
        )
        new = pl.struct("who", "epoch", "identifier").is_first_distinct().cum_sum().over("who", "epoch")
        kept = epoch_of.select("row", good=pl.col("stop").is_null() | (new <= pl.col("stop"))).sort("row")
        return kept["good"].to_numpy()


def _summed(rule: EvidenceRule, until: int) -> pl.Expr:
    """M of an actor after the checkpoint `until`."""
    parts: Sequence[pl.Expr] = [
        weight * pl.col(f"e_{k}").fill_null(0.0)
        for k, weight in zip(rule.model.checkpoints, rule.model.weights, strict=True)
        if k <= until
    ]
    return pl.sum_horizontal(parts)
