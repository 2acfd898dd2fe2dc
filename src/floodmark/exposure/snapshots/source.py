"""A sealed leak as a snapshot takes it in: its manifest, seen to be signed, and its rows, hashed as they are read."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from floodmark.errors import UnreadableInput
from floodmark.exposure.sealed.manifest import NPY_HEADER, Manifest
from floodmark.exposure.sealed.sealed_folder import (
    LARGEST_SIGNATURE,
    MANIFEST,
    ROWS,
    SIGNATURE,
    SealedLeakBroken,
    open_ordinary,
    read_manifest,
    read_small,
)
from floodmark.signatures import read_signature


@dataclass(frozen=True)
class Source:
    """A sealed leak to copy.

    Attributes:
        manifest: what it is.
        signature: of the manifest, by the root key, 64 bytes.
        folder: where its files are.
    """

    manifest: Manifest
    signature: bytes
    folder: Path

    @contextmanager
    def reading(self) -> Iterator[RowsReader]:
        """Read the rows in order.

        Raises:
            UnreadableInput: they cannot be read.
            SealedLeakBroken: their file has another size than the manifest says.
        """
        with open_ordinary(self.folder / ROWS) as file:
            if os.fstat(file.fileno()).st_size != self.manifest.rows_bytes:
                raise SealedLeakBroken(
                    f"{ROWS} of {self.manifest.slug} has another size than its manifest says."
                )
            yield RowsReader(self.manifest, file)


class RowsReader:
    """The rows of a sealed leak in order, hashed as they are read.

    Args:
        manifest: of the sealed leak.
        file: its rows.npy, at its beginning.
    """

    def __init__(self, manifest: Manifest, file: io.BufferedReader) -> None:
        self._manifest = manifest
        self._file = file
        self._hash = hashlib.sha256()
        self._read(NPY_HEADER)

    def buckets(self, count: int) -> NDArray[np.uint8]:
        """The rows of the next buckets, uint8, shape (count, stride).

        Raises:
            UnreadableInput, SealedLeakBroken: they cannot be read, or end too early.
        """
        return self._read(count * self._manifest.stride).reshape(count, -1)

    def finish(self) -> None:
        """See that all that was read is what the manifest says.

        Raises:
            SealedLeakBroken: it is not.
        """
        if self._hash.hexdigest() != self._manifest.rows_sha256:
            raise SealedLeakBroken(f"{ROWS} of {self._manifest.slug} is not what its manifest says.")

    def _read(self, size: int) -> NDArray[np.uint8]:
        buffer = np.empty(size, np.uint8)
        try:
            done = self._file.readinto(buffer.data)
        except OSError as error:
            reason = os.strerror(error.errno or 0)
            raise UnreadableInput(f"{ROWS} of {self._manifest.slug} cannot be read: {reason}.") from error
        if done != size:
            raise SealedLeakBroken(f"{ROWS} of {self._manifest.slug} was cut short.")
        self._hash.update(buffer.data)
        return buffer


def open_source(folder: Path, slug: str, root: bytes) -> Source:
    """The sealed leak in a folder.

    Args:
        folder: has manifest.json, manifest.json.sig and rows.npy in it.
        slug: of the leak that it is said to be.
        root: the public root key, 32 bytes.

    Raises:
        UnreadableInput: a file is missing, a link or cannot be read.
        SealedLeakBroken: the manifest is not what was signed, or another leak's.
        SignedByAnother: another key signed it.
        ManifestBroken, ProtocolRefused: it is none of protocol 1.
    """
    manifest, _ = read_manifest(folder, root)
    signature = read_signature(read_small(folder / SIGNATURE, LARGEST_SIGNATURE))
    if signature is None or manifest.slug != slug:
        raise SealedLeakBroken(f"{MANIFEST} of {slug} is another leak's.")
    return Source(manifest, signature.value, folder)
