"""Overlaps of leaks that were made in memory."""

from __future__ import annotations

import numpy as np
import pytest

from floodmark.assessment.overlap import Overlap, overlap

from .memory import People, leak, moved, people


@pytest.fixture(scope="session")
def six() -> Overlap:
    """Six leaks: the first, two copies of a part, two later scrapes, one of made-up values; the second is real."""
    rng = np.random.default_rng(7)
    first = people(rng, 2000)

    def some(share: float) -> dict[int, tuple[int, int]]:
        return {digest: said for digest, said in first.items() if rng.random() < share}

    made_up = dict(zip(some(0.3), people(rng, 2000).values(), strict=False))
    leaks = [
        leak("first-2019", first),
        leak("copy-2020", some(0.5), synthetic=False),
        leak("copy-2021", some(0.4)),
        leak("again-2022", moved(rng, some(0.6), 0.2)),
        leak("again-2023", moved(rng, some(0.5), 0.4)),
        leak("made-up-2024", made_up),
    ]
    leaks[0].arrays.people["email"] = People({digest: first[digest] for digest in [*first][:5]})  # type: ignore[attr-defined]
    return overlap(leaks)


@pytest.fixture(scope="session")
def two() -> Overlap:
    """A leak and a copy of a part of it."""
    first = people(np.random.default_rng(8), 900)
    return overlap([leak("old", first), leak("new", dict([*first.items()][:600]))])
