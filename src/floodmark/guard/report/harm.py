"""Whom a policy and evidence would have hit, by tenth of size: the harm to those who only look for their friends."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from floodmark.guard.report.sizes import tenth


@dataclass(frozen=True)
class Tenth:
    """Actors of one tenth of size.

    Attributes:
        tenth: 1 for the tenth of actors that asked for the fewest identifiers, 10 for that which asked for the most.
        actors: in it.
        least: distinct identifiers that the smallest of them asked for.
        most: that the largest of them asked for.
        lookups: of all of them.
        new: distinct identifiers of each, added up.
        limited: of the actors, those to whom the policy would not have answered something; None without a policy.
        unanswered: lookups that it would not have answered; None without a policy.
        flagged: of the actors, those flagged by evidence; None without evidence.
    """

    tenth: int
    actors: int
    least: int
    most: int
    lookups: int
    new: int
    limited: int | None = None
    unanswered: int | None = None
    flagged: int | None = None


def tenths(actors: pl.DataFrame) -> list[Tenth]:
    """Tenths of actors by size; empty ones are left out.

    Args:
        actors: `sizes.sizes`, those whom it is about; with `unanswered` (lookups) where there is a policy, and
            `flagged` (Boolean) where there is evidence.
    """
    optional: dict[str, pl.Expr] = {}
    if "unanswered" in actors.columns:
        limited = (pl.col("unanswered") > 0).sum()
        optional |= {"limited": limited, "unanswered": pl.col("unanswered").sum()}
    if "flagged" in actors.columns:
        optional |= {"flagged": pl.col("flagged").sum()}
    counted = (
        actors.group_by(tenth=tenth(pl.col("new")))
        .agg(
            actors=pl.len(),
            least=pl.col("new").min(),
            most=pl.col("new").max(),
            lookups=pl.col("lookups").sum(),
            new_=pl.col("new").sum(),
            **optional,
        )
        .rename({"new_": "new"})
        .sort("tenth")
    )
    return [Tenth(**row) for row in counted.iter_rows(named=True)]
