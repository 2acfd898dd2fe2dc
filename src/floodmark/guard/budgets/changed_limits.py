"""A policy that changes: what was spent under the old limits is spent under the new ones."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from floodmark.guard.budgets.numbered import Numbered
from floodmark.kernel.buckets import MOST_RULES, Count, Tables

_MARGIN = 1 << 11  # nanoseconds: more than a float of this size is wrong by


def carry_over(tables: Tables, before: Sequence[Numbered], after: Sequence[Numbered], at: int) -> None:
    """Bring the buckets of a state to other limits.

    A limit that is about the same under other numbers keeps how many identifiers are spent, up to its new burst.
    Buckets of a limit that is gone are gone; those of a new one are empty.

    Args:
        tables: of the state, which this changes.
        before: limits as they were.
        after: as they are, numbered after those (`renumbered`).
        at: nanoseconds since 1970; the latest time that was asked at, if the clock has been put back since.
    """
    at = max(at, int(tables.counts[Count.LATEST]))
    were = {one.salt: one for one in before}
    numbers = (tables.keys & np.uint64(MOST_RULES - 1)).astype(np.int64)
    stays = {one.number for one in after if one.salt in were}
    gone = (tables.keys != 0) & ~np.isin(numbers, list(stays))
    tables.keys[gone] = 0
    tables.empty_at[gone] = 0
    for number in set(range(MOST_RULES)) - stays:
        tables.floors[number] = 0
    for one in after:
        old = were.get(one.salt)
        if old is None or (old.cost, old.capacity) == (one.cost, one.capacity):
            continue
        mine = (tables.keys != 0) & (numbers == one.number)
        tables.empty_at[mine] = _rescaled(tables.empty_at[mine], old, one, at)
        tables.floors[one.number] = _rescaled(tables.floors[one.number], old, one, at)


def _rescaled(times: NDArray[np.int64], old: Numbered, new: Numbered, at: int) -> NDArray[np.int64]:
    ahead = times - at
    spent = np.ceil(ahead * (new.cost / old.cost)) + _MARGIN
    return np.where(ahead > 0, at + np.minimum(spent, new.capacity).astype(np.int64), times)
