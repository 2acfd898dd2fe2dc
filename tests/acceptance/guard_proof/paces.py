"""Accounts that ask at many paces, again and with long pauses: what tells whether a bucket is kept as CrowdSec does."""

from __future__ import annotations

import numpy as np
import polars as pl

START = 1_767_571_200  # 2026-01-05, in seconds


def paced(accounts: int, days: float, seed: int) -> pl.DataFrame:
    """Lookups: columns at (whole seconds, in order), who (1 and up) and identifier (small numbers).

    Pauses of three to nine hours lie about the five hours after which a bucket is forgotten.
    """
    random = np.random.Generator(np.random.PCG64(seed))
    parts = []
    for account in range(1, accounts + 1):
        pace = 10 ** random.uniform(-0.3, 3.5)  # seconds between two lookups
        size = int(min(1500, days * 86_400 / pace))
        gaps = random.exponential(pace, size)
        gaps[random.random(size) < 0.004] += random.uniform(3, 9) * 3600
        known = max(1, int(size * random.uniform(0.2, 3)))  # asked again the more, the smaller
        at = START + np.floor(random.uniform(0, 43_200) + np.cumsum(gaps)).astype(np.int64)
        asked = random.integers(0, known, size)
        parts.append(pl.DataFrame({"at": at, "who": np.full(size, account), "identifier": asked}))
    rows = pl.concat(parts).filter(pl.col("at") < START + days * 86_400).sort("at", maintain_order=True)
    return rows.with_columns(pl.from_epoch("at", "s").dt.cast_time_unit("us").dt.replace_time_zone("UTC"))


def access_log(lookups: pl.DataFrame) -> str:
    """As a combined access log, one line a lookup; accounts and identifiers are numbers."""
    line = pl.format(
        '192.0.2.1 - u{} [{}] "GET /v1/search?phone={} HTTP/1.1" 200 12 "-" "made-up"',
        "who",
        pl.col("at").dt.strftime("%d/%b/%Y:%H:%M:%S +0000"),
        "identifier",
    )
    return "\n".join(lookups.select(line).to_series()) + "\n"
