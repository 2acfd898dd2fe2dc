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
    tables = [_may_fill(lookups, limit) for limit in limits]
    asked = np.zeros(lookups.height, bool)
    for buckets, _ in tables:
        asked |= buckets != _NONE
    rows = np.flatnonzero(asked)
    at = lookups["at"].dt.cast_time_unit("us").to_physical().to_numpy()[rows]
    refused = np.full(lookups.height, _NONE)
    refused[rows] = _ask(limits, at * 1000, [(buckets[rows], pairs[rows]) for buckets, pairs in tables])
    levels = pl.Series([limit.level for limit in limits], dtype=pl.String)
    places = pl.Series(refused).replace(_NONE, None)
    return pl.DataFrame({"granted": refused == _NONE, "refused_at": levels.gather(places)})


def _may_fill(lookups: pl.DataFrame, limit: Limit) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Buckets that may be full at some time, and pairs of these and an identifier, as dense numbers.

    Returns:
        Two int64 columns, shape (n,): bucket and pair of each lookup, -1 where there is none that may be full.
    """
    actor = _actor(lookups, limit)
    counted = pl.col("identifier").is_not_null() & pl.col("actor").is_not_null()
    table = lookups.select(
        pl.col("identifier"), actor=pl.when(_applies(limit)).then(actor), row=pl.int_range(pl.len())
    ).filter(counted)
    many = pl.len().over("actor") > limit.burst
    table = table.filter(many).filter(pl.col("identifier").n_unique().over("actor") > limit.burst)
    table = table.select(
        "row",
        bucket=pl.col("actor").rank("dense").cast(pl.Int64) - 1,
        pair=pl.struct("actor", "identifier").rank("dense").cast(pl.Int64) - 1,
    )
    rows = table["row"].to_numpy()
    buckets, pairs = np.full(lookups.height, _NONE), np.full(lookups.height, _NONE)
    buckets[rows], pairs[rows] = table["bucket"].to_numpy(), table["pair"].to_numpy()
    return buckets, pairs


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
    tables: Sequence[tuple[NDArray[np.int64], NDArray[np.int64]]],
) -> NDArray[np.int64]:
    """Ask one after another; the place of the limit that refused, -1 where none did."""
    empty_at = [[0] * (int(buckets.max(initial=_NONE)) + 1) for buckets, _ in tables]
    known = [bytearray(int(pairs.max(initial=_NONE)) + 1) for _, pairs in tables]
    columns = [(buckets.tolist(), pairs.tolist()) for buckets, pairs in tables]
    costs = [(limit.cost, limit.capacity) for limit in limits]
    found = np.full(at.size, _NONE)
    for row, now in enumerate(at.tolist()):
        charged = []
        for place, (buckets, pairs) in enumerate(columns):
            bucket = buckets[row]
            if bucket < 0 or known[place][pairs[row]]:
                continue
            cost, capacity = costs[place]
            empty = max(empty_at[place][bucket], now) + cost
            if empty - now > capacity:
                found[row] = place
                break
            charged.append((place, bucket, pairs[row], empty))
        else:
            for place, bucket, pair, empty in charged:
                empty_at[place][bucket] = empty
                known[place][pair] = 1
    return found
