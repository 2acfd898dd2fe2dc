"""Leaks made in memory, and what of them Python's sets and dictionaries say."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from floodmark.assessment.saved import ComparedLeak

SETS = [["phone"], ["phone", "name"], ["phone", "location"], ["phone", "name", "location"]]


@dataclass
class People:
    """One kind of one leak: for each digest, its name and location digests."""

    by_digest: dict[int, tuple[int, int]]

    @property
    def digests(self) -> list[int]:
        return sorted(self.by_digest)

    def field_set(self, digest: int) -> int:
        name, location = self.by_digest[digest]
        return (name > 0) + 2 * (location > 0)


@dataclass
class MemoryLeak:
    """A saved leak whose arrays are in memory."""

    slug: str
    people: dict[str, People]
    field_sets: list[list[str]] = field(default_factory=lambda: SETS)

    @property
    def kinds(self) -> list[str]:
        return list(self.people)

    def digests(self, kind: str) -> NDArray[np.uint64]:
        return np.array(self.people[kind].digests, np.uint64)

    def fields(self, kind: str) -> NDArray[Any]:
        one = self.people[kind]
        return np.array([one.field_set(digest) for digest in one.digests], np.uint16)

    def values(self, kind: str) -> NDArray[np.uint16]:
        one = self.people[kind]
        return np.array([one.by_digest[digest] for digest in one.digests], np.uint16).reshape(-1, 2)


def leak(slug: str, by_digest: dict[int, tuple[int, int]], kind: str = "phone", **given: Any) -> ComparedLeak:
    options = {"digest_key_id": "00" * 8, "synthetic": True} | given
    return ComparedLeak(MemoryLeak(slug, {kind: People(by_digest)}), **options)


def people(rng: np.random.Generator, count: int) -> dict[int, tuple[int, int]]:
    """Random people, of whom one in ten has no name and one in five no location."""
    digests = rng.integers(0, 2**64, count, dtype=np.uint64).tolist()
    names = rng.integers(1, 5000, count) * (rng.random(count) < 0.9)
    places = rng.integers(1, 300, count) * (rng.random(count) < 0.8)
    return dict(zip(digests, zip(names.tolist(), places.tolist(), strict=True), strict=True))


def moved(
    rng: np.random.Generator, old: dict[int, tuple[int, int]], share: float
) -> dict[int, tuple[int, int]]:
    """The same people, of whom a share lives elsewhere."""
    return {
        digest: (name, int(rng.integers(1, 300)) if place and rng.random() < share else place)
        for digest, (name, place) in old.items()
    }
