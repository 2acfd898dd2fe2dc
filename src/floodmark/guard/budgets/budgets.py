"""Budgets of new identifiers, for every actor at every level."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from floodmark.guard.actors import Actor
from floodmark.guard.budgets.limits import Limit
from floodmark.guard.budgets.taken import Standing, Taken
from floodmark.guard.reduction import Reduced

MEMORY = 256 * 2**20


class Budgets:
    """Leaky buckets of new identifiers: re-asking is free, and a grant needs room at every level."""

    def __init__(self, limits: Sequence[Limit], *, memory: int = MEMORY) -> None:
        self.limits = tuple(limits)
        self._empty: dict[tuple[int, int], int] = {}
        self._known: set[tuple[int, int, int]] = set()

    @classmethod
    def open(cls, folder: Path, limits: Sequence[Limit], *, at: float, memory: int = MEMORY) -> Self:
        """Budgets whose state lies in a folder, and lasts."""
        return cls(limits, memory=memory)

    def take(self, at: float, actor: Actor, endpoint: str, identifiers: Sequence[Reduced]) -> Taken:
        """Grant as many of the identifiers, in order, as there is room for at every level."""
        now = math.floor(at * 1e6 + 0.5) * 1000
        who = self._entities(actor, endpoint)
        refused, full, new = [], set(), 0
        wait: int | None = None
        for place, one in enumerate(identifiers):
            asked = [(n, e) for n, e in who if (n, e, one.digest) not in self._known]
            over = {
                n: max(self._empty.get((n, e), 0), now) - now + self.limits[n].cost - self.limits[n].capacity
                for n, e in asked
            }
            if any(excess > 0 for excess in over.values()):
                refused.append(place)
                full |= {n for n, excess in over.items() if excess > 0}
                wait = wait or max(over.values())
                continue
            new += bool(asked)
            for n, e in asked:
                self._empty[n, e] = max(self._empty.get((n, e), 0), now) + self.limits[n].cost
                self._known.add((n, e, one.digest))
        ahead = tuple(max(self._empty.get((n, e), 0) - now, 0) for n, e in who)
        places = tuple(i for i, (n, _) in enumerate(who) if n in full)
        retry = None if wait is None else wait / 1e9
        limits = tuple(self.limits[n] for n, _ in who)
        return Taken(len(identifiers), tuple(refused), new, retry, limits, ahead, places)

    def standing(self, at: float, actor: Actor, endpoint: str) -> tuple[Standing, ...]:
        """How much of every limit is spent, without asking anything."""
        return self.take(at, actor, endpoint, ()).standings

    def close(self) -> None:
        """Write what is not written yet."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _entities(self, actor: Actor, endpoint: str) -> list[tuple[int, int]]:
        found = []
        for number, limit in enumerate(self.limits):
            if limit.applies(endpoint):
                entity = actor.who if limit.level == "account" else getattr(actor, limit.level)
                if entity or limit.level == "account":
                    found.append((number, entity))
        return found
