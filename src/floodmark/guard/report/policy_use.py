"""What a policy would have done to past lookups."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from floodmark.guard.decision import Action
from floodmark.guard.policy import Policy
from floodmark.guard.thresholds import Thresholds


@dataclass(frozen=True)
class Step:
    """An action and from where on it is taken.

    Attributes:
        value: from which on.
        action: `delay`, `coarsen`, `challenge` or `deny`.
    """

    value: float
    action: str


@dataclass(frozen=True)
class PolicyUse:
    """What a policy would have done.

    Attributes:
        profile: of its budgets.
        evidence: what it does from which e-value on.
        canaries: from how many different canaries on.
        used: from which used share of a budget on.
        limited: actors to whom it would not have answered something.
        unanswered: lookups that it would not have answered.
        refused: of these, since a budget had no room.
        challenged: lookups that it would have answered only to who had shown to be somebody.
        denied: lookups that it would have denied by evidence or canaries.
        delayed: lookups that it would have answered later.
        coarsened: lookups that it would have answered less exactly.
        allowed: lookups of those on the allow-list, which it would have let through.
    """

    profile: str
    evidence: tuple[Step, ...]
    canaries: tuple[Step, ...]
    used: tuple[Step, ...]
    limited: int
    unanswered: int
    refused: int
    challenged: int
    denied: int
    delayed: int
    coarsened: int
    allowed: int


def policy_use(simulated: pl.DataFrame, policy: Policy) -> PolicyUse:
    """Count what a policy would have done.

    Args:
        simulated: lookups with the columns `SIMULATED`.
        policy: that was simulated.
    """
    unanswered = ~pl.col("answered")
    known = pl.col("who") > 0

    def acted(action: Action) -> pl.Expr:
        return ((pl.col("action") == action) & ~pl.col("refused")).sum()

    row = simulated.select(
        limited=pl.col("who").filter(unanswered & known).n_unique(),
        unanswered=unanswered.sum(),
        refused=pl.col("refused").sum(),
        challenged=acted(Action.CHALLENGE),
        denied=acted(Action.DENY),
        delayed=acted(Action.DELAY),
        coarsened=acted(Action.COARSEN),
        allowed=pl.col("allowed").sum(),
    ).row(0, named=True)
    return PolicyUse(
        profile=policy.profile,
        evidence=_steps(policy.evidence),
        canaries=_steps(policy.canaries),
        used=_steps(policy.used),
        **row,
    )


def _steps(thresholds: Thresholds) -> tuple[Step, ...]:
    return tuple(Step(value, str(action)) for value, action in thresholds.steps)
