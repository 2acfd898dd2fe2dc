"""What a policy would have done to past lookups, and the evidence on those who made them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl

from floodmark.guard.allow import AllowList
from floodmark.guard.canaries import Canaries
from floodmark.guard.decision import Action
from floodmark.guard.evidence import Learned, evidence
from floodmark.guard.policy import Policy
from floodmark.guard.report.budget_use import BudgetUse, Standings, budget_use
from floodmark.guard.report.evidence_use import FALSE_DISCOVERIES, EvidenceUse, evidence_use
from floodmark.guard.report.policy_use import PolicyUse, policy_use
from floodmark.guard.simulate import simulate


@dataclass(frozen=True, eq=False)
class Judged:
    """What a policy would have done to past lookups, and the evidence on those who made them.

    Attributes:
        simulated: lookups with the columns `SIMULATED`, shape (n,).
        policy: what it would have done.
        budgets: how much of them would have been used; None where the policy has no limits.
        standings: of each limit of accounts, who would have used how much of it.
        found: of columns `EVIDENCE`; None without a model.
        evidence: what it says of all actors.
    """

    simulated: pl.DataFrame
    policy: PolicyUse
    budgets: BudgetUse | None
    standings: Sequence[Standings]
    found: pl.DataFrame | None
    evidence: EvidenceUse | None


def judged(
    lookups: pl.DataFrame,
    policy: Policy,
    *,
    learned: Learned | None = None,
    canaries: Canaries | None = None,
    allowed: AllowList | None = None,
    advance: Callable[[int], object] = lambda _: None,
) -> Judged:
    """Judge past lookups.

    Args:
        lookups: of columns `lookups.SCHEMA`, in order of `at`.
        policy: that is simulated, and whose α and ε are used.
        learned: model and reference, of other lookups; None for no evidence.
        canaries: that were known; None for none.
        allowed: who was never limited; None for nobody.
        advance: is told 1 after the policy and after the evidence.
    """
    simulated = simulate(lookups, policy, canaries=canaries, allowed=allowed, learned=learned)
    use: BudgetUse | None = None
    standings: list[Standings] = []
    if policy.limits:
        step = pl.max_horizontal("canary", "evidence")
        counted = simulated.filter((step < Action.CHALLENGE) & ~pl.col("allowed"))
        use, standings = budget_use(counted, policy.limits)
    advance(1)
    found = evidence_used = None
    if learned is not None:
        found = evidence(
            lookups,
            learned.model,
            learned.reference,
            policy.alpha,
            policy.epsilon,
            false_discoveries=FALSE_DISCOVERIES,
        )
        evidence_used = evidence_use(found, learned, policy.alpha, policy.epsilon)
    advance(1)
    return Judged(simulated, policy_use(simulated, policy), use, standings, found, evidence_used)
