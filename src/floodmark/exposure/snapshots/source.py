"""A sealed leak as a snapshot takes it in: its manifest, seen to be signed, and its rows, hashed as they are read."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, ClassVar

import numpy as np
from numpy.typing import NDArray

from floodmark.errors import FloodmarkError, UnreadableInput
from floodmark.exposure.sealed.manifest import CONTEXT, NPY_HEADER, Manifest, ManifestBroken, parse_manifest
from floodmark.signatures import read_signature, signed

MANIFEST_FILE = "manifest.json"
SIGNATURE_FILE = "manifest.json.sig"
ROWS_FILE = "rows.npy"
LARGEST = 1 << 30  # of a manifest: the most field sets there can be
_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class RowsBroken(FloodmarkError):
    """The rows of a sealed leak are not what its manifest says."""

    slug: ClassVar[str] = "rows-broken"
    hint = "Put rows.npy back from a copy, or seal the leak again from its dump."


@dataclass(frozen=True)
class Source:
    """A sealed leak to copy.

    Attributes:
        manifest: what it is.
        signature: of the manifest, by the root key, 64 bytes.
        rows: its rows.npy.
    """

    manifest: Manifest
    signature: bytes
    rows: Path

    @contextmanager
    def reading(self) -> Iterator[RowsReader]:
        """Read the rows in order.

        Raises:
            UnreadableInput: they cannot be read.
            RowsBroken: their file has another size than the manifest says.
        """
        with _opened(self.rows, self.manifest.slug) as file:
            if os.fstat(file.fileno()).st_size != self.manifest.rows_bytes:
                raise RowsBroken(
                    f"{ROWS_FILE} of {self.manifest.slug} has another size than its manifest says."
                )
            yield RowsReader(self.manifest, file)


class RowsReader:
    """The rows of a sealed leak in order, hashed as they are read.

    Args:
        manifest: of the sealed leak.
        file: its rows.npy, at its beginning.
    """

    def __init__(self, manifest: Manifest, file: BinaryIO) -> None:
        self._manifest = manifest
        self._file = file
        self._hash = hashlib.sha256()
        self._read(NPY_HEADER)

    def buckets(self, count: int) -> NDArray[np.uint8]:
        """The rows of the next buckets, uint8, shape (count, stride).

        Raises:
            UnreadableInput, RowsBroken: they cannot be read, or end too early.
        """
        return self._read(count * self._manifest.stride).reshape(count, -1)

    def finish(self) -> None:
        """See that all that was read is what the manifest says.

        Raises:
            RowsBroken: it is not.
        """
        if self._hash.hexdigest() != self._manifest.rows_sha256:
            raise RowsBroken(f"{ROWS_FILE} of {self._manifest.slug} is not what its manifest says.")

    def _read(self, size: int) -> NDArray[np.uint8]:
        buffer = np.empty(size, np.uint8)
        try:
            done = os.readv(self._file.fileno(), [buffer.data])
            while done < size and (more := os.readv(self._file.fileno(), [buffer.data[done:]])):
                done += more
        except OSError as error:
            raise _unreadable(ROWS_FILE, self._manifest.slug, error) from error
        if done < size:
            raise RowsBroken(f"{ROWS_FILE} of {self._manifest.slug} is shorter than its manifest says.")
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
        ManifestBroken: the manifest is not what the root key signed, or another leak's.
        ProtocolRefused: it is of another protocol.
    """
    data = _bounded(folder / MANIFEST_FILE, slug)
    signature = read_signature(_bounded(folder / SIGNATURE_FILE, slug))
    if signature is None or signature.public != root or not signed(CONTEXT + data, signature):
        raise ManifestBroken(
            f"{MANIFEST_FILE} of {slug} is not what this workspace signed.",
            "Seal the leak again from its dump.",
        )
    manifest = parse_manifest(data)
    if manifest.slug != slug:
        raise ManifestBroken(
            f"{MANIFEST_FILE} of {slug} is another leak's.", "Seal the leak again from its dump."
        )
    return Source(manifest, signature.value, folder / ROWS_FILE)


def _bounded(path: Path, slug: str) -> bytes:
    with _opened(path, slug) as file:
        try:
            data = file.read(LARGEST + 1)
        except OSError as error:
            raise _unreadable(path.name, slug, error) from error
    if len(data) > LARGEST:
        raise ManifestBroken(f"{path.name} of {slug} is larger than any.")
    return data


@contextmanager
def _opened(path: Path, slug: str) -> Iterator[BinaryIO]:
    try:
        file = os.fdopen(os.open(path, _FLAGS), "rb", buffering=0)
    except OSError as error:
        raise _unreadable(path.name, slug, error) from error
    with file:
        yield file


def _unreadable(name: str, slug: str, error: OSError) -> UnreadableInput:
    return UnreadableInput(f"{name} of the sealed {slug} cannot be read: {os.strerror(error.errno or 0)}.")
