"""What is ordinary, learnt from actors of its own that are used for nothing else."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from floodmark.guard.evidence.gaps import Gaps
from floodmark.guard.evidence.hits import Hits
from floodmark.guard.evidence.rarity import Rarity
from floodmark.guard.evidence.strata import Strata

CHECKPOINTS = (20, 60, 180, 540)


@dataclass(frozen=True, eq=False)
class Model:
    """What scores are made of. Frozen: nothing that is scored changes it.

    Attributes:
        hits: ordinary and other rates of hits.
        gaps: how neighbours are scored.
        rarity: how often identifiers are asked about anyway.
        strata: which actors are compared with which.
        checkpoints: numbers of new identifiers at which an actor is scored.
        weights: of the checkpoints, 1 in sum.
        cluster: part of an actor that tells apart who is independent of whom, such as `network`.
        actors: that it was trained on.
    """

    hits: Hits
    gaps: Gaps
    rarity: Rarity
    strata: Strata
    checkpoints: tuple[int, ...] = CHECKPOINTS
    weights: tuple[float, ...] = (0.25, 0.25, 0.25, 0.25)
    cluster: str = "network"
    actors: int = 0


def train(lookups: pl.DataFrame, *, cluster: str = "network") -> Model:
    """Learn what is ordinary.

    Args:
        lookups: of columns `floodmark.guard.SCHEMA`, in order of `at`; of no actor that is in the reference.
        cluster: part of an actor that tells apart who is independent of whom.

    Raises:
        TooFewActors: nobody in it reached the first checkpoint.
    """
    raise NotImplementedError
