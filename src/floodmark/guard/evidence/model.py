"""What is ordinary, learnt from actors of its own that are used for nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import polars as pl

from floodmark.errors import FloodmarkError
from floodmark.guard.evidence import hits as hit_rates
from floodmark.guard.evidence import rarity as rarities
from floodmark.guard.evidence.askings import Askings, askings
from floodmark.guard.evidence.gaps import Gaps
from floodmark.guard.evidence.hits import Hits
from floodmark.guard.evidence.rarity import Rarity
from floodmark.guard.evidence.scores import Rows, between, reached, rows_of
from floodmark.guard.evidence.strata import SMALLEST, Strata, settle

CHECKPOINTS = (20, 60, 180, 540)


class TooFewActors(FloodmarkError):
    """Nobody asked for enough identifiers to learn from."""

    slug: ClassVar[str] = "too-few-actors"
    hint = f"Learn from lookups in which many actors of many networks asked for {CHECKPOINTS[0]} identifiers or more."


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


def train(lookups: pl.DataFrame, *, cluster: str = "network", smallest: int = SMALLEST) -> Model:
    """Learn what is ordinary.

    Args:
        lookups: of columns `floodmark.guard.SCHEMA`, in order of `at`; of no actor that is in the reference.
        cluster: part of an actor that tells apart who is independent of whom.
        smallest: clusters that a stratum has at least.

    Raises:
        TooFewActors: nobody in it reached the first checkpoint.
    """
    asked = askings(lookups, last=CHECKPOINTS[-1], cluster=cluster)
    found = reached(asked, CHECKPOINTS)
    if not found.height:
        raise TooFewActors(f"Nobody asked for {CHECKPOINTS[0]} identifiers or more")
    furthest = found.group_by("actor", maintain_order=True).last()
    rows = rows_of(asked)
    begin, last = (furthest[name].to_numpy() for name in ("begin", "last"))
    return Model(
        hits=hit_rates.fit(between(rows.hit, begin, last), between(rows.known, begin, last)),
        gaps=Gaps(),
        rarity=_rarity(asked, rows),
        strata=settle(found, smallest),
        cluster=cluster,
        actors=furthest.height,
    )


def _rarity(asked: Askings, rows: Rows) -> Rarity:
    clusters = asked.actors["cluster"].to_numpy()[asked.rows["actor"].to_numpy()]
    blocks = asked.rows.select("block", "size").unique("block")["size"].cast(pl.Float64).sum()
    return rarities.count(rows.identifier, clusters, rows.fold, float(blocks))
