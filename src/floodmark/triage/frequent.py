"""Frequent texts of a column (e-mail domains, locations) in bounded memory, with a bound on every error.

Exact while there are at most `capacity` different keys. Beyond that a Misra-Gries summary (Misra and Gries
1982; merged as by Agarwal et al. 2012): when there are too many keys, the weight of the first that does not
fit is taken from all, and keys without weight are forgotten. Beside its weight a key keeps the count since it
was last admitted, which is exact for keys that were never forgotten, and how much it may have lost before.
"""

from __future__ import annotations

import threading

import polars as pl

CAPACITY = 500_000
LONGEST_KEY = 512
_SCHEMA = {"key": pl.String, "count": pl.UInt64, "weight": pl.UInt64, "error": pl.UInt64}


class FrequentCounter:
    """Counts strings; several threads may `add` at once.

    Args:
        capacity: keys kept. A count is never too high and is too low by at most `error`, itself at most
            `total / capacity`.
        longest_key: bytes; longer keys are counted in `oversized` alone, so that hostile cells cannot fill
            memory.

    Examples:
        >>> counter = FrequentCounter()
        >>> counter.add(pl.Series(["example.org", "example.com"]), pl.Series([3, 1]))
        >>> counter.top(1).rows()
        [('example.org', 3, 0)]
    """

    def __init__(self, capacity: int = CAPACITY, longest_key: int = LONGEST_KEY) -> None:
        if capacity < 1:
            raise ValueError("capacity is at least 1")
        self._capacity = capacity
        self._longest_key = longest_key
        self._kept = pl.DataFrame(schema=_SCHEMA)
        self._waiting: list[pl.DataFrame] = []
        self._waiting_rows = 0
        self._most_keys = 0
        self._lock = threading.Lock()
        self.total = 0
        self.oversized = 0
        self._error = 0

    def add(self, keys: pl.Series, counts: pl.Series) -> None:
        """Add counts of keys, as `value_counts` of a batch gives them.

        Args:
            keys: strings; nulls are left out.
            counts: non-negative integers, of the same length.
        """
        added = pl.DataFrame({"key": keys, "count": counts.cast(pl.UInt64)}).filter(
            pl.col("key").is_not_null() & (pl.col("count") > 0)
        )
        fits = pl.col("key").str.len_bytes() <= self._longest_key
        # Polars strings are views into the batch they were cut from: joining with nothing copies the key out,
        # so that the batch can go.
        short = added.filter(fits).with_columns(key=pl.concat_str("key", pl.lit("")))
        with self._lock:
            self.total += int(added["count"].sum())
            self.oversized += int(added["count"].sum()) - int(short["count"].sum())
            self._waiting.append(short)
            self._waiting_rows += short.height
            if self._waiting_rows > self._capacity // 2:
                self._compact()

    def top(self, k: int) -> pl.DataFrame:
        """The `k` keys with the highest counts, ties in the order of the keys.

        Returns:
            Columns key (String), count (UInt64) and error (UInt64): the true count is between `count` and
            `count + error`.
        """
        with self._lock:
            self._compact()
            ranked = self._kept.lazy().select("key", "count", "error")
        return ranked.sort(["count", "key"], descending=[True, False]).head(k).collect()

    @property
    def distinct(self) -> int:
        """Different keys: exact when `exact`, else a lower bound, the most that were held at once."""
        with self._lock:
            self._compact()
            return self._most_keys

    @property
    def exact(self) -> bool:
        """Whether no key was ever forgotten, so that all counts and `distinct` are exact."""
        return self.error == 0

    @property
    def error(self) -> int:
        """How much any count may be too low; also the most that a key which `top` never names can have."""
        with self._lock:
            self._compact()
            return self._error

    def _compact(self) -> None:
        if not self._waiting:
            return
        added = pl.concat(self._waiting).select(
            "key", "count", weight="count", error=pl.lit(self._error, pl.UInt64)
        )
        merged = (
            pl.concat([self._kept, added])
            .group_by("key")
            # A key that is still known lost only what it had lost when it was admitted, which is the smaller
            # one.
            .agg(pl.col("count", "weight").sum(), pl.col("error").min())
        )
        self._waiting, self._waiting_rows = [], 0
        self._most_keys = max(self._most_keys, merged.height)
        if merged.height > self._capacity:
            cut = int(merged["weight"].top_k(self._capacity + 1).min() or 0)  # type: ignore[arg-type]
            merged = merged.filter(pl.col("weight") > cut).with_columns(pl.col("weight") - cut)
            self._error += cut
        self._kept = merged
