"""Comparing rows.npy with its manifest: the checksum of all its bytes, and the order of the rows in every bucket."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from floodmark.exposure.sealed.manifest import NPY_HEADER, Manifest
from floodmark.exposure.sealed.rows import BUCKETS
from floodmark.exposure.sealed.rows_file import check_size, read_at, read_into
from floodmark.exposure.sealed.sealed_folder import ROWS, SealedLeakBroken
from floodmark.kernel.sealed_rows import first_descending

PIECE_ROWS = 1 << 21


def verify_rows(file: io.BufferedReader, manifest: Manifest, advance: Callable[[int], None]) -> None:
    """Read a rows.npy through; see `SealedLeak.verify`."""
    width = manifest.row_bytes
    rows = BUCKETS * manifest.m
    check_size(file, manifest.rows_bytes)
    found, wrong = hashlib.sha256(read_at(file, 0, NPY_HEADER)), -1
    advance(NPY_HEADER)
    # Each piece begins with the last row of the one before, so that no two neighbours are left uncompared.
    buffer = memoryview(bytearray((min(PIECE_ROWS, rows) + 1) * width))
    for start in range(0, rows, PIECE_ROWS):
        size = min(PIECE_ROWS, rows - start) * width
        piece = buffer[width : width + size]
        read_into(file, NPY_HEADER + start * width, piece)
        found.update(piece)
        if wrong < 0:
            wrong = _first_wrong(np.frombuffer(buffer, np.uint8, width + size), manifest, start)
        buffer[:width] = buffer[size : size + width]
        advance(size)
    check_size(file, manifest.rows_bytes)
    _judge(found.hexdigest() == manifest.rows_sha256, wrong, manifest)


def _first_wrong(rows: NDArray[np.uint8], manifest: Manifest, start: int) -> int:
    """The number in the file of the first row out of order; `rows` begins with the row before `start`."""
    width = manifest.row_bytes
    if start == 0:
        return first_descending(rows[width:], width, manifest.m)
    found = first_descending(rows, width, manifest.m, start - 1)
    return found + start - 1 if found >= 0 else -1


def _judge(same: bool, wrong: int, manifest: Manifest) -> None:
    if same and wrong < 0:
        return
    bucket, row = divmod(wrong, manifest.m)
    place = f"bucket {bucket}, row {row} (byte {NPY_HEADER + wrong * manifest.row_bytes:,})"
    if same:
        raise SealedLeakBroken(
            f"{ROWS} is as it was signed, but out of order at {place}: it was sealed wrong.",
            "Whoever sealed it has to seal it again: look-ups in it would miss.",
        )
    if wrong >= 0:
        raise SealedLeakBroken(f"{ROWS} was altered since it was signed: it is out of order at {place}.")
    raise SealedLeakBroken(
        f"{ROWS} was altered since it was signed; its rows are in order, so where cannot be told."
    )
