"""How much of its budgets a policy would have seen used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from floodmark.guard.actor_text import written
from floodmark.guard.budgets import Limit

MOST_OF_LEVEL = 5
_MICROSECOND = 1000  # nanoseconds
Standings = tuple[Limit, pl.DataFrame]
"""A limit, and of each `entity` of its level what it used: `peak`, `used` and `empty`, when all is back."""


@dataclass(frozen=True)
class LevelUse:
    """How much of one limit somebody has used.

    Attributes:
        name: part and digest, such as `prefix/1a2b3c4d5e6f7081`.
        level: of the limit.
        endpoints: that the limit counts; empty for all.
        besides: that it does not count.
        burst: new identifiers at once, at most.
        peak: most that was used at a time, in identifiers.
        used: what is used after the last lookup of all.
        refilled: when all of it has come back; None where it has.
    """

    name: str
    level: str
    endpoints: tuple[str, ...]
    besides: tuple[str, ...]
    burst: int
    peak: float
    used: float
    refilled: datetime | None

    @property
    def share(self) -> float:
        """Of the burst, the most that was used at a time."""
        return self.peak / self.burst


@dataclass(frozen=True)
class LimitUse:
    """One limit of the policy, and what it did.

    Attributes:
        level: of actors that it counts: `account`, `prefix`, `network`, `app`, `cohort`, ….
        burst: new identifiers at once, at most.
        per_day: that come back in 24 hours.
        endpoints: that it counts; empty for all.
        besides: that it does not count.
        counted: of that level, whoever was granted something there.
        half: of these, who had used half of the burst at some time.
        spent: of these, who had no room for one more at some time.
        most_used: who used most, at most `MOST_OF_LEVEL`.
    """

    level: str
    burst: int
    per_day: float
    endpoints: tuple[str, ...]
    besides: tuple[str, ...]
    counted: int
    half: int
    spent: int
    most_used: tuple[LevelUse, ...]


@dataclass(frozen=True)
class BudgetUse:
    """How much of the budgets of a policy would have been used.

    Attributes:
        limits: of the policy.
    """

    limits: tuple[LimitUse, ...]

    @property
    def most_used(self) -> tuple[LevelUse, ...]:
        """Of every limit those who used most, those first who came closest to its burst."""
        return tuple(
            sorted((use for one in self.limits for use in one.most_used), key=lambda use: -use.share)
        )


def budget_use(counted: pl.DataFrame, limits: Sequence[Limit]) -> tuple[BudgetUse, list[Standings]]:
    """How much of limits past lookups would have used.

    Args:
        counted: lookups that budgets would have been asked about, in order of `at`; columns `lookups.SCHEMA`, `who`,
            `is_account` and `refused`.
        limits: that were simulated.

    Returns:
        What was used; and of each limit of accounts, who used how much of it.
    """
    last = counted["at"].max()
    found = [(limit, _standings(counted, limit, last)) for limit in limits]
    uses = tuple(_limit_use(standings, limit) for limit, standings in found)
    return BudgetUse(uses), [one for one in found if one[0].level == "account"]


def used_by(standings: Sequence[Standings], actors: Sequence[int]) -> dict[int, tuple[LevelUse, ...]]:
    """Of a few actors, how much each used of the limits of accounts, most first.

    Args:
        standings: from `budget_use`.
        actors: `Actor.who`.
    """
    uses: dict[int, list[LevelUse]] = {}
    for limit, table in standings:
        for row in table.filter(pl.col("entity").is_in(list(actors))).iter_rows(named=True):
            uses.setdefault(row["entity"], []).append(_level_use(row, limit))
    return {actor: tuple(sorted(own, key=lambda use: -use.share)) for actor, own in uses.items()}


def _standings(table: pl.DataFrame, limit: Limit, last: object) -> pl.DataFrame:
    """Of every entity of a limit's level: most used, used at the end, and when all has come back.

    With the cost c of one identifier in nanoseconds, a bucket is empty at A_i = max(A_(i-1), t_i) + c after the i-th
    grant, which is c·i + max over j ≤ i of (t_j − c·(j − 1)): no loop over grants.
    """
    entity = pl.col("who" if limit.level == "account" else limit.level)
    at = pl.col("at").cast(pl.Int64) * _MICROSECOND
    cost = limit.cost
    applies = pl.lit(True) if not limit.endpoints else pl.col("endpoint").is_in(limit.endpoints)
    applies &= ~pl.col("endpoint").is_in(limit.besides)
    empty = (pl.col("at") - cost * (pl.col("nth") - 1)).cum_max().over("entity") + cost * pl.col("nth")
    return (
        table.lazy()
        .filter(~pl.col("refused") & applies & (entity > 0) & pl.col("identifier").is_not_null())
        .select("identifier", "is_account", entity=entity, at=at)
        .filter(pl.struct("entity", "identifier").is_first_distinct())
        .with_columns(nth=pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("entity"))
        .with_columns(empty=empty)
        .group_by("entity")
        .agg(
            is_account=pl.col("is_account").first(),
            peak=((pl.col("empty") - pl.col("at")) / cost).max(),
            ahead=pl.col("empty").last()
            - pl.lit(last).cast(pl.Datetime("us", "UTC")).cast(pl.Int64) * _MICROSECOND,
            empty=(pl.col("empty").last() // _MICROSECOND).cast(pl.Datetime("us", "UTC")),
        )
        .with_columns(used=(pl.col("ahead") / cost).clip(0))
        .sort("peak", "entity", descending=[True, False])
        .collect()
    )


def _limit_use(standings: pl.DataFrame, limit: Limit) -> LimitUse:
    return LimitUse(
        level=limit.level,
        burst=limit.burst,
        per_day=limit.per_second * 86_400,
        endpoints=limit.endpoints,
        besides=limit.besides,
        counted=standings.height,
        half=standings.filter(pl.col("peak") >= limit.burst / 2).height,
        spent=standings.filter(pl.col("peak") > limit.burst - 1).height,
        most_used=tuple(
            _level_use(row, limit) for row in standings.head(MOST_OF_LEVEL).iter_rows(named=True)
        ),
    )


def _level_use(row: dict[str, Any], limit: Limit) -> LevelUse:
    part = limit.level if limit.level != "account" or row["is_account"] else "address"
    return LevelUse(
        name=written(part, row["entity"]),
        level=limit.level,
        endpoints=limit.endpoints,
        besides=limit.besides,
        burst=limit.burst,
        peak=row["peak"],
        used=row["used"],
        refilled=row["empty"] if row["used"] > 0 else None,
    )
