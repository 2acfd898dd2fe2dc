"""What budgets would have granted of past lookups, exactly: as `Budgets.take` with memory for everything.

>>> lookups = pl.DataFrame(
...     {"at": [0, 0, 0, 1], "account": [1] * 4, "identifier": [5, 6, 5, 6], "endpoint": ["x"] * 4}
... ).with_columns(at=pl.from_epoch("at").dt.cast_time_unit("us").dt.replace_time_zone("UTC"))
>>> simulate_budgets(lookups, [Limit("account", 1, 1.0)]).rows()
[(True, None), (False, 'account'), (True, None), (True, None)]

Most actors never ask about more new identifiers than a burst, whenever they do. Their buckets cannot be full and are
counted as columns; what is left is asked lookup by lookup, since what a bucket grants depends on all that it granted.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.guard.budgets.limits import Limit

_NONE = -1


def simulate_budgets(lookups: pl.DataFrame, limits: Sequence[Limit]) -> pl.DataFrame:
    """What budgets would have granted, had they been there from the first lookup on.

    Args:
        lookups: columns `at`, `endpoint`, `identifier` and those of `PARTS` that are known, as of
            `floodmark.guard.lookups.SCHEMA`, shape (n,), in the order in which they came; a lookup of no identifier
            (null) is granted and costs nothing.
        limits: to keep.

    Returns:
        Of the same rows: `granted`, Boolean; `refused_at`, String, the first level in the order of the limits that had
        no room; null where granted.
    """
    at = lookups["at"].dt.cast_time_unit("us").to_physical().to_numpy() * 1000
    back = int((np.maximum.accumulate(at) - at).max(initial=0))
    buckets = [_may_fill(lookups, limit, limit.burst - -(-back // limit.cost)) for limit in limits]
    asked = np.zeros(lookups.height, bool)
    for column in buckets:
        asked |= column != _NONE
    rows = np.flatnonzero(asked)
    identifiers = lookups["identifier"].fill_null(0).to_numpy()[rows]
    refused = np.full(lookups.height, _NONE)
    refused[rows] = _ask(limits, at[rows], identifiers, [column[rows] for column in buckets])
    levels = pl.Series([limit.level for limit in limits], dtype=pl.String)
    places = pl.Series(refused).replace(_NONE, None)
    return pl.DataFrame({"granted": refused == _NONE, "refused_at": levels.gather(places)})


def _may_fill(lookups: pl.DataFrame, limit: Limit, room: int) -> NDArray[np.int64]:
    """Buckets that may be full at some time, as dense numbers: those of actors with many identifiers.

    Args:
        lookups: as of `simulate_budgets`.
        limit: whose buckets they are.
        room: identifiers that never fill one: the burst, less what may seem to come back while the clock goes back.

    Returns:
        int64, shape (n,): the bucket of each lookup, -1 where there is none that may be full.
    """
    table = lookups.select(
        "identifier", actor=pl.when(_applies(limit)).then(_actor(lookups, limit)), row=pl.int_range(pl.len())
    ).drop_nulls()
    for size in (pl.len(), pl.col("identifier").n_unique()):
        large = table.group_by("actor").agg(size=size).filter(pl.col("size") > room)
        table = table.join(large, on="actor", how="semi", maintain_order="left")
    buckets = np.full(lookups.height, _NONE)
    buckets[table["row"].to_numpy()] = table["actor"].rank("dense").cast(pl.Int64).to_numpy() - 1
    return buckets


def _applies(limit: Limit) -> pl.Expr:
    endpoint = pl.col("endpoint")
    named = endpoint.is_in(limit.endpoints) if limit.endpoints else pl.lit(True)
    return named & ~endpoint.is_in(limit.besides)


def _actor(lookups: pl.DataFrame, limit: Limit) -> pl.Expr:
    """Whose bucket it is; null for nobody's."""
    parts = ("account", "address") if limit.level == "account" else (limit.level,)
    known = [pl.col(part).replace(0, None) for part in parts if part in lookups.columns]
    return pl.coalesce(*known, pl.lit(0, pl.UInt64) if limit.level == "account" else None)


def _ask(
    limits: Sequence[Limit],
    at: NDArray[np.int64],
    identifiers: NDArray[np.uint64],
    buckets: Sequence[NDArray[np.int64]],
) -> NDArray[np.int64]:
    """Ask one after another; the place of the limit that refused, -1 where none did."""
    sizes = [int(column.max(initial=_NONE)) + 1 for column in buckets]
    empty_at = [[0] * size for size in sizes]
    known: list[list[set[int]]] = [[set() for _ in range(size)] for size in sizes]
    costs = [(limit.cost, limit.capacity) for limit in limits]
    found = np.full(at.size, _NONE)
    columns = zip(*(column.tolist() for column in buckets), strict=True)
    asked = zip(at.tolist(), identifiers.tolist(), columns, strict=True)
    for row, (now, identifier, theirs) in enumerate(asked):
        charged = []
        for place, bucket in enumerate(theirs):
            if bucket < 0 or identifier in known[place][bucket]:
                continue
            cost, capacity = costs[place]
            empty = max(empty_at[place][bucket], now) + cost
            if empty - now > capacity:
                found[row] = place
                break
            charged.append((place, bucket, empty))
        else:
            for place, bucket, empty in charged:
                empty_at[place][bucket] = empty
                known[place][bucket].add(identifier)
    return found
