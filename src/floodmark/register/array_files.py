"""Writing a leak's arrays: `.npy` files that grow block by block, with the checksums that name a damaged one later."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import xxhash
from numpy.lib import format as npy
from numpy.typing import DTypeLike, NDArray

from floodmark.register.leaks import ArrayFile

PIECE = 16 << 20
MOST_ITEMS = 2**63 - 1


class GrowingArray:
    """An array on disk whose length is known when it is complete.

    Args:
        file: opened for writing and reading, empty.
        dtype: of its items, kept little-endian.
        width: columns; None for an array of one dimension.
    """

    def __init__(self, file: BinaryIO, dtype: DTypeLike, width: int | None = None) -> None:
        self._file = file
        self._dtype = np.dtype(dtype).newbyteorder("<")
        self._width = width
        self.length = 0
        # The longest header there can be: the true one, of the same size, replaces it in the end.
        self._header_size = self._write_header(MOST_ITEMS)

    def append(self, items: NDArray[Any]) -> None:
        """Add items at the end, shape (n,) or (n, width)."""
        wanted = (len(items),) if self._width is None else (len(items), self._width)
        if items.shape != wanted or not np.can_cast(items.dtype, self._dtype, "equiv"):
            raise TypeError(f"items are of dtype {self._dtype} and shape {wanted}")
        self._file.write(np.ascontiguousarray(items, self._dtype).data)
        self.length += len(items)

    def close(self) -> None:
        """Write the header that is true."""
        self._file.seek(0)
        if self._write_header(self.length) != self._header_size:
            raise AssertionError("the header of an array keeps its size")
        self._file.flush()

    def _write_header(self, length: int) -> int:
        shape = (length,) if self._width is None else (length, self._width)
        header = {"descr": npy.dtype_to_descr(self._dtype), "fortran_order": False, "shape": shape}
        npy.write_array_header_1_0(self._file, header)
        return self._file.tell()


@contextmanager
def growing(path: Path, dtype: DTypeLike, width: int | None = None) -> Iterator[GrowingArray]:
    """A new array file, private to this user, complete when the block ends."""
    with path.open("xb") as file:
        path.chmod(0o600)
        array = GrowingArray(file, dtype, width)
        yield array
        array.close()


def described(path: Path, name: str, length: int) -> ArrayFile:
    """An array's file with its checksums, read back from where it was written."""
    sha256, xxh3, size = hashlib.sha256(), xxhash.xxh3_128(), 0
    for piece in pieces(path):
        sha256.update(piece)
        xxh3.update(piece)
        size += len(piece)
    return ArrayFile(name, length, size, sha256.hexdigest(), xxh3.hexdigest())


def pieces(path: Path) -> Iterator[memoryview]:
    """A file's bytes in order, in pieces that are overwritten by the next."""
    buffer = memoryview(bytearray(PIECE))
    with path.open("rb", buffering=0) as file:
        while size := file.readinto(buffer):
            yield buffer[:size]
