"""Limits with the numbers that a state knows them by, so that a policy may be written in another order."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Self

from floodmark.guard.budgets.limits import BadLimit, Limit
from floodmark.kernel.buckets import MOST_RULES, Rule


@dataclass(frozen=True)
class Numbered:
    """A limit, as a state knows it.

    Attributes:
        salt: 64 bits of what it is about; a limit that is about the same under other numbers has the same.
        number: of its place in the state.
        cost: as of the limit.
        capacity: as of the limit.
    """

    salt: int
    number: int
    cost: int
    capacity: int

    def record(self) -> dict[str, int]:
        """As JSON has it."""
        return {"salt": self.salt, "number": self.number, "cost": self.cost, "capacity": self.capacity}

    @classmethod
    def of_record(cls, record: Mapping[str, Any]) -> Self:
        """The inverse of `record`.

        Raises:
            KeyError, TypeError, ValueError: it is none.
        """
        found = cls(**{name: int(record[name]) for name in ("salt", "number", "cost", "capacity")})
        if not (0 <= found.number < MOST_RULES and found.cost > 0 and 0 <= found.salt < 1 << 64):
            raise ValueError("no limit of a state")
        return found

    @property
    def rule(self) -> Rule:
        """As the kernel takes it."""
        return Rule(self.cost, self.capacity, self.salt, self.number)


def numbered(limits: Sequence[Limit]) -> tuple[Numbered, ...]:
    """Limits in a state of their own."""
    return renumbered(limits, ())


def renumbered(limits: Sequence[Limit], before: Iterable[Numbered]) -> tuple[Numbered, ...]:
    """Limits in a state that had others: those that are about the same keep their numbers.

    Returns:
        In the order of the limits.

    Raises:
        BadLimit: there are more than 16.
    """
    if len(limits) > MOST_RULES:
        raise BadLimit(f"A policy has at most {MOST_RULES} limits.", "A profile makes several of each.")
    salts = _salts(limits)
    old = {one.salt: one.number for one in before}
    kept = {salt: old[salt] for salt in salts if salt in old}
    free = iter(sorted(set(range(MOST_RULES)) - set(kept.values())))
    return tuple(
        Numbered(salt, kept[salt] if salt in kept else next(free), limit.cost, limit.capacity)
        for limit, salt in zip(limits, salts, strict=True)
    )


def _salts(limits: Sequence[Limit]) -> list[int]:
    """64 bits of what each limit is about: its level and endpoints, and which of several that are about the same."""
    seen: Counter[str] = Counter()
    salts = []
    for limit in limits:
        about = json.dumps([limit.level, sorted(limit.endpoints), sorted(limit.besides)])
        salts.append(int.from_bytes(blake2b(f"{about}{seen[about]}".encode(), digest_size=8).digest()))
        seen[about] += 1
    return salts
