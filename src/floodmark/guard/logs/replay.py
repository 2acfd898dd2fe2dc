"""Whole logs to lookups: opened, cut into blocks, parsed beside each other, counted.

A log may be compressed, or several in an archive. Nothing of it is kept but lookups, counts, and its name and SHA-256.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import TypeAlias, TypeVar

import polars as pl

from floodmark.dumps.containers import Opening, Source, members, open_regular
from floodmark.dumps.containers.labels import shown_as
from floodmark.dumps.hashing import BackgroundDigest, InputDigest
from floodmark.dumps.kinds.parquet import ParquetReader
from floodmark.errors import FloodmarkError
from floodmark.guard.logs.blocks import Block, blocks
from floodmark.guard.logs.mapping import Mapping
from floodmark.guard.logs.parsing import Counts, Parsed, Parser
from floodmark.identifiers.digests import DigestKey

Advance: TypeAlias = Callable[[int], None]
Piece: TypeAlias = Block | pl.DataFrame  # lines, or rows of a Parquet file
MARK, MARKED = b"floodmark-synthetic", 4096  # what made-up logs begin with, and in how many bytes
T = TypeVar("T")


class Replay:
    """Reads logs through, and remembers what became of their lines.

    Args:
        mapping: what to look at.
        key: the digest key.
        workers: threads that parse; None for as many as the machine has processors, and 8 at most.

    Attributes:
        counts: of all lines so far.
        sources: the files that were read to their end, with their SHA-256.
        synthetic: whether a log says that it is made up.
        problems: what could not be read, by the label of the file or member, and why.
    """

    def __init__(self, mapping: Mapping, key: DigestKey, workers: int | None = None) -> None:
        self.counts = Counts()
        self.sources: list[InputDigest] = []
        self.synthetic = False
        self.problems: list[tuple[str, FloodmarkError]] = []
        self._mapping = mapping
        self._key = key
        self._workers = workers or min(8, max(2, os.cpu_count() or 2))

    def read(self, path: Path, advance: Advance | None = None) -> Iterator[pl.DataFrame]:
        """Lookups of one file, some at a time, in the order of its lines: columns `lookups.SCHEMA`.

        Args:
            path: a log, also compressed; of an archive, all members.
            advance: told how many bytes more were read.

        Raises:
            NothingToRead: there is no such file.
            UnreadableInput: it cannot be opened, or is no regular file.
        """
        for parsed in self._through(path, advance, _parsed):
            self.counts.add(parsed.counts)
            yield parsed.lookups.drop("line").filter(pl.col("identifier").is_not_null())

    def tables(self, path: Path, advance: Advance | None = None) -> Iterator[pl.DataFrame]:
        """What was cut from one file, before anything is reduced: `Cutter.finished`. It names people.

        Args, Raises: as of `read`.
        """
        yield from self._through(path, advance, _table)

    def _through(
        self, path: Path, advance: Advance | None, work: Callable[[Parser, Piece], T]
    ) -> Iterator[T]:
        """What is made of each piece of a file, in order, by threads that work beside each other."""
        label = shown_as(path.name)
        with open_regular(path) as file:
            until = datetime.fromtimestamp(os.fstat(file.fileno()).st_mtime, UTC)
        with BackgroundDigest() as digest:
            with closing(members(path, Opening(), watch=digest, advance=advance)) as found:
                for member in found:
                    whole = f"{label}/{member.name}" if member.name else label
                    if member.source is None:
                        if member.problem is not None:
                            self.problems.append((whole, member.problem))
                        continue
                    try:
                        yield from self._worked(member.source, until, work)
                    except FloodmarkError as problem:
                        self.problems.append((whole, problem))
            self.sources.append(digest.finish(label))

    def _worked(self, source: Source, until: datetime, work: Callable[[Parser, Piece], T]) -> Iterator[T]:
        self.synthetic |= MARK in source.peek(MARKED)
        with ThreadPoolExecutor(self._workers, "floodmark-replay") as pool:
            waiting: deque[Future[T]] = deque()
            try:
                for parser, piece in self._pieces(source, until):
                    waiting.append(pool.submit(work, parser, piece))
                    if len(waiting) > self._workers:
                        yield waiting.popleft().result()
            except FloodmarkError:
                # What was read before the damage counts.
                yield from (future.result() for future in waiting)
                raise
            yield from (future.result() for future in waiting)

    def _pieces(self, source: Source, until: datetime) -> Generator[tuple[Parser, Piece], None, None]:
        if self._mapping.log.format == "parquet":
            parser = Parser(self._mapping, self._key, until)
            for batch in ParquetReader().batches(source.file()):
                yield parser, batch.frame
            return
        found = blocks(source.read)
        header = ""
        if self._mapping.log.format == "csv":
            header, found = _headed(found)
        parser = Parser(self._mapping, self._key, until, header)
        for block in found:
            yield parser, block


def lookups_of(
    paths: Iterable[Path], mapping: Mapping, key: DigestKey, *, advance: Advance | None = None
) -> Iterator[pl.DataFrame]:
    """Lookups of logs, some at a time: columns `lookups.SCHEMA`. `Replay` also says what became of the lines.

    Raises:
        FloodmarkError: one of the files cannot be read; what could be was yielded.
    """
    replay = Replay(mapping, key)
    for path in paths:
        yield from replay.read(path, advance)
    if replay.problems:
        raise replay.problems[0][1]


def _parsed(parser: Parser, piece: Piece) -> Parsed:
    """Lookups of a piece, and what became of all of its lines."""
    if isinstance(piece, pl.DataFrame):
        found = parser.rows(piece)
        return replace(found, lookups=found.in_order())
    found = parser.lines(piece.lines)
    found.counts.lines.update(piece.fates)
    return replace(found, lookups=found.in_order())


def _table(parser: Parser, piece: Piece) -> pl.DataFrame:
    if isinstance(piece, pl.DataFrame):
        return parser.cutter.finished(piece)
    return parser.cutter.table(piece.lines)[0]


def _headed(found: Iterator[Block]) -> tuple[str, Iterator[Block]]:
    """The first line of a text, and its blocks without it."""
    for block in found:
        if block.lines.len():
            return block.lines[0], chain([Block(block.lines[1:], block.fates)], found)
    return "", found
