"""Parquet files: decoded by Polars in a process of its own, whose memory is limited.

A Parquet file says of itself how much its pages unpack to, and a hostile one lies: a decoder that believes it takes all
memory, or panics. Here that ends a child process and becomes an error like any other.
"""

from __future__ import annotations

import io
import os
import select
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO, cast

import polars as pl

from floodmark.dumps.fates import Batch
from floodmark.dumps.grammar import RecordKind
from floodmark.dumps.kinds.shares import Shares
from floodmark.errors import LimitExceeded, NothingToRead, UnreadableInput

BATCH_ROWS = 50_000
MEMORY = 3 << 30  # bytes that decoding may take: a row group of a million rows needs a few hundred megabytes
IN_MEMORY = (
    1 << 30
)  # largest file that is handed over through a pipe, because it lies in no file that can be seen
PATIENCE = 300.0  # seconds without a batch
COPY_SIZE = 1 << 20
CHILD = Path(__file__).with_name("parquet_child.py")


class ParquetReader:
    """Reads a Parquet file.

    Args:
        memory: bytes that decoding it may take.
        rows: rows of a batch.
    """

    name: RecordKind = "parquet"

    def __init__(self, memory: int = MEMORY, rows: int = BATCH_ROWS) -> None:
        self._memory = memory
        self._rows = rows

    def batches(self, file: BinaryIO) -> Iterator[Batch]:
        """Records, as `kinds.kind.TableReader` says; structs become columns, lists JSON text."""
        shares = Shares(file.seek(0, os.SEEK_END))
        file.seek(0)
        with _decoding(file, shares.size, self._memory, self._rows) as child:
            frames = _frames(child)
            total = next(frames).item()
            if not total:
                raise NothingToRead("This Parquet file has no rows")
            done, batch = 0, None
            for frame in frames:
                done += frame.height
                batch = shares.batch(frame, "", True, shares.size * done // total)
                yield batch
            if done != total or batch is None:
                raise _damaged()
            if shares.at < shares.size:
                yield shares.rest(batch)


@contextmanager
def _decoding(file: BinaryIO, size: int, memory: int, rows: int) -> Iterator[subprocess.Popen[bytes]]:
    """The child with the file as its input; stopped in the end, however it ends."""
    try:
        direct: int | None = file.fileno()
    except OSError:
        direct = None
    if direct is None and size > IN_MEMORY:
        raise LimitExceeded(
            f"A Parquet file of more than {IN_MEMORY >> 30} GiB is not read inside an archive",
            "Take it out of the archive, and read it by itself.",
        )
    command = [sys.executable, "-I", str(CHILD), str(memory), str(rows)]
    child = subprocess.Popen(
        command,
        stdin=subprocess.PIPE if direct is None else direct,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"POLARS_MAX_THREADS": "2"},
    )
    feeder = None
    try:
        if child.stdin is not None:
            feeder = threading.Thread(target=_feed, args=(file, child.stdin), name="floodmark-parquet")
            feeder.start()
        yield child
    finally:
        child.kill()
        child.wait()
        if feeder is not None:
            feeder.join()
        if child.stdout is not None:
            child.stdout.close()


def _feed(file: BinaryIO, pipe: IO[bytes]) -> None:
    try:
        with pipe:
            while data := file.read(COPY_SIZE):
                pipe.write(data)
    except BrokenPipeError:
        pass  # it ended before, and how is told by its end


def _frames(child: subprocess.Popen[bytes]) -> Iterator[pl.DataFrame]:
    """What the child sends, to its end."""
    while size := int.from_bytes(_exactly(child, 8), "big"):
        yield pl.read_ipc_stream(io.BytesIO(_exactly(child, size)))


def _exactly(child: subprocess.Popen[bytes], size: int) -> bytes:
    pipe = cast(IO[bytes], child.stdout)
    data = bytearray()
    while len(data) < size:
        ready, _, _ = select.select([pipe], [], [], PATIENCE)
        part = os.read(pipe.fileno(), min(size - len(data), COPY_SIZE)) if ready else b""
        if not part:
            raise _ended(child, stalled=not ready)
        data += part
    return bytes(data)


def _ended(child: subprocess.Popen[bytes], stalled: bool) -> UnreadableInput | LimitExceeded:
    """Why the child ended before its last batch."""
    if stalled:
        return UnreadableInput("Nothing came out of this Parquet file for minutes")
    if child.wait() < 0:
        return LimitExceeded(
            "This Parquet file needs more memory than it may take",
            "It may be made to; if you trust it, write it anew with smaller row groups.",
        )
    return _damaged()


def _damaged() -> UnreadableInput:
    return UnreadableInput(
        "This is a damaged Parquet file", "Get it again, or read what can be read of it with another tool."
    )
