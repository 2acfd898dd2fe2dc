"""Every actor with how much it asked for, and tenths of actors by that."""

from __future__ import annotations

import polars as pl

TENTHS = 10


def sizes(found: pl.DataFrame) -> pl.DataFrame:
    """`asked` lookups by actor, that with most new identifiers first.

    Args:
        found: as `asked.asked` returns them.

    Returns:
        One row an actor: `who` UInt64; `is_account` Boolean; `lookups`, `new` (distinct identifiers), `answered`,
        `hits`, `blocks` (in which those identifiers lie), `endpoints`, `busiest` (new identifiers in that 24 hours,
        by UTC days, in which there were most), all UInt32; `first` and `last` lookup.
    """
    known = found.filter(pl.col("who") > 0)
    days = (
        known.filter("new")
        .group_by("who", day=pl.col("at").dt.date())
        .len()
        .group_by("who")
        .agg(busiest=pl.col("len").max())
    )
    return (
        known.group_by("who")
        .agg(
            is_account=pl.col("is_account").first(),
            lookups=pl.len(),
            new=pl.col("new").sum(),
            answered=pl.col("hit").count(),
            hits=pl.col("hit").sum(),
            blocks=pl.col("block").drop_nulls().n_unique(),
            endpoints=pl.col("endpoint").n_unique(),
            first=pl.col("at").min(),
            last=pl.col("at").max(),
        )
        .join(days, on="who", how="left")
        .sort("new", "lookups", "who", descending=[True, True, False])
    )


def tenth(size: pl.Expr) -> pl.Expr:
    """Which tenth a size is in, 1 for the smallest; actors of one size are all in one tenth.

    Many actors may be of one size (one lookup and never again); tenths between are then empty.
    """
    place = (size.rank("average") - 0.5) / size.len()
    return (place * TENTHS).floor().cast(pl.UInt8).clip(0, TENTHS - 1) + 1
