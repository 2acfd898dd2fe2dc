"""A snapshot directory: the files that a web server hosts, read without any (protocol 1, section 5)."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from floodmark.errors import NothingToRead, UnreadableInput
from floodmark.exposure.sealed.rows import BUCKETS
from floodmark.exposure.snapshots.envelope import LARGEST
from floodmark.exposure.snapshots.snapshot import Snapshot, SnapshotBroken

VERSION = "v1"
ENVELOPE = "snapshot"
SNAPSHOTS = "snapshots"
BUCKETS_FILE = "buckets.bin"
_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def envelope_at(folder: Path) -> Path:
    """Where a snapshot directory has its envelope."""
    return folder / VERSION / ENVELOPE


def buckets_at(folder: Path, name: str) -> Path:
    """Where a snapshot directory has the buckets of a snapshot, by its id."""
    return folder / VERSION / SNAPSHOTS / name / BUCKETS_FILE


class SnapshotDirectory:
    """The files of snapshots in a folder; links below it are refused.

    Args:
        path: the folder that has `v1` in it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def envelope(self, name: str = ENVELOPE) -> bytes:
        """The envelope of the newest snapshot; of one that is larger than any, its beginning.

        Args:
            name: of the file in `v1`.

        Raises:
            NothingToRead: there is none.
            UnreadableInput: it cannot be read.
            SnapshotBroken: it is a link or a folder.
        """
        with (
            self._opened(VERSION, name) as descriptor,
            read_errors(f"{VERSION}/{name}"),
            os.fdopen(os.dup(descriptor), "rb") as file,
        ):
            return file.read(LARGEST + 1)

    def bucket(self, snapshot: Snapshot, number: int) -> bytes:
        """The answer for a bucket, as it is: `checked_answer` says whether it is what was signed.

        Raises:
            NothingToRead: the snapshot's buckets are not there.
            UnreadableInput: they cannot be read.
            SnapshotBroken: buckets.bin has another size than the snapshot says, or is a link or a folder.
        """
        if not 0 <= number < BUCKETS:
            raise ValueError("a bucket of 65,536")
        size = snapshot.answer_bytes
        with self.buckets(snapshot) as descriptor, read_errors(BUCKETS_FILE):
            answer = os.pread(descriptor, size, number * size)
        if len(answer) != size:
            raise SnapshotBroken(f"{BUCKETS_FILE} ends before bucket {number} does.")
        return answer

    @contextmanager
    def buckets(self, snapshot: Snapshot) -> Iterator[int]:
        """A descriptor of the snapshot's buckets.bin, for as long as the block runs.

        Raises:
            FloodmarkError: as `bucket`.
        """
        with self._opened(VERSION, SNAPSHOTS, snapshot.id, BUCKETS_FILE) as descriptor:
            if os.fstat(descriptor).st_size != snapshot.buckets_bytes:
                raise SnapshotBroken(f"{BUCKETS_FILE} has another size than the snapshot says.")
            yield descriptor

    @contextmanager
    def _opened(self, *names: str) -> Iterator[int]:
        """A descriptor of the file at `names` below the folder, none of which may be a link."""
        descriptor = -1
        try:
            with read_errors("/".join(names)):
                descriptor = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
                for name in names:
                    within, descriptor = descriptor, -1
                    try:
                        descriptor = os.open(name, _FLAGS, dir_fd=within)
                    finally:
                        os.close(within)
                if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                    raise SnapshotBroken(f"{names[-1]} of the snapshot is no ordinary file.")
            yield descriptor
        finally:
            if descriptor >= 0:
                os.close(descriptor)


@contextmanager
def read_errors(name: str) -> Iterator[None]:
    """Failures of the system to read a file of a snapshot directory, in words.

    Raises:
        NothingToRead, SnapshotBroken, UnreadableInput: in place of an OSError.
    """
    try:
        yield
    except OSError as error:
        raise _explained(name, error) from error


def _explained(name: str, error: OSError) -> Exception:
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return NothingToRead(
            f"There is no {name} in that folder.",
            "Name the folder that has v1 in it, as floodmark snapshot make or publish wrote it.",
        )
    if error.errno == errno.ELOOP:
        return SnapshotBroken(f"{name} is a link, or lies behind one.")
    return UnreadableInput(f"{name} cannot be read: {os.strerror(error.errno or 0)}.")
