"""Actors as the report lists them: those first against whom most speaks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import polars as pl

from floodmark.guard.report.budget_use import LevelUse
from floodmark.guard.report.evidence_use import ActorEvidence


@dataclass(frozen=True)
class RankedActor:
    """One actor, without its name.

    Attributes:
        name: part and digest, such as `account/1a2b3c4d5e6f7081`.
        lookups: of it.
        new: distinct identifiers it asked for.
        busiest: of these, in the UTC day in which there were most.
        blocks: of identifiers, in which those lie.
        endpoints: through which it asked.
        answered: lookups of which it is known whether the identifier existed.
        hits: of these, it did.
        first: of the first lookup.
        last: of the last one.
        canaries: that it asked for; None where none are known.
        canary_value: the e-value of that; None where none are known.
        evidence: what the evidence says; None without a model.
        unanswered: lookups that the policy would not have answered; None without a policy.
        budgets: of the limits of accounts, how much of each it used, most first; empty without budgets.
        allowed: why it is on the allow-list; empty where it is not.
        truth: what made-up traffic says that it is; empty elsewhere.
    """

    name: str
    lookups: int
    new: int
    busiest: int
    blocks: int
    endpoints: int
    answered: int
    hits: int
    first: datetime
    last: datetime
    canaries: int | None = None
    canary_value: float | None = None
    evidence: ActorEvidence | None = None
    unanswered: int | None = None
    budgets: tuple[LevelUse, ...] = ()
    allowed: str = ""
    truth: str = ""


def ranked(actors: pl.DataFrame) -> pl.DataFrame:
    """Order actors by their e-values, then by what was not answered, then by identifiers.

    Of the e-values of canaries and of evidence, the larger counts.

    Args:
        actors: `sizes.sizes`, with `canary_value`, `m` and `unanswered` where they are known.
    """
    values = [pl.col(name) for name in ("canary_value", "m") if name in actors.columns]
    keys = [pl.max_horizontal(*values)] if values else []
    keys += [pl.col("unanswered")] if "unanswered" in actors.columns else []
    descending = [True] * (len(keys) + 2) + [False]
    return actors.sort(*keys, "new", "lookups", "who", descending=descending, nulls_last=True)
