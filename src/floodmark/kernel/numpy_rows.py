"""Look-ups in sealed rows with NumPy alone: what `kernel.sealed_rows` does where the kernel was not compiled.

>>> rows = np.frombuffer(bytes.fromhex("0000000000010007" "0000000000020005"), np.uint8).reshape(1, -1)
>>> bucket, tag, pad = np.zeros(2, np.uint16), np.array([2, 3], np.uint64), np.array([4, 4], np.uint32)
>>> look_up(rows, 8, bucket, tag, pad, 2).tolist()
[1, -1]
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

TAG_BITS = 48
BLOCK = 1 << 18

Rows = NDArray[np.uint8]
Answers = NDArray[np.int64]


def look_up(
    rows: Rows,
    row_bytes: int,
    buckets: NDArray[np.uint16],
    tags: NDArray[np.uint64],
    pads: NDArray[np.uint32],
    field_sets: int,
) -> Answers:
    """As `sealed_rows.look_up`, on arrays that were checked."""
    parts = [np.empty(0, np.int64)]
    for start in range(0, len(tags), BLOCK):
        part = slice(start, start + BLOCK)
        parts.append(_look_up(rows, row_bytes, buckets[part], tags[part], pads[part], field_sets))
    return np.concatenate(parts)


def first_descending(rows: Rows, row_bytes: int, m: int, before: int, block: int = 1 << 20) -> int:
    """As `sealed_rows.first_descending`, on an array that was checked."""
    table = _table(rows, row_bytes)
    for start in range(0, len(table) - 1, block):
        part = table[start : start + block + 1]
        heads, cells = part["head"], part["cell"]
        less = heads[1:] < heads[:-1]
        less |= (heads[1:] == heads[:-1]) & (cells[1:] < cells[:-1])
        less &= (np.arange(start + 1, start + len(part)) + before) % m != 0
        if less.any():
            return start + 1 + int(np.argmax(less))
    return -1


def _look_up(
    rows: Rows,
    row_bytes: int,
    buckets: NDArray[np.uint16],
    tags: NDArray[np.uint64],
    pads: NDArray[np.uint32],
    field_sets: int,
) -> Answers:
    table, m = _table(rows.reshape(-1), row_bytes), rows.shape[1] // row_bytes
    found = np.full(len(tags), -1, np.int64)
    low = buckets.astype(np.int64) * m
    high = low + m
    at = _lower_bound(table, low, high, tags, np.zeros(len(tags), np.uint64))
    there = np.flatnonzero((at < high) & (_tags(table, np.minimum(at, high - 1)) == tags))
    first = high[there]
    # Numbers below `field_sets` are, for each of its bits that is set, a range of `1 << bit` of them which XOR leaves
    # together: so rows of one tag are searched a few times, however many there are.
    for bit in (bit for bit in range(field_sets.bit_length()) if field_sets >> bit & 1):
        start = field_sets >> bit + 1 << bit + 1
        least = (pads[there].astype(np.uint64) ^ np.uint64(start)) >> np.uint64(bit) << np.uint64(bit)
        place = _lower_bound(table, at[there], high[there], tags[there], least)
        inside = np.minimum(place, high[there] - 1)
        hit = (place < high[there]) & (_tags(table, inside) == tags[there])
        hit &= table["cell"][inside].astype(np.uint64) < least + np.uint64(1 << bit)
        first = np.where(hit, np.minimum(first, place), first)
    hits = first < high[there]
    there, first = there[hits], first[hits]
    found[there] = table["cell"][first].astype(np.uint32) ^ pads[there]
    return found


def _table(rows: Rows, row_bytes: int) -> NDArray[np.void]:
    """Rows with names: `head`, the first 8 bytes, which begin with the tag, and `cell`; not copied."""
    cell_at = TAG_BITS // 8
    layout = np.dtype(
        {
            "names": ["head", "cell"],
            "formats": [">u8", f">u{row_bytes - cell_at}"],
            "offsets": [0, cell_at],
            "itemsize": row_bytes,
        }
    )
    return rows.view(layout)


def _tags(table: NDArray[np.void], at: NDArray[np.int64]) -> NDArray[np.uint64]:
    tags: NDArray[np.uint64] = table["head"][at].astype(np.uint64) >> np.uint64(64 - TAG_BITS)
    return tags


def _lower_bound(
    table: NDArray[np.void],
    low: NDArray[np.int64],
    high: NDArray[np.int64],
    tags: NDArray[np.uint64],
    cells: NDArray[np.uint64],
) -> NDArray[np.int64]:
    """For each look-up the first row from `low`, before `high`, that is not less than this tag and cell."""
    low, high = low.copy(), high.copy()
    while (open_ := np.flatnonzero(low < high)).size:
        middle = (low[open_] + high[open_]) // 2
        here = _tags(table, middle)
        less = here < tags[open_]
        less |= (here == tags[open_]) & (table["cell"][middle] < cells[open_])
        low[open_[less]] = middle[less] + 1
        high[open_[~less]] = middle[~less]
    return low
