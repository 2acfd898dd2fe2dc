"""Seats: from where an account asks, and what a server sees of it there."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

APPS = ("android/5.2", "ios/5.2", "android/5.1", "ios/5.1", "web/2", "desktop/3")
_APP_EDGES = np.cumsum([0.42, 0.24, 0.15, 0.09, 0.06])

SEATS: dict[str, pl.DataType | type[pl.DataType]] = {
    "account": pl.String,  # null for nobody who is signed in
    "app": pl.String,
    "address": pl.String,
    "device": pl.String,
    "made": pl.Int64,  # day on which the account was made, from the first of the traffic; null without account
    "kind": pl.String,  # sort of honest client, or family of scrapers
    "group": pl.String,  # which scraper or company several accounts are of; empty for none
    "honest": pl.Boolean,
}
"""Columns of a table of seats."""


def names(prefix: str, count: int) -> pl.Series:
    """Names of made-up accounts: `prefix-000000`, `prefix-000001`, …."""
    return f"{prefix}-" + pl.Series(np.arange(count)).cast(pl.String).str.zfill(6)


def apps(random: np.random.Generator, count: int) -> pl.Series:
    """Apps as ordinary people have them, shape (count,)."""
    return pl.Series(APPS).gather(pl.Series(np.searchsorted(_APP_EDGES, random.random(count), side="right")))


def seats(
    kind: str,
    accounts: pl.Series | None,
    addresses: pl.Series,
    app: pl.Series,
    made: NDArray[np.int64] | None,
    *,
    devices: pl.Series | None = None,
    groups: Sequence[str] | str = "",
    honest: bool = True,
) -> pl.DataFrame:
    """A table of seats.

    Args:
        kind: of all.
        accounts: String, shape (n,); None where nobody is signed in.
        addresses: String, shape (n,).
        app: String, shape (n,).
        made: int64, shape (n,); None without accounts.
        devices: String, shape (n,); one for each account where not given.
        groups: of all, or of each.
        honest: whether all are.
    """
    count = len(addresses)
    none = pl.Series([None] * count, dtype=pl.String)
    if devices is None:
        devices = none if accounts is None else accounts + "-phone"
    return pl.DataFrame(
        {
            "account": none if accounts is None else accounts,
            "app": app,
            "address": addresses,
            "device": devices,
            "made": pl.Series([None] * count, dtype=pl.Int64) if made is None else made,
            "kind": [kind] * count,
            "group": [groups] * count if isinstance(groups, str) else groups,
            "honest": [honest] * count,
        },
        schema=SEATS,
    )
