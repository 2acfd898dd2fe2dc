"""Look-ups in the rows of sealed leaks (protocol 1, section 3), in memory or mapped from a file.

A bucket is rows in ascending order of their bytes: a tag of 6 bytes and a cell of 2 or 4, big-endian.

>>> rows = np.frombuffer(bytes.fromhex("0000000000010007" "0000000000020005"), np.uint8).reshape(1, -1)
>>> bucket, tag, pad = np.zeros(2, np.uint16), np.array([2, 3], np.uint64), np.array([4, 4], np.uint32)
>>> look_up(rows, 8, bucket, tag, pad, 2).tolist()
[1, -1]
>>> first_descending(rows[0], 8, 2), first_descending(np.roll(rows[0], 8), 8, 2)
(-1, 1)
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from floodmark.kernel import library, numpy_rows
from floodmark.kernel.library import Kernel
from floodmark.kernel.numpy_rows import Answers, Rows

ROW_BYTES = (8, 10)
MOST_FIELD_SETS = 1 << 32


def look_up(
    rows: Rows,
    row_bytes: int,
    buckets: NDArray[np.uint16],
    tags: NDArray[np.uint64],
    pads: NDArray[np.uint32],
    field_sets: int,
    *,
    kernel: Kernel | None = library.kernel,
) -> Answers:
    """What sealed rows hold of identifiers: of the bucket's rows with this tag the first whose cell is a field set.

    Rows that are not in order give wrong answers, but nothing is read outside them, and no look-up takes long.

    Args:
        rows: the buckets, shape (number of buckets, rows of a bucket * row_bytes).
        row_bytes: 8 or 10.
        buckets: shape (n,).
        tags: of 48 bits, shape (n,).
        pads: what cells are XOR-ed with, shape (n,).
        field_sets: how many there are.
        kernel: the compiled kernel; None for NumPy alone.

    Returns:
        int64, shape (n,): numbers of field sets, -1 where no row is a hit.

    Raises:
        TypeError: an array is of another dtype or shape, or not contiguous.
        ValueError: another size of rows, or a bucket that is not there.
    """
    _check_rows(rows, 2, row_bytes)
    for array, dtype in ((buckets, np.uint16), (tags, np.uint64), (pads, np.uint32)):
        if array.dtype != dtype or array.shape != tags.shape or array.ndim != 1:
            raise TypeError("look-ups are three arrays of one length: uint16, uint64 and uint32")
        if not array.flags.c_contiguous or not array.flags.aligned:
            raise TypeError("look-ups lie one after another")
    if not 0 <= field_sets <= MOST_FIELD_SETS:
        raise ValueError("field sets are numbered with 32 bits")
    if len(rows) < 1 << 16 and len(buckets) and int(buckets.max()) >= len(rows):
        raise ValueError("a bucket that is not there")
    if kernel is None:
        return numpy_rows.look_up(rows, row_bytes, buckets, tags, pads, field_sets)
    found = np.empty(len(tags), np.int64)
    kernel.functions.fm_sealed_look_up(
        *(rows.ctypes.data, rows.shape[1] // row_bytes, row_bytes),
        *(buckets.ctypes.data, tags.ctypes.data, pads.ctypes.data, len(tags)),
        *(field_sets, found.ctypes.data),
    )
    return found


def first_descending(
    rows: Rows, row_bytes: int, m: int, before: int = 0, *, kernel: Kernel | None = library.kernel
) -> int:
    """Index of the first row that is less than the one before it in its bucket; -1 when there is none.

    Args:
        rows: whole rows one after another, shape (count * row_bytes,).
        row_bytes: 8 or 10.
        m: rows of a bucket.
        before: how many rows come before these, so that it is known where buckets begin.
        kernel: the compiled kernel; None for NumPy alone.

    Raises:
        TypeError, ValueError: as for `look_up`.
    """
    _check_rows(rows, 1, row_bytes)
    if m < 1 or before < 0:
        raise ValueError("a bucket has rows")
    if kernel is None:
        return numpy_rows.first_descending(rows, row_bytes, m, before)
    found: int = kernel.functions.fm_sealed_first_descending(
        rows.ctypes.data, row_bytes, len(rows) // row_bytes, m, before
    )
    return found


def _check_rows(rows: Rows, dimensions: int, row_bytes: int) -> None:
    if not isinstance(rows, np.ndarray) or rows.dtype != np.uint8 or rows.ndim != dimensions:
        raise TypeError(f"rows are an array of bytes in {dimensions} dimensions")
    if not rows.flags.c_contiguous:
        raise TypeError("rows lie one after another")
    if row_bytes not in ROW_BYTES or rows.shape[-1] % row_bytes or not rows.shape[-1]:
        raise ValueError("rows are of 8 or 10 bytes each, and there is one at least")
