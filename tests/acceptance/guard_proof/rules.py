"""Rules that count something per actor and stop the actor for good at a limit: what the guard is compared with.

Each takes a frame of lookups in order of `at` with a column `who`, and gives columns `who` and `stopped`: when the
lookup came that was one too many. Actors whom it never stops are left out.

>>> from datetime import datetime, timedelta
>>> times = [datetime(2026, 1, 5) + timedelta(seconds=2 * i) for i in range(1000)]
>>> lookups = pl.DataFrame({"at": times, "who": 7, "identifier": range(1000), "hit": True})
>>> str(distinct_bucket(lookups).item(0, "stopped"))  # the 311th, 300 and the 10 that have leaked
'2026-01-05 00:10:20'
>>> any_miss(lookups).height, volume(lookups, 999).height, distinct(lookups, 1000).height
(0, 1, 0)
"""

from __future__ import annotations

import numpy as np
import polars as pl

CAPACITY = 300
LEAK = 60.0  # seconds in which one leaks


def distinct_bucket(lookups: pl.DataFrame, capacity: int = CAPACITY, leak: float = LEAK) -> pl.DataFrame:
    """CrowdSec's leaky bucket of distinct identifiers, as version 1.4.6 keeps it (`benchmarks/crowdsec`).

    An identifier costs one unless the actor's bucket has seen it. A bucket is forgotten, and all that it has seen,
    once nothing new has come for `(capacity + 1) * leak` seconds. CrowdSec opens another after an overflow; here the
    actor stays stopped.

    Args:
        lookups: columns at, who, identifier.
        capacity: what a bucket holds.
        leak: seconds in which one leaks.
    """
    seconds = (pl.col("at").dt.epoch("us") / 1e6).alias("seconds")
    rows = lookups.select("at", "who", "identifier", seconds)
    # A bucket in which every lookup costs one is never emptier: whoever does not overflow that one is left out.
    room = (pl.int_range(1, pl.len() + 1) - pl.col("seconds") / leak).over("who").alias("room")
    rows = rows.with_columns(room)
    level = pl.col("room") - pl.col("room").cum_min().over("who") + 1
    suspects = rows.filter(level > capacity)["who"].unique()
    stopped: dict[int, object] = {}
    suspected = rows.filter(pl.col("who").is_in(suspects.implode()))
    for (who,), own in suspected.group_by(["who"], maintain_order=True):
        place = _overflow(own["seconds"].to_numpy(), own["identifier"].to_list(), capacity, leak)
        if place is not None:
            stopped[who] = own["at"][place]
    return pl.DataFrame(
        {"who": list(stopped), "stopped": list(stopped.values())},
        schema={"who": lookups.schema["who"], "stopped": lookups.schema["at"]},
    )


def distinct(lookups: pl.DataFrame, limit: int) -> pl.DataFrame:
    """More than `limit` distinct identifiers in one day (UTC)."""
    first = pl.struct("who", "identifier", pl.col("at").dt.date()).is_first_distinct()
    return _first(
        lookups.filter(first), pl.int_range(1, pl.len() + 1).over("who", pl.col("at").dt.date()) > limit
    )


def volume(lookups: pl.DataFrame, limit: int) -> pl.DataFrame:
    """More than `limit` lookups in one day (UTC), whatever they ask about."""
    return _first(lookups, pl.int_range(1, pl.len() + 1).over("who", pl.col("at").dt.date()) > limit)


def misses(lookups: pl.DataFrame, limit: int) -> pl.DataFrame:
    """More than `limit` distinct identifiers in one day (UTC) that nobody has."""
    return distinct(lookups.filter(~pl.col("hit")), limit)


def any_miss(lookups: pl.DataFrame) -> pl.DataFrame:
    """One lookup of an identifier that nobody has."""
    return misses(lookups, 0)


def _first(lookups: pl.DataFrame, too_many: pl.Expr) -> pl.DataFrame:
    found = lookups.filter(too_many)
    return found.group_by("who", maintain_order=True).agg(pl.col("at").first().alias("stopped"))


def _overflow(seconds: np.ndarray, identifiers: list[int], capacity: int, leak: float) -> int | None:
    """At which lookup of one actor the bucket runs over; None for never."""
    level, last, seen = 0.0, seconds[0], set[int]()
    for place, (at, identifier) in enumerate(zip(seconds.tolist(), identifiers, strict=True)):
        if at > last + (capacity + 1) * leak:
            level, last = 0.0, at
            seen.clear()
        if identifier in seen:
            continue
        seen.add(identifier)
        level, last = max(0.0, level - (at - last) / leak) + 1, at
        if level > capacity + 1e-9:
            return place
    return None
