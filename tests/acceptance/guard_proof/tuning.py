"""Thresholds of the rules that have one, found on traffic of honest actors, and frozen before any test.

Each is the smallest at which at most a share of the honest actors is limited: so much a rule is allowed to cost, and
what it lets scrapers have at that cost is what is compared.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from floodmark.guard.budgets import Limit, hierarchy
from floodmark.guard.budgets.limits import DAY

from .rules import distinct, distinct_bucket, misses, volume

COMES_BACK = 30  # days in which an own budget that is spent comes back

Rule = Callable[[pl.DataFrame], pl.DataFrame]
RULES: dict[str, Callable[[pl.DataFrame, int], pl.DataFrame]] = {
    "CrowdSec, capacity tuned": distinct_bucket,
    "distinct a day": distinct,
    "misses a day": misses,
    "volume a day": volume,
}


def frozen(lookups: pl.DataFrame, share: float) -> dict[str, int]:
    """Thresholds of `RULES` by which at most `share` of the actors of honest traffic are limited.

    Args:
        lookups: of honest actors, columns at, who, identifier, hit.
        share: of the actors.
    """
    allowed = int(share * lookups["who"].n_unique())
    return {
        name: _smallest(lambda n, rule=rule: rule(lookups, n).height <= allowed)
        for name, rule in RULES.items()
    }


def own_budget(lookups: pl.DataFrame, share: float) -> tuple[Limit, ...]:
    """A budget for this service: its burst is what all but `share` of the actors asked about in the whole part.

    Args:
        lookups: of honest actors, columns who, identifier.
        share: of the actors.
    """
    sizes = lookups.group_by("who").agg(pl.col("identifier").n_unique())["identifier"].sort()
    burst = int(sizes[sizes.len() - 1 - int(share * sizes.len())])
    return hierarchy(Limit("account", burst, burst / (COMES_BACK * DAY)))


def _smallest(good: Callable[[int], bool]) -> int:
    low, high = 0, 1
    while not good(high):
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if good(middle) else (middle, high)
    return high
