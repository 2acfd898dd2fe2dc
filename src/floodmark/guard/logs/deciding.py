"""Lookups of a log, one request after the other, to a guard: what it would have said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from floodmark.guard.actors import PARTS, Actor
from floodmark.guard.decision import Decision
from floodmark.guard.guard import Guard
from floodmark.guard.reduction import Reduced


@dataclass(frozen=True, slots=True)
class Decided:
    """One request of a log and what the guard says to it.

    Attributes:
        at: when, seconds since 1970 UTC.
        actor: who asked.
        endpoint: that was asked.
        asked: how many identifiers.
        none: how many of them are none of their kind.
        decision: of the guard.
    """

    at: float
    actor: Actor
    endpoint: str
    asked: int
    none: int
    decision: Decision


def decided(guard: Guard, lookups: pl.DataFrame) -> Iterator[Decided]:
    """Ask a guard about every request, and let it learn from the answers.

    The answers were given already, so the guard learns from all of them, also from those that it would have refused.

    Args:
        guard: to ask.
        lookups: `Parsed.in_order`.
    """
    requests = lookups.group_by("line", maintain_order=True).agg(
        (pl.col("at").first().dt.epoch("us") / 1e6),
        *(pl.col(name).first() for name in (*PARTS, "endpoint", "kind")),
        pl.col("identifier", "block", "position", "hit"),
    )
    for row in requests.iter_rows(named=True):
        actor = Actor(*(row[part] for part in PARTS))
        reduced = [
            None if digest is None else Reduced(digest, block, position)
            for digest, block, position in zip(row["identifier"], row["block"], row["position"], strict=True)
        ]
        decision = guard.decide(row["at"], actor, row["endpoint"], reduced)
        guard.observe(row["at"], actor, row["endpoint"], reduced, row["hit"], kind=row["kind"])
        yield Decided(row["at"], actor, row["endpoint"], len(reduced), reduced.count(None), decision)
