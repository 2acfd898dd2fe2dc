"""The guard itself over past lookups: budgets, evidence or both, by a policy as an operator would state it."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from floodmark.guard.budgets import Limit
from floodmark.guard.evidence import Learned, reference, train
from floodmark.guard.policy import Policy
from floodmark.guard.simulate import simulate
from floodmark.guard.thresholds import Thresholds


def learnt(training: pl.DataFrame, compared: pl.DataFrame, cluster: str = "network") -> Learned:
    """Learn from lookups, and score other lookups by it, with one reference actor for each `cluster`."""
    model = train(training, cluster=cluster)
    return Learned(model, reference(compared, model), synthetic=True)


def policy(limits: Sequence[Limit] = (), alpha: float = 0.01, epsilon: float = 0.01) -> Policy:
    """These limits, and no answer to whom evidence flags at this rate."""
    return Policy("own", tuple(limits), evidence=Thresholds.of({"deny": 1 / alpha}), epsilon=epsilon)


def granted(lookups: pl.DataFrame, stated: Policy, learned: Learned | None = None) -> pl.Series:
    """Which lookups the guard answers: Boolean, shape (lookups,)."""
    return simulate(lookups, stated, learned=learned)["answered"]
