"""Where a twin goes: a file that appears whole or not at all, or a stream; compressed by its suffix."""

from __future__ import annotations

import gzip
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, ClassVar, Protocol

import zstandard

from floodmark.errors import FloodmarkError

CONTAINERS = {".gz": "gzip", ".zst": "zstd"}


class CannotWrite(FloodmarkError):
    """The output cannot be written there."""

    slug: ClassVar[str] = "cannot-write"
    hint = "Check the folder, its permissions and the room on the disk, or choose another name with -o."


class Writer(Protocol):
    """What a sink writes into."""

    def write(self, data: bytes, /) -> object:
        """Take these bytes."""


class Tee:
    """Writes to a stream and keeps size and SHA-256 of what went there."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.sha256 = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> int:
        """Write all of `data`."""
        self.stream.write(data)
        self.sha256.update(data)
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        """Pass on what is buffered."""
        self.stream.flush()


def container(path: Path | None) -> str:
    """`gzip`, `zstd` or `plain`, by the suffix."""
    return "plain" if path is None else CONTAINERS.get(path.suffix.lower(), "plain")


def truth_path(path: Path) -> Path:
    """Where the sidecar of a twin lies."""
    return path.with_name(path.name + ".truth.json")


def check(path: Path) -> None:
    """Refuse a target that could be somebody's dump.

    Raises:
        CannotWrite: the folder does not exist, or something other than a twin with its sidecar is there.
    """
    if not path.parent.is_dir():
        raise CannotWrite("The folder of the output does not exist.", "Make the folder first.")
    if os.path.lexists(path) and not (
        path.is_file() and not path.is_symlink() and truth_path(path).is_file()
    ):
        raise CannotWrite(
            "The output exists and is no twin of ours, so it is left alone.",
            "Only a twin with its .truth.json beside it is replaced; choose another name with -o.",
        )


@contextmanager
def published(path: Path) -> Iterator[Tee]:
    """Open a temporary file beside `path`; at the end of the block it is synced and takes the name.

    Raises:
        CannotWrite: the system refuses to write there.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("xb") as file:
            yield Tee(file)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        raise CannotWrite(f"The output cannot be written: {os.strerror(error.errno or 0)}.") from error
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def compressed(tee: Tee, kind: str) -> Iterator[Writer]:
    """Text in, container out; the same text gives the same bytes (no name, no time)."""
    if kind == "gzip":
        with gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=tee, mtime=0) as stream:
            yield stream
    elif kind == "zstd":
        with zstandard.ZstdCompressor(level=3).stream_writer(tee, closefd=False) as stream:  # type: ignore[arg-type]
            yield stream
    else:
        yield tee


def _sync_folder(folder: Path) -> None:
    """Make a rename last; a system that cannot open folders has nothing to sync."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
