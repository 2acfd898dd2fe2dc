"""Which of many lookups were made by somebody on the allow-list.

>>> from floodmark.guard.allow import Allowance
>>> at = pl.from_epoch(pl.Series("at", [0, 60])).dt.cast_time_unit("us").dt.replace_time_zone("UTC")
>>> let_through(pl.DataFrame({"at": at, "account": [5, 5]}), AllowList([Allowance("account", 5, "Own", 0.0, 60.0)]))
shape: (2,)
Series: 'allowed' [bool]
[
        true
        false
]
"""

from __future__ import annotations

import numpy as np
import polars as pl

from floodmark.guard.actors import PARTS
from floodmark.guard.allow import AllowList


def let_through(lookups: pl.DataFrame, allowed: AllowList) -> pl.Series:
    """Which lookups were made by somebody who was allowed at that time.

    Args:
        lookups: of columns `floodmark.guard.SCHEMA`.
        allowed: the list.

    Returns:
        `allowed`, Boolean, shape (n,).
    """
    through = np.zeros(lookups.height, np.bool_)
    for part in PARTS:
        entries = [entry for entry in allowed.entries if entry.part == part]
        if not entries:
            continue
        table = pl.DataFrame(
            {
                part: [entry.digest for entry in entries],
                "since": [entry.since for entry in entries],
                "until": [entry.until for entry in entries],
            },
            schema={part: lookups.schema[part], "since": pl.Float64, "until": pl.Float64},
        )
        at = pl.col("at").dt.epoch("us") / 1e6
        through |= (
            lookups.select("at", part)
            .join(table, on=part, how="left", maintain_order="left")
            .select(((at >= pl.col("since")) & (at < pl.col("until"))).fill_null(value=False))
            .to_series()
            .to_numpy()
        )
    return pl.Series("allowed", through)
