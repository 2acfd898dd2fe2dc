"""The reference population: scores of ordinary actors that the model was not trained on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.guard.evidence.askings import askings, chunks, seconds
from floodmark.guard.evidence.conformal import reachable
from floodmark.guard.evidence.model import Model, TooFewActors
from floodmark.guard.evidence.scores import scored

NOBODY = np.zeros(0)


@dataclass(frozen=True, eq=False)
class Reference:
    """Scores of reference actors, one per cluster.

    Attributes:
        scores: by stratum and checkpoint, natural logarithms, float64 of shape (n,), ascending.
        epoch: seconds that it spans; evidence holds within an epoch of that length.
        actors: that reached the first checkpoint.
        clusters: that they are of.
    """

    scores: Mapping[tuple[str, int], NDArray[np.float64]]
    epoch: float
    actors: int
    clusters: int

    def at(self, stratum: str, checkpoint: int) -> NDArray[np.float64]:
        """Scores of a stratum at a checkpoint; empty where the reference has nobody there."""
        return self.scores.get((stratum, checkpoint), NOBODY)

    def table(self, model: Model, epsilon: float = 0.0) -> pl.DataFrame:
        """Sizes: `stratum`, `checkpoint`, `actors`, `reachable` (alpha, by this checkpoint alone)."""
        rows = [
            (name, k, len(self.at(name, k)), reachable([len(self.at(name, k))], [weight], epsilon))
            for k, weight in zip(model.checkpoints, model.weights, strict=True)
            for name in model.strata.names(k)
        ]
        schema = {"stratum": pl.String, "checkpoint": pl.UInt16, "actors": pl.UInt32, "reachable": pl.Float64}
        return pl.DataFrame(rows, schema=schema, orient="row")

    def reachable(self, model: Model, epsilon: float = 0.0) -> list[tuple[int, float]]:
        """For each checkpoint the alpha at which whoever got so far can be flagged, whatever its strata were."""
        least = [min(len(self.at(name, k)) for name in model.strata.names(k)) for k in model.checkpoints]
        return [
            (checkpoint, reachable(least[:reached], model.weights[:reached], epsilon))
            for reached, checkpoint in enumerate(model.checkpoints, 1)
        ]


def reference(lookups: pl.DataFrame, model: Model) -> Reference:
    """Score reference actors, one at random per cluster, stratum and checkpoint.

    Args:
        lookups: of columns `floodmark.guard.SCHEMA`, in order of `at`; of clusters that the model was not trained on.
        model: to score by.

    Raises:
        TooFewActors: nobody in it reached the first checkpoint.
    """
    found = pl.concat(_scored(chunk, model) for chunk in chunks(lookups))
    if not found.height:
        raise TooFewActors(f"Nobody asked for {model.checkpoints[0]} identifiers or more")
    # The digest of an actor is keyed, so its order is a draw that nobody can choose.
    drawn = found.sort("who", maintain_order=True).unique(
        ["cluster", "stratum", "checkpoint"], keep="first", maintain_order=True
    )
    scores = {
        (str(name), int(checkpoint)): np.sort(group["score"].to_numpy())
        for (name, checkpoint), group in drawn.group_by("stratum", "checkpoint")
    }
    first = found.filter(pl.col("checkpoint") == model.checkpoints[0])
    return Reference(scores, float(ceil(seconds(lookups)) + 1), first.height, first["cluster"].n_unique())


def _scored(lookups: pl.DataFrame, model: Model) -> pl.DataFrame:
    asked = askings(lookups, last=model.checkpoints[-1], cluster=model.cluster)
    found = scored(asked, model)
    return found.with_columns(who=asked.actors["who"].gather(found["actor"]))
