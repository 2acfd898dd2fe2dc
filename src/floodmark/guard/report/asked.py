"""Lookups as a report counts them: who asked, and whether that actor asked about the identifier before."""

from __future__ import annotations

import polars as pl

from floodmark.guard.actors import who

COLUMNS = ("at", "account", "address", "endpoint", "identifier", "block", "hit")


def asked(lookups: pl.DataFrame) -> pl.DataFrame:
    """What a report needs of lookups, in order of time.

    Args:
        lookups: of columns `lookups.SCHEMA`, in order of `at`.

    Returns:
        Columns `at`, `endpoint`, `identifier`, `block`, `hit` as they were; `who` UInt64, 0 where nothing is known;
        `is_account` Boolean, whether `who` is an account and no address; `new` Boolean, whether this actor had not
        asked about this identifier before (False where nobody knows who asked, or it is no identifier). Shape (n,).
    """
    return (
        lookups.lazy()
        .select(COLUMNS)
        .with_columns(who(), is_account=pl.col("account") > 0)
        .drop("account", "address")
        .with_columns(
            new=pl.struct("who", "identifier").is_first_distinct()
            & (pl.col("who") > 0)
            & pl.col("identifier").is_not_null()
        )
        .collect()
    )
