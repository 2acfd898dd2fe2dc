"""Sorted runs of 64-bit values in a secret temporary file.

A spill is a list of chunks, each a little-endian array of 64-bit words: the distinct values in ascending
order, then for the few values that occur more than once their positions in the chunk and how many copies
there are beyond the first. Every chunk starts on a cipher block, so any stretch of chunks is decrypted
without what comes before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from floodmark.dumps.secret_file import SecretFile

Values = NDArray[np.uint64]
WORD = 8


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
    """One sorted run of distinct values.

    Args:
        directory: folder whose file system holds the bytes.

    Raises:
        SpoolFailed: the folder is missing, read-only or full.
    """

    def __init__(self, directory: Path) -> None:
        self._file = SecretFile(directory)
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
        self._file.append(np.concatenate(parts).astype("<u8", copy=False).tobytes())
        self._firsts.append(int(values[0]))
        self._shapes.append((values.size, repeated.size))
        self._offsets.append(self._file.size)
        self.size += values.size

    def read(self, start: int, stop: int) -> Iterator[Copies]:
        """Chunks `start` to `stop` (excluded), in one read."""
        origin = self._offsets[start]
        words = np.frombuffer(self._file.read(origin, self._offsets[stop] - origin), dtype="<u8")
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
