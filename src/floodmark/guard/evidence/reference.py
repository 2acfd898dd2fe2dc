"""The reference population: scores of ordinary actors that the model was not trained on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.guard.evidence.model import Model


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


def reference(lookups: pl.DataFrame, model: Model) -> Reference:
    """Score reference actors, one at random per cluster, stratum and checkpoint.

    Args:
        lookups: of columns `floodmark.guard.SCHEMA`, in order of `at`; of clusters that the model was not trained on.
        model: to score by.
    """
    raise NotImplementedError
