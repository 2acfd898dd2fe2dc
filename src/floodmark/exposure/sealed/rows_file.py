"""Reading parts of an open rows.npy, which somebody may cut short meanwhile."""

from __future__ import annotations

import io
import os
from pathlib import Path

from floodmark.exposure.sealed.sealed_folder import ROWS, SealedLeakBroken, unreadable


def check_size(file: io.BufferedReader, size: int) -> None:
    """See that the file has the size that its manifest says.

    Raises:
        SealedLeakBroken: it has another.
    """
    found = os.fstat(file.fileno()).st_size
    if found != size:
        raise SealedLeakBroken(f"{ROWS} has {found:,} bytes, and its manifest says {size:,}.")


def read_at(file: io.BufferedReader, start: int, size: int) -> bytes:
    """So many bytes from a place in the file.

    Raises:
        UnreadableInput: the disk refused.
        SealedLeakBroken: the file ends before.
    """
    buffer = bytearray(size)
    read_into(file, start, memoryview(buffer))
    return bytes(buffer)


def read_into(file: io.BufferedReader, start: int, buffer: memoryview) -> None:
    """Fill a buffer from a place in the file; raises as `read_at`."""
    done = 0
    while done < len(buffer):
        try:
            now = os.preadv(file.fileno(), [buffer[done:]], start + done)
        except OSError as error:
            raise unreadable(Path(ROWS), error) from error
        if now == 0:
            raise SealedLeakBroken(f"{ROWS} was cut short.")
        done += now
