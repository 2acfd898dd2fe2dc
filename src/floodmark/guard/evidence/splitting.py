"""Divides past lookups into those to train on and those to take the reference from.

Nothing is in both: the reference is of other actors in other networks, and later. Later, because what is scored by the
model will be later too: what people ask about changes, and a reference of the same days as training would look more
ordinary than anybody does afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import polars as pl

from floodmark.guard.actors import who
from floodmark.guard.evidence.askings import cluster_expression, folds, seconds

TRAINING = 1.0 / 3.0  # of the networks, and of the time
_CLUSTERS = 2**32


def without(lookups: pl.DataFrame, actors: Iterable[tuple[str, int]]) -> pl.DataFrame:
    """Lookups but for those of some actors.

    Args:
        lookups: of columns `floodmark.guard.SCHEMA`.
        actors: part and digest of each, such as `("account", 5)`.
    """
    parts: dict[str, list[int]] = {}
    for part, digest in actors:
        parts.setdefault(part, []).append(digest)
    for part, found in parts.items():
        lookups = lookups.filter(~pl.col(part).is_in(pl.Series(found, dtype=pl.UInt64).implode()))
    return lookups


def split(
    lookups: pl.DataFrame, *, cluster: str = "network", share: float = TRAINING, until: datetime | None = None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Lookups to train on, and lookups for the reference.

    Args:
        lookups: of columns `floodmark.guard.SCHEMA`, in order of `at`.
        cluster: part of an actor that tells apart who is independent of whom; an actor goes with its first.
        share: of the clusters that are trained on.
        until: when training ends and the reference begins; None for after the same share of the time.

    Returns:
        Two frames of columns `SCHEMA`.
    """
    if not lookups.height:
        return lookups, lookups
    if until is None:
        until = lookups["at"][0] + timedelta(seconds=seconds(lookups) * share)
    first = lookups.lazy().select(who(), cluster_expression(cluster)).group_by("who").first().collect()
    # Another remainder than that of the folds, so that those who are trained on are of all of them.
    ranks = folds(first["cluster"].to_numpy() * 2 + 1, _CLUSTERS)
    chosen = first["who"].filter(pl.Series(ranks < share * _CLUSTERS))
    trained = lookups.select(who().is_in(chosen.implode())).to_series()
    before = lookups["at"] < until
    return lookups.filter(trained & before), lookups.filter(~trained & ~before)
