"""Two ascending streams meet value by value, however they are cut into blocks."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from floodmark.triage.comparing.aligned import Block, aligned

values = st.sets(st.integers(0, 2**64 - 1) | st.integers(0, 40), max_size=60)
cuts = st.lists(st.integers(1, 9), min_size=60, max_size=60)


def blocks(found: set[int], sizes: list[int]) -> Iterator[Block]:
    ascending = np.array(sorted(found), np.uint64)
    start = 0
    for size in sizes:
        part = ascending[start : start + size]
        if part.size:
            yield part, part % np.uint64(7)
        start += size


@given(values, values, cuts, cuts)
def test_every_value_comes_once_in_order_and_shared_ones_come_together(
    a: set[int], b: set[int], cuts_a: list[int], cuts_b: list[int]
) -> None:
    seen: tuple[list[int], list[int]] = ([], [])
    shared: list[int] = []
    for parts in aligned(blocks(a, cuts_a), blocks(b, cuts_b)):
        for side, part in zip(seen, parts, strict=True):
            if part is not None:
                side += part[0].tolist()
                assert part[1].tolist() == [value % 7 for value in part[0].tolist()]
        first, second = parts
        if first is not None and second is not None:
            shared += np.intersect1d(first[0], second[0]).tolist()
    assert seen == (sorted(a), sorted(b))
    assert shared == sorted(a & b)
