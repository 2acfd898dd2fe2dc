"""What budgets and evidence make of past lookups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from floodmark.guard.budgets import Limit
from floodmark.guard.evidence import Learned, evidence
from floodmark.guard.report.budget_use import BudgetUse, LevelUse, budget_use
from floodmark.guard.report.evidence_use import EvidenceUse, evidence_use


@dataclass(frozen=True, eq=False)
class Judged:
    """What budgets and evidence make of past lookups; nothing where there is neither policy nor model.

    Attributes:
        granted: Boolean, shape (n,): which lookups budgets would have granted.
        budgets: what they would have done.
        by_actor: of every actor, how much it used of the limits of accounts.
        found: of columns `EVIDENCE`.
        evidence: what it says of all actors.
    """

    granted: pl.Series | None = None
    budgets: BudgetUse | None = None
    by_actor: Mapping[int, tuple[LevelUse, ...]] = field(default_factory=dict)
    found: pl.DataFrame | None = None
    evidence: EvidenceUse | None = None


def by_budgets(lookups: pl.DataFrame, limits: Sequence[Limit], profile: str) -> Judged:
    """What limits would have done.

    Args:
        lookups: of columns `lookups.SCHEMA`, in order of `at`.
        limits: of a policy.
        profile: their name.
    """
    from floodmark.guard.budgets import simulate_budgets

    granted = simulate_budgets(lookups, limits)
    use, by_actor = budget_use(lookups, limits, profile, granted)
    return Judged(granted=granted, budgets=use, by_actor=by_actor)


def by_evidence(lookups: pl.DataFrame, learned: Learned, alpha: float, epsilon: float) -> Judged:
    """What the evidence says.

    Args:
        lookups: of columns `lookups.SCHEMA`, in order of `at`.
        learned: model and reference, of other lookups.
        alpha: from which chance of a false flag on an actor is flagged.
        epsilon: share of the reference that may be bad.
    """
    found = evidence(lookups, learned.model, learned.reference, alpha, epsilon)
    return Judged(found=found, evidence=evidence_use(found, learned, alpha, epsilon))
