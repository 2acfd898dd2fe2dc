"""Rows that have two field types at once, for every pair of types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from floodmark.identifiers import FieldType
from floodmark.triage.statistics.profile import TypePair

MOST_BITS = 63
AT_ONCE = 1 << 14


def field_pairs(files: Iterable[tuple[Sequence[FieldType], Mapping[int, int]]]) -> list[TypePair]:
    """Co-occurrence of field types over all field sets, those that a profile leaves out included.

    Serves the fingerprint of an export: which fields were filled together.

    Args:
        files: of each file its field types in the order of the bits, and rows by bit mask.

    Returns:
        Pairs that occur, `first` before or equal to `second` in the order of type numbers.

    Examples:
        >>> types = [FieldType.EMAIL, FieldType.PHONE]
        >>> [(pair.first, pair.second, pair.rows) for pair in field_pairs([(types, {0b11: 2, 0b10: 5})])]
        [('phone', 'phone', 7), ('phone', 'email', 2), ('email', 'email', 2)]
    """
    known = tuple(FieldType)
    together = np.zeros((len(known), len(known)), np.int64)
    for types, sets in files:
        masks = np.fromiter(sets.keys(), np.uint64, len(sets))
        rows = np.fromiter(sets.values(), np.int64, len(sets))
        bits = np.arange(min(len(types), MOST_BITS), dtype=np.uint64)
        places = [known.index(kind) for kind in types[: len(bits)]]
        for start in range(0, len(masks), AT_ONCE):
            part = slice(start, start + AT_ONCE)
            has = ((masks[part, None] >> bits) & np.uint64(1)).astype(np.int64)
            together[np.ix_(places, places)] += has.T @ (has * rows[part, None])
    return [
        TypePair(known[first].label, known[second].label, int(together[first, second]))
        for first, second in np.argwhere(np.triu(together)).tolist()
    ]
