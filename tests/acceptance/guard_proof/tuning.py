"""Thresholds of the rules that have one, found on traffic of honest actors, and frozen before any test.

Each is the smallest at which at most a share of the honest actors is limited: so much a rule is allowed to cost, and
what it lets scrapers have at that cost is what is compared.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from .rules import distinct, distinct_bucket, misses, volume

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


def _smallest(good: Callable[[int], bool]) -> int:
    low, high = 0, 1
    while not good(high):
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if good(middle) else (middle, high)
    return high
