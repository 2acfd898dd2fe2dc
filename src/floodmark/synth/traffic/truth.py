"""The truth of made-up traffic: who is honest, who is a scraper of which family, and how much each asked."""

from __future__ import annotations

import polars as pl

from floodmark.guard.actors import who

TRUTH: dict[str, pl.DataType | type[pl.DataType]] = {
    "who": pl.UInt64,  # Actor.who: account, else address
    "kind": pl.String,  # sort of honest client, or family of scrapers
    "honest": pl.Boolean,
    "group": pl.String,  # which scraper or company, where several accounts are one; else empty
    "lookups": pl.UInt32,
    "distinct": pl.UInt32,  # identifiers
    "found": pl.UInt32,  # members among these
}
"""Columns of the truth, in order of `who`."""


def truth_of(lookups: pl.DataFrame, seats: pl.DataFrame, who_sits: pl.Series) -> pl.DataFrame:
    """The truth of lookups.

    Args:
        lookups: columns `floodmark.guard.SCHEMA`.
        seats: columns `floodmark.synth.traffic.seats.SEATS`.
        who_sits: UInt64, one for each seat.

    Returns:
        Columns `TRUTH`, a row for everybody who asked.
    """
    counts = lookups.group_by(who()).agg(
        lookups=pl.len(),
        distinct=pl.col("identifier").n_unique(),
        found=pl.col("identifier").filter("hit").n_unique(),
    )
    kinds = (
        seats.select("kind", "honest", "group")
        .with_columns(who_sits.alias("who"))
        # A scraper behind the address of honest visitors makes the address a scraper's.
        .sort("honest", maintain_order=True)
        .unique("who", keep="first", maintain_order=True)
    )
    joined = kinds.join(counts, on="who")
    return joined.select(pl.col(name).cast(dtype) for name, dtype in TRUTH.items()).sort("who")
