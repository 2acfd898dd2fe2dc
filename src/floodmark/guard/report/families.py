"""What budgets and evidence did to each kind of actor, where the lookups are made up and the truth is known."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from floodmark.errors import UnreadableInput

TRUTH = {"who": pl.UInt64, "kind": pl.String, "honest": pl.Boolean}
"""Columns that a table of truth has at least: `Actor.who`, what it is, and whether it is honest."""


@dataclass(frozen=True)
class Family:
    """Actors of one kind.

    Attributes:
        kind: sort of honest client, or family of scrapers.
        honest: whether it is honest.
        actors: of the kind.
        new: distinct identifiers that they asked for, each counted for itself.
        granted: of these, how many budgets would have granted; None without budgets.
        limited: actors to whom budgets would have refused something; None without budgets.
        flagged: actors that evidence flags; None without evidence.
        canaries: actors that asked for a canary; None where none are known.
    """

    kind: str
    honest: bool
    actors: int
    new: int
    granted: int | None = None
    limited: int | None = None
    flagged: int | None = None
    canaries: int | None = None


def read_truth(path: Path) -> pl.DataFrame:
    """The truth of made-up traffic.

    Args:
        path: of a Parquet file, as floodmark synth traffic writes it.

    Returns:
        Columns `TRUTH`, one row an actor.

    Raises:
        UnreadableInput: it is none.
    """
    try:
        return pl.read_parquet(path, columns=[*TRUTH]).cast(TRUTH).unique("who", keep="first")  # type: ignore[arg-type]
    except (OSError, pl.exceptions.PolarsError) as error:
        raise UnreadableInput(
            "This is no file of the truth of made-up traffic", "floodmark synth traffic writes one."
        ) from error


def families(actors: pl.DataFrame) -> list[Family]:
    """Actors by kind: scrapers first, and of these those who asked for most.

    Args:
        actors: `sizes.sizes` with `kind` and `honest`; with `granted` and `refused` where there are budgets, `flagged`
            where there is evidence, and `canaries` where some are known.
    """
    optional: dict[str, pl.Expr] = {}
    if "refused" in actors.columns:
        optional |= {"granted": pl.col("granted").sum(), "limited": (pl.col("refused") > 0).sum()}
    for name in ("flagged", "canaries"):
        if name in actors.columns:
            optional[name] = (pl.col(name) > 0).sum()
    counted = (
        actors.filter(pl.col("kind").is_not_null())
        .group_by("kind", "honest")
        .agg(actors=pl.len(), new=pl.col("new").sum(), **optional)
        .sort("honest", "new", "kind", descending=[False, True, False])
    )
    return [Family(**row) for row in counted.iter_rows(named=True)]
