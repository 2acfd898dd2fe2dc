"""What every actor asked about for the first time in an epoch, in order and numbered.

Evidence is about new identifiers. Whatever is asked again in the same epoch costs and shows nothing, and what comes
after the last checkpoint is only counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.guard.actors import Actor, who
from floodmark.guard.reduction import BLOCK_SIZE

CHUNK = 2_000_000
ACTOR = ("who", "epoch")
_FALLBACK = {"network": ("prefix", "address"), "prefix": ("network", "address")}


@dataclass(frozen=True, eq=False)
class Askings:
    """New identifiers of actors.

    Attributes:
        actors: one row per actor and epoch, in order of `who` and `epoch`: `lookups`, `new`, `first` (datetime),
            `cluster` (UInt64), `account`, `app`, `cohort` (UInt64, as of its first lookup).
        rows: one row per actor and new identifier up to the last checkpoint, in order of the actor's row number
            `actor` and of `n`, from 1: `at`, `identifier`, `block`, `position`, `size` (of the block), `hit`.
        start: when the first epoch begins.
    """

    actors: pl.DataFrame
    rows: pl.DataFrame
    start: datetime


def askings(
    lookups: pl.DataFrame,
    *,
    last: int,
    cluster: str,
    epoch: float | None = None,
    start: datetime | None = None,
) -> Askings:
    """Number what is asked about for the first time.

    Args:
        lookups: of columns `floodmark.guard.SCHEMA`, in order of `at`; those of nobody known are left out.
        last: how many new identifiers of an actor are kept.
        cluster: part of an actor that tells apart who is independent of whom; where it is not known, the next
            narrower part that is.
        epoch: seconds of an epoch; None for one that spans all.
        start: when the first epoch begins; None for the first lookup.
    """
    first = start or begin(lookups)
    number = pl.lit(0, pl.Int32)
    if epoch is not None:
        number = ((pl.col("at") - first).dt.total_microseconds() // int(epoch * 1e6)).cast(pl.Int32)
    known = lookups.lazy().with_columns(who(), epoch=number).filter(pl.col("who") > 0)
    actors = (
        known.group_by(ACTOR)
        .agg(
            pl.len().cast(pl.UInt32).alias("lookups"),
            pl.col("identifier").drop_nulls().n_unique().cast(pl.UInt32).alias("new"),
            pl.col("at").first().alias("first"),
            *(
                pl.col(part).first()
                for part in dict.fromkeys(("account", "app", "cohort", "address", *_names(cluster)))
            ),
        )
        .with_columns(cluster_expression(cluster))
        .sort(ACTOR)
        .with_row_index("actor")
        .collect()
    )
    sizes = {str(kind): size for kind, size in BLOCK_SIZE.items()}
    rows = (
        known.filter(pl.col("identifier").is_not_null())
        .unique([*ACTOR, "identifier"], keep="first", maintain_order=True)
        .join(actors.lazy().select("actor", *ACTOR), on=ACTOR, how="left", maintain_order="left")
        .select(
            "actor",
            pl.int_range(1, pl.len() + 1, dtype=pl.UInt32).over("actor").alias("n"),
            *("at", "identifier", "block", "position", "hit"),
            pl.col("kind").replace_strict(sizes, default=10**6, return_dtype=pl.UInt32).alias("size"),
        )
        .filter(pl.col("n") <= last)
        .sort("actor", "n")
        .collect()
    )
    return Askings(actors.drop("actor"), rows, first)


def _names(cluster: str) -> tuple[str, ...]:
    return (cluster, *_FALLBACK.get(cluster, ("address",)))


def cluster_expression(cluster: str) -> pl.Expr:
    """Of a frame of lookups, the cluster of whoever asked: the first of its parts that is known."""
    account, address = pl.col("account"), pl.col("address")
    known = [pl.when(pl.col(part) > 0).then(pl.col(part)) for part in _names(cluster)]
    return pl.coalesce(*known, pl.when(account > 0).then(account).otherwise(address)).alias("cluster")


def cluster_of(actor: Actor, cluster: str) -> int:
    """The cluster of one actor, as `askings` has it."""
    parts = (*_names(cluster), "who")
    return next((found for part in parts if (found := int(getattr(actor, part)))), 0)


def begin(lookups: pl.DataFrame) -> datetime:
    """When the first of the lookups was."""
    first = lookups["at"].min()
    return first if isinstance(first, datetime) else datetime.fromtimestamp(0, UTC)


def chunks(lookups: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Lookups in parts of about `CHUNK` rows, all of an actor in one, so that memory stays bounded beside them."""
    count = -(-lookups.height // CHUNK)
    if count <= 1:
        yield lookups
        return
    part = lookups.select(who() % count).to_series()
    for number in range(count):
        yield lookups.filter(part == number)


def seconds(lookups: pl.DataFrame) -> float:
    """Seconds from the first of the lookups to the last; 0 where there are none."""
    span = lookups.select((pl.col("at").max() - pl.col("at").min()).dt.total_microseconds()).item()
    return (span or 0) / 1e6


def folds(clusters: NDArray[np.uint64], count: int) -> NDArray[np.uint64]:
    """A fold from 0 to `count` of each cluster, the same wherever it is met.

    Args:
        clusters: digests, shape (n,).
        count: of folds.
    """
    mixed = clusters * np.uint64(0x9E37_79B9_7F4A_7C15)
    return np.asarray((mixed >> np.uint64(32)) % np.uint64(count))
