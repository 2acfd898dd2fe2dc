"""Sorted runs of 64-bit values on disk, unreadable without a key that only this process's memory holds.

The values may be phone numbers, so nothing of them may outlive the process: the file has no name, mode 0600, and
its bytes are AES-256-CTR under a random key of its own. A crash leaves noise without a key.

A spill is a list of chunks, each a little-endian array of 64-bit words: the distinct values in ascending
order, then for the few values that occur more than once their positions in the chunk and how many copies
there are beyond the first. Every chunk starts on a cipher block, so any stretch of chunks is decrypted
without what comes before.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Self

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from numpy.typing import NDArray

from floodmark.errors import FloodmarkError

Values = NDArray[np.uint64]
WORD = 8
CIPHER_BLOCK = 16


class SpoolFailed(FloodmarkError):
    """Temporary space for intermediate results could not be opened, written or read back."""

    slug: ClassVar[str] = "spool-failed"
    hint = "Point FLOODMARK_TMP (or TMPDIR) to a folder that can be written to and has more free space."


def spool_directory() -> Path:
    """Folder for unnamed temporary files: `FLOODMARK_TMP`, else `TMPDIR` or what else `tempfile` finds."""
    chosen = os.environ.get("FLOODMARK_TMP")
    with _spool_errors("found"):
        return Path(chosen) if chosen else Path(tempfile.gettempdir())


@contextmanager
def _spool_errors(what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else "unknown reason"
        raise SpoolFailed(f"Temporary space could not be {what}: {reason}.") from error


@dataclass(frozen=True)
class Copies:
    """Distinct values in ascending order, and those of them that occur more than once.

    Attributes:
        values: distinct values, ascending, shape (n,).
        repeated: the values among them that have more than one copy, ascending, shape (m,), m <= n.
        extra: copies of each beyond the first, shape (m,).
    """

    values: Values
    repeated: Values
    extra: Values


class Spill:
    """One sorted run of distinct values in an unnamed, encrypted temporary file.

    Args:
        directory: folder whose file system holds the bytes.

    Raises:
        SpoolFailed: the folder is missing, read-only or full.
    """

    def __init__(self, directory: Path) -> None:
        with _spool_errors("opened"):
            self._file = tempfile.TemporaryFile(dir=directory, buffering=0)  # noqa: SIM115  # see close
        self._key = algorithms.AES256(os.urandom(32))
        self._firsts: list[int] = []
        self._shapes: list[tuple[int, int]] = []  # values, repeated values
        self._offsets: list[int] = [0]
        self.size = 0

    @property
    def firsts(self) -> Values:
        """First value of every chunk, ascending."""
        return np.array(self._firsts, dtype=np.uint64)

    @property
    def sizes(self) -> NDArray[np.int64]:
        """Distinct values in every chunk."""
        return np.array([size for size, _ in self._shapes], dtype=np.int64)

    def append(self, values: Values, counts: Values) -> None:
        """Write one chunk; its values are above all that were written before.

        Args:
            values: distinct values, ascending, shape (n,), n > 0.
            counts: copies of each, at least 1, shape (n,).
        """
        repeated = np.flatnonzero(counts > 1)
        parts = [values, repeated.astype(np.uint64), counts[repeated] - np.uint64(1)]
        words = values.size + 2 * repeated.size
        if words % 2:
            parts.append(np.zeros(1, np.uint64))
        cipher = self._cipher(self._offsets[-1]).encryptor()
        data = cipher.update(np.concatenate(parts).astype("<u8", copy=False).tobytes())
        with _spool_errors("written"):
            view = memoryview(data)
            while view:
                view = view[self._file.write(view) :]
        self._firsts.append(int(values[0]))
        self._shapes.append((values.size, repeated.size))
        self._offsets.append(self._offsets[-1] + len(data))
        self.size += values.size

    def read(self, start: int, stop: int) -> Iterator[Copies]:
        """Chunks `start` to `stop` (excluded), in one read."""
        origin = self._offsets[start]
        data = bytearray(self._offsets[stop] - origin)
        with _spool_errors("read back"):
            view = memoryview(data)
            while view:
                got = os.preadv(self._file.fileno(), [view], origin + len(data) - len(view))
                if not got:
                    raise SpoolFailed("Temporary space lost what was written to it.")
                view = view[got:]
        plain = bytearray(len(data) + CIPHER_BLOCK - 1)
        self._cipher(origin).decryptor().update_into(data, plain)
        words = np.frombuffer(plain, dtype="<u8", count=len(data) // WORD)
        for index in range(start, stop):
            values, repeated = self._shapes[index]
            chunk = words[(self._offsets[index] - origin) // WORD :]
            places = chunk[values : values + repeated].astype(np.intp)
            yield Copies(chunk[:values], chunk[places], chunk[values + repeated : values + 2 * repeated])

    def close(self) -> None:
        """Give the space back."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _cipher(self, offset: int) -> Cipher[modes.CTR]:
        return Cipher(self._key, modes.CTR((offset // CIPHER_BLOCK).to_bytes(CIPHER_BLOCK, "big")))
