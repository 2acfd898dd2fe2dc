"""Whole logs to lookups: opened, cut into blocks, parsed beside each other, counted.

A log may be compressed, or several in an archive. Nothing of it is kept but lookups, counts, and its name and SHA-256.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from pathlib import Path

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

Advance = Callable[[int], None]
MARK, MARKED = b"floodmark-synthetic", 4096  # what made-up logs begin with, and in how many bytes


class Replay:
    """Reads logs through, and remembers what became of their lines.

    Args:
        mapping: what to look at.
        key: the digest key.
        workers: threads that parse.

    Attributes:
        counts: of all lines so far.
        sources: the files that were read to their end, with their SHA-256.
        synthetic: whether a log says that it is made up.
        problems: what could not be read, by the label of the file or member, and why.
    """

    def __init__(self, mapping: Mapping, key: DigestKey, workers: int = 2) -> None:
        self.counts = Counts()
        self.sources: list[InputDigest] = []
        self.synthetic = False
        self.problems: list[tuple[str, FloodmarkError]] = []
        self._mapping = mapping
        self._key = key
        self._workers = workers

    def read(self, path: Path, advance: Advance | None = None) -> Iterator[pl.DataFrame]:
        """Lookups of one file, some at a time, in the order of its lines: columns `lookups.SCHEMA`.

        Args:
            path: a log, also compressed; of an archive, all members.
            advance: told how many bytes more were read.

        Raises:
            NothingToRead: there is no such file.
            UnreadableInput: it cannot be opened, or is no regular file.
        """
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
                        yield from self._lookups(member.source, until)
                    except FloodmarkError as problem:
                        self.problems.append((whole, problem))
            self.sources.append(digest.finish(label))

    def _lookups(self, source: Source, until: datetime) -> Iterator[pl.DataFrame]:
        with ThreadPoolExecutor(self._workers, "floodmark-replay") as pool:
            waiting: deque[Future[Parsed]] = deque()
            for work in self._work(source, until):
                waiting.append(pool.submit(work))
                if len(waiting) > self._workers:
                    yield self._done(waiting.popleft())
            while waiting:
                yield self._done(waiting.popleft())

    def _done(self, future: Future[Parsed]) -> pl.DataFrame:
        parsed = future.result()
        self.counts.add(parsed.counts)
        return parsed.lookups.drop("line").filter(pl.col("identifier").is_not_null())

    def _work(self, source: Source, until: datetime) -> Iterator[Callable[[], Parsed]]:
        """What there is to do for one text, in its order."""
        self.synthetic |= MARK in source.peek(MARKED)
        if self._mapping.log.format == "parquet":
            parser = Parser(self._mapping, self._key, until)
            for batch in ParquetReader().batches(source.file()):
                table = parser.cutter.finished(batch.frame)
                fits = pl.Series([True]).new_from_index(0, table.height)
                yield partial(parser.table, table, fits)
            return
        found = blocks(source.read)
        header = ""
        if self._mapping.log.format == "csv":
            header, found = _headed(found)
        parser = Parser(self._mapping, self._key, until, header)
        for block in found:
            yield partial(parsed, parser, block)


def parsed(parser: Parser, block: Block) -> Parsed:
    """Lookups of a block, and what became of all of its lines."""
    found = parser.lines(block.lines)
    found.counts.lines.update(block.fates)
    return found


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


def _headed(found: Iterator[Block]) -> tuple[str, Iterator[Block]]:
    """The first line of a text, and its blocks without it."""
    for block in found:
        if block.lines.len():
            return block.lines[0], chain([Block(block.lines[1:], block.fates)], found)
    return "", found
