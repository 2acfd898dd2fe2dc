"""Looking up in one bucket's bytes: all that a client has.

>>> rows = bytes.fromhex("0000000000010007" "0000000000020005")
>>> look_up_one(rows, 8, tag=2, pad=4, field_sets=2), look_up_one(rows, 8, tag=3, pad=4, field_sets=2)
(1, None)
"""

from __future__ import annotations

import numpy as np

from floodmark.exposure.sealed.rows import CELL_BYTES, TAG_BYTES


def look_up_one(rows: bytes, row_bytes: int, tag: int, pad: int, field_sets: int) -> int | None:
    """What a bucket holds of one identifier.

    Every row is looked at, whatever any of them holds: rows that are out of order are found all the same, and a hit
    takes as long as a miss.

    Args:
        rows: of the bucket, one after another.
        row_bytes: 8 or 10.
        tag: of the identifier, 48 bits.
        pad: its pad.
        field_sets: how many the leak has.

    Returns:
        Position in the leak's `field_sets`; None when it is not in the leak.

    Raises:
        ValueError: the bytes are no whole rows.
    """
    cell_bytes = row_bytes - TAG_BYTES
    if cell_bytes not in CELL_BYTES or len(rows) % row_bytes:
        raise ValueError("a bucket is whole rows of 8 or 10 bytes")
    table = np.frombuffer(rows, np.uint8).reshape(-1, row_bytes)
    same = (table[:, :TAG_BYTES] == np.frombuffer(tag.to_bytes(TAG_BYTES, "big"), np.uint8)).all(axis=1)
    cells = np.ascontiguousarray(table[:, TAG_BYTES:]).view(f">u{cell_bytes}").reshape(-1)
    numbers = cells.astype(np.uint64) ^ np.uint64(pad)
    hits = np.flatnonzero(same & (numbers < np.uint64(field_sets)))
    return int(numbers[hits[0]]) if hits.size else None
