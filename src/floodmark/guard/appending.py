"""Records at the end of a file, whole or not at all: where the disk is full, no half of one stays behind."""

from __future__ import annotations

import os


def append(descriptor: int, data: bytes) -> None:
    """Write at the end of a file that nobody else writes to meanwhile.

    Args:
        descriptor: of a file that was opened to append to.
        data: all of which is written, or nothing.

    Raises:
        OSError: it could not be written; what was of it has been cut off again.
    """
    before = os.fstat(descriptor).st_size
    try:
        while data:
            data = data[os.write(descriptor, data) :]
    except OSError:
        os.ftruncate(descriptor, before)
        raise
