"""A sealed leak to look up in: its rows, mapped into memory, once its manifest and signature are accepted.

Look-ups touch one bucket each. The bytes of the rows are compared with the manifest's checksum by `verify` alone:
that takes a pass over the file, and whoever looks up in another's leak does it once.

A mapped file that is cut short while a look-up reads it ends the program, as with every mapped file; sealed leaks are
never changed in place. One that was cut short before is refused: its size is compared before every batch. Single
buckets and `verify` read the file and not the mapping.
"""

from __future__ import annotations

import io
import mmap
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from floodmark.exposure.sealed.manifest import NPY_HEADER, Manifest
from floodmark.exposure.sealed.matrix import header
from floodmark.exposure.sealed.rows import BUCKETS
from floodmark.exposure.sealed.rows_file import check_size, read_at
from floodmark.exposure.sealed.sealed_folder import (
    ROWS,
    SealedLeakBroken,
    open_ordinary,
    read_manifest,
    unreadable,
)
from floodmark.exposure.sealed.verify_rows import verify_rows
from floodmark.kernel import sealed_rows


class SealedLeak:
    """One sealed leak, open; made by `SealedLeak.open`.

    Attributes:
        manifest: what it is.
        signer: the public key that signed the manifest, 32 bytes.
    """

    def __init__(self, manifest: Manifest, signer: bytes, file: io.BufferedReader) -> None:
        self.manifest = manifest
        self.signer = signer
        self._file = file
        self._mapped = mmap.mmap(file.fileno(), manifest.rows_bytes, access=mmap.ACCESS_READ)
        rows = np.frombuffer(self._mapped, np.uint8, offset=NPY_HEADER)
        self._rows = rows.reshape(BUCKETS, manifest.stride)

    @classmethod
    def open(cls, folder: Path, *, root: bytes | None) -> Self:
        """Open the sealed leak in a folder.

        Args:
            folder: with manifest.json, manifest.json.sig and rows.npy.
            root: the public key that has to have signed, 32 bytes; None accepts any, which `signer` then names.

        Raises:
            UnreadableInput: a file is missing, or no ordinary one.
            SealedLeakBroken: a file is not what was signed.
            SignedByAnother: another key than `root` signed it.
            ManifestBroken, ProtocolRefused: it was signed as it is, and is none of protocol 1.
        """
        manifest, signer = read_manifest(folder, root)
        file = open_ordinary(folder / ROWS)
        try:
            check_size(file, manifest.rows_bytes)
            if read_at(file, 0, NPY_HEADER) != header(manifest.stride):
                raise SealedLeakBroken(f"{ROWS} was altered in its header, or is no file of such rows.")
            return cls(manifest, signer, file)
        except OSError as error:
            file.close()
            raise unreadable(folder / ROWS, error) from error
        except BaseException:
            file.close()
            raise

    def bucket(self, number: int) -> bytes:
        """The rows of one bucket.

        Args:
            number: 0 to 65,535.

        Raises:
            IndexError: there is no such bucket.
            UnreadableInput: the disk refused.
            SealedLeakBroken: the file was cut short since it was opened.
        """
        if not 0 <= number < BUCKETS:
            raise IndexError("buckets are numbered from 0 to 65,535")
        return read_at(self._file, NPY_HEADER + number * self.manifest.stride, self.manifest.stride)

    def look_up(
        self, buckets: NDArray[np.uint16], tags: NDArray[np.uint64], pads: NDArray[np.uint32]
    ) -> NDArray[np.int64]:
        """What the leak holds of identifiers, by their places in it (`rows.derive`).

        Args:
            buckets: shape (n,).
            tags: shape (n,).
            pads: shape (n,).

        Returns:
            int64, shape (n,): positions in the manifest's `field_sets`, -1 for an identifier that is not in it.

        Raises:
            SealedLeakBroken: the file was cut short since it was opened.
            TypeError: the arrays are of other dtypes or lengths.
        """
        # Reading a mapping behind the file's end would end the program.
        check_size(self._file, self.manifest.rows_bytes)
        known = len(self.manifest.field_sets)
        return sealed_rows.look_up(self._rows, self.manifest.row_bytes, buckets, tags, pads, known)

    def verify(self, advance: Callable[[int], None] = lambda size: None) -> None:
        """Read the rows through and compare them with the manifest.

        Args:
            advance: told of the bytes read; `manifest.rows_bytes` in all.

        Raises:
            UnreadableInput: rows.npy cannot be read any more.
            SealedLeakBroken: it is not what was signed, or its rows are out of order; the message says where, if that
                can be known.
        """
        verify_rows(self._file, self.manifest, advance)

    def close(self) -> None:
        """Give the mapping back; look-ups are over."""
        self._rows = np.empty((0, 0), np.uint8)
        with suppress(BufferError):  # a look-up of another thread still reads; the mapping goes with it
            self._mapped.close()
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
