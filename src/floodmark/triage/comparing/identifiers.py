"""How many identifiers two dumps share, and whether they say the same of them: exact, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from floodmark.kernel import sorted_sets
from floodmark.kernel.shared_rows import Agreement
from floodmark.triage.comparing.aligned import Block, aligned
from floodmark.triage.comparing.comparison import FieldGain, KindPair, ValuePair
from floodmark.triage.keeping import TYPES, VALUES, Keeper


def compare_kind(kind: str, a: Keeper, b: Keeper) -> KindPair:
    """One kind of identifier of two dumps whose digests were made with one key.

    Args:
        kind: of identifier.
        a: what was kept of the first dump; it is read once.
        b: of the second.
    """
    sizes = [0, 0]
    shared = 0
    values = [Agreement.empty() for _ in VALUES]
    gains = np.zeros((3, len(TYPES)), np.int64)
    for part_a, part_b in aligned(_blocks(a, kind), _blocks(b, kind)):
        sizes[0] += len(part_a[0]) if part_a else 0
        sizes[1] += len(part_b[0]) if part_b else 0
        if not part_a or not part_b:
            continue
        in_a, in_b = sorted_sets.common(part_a[0], part_b[0])
        shared += in_a.size
        _count_fields(gains, part_a[1][in_a], part_b[1][in_b])
        for column, agreement in enumerate(values):
            agreement.add(part_a[2], part_b[2], column, in_a, in_b)
    return KindPair(
        kind=kind,
        a=sizes[0],
        b=sizes[1],
        both=shared,
        values=[_value(name, one) for name, one in zip(VALUES, values, strict=True) if one.tally.any()],
        fields=_gains(gains),
    )


def _blocks(keeper: Keeper, kind: str) -> Iterator[Block]:
    for block in keeper.blocks(kind):
        yield block.digests, block.masks, block.values


def _count_fields(gains: NDArray[np.int64], a: NDArray[np.uint64], b: NDArray[np.uint64]) -> None:
    """Add up, bit by bit, which field types the shared identifiers have in the first alone, the second alone, both."""
    for place, masks in enumerate((a & ~b, b & ~a, a & b)):
        distinct, counts = np.unique(masks, return_counts=True)
        for bit in range(len(TYPES)):
            having = (distinct >> np.uint64(bit)) & np.uint64(1) != 0
            gains[place, bit] += int(counts[having].sum())


def _gains(counts: NDArray[np.int64]) -> list[FieldGain]:
    found = [
        FieldGain(kind.label, *(int(count) for count in counts[:, bit]))
        for bit, kind in enumerate(TYPES)
        if counts[:, bit].any()
    ]
    return sorted(found, key=lambda one: (-(one.only_a + one.only_b), one.type))


def _value(name: str, tally: Agreement) -> ValuePair:
    return ValuePair(name, tally.both, tally.equal, tally.only_a, tally.only_b, tally.chance)
