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
    evidence: ActorEvidence | None = None
    unanswered: int | None = None
    budgets: tuple[LevelUse, ...] = ()
    allowed: str = ""
    truth: str = ""


def ranked(actors: pl.DataFrame) -> pl.DataFrame:
    """Order actors: asked for a canary, flagged, most evidence, most unanswered, most identifiers.

    Args:
        actors: `sizes.sizes`, with `canaries`, `flagged`, `m` and `unanswered` where they are known.
    """
    known = [name for name in ("canaries", "flagged", "m", "unanswered") if name in actors.columns]
    keys = [pl.col("canaries") > 0 if name == "canaries" else pl.col(name) for name in known]
    return actors.sort(
        *keys, "new", "lookups", "who", descending=[*[True] * len(known), True, True, False], nulls_last=True
    )
