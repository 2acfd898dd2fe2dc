"""Whom the allow-list is about, among the actors of past lookups."""

from __future__ import annotations

import polars as pl

from floodmark.guard.actors import PARTS
from floodmark.guard.allow import AllowList


def reasons(lookups: pl.DataFrame, allowed: AllowList, *, now: float) -> pl.DataFrame:
    """Whom allowances are about that hold now, or held at one of their lookups.

    Args:
        lookups: of columns `lookups.SCHEMA`, with `who`.
        allowed: the list.
        now: seconds since 1970 UTC.

    Returns:
        `who` UInt64 and `allowed` String, the reason; one row for each who has one.
    """
    found = [pl.DataFrame(schema={"who": pl.UInt64, "allowed": pl.String})]
    held = _held(pl.col("at").dt.epoch("us") / 1e6) | _held(pl.lit(now, pl.Float64))
    for part in PARTS:
        entries = [entry for entry in allowed.entries if entry.part == part]
        if entries:
            table = pl.LazyFrame(
                [(entry.digest, entry.reason, entry.since, entry.until) for entry in entries],
                schema={part: pl.UInt64, "allowed": pl.String, "since": pl.Float64, "until": pl.Float64},
                orient="row",
            )
            known = lookups.lazy().filter(pl.col("who") > 0).select("who", "at", key=part)
            joined = known.join(table, left_on="key", right_on=part).filter(held)
            found.append(joined.select("who", "allowed").unique("who").collect())
    return pl.concat(found).unique("who", keep="first", maintain_order=True)


def _held(at: pl.Expr) -> pl.Expr:
    return (at >= pl.col("since")) & (at < pl.col("until"))
