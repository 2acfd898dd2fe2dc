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

from floodmark.dumps.chunks import LINE_LIMIT
from floodmark.dumps.fates import Batch
from floodmark.dumps.grammar import RecordKind
from floodmark.dumps.kinds.row_cuts import row_cuts
from floodmark.dumps.kinds.shares import Fate, Shares
from floodmark.errors import FloodmarkError, LimitExceeded, NothingToRead, UnreadableInput

BATCH_ROWS = 50_000
MEMORY = 3 << 30  # bytes that decoding may take: a row group of a million rows needs a few hundred megabytes
IN_MEMORY = (
    1 << 30
)  # largest file that is handed over through a pipe, because it lies in no file that can be seen
PATIENCE = 300.0  # seconds without a batch
SMALLEST = 12  # bytes around the tables: a mark, the length of what describes them, and the mark again
COPY_SIZE = 1 << 20
TOO_WIDE = 3  # exit code of the child
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
        _check_ends(file, shares.size)
        file.seek(0)
        with _decoding(file, shares.size, self._memory, self._rows) as child:
            frames = _frames(child)
            total = next(frames).item()
            if not total:
                raise NothingToRead("This Parquet file has no rows")
            done, batch = 0, None
            for frame in frames:
                lengths = frame.select(pl.sum_horizontal(pl.all().str.len_bytes().cast(pl.Int64))).to_series()
                for first, last in row_cuts(lengths.to_numpy(), self._rows):
                    done += last - first
                    part, long = frame[first:last], lengths[first:last] > LINE_LIMIT
                    fates: list[Fate] = (
                        [("quarantined", "line-too-long", int(long.sum()))] if long.any() else []
                    )
                    batch = shares.batch(part.filter(~long), "", True, shares.size * done // total, fates)
                    yield batch
            if done != total or batch is None:
                raise _damaged()
            if shares.at < shares.size:
                yield shares.rest(batch)


def _check_ends(file: BinaryIO, size: int) -> None:
    """Refuse what was cut off, before anything is started for it."""
    file.seek(0)
    begins = file.read(4)
    file.seek(max(0, size - 8))
    ends = file.read(8)
    if begins == b"PARE" or ends[4:] == b"PARE":
        raise UnreadableInput("This Parquet file is encrypted", "Decrypt it with the tool that wrote it.")
    length = int.from_bytes(ends[:4], "little")
    if size < SMALLEST or begins != b"PAR1" or ends[4:] != b"PAR1" or length > size - SMALLEST:
        raise _damaged()


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
    feeder, failures = None, list[FloodmarkError]()
    try:
        if child.stdin is not None:
            given = (file, child.stdin, failures)
            feeder = threading.Thread(target=_feed, args=given, name="floodmark-parquet")
            feeder.start()
        yield child
    except UnreadableInput:
        # It cannot be complete where the file could not be handed over.
        if failures:
            raise failures[0] from None
        raise
    finally:
        child.kill()
        child.wait()
        if feeder is not None:
            feeder.join()
        if child.stdout is not None:
            child.stdout.close()


def _feed(file: BinaryIO, pipe: IO[bytes], failures: list[FloodmarkError]) -> None:
    try:
        with pipe:
            while data := file.read(COPY_SIZE):
                pipe.write(data)
    except FloodmarkError as failure:
        failures.append(failure)
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
    if (code := child.wait()) == TOO_WIDE:
        return LimitExceeded("This Parquet file has more columns than are read", "Write it anew with fewer.")
    if code < 0:
        return LimitExceeded(
            "This Parquet file needs more memory than it may take",
            "It may be made to; if you trust it, write it anew with smaller row groups.",
        )
    return _damaged()


def _damaged() -> UnreadableInput:
    return UnreadableInput(
        "This is a damaged Parquet file", "Get it again, or read what can be read of it with another tool."
    )
