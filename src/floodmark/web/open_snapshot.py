"""A snapshot with its files open, to be read by any number of requests at once."""

from __future__ import annotations

import os
import weakref
from email.utils import formatdate
from pathlib import Path

from floodmark.exposure.snapshots import Snapshot


class OpenSnapshot:
    """A snapshot with its files open; the descriptor is closed when nobody refers to it any more.

    Attributes:
        snapshot: as it was signed.
        envelope: as `v1/snapshot` has it.
        descriptor: of buckets.bin.
        etag: entity tag of buckets.bin.
        modified: when it was written, seconds since 1970.
        last_modified: the same, as a header has it.
        answer_bytes: of the answer for a bucket.
        size: of buckets.bin.
    """

    __slots__ = (
        "__weakref__",
        "_mark",
        "_path",
        "answer_bytes",
        "descriptor",
        "envelope",
        "etag",
        "last_modified",
        "modified",
        "size",
        "snapshot",
    )

    def __init__(
        self, snapshot: Snapshot, envelope: bytes, descriptor: int, path: Path, mark: tuple[int, ...]
    ) -> None:
        weakref.finalize(self, os.close, descriptor)
        self.snapshot = snapshot
        self.envelope = envelope
        self.descriptor = descriptor
        self.etag = f'"{snapshot.buckets.sha256}"'.encode()
        self.modified = int(os.fstat(descriptor).st_mtime)
        self.last_modified = formatdate(self.modified, usegmt=True).encode()
        self.answer_bytes = snapshot.answer_bytes
        self.size = snapshot.buckets_bytes
        self._path = path
        self._mark = mark

    @property
    def there(self) -> bool:
        """Whether its buckets are still where they were, and as many."""
        try:
            about = self._path.stat()
            return os.path.samestat(about, os.fstat(self.descriptor)) and about.st_size == self.size
        except OSError:
            return False

    def is_of(self, mark: tuple[int, ...]) -> bool:
        """Whether it was read from the file that has this mark."""
        return self._mark == mark


def file_mark(path: Path) -> tuple[int, ...]:
    """What tells a file from the one that takes its place; nothing of a file that is not there."""
    try:
        found = path.stat(follow_symlinks=False)
    except OSError:
        return ()
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns
