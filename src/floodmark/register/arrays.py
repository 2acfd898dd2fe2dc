"""The arrays of a saved leak, memory-mapped and checked before they are believed.

`digests(kind)` is ascending and distinct, uint64; `fields(kind)` and `values(kind)` are in its order. An array is
checked against the register the first time it is used: its size, type and length, then the checksum of all its
bytes. A damaged one is named and refused; nothing is computed from it.
"""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import xxhash
from numpy.lib import format as npy
from numpy.typing import NDArray

from floodmark.errors import FloodmarkError
from floodmark.kernel.sorted_sets import is_ascending
from floodmark.register.array_files import PIECE
from floodmark.register.leaks import ArrayFile
from floodmark.register.lease import Lease, lease

if TYPE_CHECKING:
    from floodmark.register.workspace import Workspace

DTYPES = {"": ("<u8",), "fields": ("<u2", "<u4"), "values": ("<u2",), "counts": ("<u8",)}
LONGEST_HEADER = 4096
NOT_KINDS = ("domain", "field_sets")


class ArrayDamaged(FloodmarkError):
    """An array of a saved leak is missing, cut short, altered or of another form than the register says."""

    slug: ClassVar[str] = "array-damaged"
    hint = (
        "Put the file back from a copy of the workspace, or save the leak again from its dump with --replace."
    )


class LeakArrays:
    """Arrays of one leak, whose files stay for as long as this does; see `leak_arrays`.

    Attributes:
        leak: the leak's row.
        folder: the leak's folder.
    """

    def __init__(self, lease: Lease) -> None:
        self.leak = lease.leak
        self.folder = lease.folder
        self._lease = lease
        self._files = {file.name: file for file in lease.arrays}
        self._loaded: dict[str, NDArray[Any]] = {}
        self._field_sets: list[list[str]] | None = None

    @property
    def slug(self) -> str:
        """The leak's slug."""
        return self.leak.slug

    @property
    def kinds(self) -> list[str]:
        """Kinds of identifiers that it has digests of."""
        return [name for name in self._files if "." not in name and name not in NOT_KINDS]

    @property
    def field_sets(self) -> list[list[str]]:
        """Labels of field types, by the numbers that `fields` gives; raises as `digests`."""
        if self._field_sets is None:
            types = np.array(self.leak.field_types)
            masks = self._array("field_sets") if "field_sets" in self._files else np.empty(0, np.uint64)
            bits = masks[:, None] >> np.arange(len(types), dtype=np.uint64) & np.uint64(1)
            self._field_sets = [types[row].tolist() for row in bits.astype(bool)]
        return self._field_sets

    def digests(self, kind: str) -> NDArray[np.uint64]:
        """Digests of a kind, ascending and distinct, uint64, shape (n,), read-only.

        Raises:
            ArrayDamaged: the array is not what was saved.
            KeyError: the leak has none of this kind.
        """
        return self._array(kind)

    def fields(self, kind: str) -> NDArray[np.uint16] | NDArray[np.uint32]:
        """Field-set number of every digest, shape (n,); raises as `digests`."""
        return self._array(f"{kind}.fields")

    def values(self, kind: str) -> NDArray[np.uint16]:
        """16-bit digests of name and location of every digest, 0 where absent, shape (n, 2); raises as `digests`."""
        return self._array(f"{kind}.values")

    def domain_counts(self, digests: NDArray[np.uint64]) -> NDArray[np.int64]:
        """Distinct addresses under domains, subdomains included.

        Args:
            digests: of kind `domain`, shape (n,), any order.

        Returns:
            int64, shape (n,); 0 where no address is under the domain.
        """
        if "domain" not in self._files:
            return np.zeros(len(digests), np.int64)
        known, counts = self._array("domain"), self._array("domain.counts")
        places = np.minimum(np.searchsorted(known, digests), len(known) - 1)
        return np.where(known[places] == digests, counts[places], 0).astype(np.int64)

    def verify(self) -> None:
        """Check every array, and that digests ascend.

        Raises:
            ArrayDamaged: the first that is not what was saved.
        """
        for name, file in self._files.items():
            array = self._array(name)
            if "." not in name and name != "field_sets" and is_ascending(array) >= 0:
                raise _damaged(self.slug, file, "is not in ascending order")

    def _array(self, name: str) -> NDArray[Any]:
        if name not in self._loaded:
            self._loaded[name] = self._load(self._files[name])
        return self._loaded[name]

    def _load(self, file: ArrayFile) -> NDArray[Any]:
        path = self.folder / "digests" / f"{file.name}.npy"
        try:
            if path.is_symlink() or not path.is_file():
                raise _damaged(self.slug, file, "is missing")
            if path.stat().st_size != file.bytes:
                raise _damaged(self.slug, file, "has another size than was saved")
            # One mapping for both: what the checksum has touched is at hand for whoever asked for the array.
            whole = np.memmap(path, np.uint8, "r")
            found = xxhash.xxh3_128()
            for start in range(0, len(whole), PIECE):
                found.update(whole[start : start + PIECE].data)
            if found.hexdigest() != file.xxh3:
                raise _damaged(self.slug, file, "was altered since it was saved")
            array = _array_in(whole)
        except (ValueError, EOFError) as error:
            raise _damaged(self.slug, file, "is no array") from error
        except OSError as error:
            reason = os.strerror(error.errno) if error.errno else "unknown reason"
            raise _damaged(self.slug, file, f"cannot be read: {reason}") from error
        wanted = (file.length, 2) if file.name.endswith(".values") else (file.length,)
        if array.shape != wanted or array.dtype.str not in DTYPES[file.name.partition(".")[2]]:
            raise _damaged(self.slug, file, "is of another type or length than was saved")
        return array


def leak_arrays(workspace: Workspace, slug: str) -> LeakArrays:
    """The arrays of a saved leak.

    Raises:
        LeakNotFound: no leak of that slug is saved.
    """
    return LeakArrays(lease(workspace, slug))


def _array_in(whole: NDArray[np.uint8]) -> NDArray[Any]:
    """The array whose `.npy` file these bytes are.

    Raises:
        ValueError: they are no such file, or one of Python objects.
    """
    head = io.BytesIO(bytes(whole[:LONGEST_HEADER]))
    if npy.read_magic(head) != (1, 0):
        raise ValueError("another version of the format")
    shape, fortran_order, dtype = npy.read_array_header_1_0(head)
    if fortran_order or dtype.hasobject:
        raise ValueError("not an array of numbers in rows")
    return whole[head.tell() :].view(np.ndarray).view(dtype).reshape(shape)


def _damaged(slug: str, file: ArrayFile, what: str) -> ArrayDamaged:
    return ArrayDamaged(f"{file.name}.npy of {slug} {what}.")
