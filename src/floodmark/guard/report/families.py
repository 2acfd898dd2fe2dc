"""What a policy would have done to each kind of actor, where lookups are made up and the truth is known."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from floodmark.errors import UnreadableInput
from floodmark.guard.report.shown_names import endpoint

TRUTH = {"who": pl.UInt64, "kind": pl.String, "honest": pl.Boolean}
"""Columns that a table of truth has at least: `Actor.who`, what it is, and whether it is honest."""


@dataclass(frozen=True)
class Family:
    """Actors of one kind.

    Attributes:
        kind: sort of honest client, or family of scrapers.
        honest: whether it is honest.
        actors: of the kind.
        asked: distinct identifiers that they asked for together.
        answered: of these, those that the policy would have answered to any of them; None without a policy.
        limited: actors to whom it would not have answered something; None without a policy.
        flagged: actors that evidence flags; None without evidence.
        canaries: actors that asked for a canary; None where none are known.
    """

    kind: str
    honest: bool
    actors: int
    asked: int
    answered: int | None = None
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
    except FileNotFoundError as error:
        raise UnreadableInput("There is no such file of the truth", "Check the path.") from error
    except (OSError, pl.exceptions.PolarsError) as error:
        raise UnreadableInput(
            "This is no file of the truth of made-up traffic", "floodmark synth traffic writes one."
        ) from error


def families(lookups: pl.DataFrame, actors: pl.DataFrame) -> list[Family]:
    """Actors by kind: scrapers first, and of these those that asked for most.

    Args:
        lookups: `who` and `identifier`, with `answered` where there is a policy.
        actors: `sizes.sizes` with `kind` and `honest`; with `unanswered` where there is a policy, `flagged` where there
            is evidence, and `canaries` where some are known.
    """
    optional: dict[str, pl.Expr] = {}
    if "unanswered" in actors.columns:
        optional["limited"] = (pl.col("unanswered") > 0).sum()
    for name in ("flagged", "canaries"):
        if name in actors.columns:
            optional[name] = (pl.col(name) > 0).sum()
    identifiers = {"asked": pl.col("identifier").drop_nulls().n_unique()}
    if "answered" in lookups.columns:
        identifiers["answered"] = pl.col("identifier").filter("answered").drop_nulls().n_unique()
    known = actors.filter(pl.col("kind").is_not_null())
    named = [name for name in ("who", "identifier", "answered") if name in lookups.columns]
    together = (
        lookups.select(named).join(known.select("who", "kind", "honest"), on="who").group_by("kind", "honest")
    )
    counted = (
        known.group_by("kind", "honest")
        .agg(actors=pl.len(), **optional)
        .join(together.agg(**identifiers), on=["kind", "honest"])
        .sort("honest", "asked", "kind", descending=[False, True, False])
    )
    return [Family(**{**row, "kind": endpoint(row["kind"])}) for row in counted.iter_rows(named=True)]
