"""Comparing rows.npy with its manifest: the checksum of all its bytes, and the order of the rows in every bucket."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np

from floodmark.errors import UnreadableInput
from floodmark.exposure.sealed.manifest import NPY_HEADER, Manifest
from floodmark.exposure.sealed.sealed_folder import ROWS, SealedLeakBroken, open_ordinary
from floodmark.kernel.sealed_rows import first_descending

PIECE_ROWS = 1 << 21


def verify_rows(path: Path, manifest: Manifest, advance: Callable[[int], None]) -> None:
    """Read a rows.npy through; see `SealedLeak.verify`."""
    width, rows = manifest.row_bytes, (manifest.rows_bytes - NPY_HEADER) // manifest.row_bytes
    found, wrong = hashlib.sha256(), -1
    # Each piece begins with the last row of the one before, so that no two neighbours are left uncompared.
    buffer = bytearray((PIECE_ROWS + 1) * width)
    with open_ordinary(path) as file:
        try:
            head = file.read(NPY_HEADER)
            found.update(head)
            advance(len(head))
            for start in range(0, rows, PIECE_ROWS):
                wanted = min(PIECE_ROWS, rows - start) * width
                piece = memoryview(buffer)[width : width + wanted]
                if file.readinto(piece) != wanted:
                    raise SealedLeakBroken(f"{ROWS} was cut short.")
                found.update(piece)
                if wrong < 0:
                    wrong = _first_wrong(np.frombuffer(buffer, np.uint8, width + wanted), manifest, start)
                buffer[:width] = buffer[wanted : wanted + width]
                advance(wanted)
            if file.read(1):
                raise SealedLeakBroken(f"{ROWS} is longer than its manifest says.")
        except OSError as error:
            reason = os.strerror(error.errno) if error.errno else "unknown reason"
            raise UnreadableInput(f"{ROWS} cannot be read: {reason}.") from error
    _judge(found.hexdigest() == manifest.rows_sha256, wrong, manifest)


def _first_wrong(rows: np.ndarray[tuple[int], np.dtype[np.uint8]], manifest: Manifest, start: int) -> int:
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
