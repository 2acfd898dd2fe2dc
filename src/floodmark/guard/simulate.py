"""A policy on past lookups: what it would have done to each of them.

Clients did what they did without the policy. One that was refused might have asked less, more or elsewhere, so that
this says whom a policy would have met, and not what they would have done next. Challenges count as not passed, and
evidence is that of all that was asked, answered or not.
"""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from floodmark.guard.actors import who
from floodmark.guard.allow import AllowList
from floodmark.guard.allow_columns import let_through
from floodmark.guard.budgets import Limit, simulate_budgets
from floodmark.guard.canaries import Canaries
from floodmark.guard.decision import Action
from floodmark.guard.evidence import Learned, evidence
from floodmark.guard.policy import Policy
from floodmark.guard.thresholds import Thresholds

SIMULATED: dict[str, pl.DataType | type[pl.DataType]] = {
    "who": pl.UInt64,  # Actor.who; 0 where nothing is known
    "is_account": pl.Boolean,
    "new": pl.Boolean,  # whether this actor had not asked about this identifier before
    "allowed": pl.Boolean,  # whether the actor was on the allow-list
    "canary": pl.UInt8,  # Action by canaries
    "evidence": pl.UInt8,  # Action by evidence
    "used": pl.UInt8,  # Action by the share of a budget that is used
    "action": pl.UInt8,  # the strictest of these
    "refused": pl.Boolean,  # whether a budget had no room
    "refused_at": pl.String,  # the first level that had none; null where granted
    "answered": pl.Boolean,  # neither refused nor challenged nor denied
}
"""Columns that `simulate` adds to lookups."""


def simulate(
    lookups: pl.DataFrame,
    policy: Policy,
    *,
    canaries: Canaries | None = None,
    allowed: AllowList | None = None,
    learned: Learned | None = None,
) -> pl.DataFrame:
    """What a policy would have done to lookups, each taken as a request of its own.

    Args:
        lookups: of columns `floodmark.guard.SCHEMA`, in order of `at`.
        policy: to try; whether it says `shadow` makes no difference.
        canaries: that were known; None for none.
        allowed: who was never limited; None for nobody.
        learned: to weigh evidence by; None for no evidence.

    Returns:
        The lookups with the columns `SIMULATED`, in the same order, shape (n,).
    """
    table = lookups.with_columns(
        who(), is_account=pl.col("account") > 0, allowed=let_through(lookups, allowed or AllowList())
    ).with_columns(new=pl.struct("who", "identifier").is_first_distinct() & (pl.col("who") > 0))
    table = table.with_columns(
        canary=_of_canaries(table, policy.canaries, canaries or Canaries()),
        evidence=_of_evidence(table, policy, learned),
    )
    step = pl.max_horizontal("canary", "evidence")
    table = table.with_columns(action=pl.when("allowed").then(0).otherwise(step).cast(pl.UInt8))
    table = table.with_row_index("row")
    counted = table.filter((pl.col("action") < Action.CHALLENGE) & ~pl.col("allowed"))
    refused_at = _refused_at(counted.select(lookups.columns), policy.limits)
    spent = counted.select(
        "row", refused=refused_at.is_not_null(), refused_at=refused_at, used=pl.lit(0, pl.UInt8)
    )
    if policy.used.steps:
        spent = spent.with_columns(used=_of_use(counted, spent["refused"], policy))
    table = table.join(spent, on="row", how="left", maintain_order="left").with_columns(
        pl.col("refused").fill_null(value=False), pl.col("used").fill_null(0)
    )
    table = table.with_columns(action=pl.max_horizontal("action", "used"))
    table = table.with_columns(answered=~pl.col("refused") & (pl.col("action") < Action.CHALLENGE))
    return table.select(*lookups.columns, *(pl.col(name).cast(kind) for name, kind in SIMULATED.items()))


def _refused_at(lookups: pl.DataFrame, limits: tuple[Limit, ...]) -> pl.Series:
    if not limits or lookups.is_empty():
        return pl.Series("refused_at", [None], dtype=pl.String).new_from_index(0, lookups.height)
    return simulate_budgets(lookups, limits)["refused_at"]


def _of_canaries(table: pl.DataFrame, steps: Thresholds, canaries: Canaries) -> pl.Series:
    """By how many different canaries the actor has asked for, this lookup included."""
    if not canaries.digests:
        return _none(table, pl.UInt8)
    asked = canaries.lookups(table.lazy().select("at", "who", "identifier").with_row_index("row")).collect()
    first = asked.select("row", first=pl.struct("who", "identifier").is_first_distinct())
    joined = (
        table.select("who").with_row_index("row").join(first, on="row", how="left", maintain_order="left")
    )
    count = pl.col("first").fill_null(value=False).cast(pl.UInt32).cum_sum().over("who")
    # Of nobody nothing is kept, so that each lookup is judged alone.
    alone = pl.col("first").is_not_null().cast(pl.UInt32)
    return joined.select(
        steps.expression(pl.when(pl.col("who") > 0).then(count).otherwise(alone))
    ).to_series()


def _of_evidence(table: pl.DataFrame, policy: Policy, learned: Learned | None) -> pl.Series:
    """By the e-value of what the actor had asked in the epoch before this lookup."""
    if learned is None or table.is_empty() or not policy.evidence.steps:
        return _none(table, pl.UInt8)
    model, reference = learned.model, learned.reference
    found = evidence(table, model, reference, alpha=policy.alpha, epsilon=policy.epsilon)
    length = timedelta(seconds=reference.epoch)
    start = table["at"][0]
    within = table["at"][-1] - start <= length
    microseconds = length // timedelta(microseconds=1)
    number = pl.lit(0) if within else (pl.col("at") - start).dt.total_microseconds() // microseconds
    numbered = table.select("who", "identifier", epoch=pl.lit(start) + number.cast(pl.Int64) * pl.lit(length))
    first = pl.struct("who", "epoch", "identifier").is_first_distinct().cast(pl.UInt32)
    numbered = numbered.with_columns(before=(first.cum_sum() - first).over("who", "epoch"))
    weights = zip(model.checkpoints, model.weights, strict=True)
    value = pl.sum_horizontal(
        pl.when(pl.col("before") >= checkpoint)
        .then(pl.col(f"e_{checkpoint}").fill_null(0.0) * weight)
        .otherwise(0.0)
        for checkpoint, weight in weights
    )
    e_values = found.select("who", "epoch", *(f"e_{checkpoint}" for checkpoint in model.checkpoints))
    joined = numbered.join(e_values, on=["who", "epoch"], how="left", maintain_order="left")
    return joined.select(policy.evidence.expression(value)).to_series()


def _of_use(counted: pl.DataFrame, refused: pl.Series, policy: Policy) -> pl.Series:
    """By the largest share of a budget that is used after each lookup.

    With the cost c of one identifier, a bucket is empty at A_i = max(A_(i−1), t_i) + c after the i-th grant of what is
    new, which is c·i + max over j ≤ i of (t_j − c·(j − 1)); in between it stands still.
    """
    table = counted.with_columns(granted=~refused, ns=pl.col("at").dt.epoch("us") * 1000)
    shares = [_share(table, limit) for limit in policy.limits]
    return table.select(
        policy.used.expression(pl.max_horizontal(*shares) if shares else pl.lit(0.0))
    ).to_series()


def _share(table: pl.DataFrame, limit: Limit) -> pl.Series:
    entity = pl.col("who" if limit.level == "account" else limit.level)
    # Those of whom nothing is known share one budget of accounts, as `Budgets` counts.
    applies = ~pl.col("endpoint").is_in(limit.besides) & ((entity > 0) | (limit.level == "account"))
    if limit.endpoints:
        applies &= pl.col("endpoint").is_in(limit.endpoints)
    key = pl.when(applies).then(entity)
    marked = table.select("ns", "identifier", entity=key, granted=pl.col("granted") & applies)
    costs = pl.col("granted") & pl.struct("entity", "identifier", "granted").is_first_distinct()
    marked = marked.with_columns(costs=costs).with_columns(
        nth=pl.col("costs").cast(pl.Int64).cum_sum().over("entity")
    )
    begun = pl.when("costs").then(pl.col("ns") - limit.cost * (pl.col("nth") - 1))
    empty = begun.cum_max().forward_fill().over("entity") + limit.cost * pl.col("nth")
    share = ((empty - pl.col("ns")) / limit.capacity).clip(0)
    return marked.select(pl.when(pl.col("entity").is_not_null()).then(share).fill_null(0.0)).to_series()


def _none(table: pl.DataFrame, kind: type[pl.DataType]) -> pl.Series:
    return pl.zeros(table.height, dtype=pl.UInt8, eager=True).cast(kind)
