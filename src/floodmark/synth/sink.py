"""Where the text of a twin goes: measured on its way, compressed by the suffix of its name."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, ClassVar, Protocol

import zstandard

from floodmark.errors import FloodmarkError

CONTAINERS = {".gz": "gzip", ".zst": "zstd"}


class TargetTaken(FloodmarkError):
    """Something that we did not make is where the output should go."""

    slug: ClassVar[str] = "target-taken"
    hint = "Only what has its file of truth beside it is replaced; choose another name with -o."


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


def check(path: Path, sidecar: Path | None = None) -> None:
    """Refuse a target that could be somebody's dump; devices and pipes may be written to.

    Args:
        path: the target.
        sidecar: that lies beside what we made; `truth_path` where not given.

    Raises:
        TargetTaken: a file without its sidecar, a folder or a link to a file is there.
    """
    if not path.exists() and not path.is_symlink():
        return
    beside = sidecar or truth_path(path)
    if path.is_dir() or path.is_symlink() or (path.is_file() and not beside.is_file()):
        raise TargetTaken("The output exists and is nothing that we made, so it is left alone.")


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
