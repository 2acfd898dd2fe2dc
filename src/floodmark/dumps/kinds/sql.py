"""SQL dumps: rows of INSERT statements and of COPY, of any number of tables."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter

import polars as pl

from floodmark.dumps.accounting import Span
from floodmark.dumps.chunks import CHUNK_SIZE, Chunk
from floodmark.dumps.fates import Batch, Fates
from floodmark.dumps.grammar import Grammar, RecordKind
from floodmark.dumps.kinds.kind import Likeness, Read
from floodmark.dumps.kinds.sql_collect import TOO_MANY
from floodmark.dumps.kinds.sql_copy import split_copied
from floodmark.dumps.kinds.sql_cutter import Cutter
from floodmark.dumps.kinds.sql_patterns import Dialect
from floodmark.dumps.kinds.sql_regions import Copied, Passed, Rows, Shape
from floodmark.dumps.kinds.sql_rows import split_rows
from floodmark.dumps.overrides import Overrides
from floodmark.dumps.sample import Sample
from floodmark.errors import NoGrammar

LOOKED_AT = 1 << 18
_BEGINS = re.compile(
    rb"^[ \t]*(?:(?:INSERT|REPLACE)\s|COPY\s[^\n]{0,9999}FROM\s+stdin|CREATE\s+TABLE\s|\()",
    re.IGNORECASE | re.MULTILINE,
)
_BACKSLASH = re.compile(
    rb"MySQL|MariaDB|phpMyAdmin|/\*!\d|ENGINE\s*=|^(?:INSERT|REPLACE) INTO `", re.MULTILINE
)
_STANDARD = re.compile(
    rb"PostgreSQL|standard_conforming_strings|PRAGMA |^GO\r?$|SET IDENTITY_INSERT|[ (,]N'|to_date\(",
    re.MULTILINE,
)


def dialect_of(head: bytes) -> Dialect:
    """How strings are written in a dump, by what else is in it, else by which way leaves more rows whole."""
    head = head[:LOOKED_AT]
    if _BACKSLASH.search(head) is not None:
        return Dialect(backslash=True)
    if _STANDARD.search(head) is not None or b"\\" not in head:
        return Dialect(backslash=False)
    whole = {backslash: held(head, Dialect(backslash))[0] for backslash in (True, False)}
    return Dialect(backslash=whole[True] >= whole[False])


def held(head: bytes, dialect: Dialect) -> tuple[int, int]:
    """Bytes of a text that are records, and rows that are whole; those of tables too many to be read among them."""
    size = rows = 0
    for chunk in Cutter(io.BytesIO(head).read, 0, dialect).chunks():
        for region in _regions(chunk):
            if isinstance(region, Rows):
                size += int((region.ends - region.starts).sum())
                rows += len(region.starts)
            elif isinstance(region, Copied):
                size += region.end - region.start
                rows += chunk.data.count(b"\n", region.start, region.end)
            elif region.reason == TOO_MANY:
                size += region.end - region.start
                rows += region.lines
    return size, rows


def _share(text: bytes, dialect: Dialect) -> tuple[int, float]:
    """Rows of a text, and the share of its bytes that are records."""
    size, rows = held(text, dialect)
    return rows, size / len(text)


@dataclass(frozen=True)
class SqlReader:
    """Reads a dump.

    Attributes:
        dialect: how strings are written.
        chunk_size: bytes wanted in a chunk.
    """

    dialect: Dialect
    chunk_size: int = CHUNK_SIZE

    def describe(self, grammar: Grammar) -> Grammar:
        """The grammar, which says all there is."""
        return grammar

    def chunks(self, read: Read, start: int) -> Iterator[Chunk]:
        """Whole records and statements; `Chunk.state` says which are which."""
        return Cutter(read, start, self.dialect, self.chunk_size).chunks()

    def split(self, chunk: Chunk) -> tuple[Batch, ...]:
        """A batch for each table of the chunk; a chunk without records gives one batch without columns."""
        regions = _regions(chunk)
        passed = [
            Span(r.kind, r.reason, chunk.start + r.start, r.end - r.start, r.lines)
            for r in regions
            if isinstance(r, Passed)
        ]
        tables: dict[Shape, list[Rows | Copied]] = {}
        for region in regions:
            if not isinstance(region, Passed):
                tables.setdefault(region.shape, []).append(region)
        batches = [self._table(chunk, shape, parts) for shape, parts in tables.items()]
        if not batches:
            return (Batch(chunk.start, pl.DataFrame(), 0, 0, tuple(passed)),)
        spans = sorted((*batches[0].spans, *passed), key=lambda span: span.start)
        return (replace(batches[0], spans=tuple(spans)), *batches[1:])

    def _table(self, chunk: Chunk, shape: Shape, regions: list[Rows | Copied]) -> Batch:
        """Records of one table; neighbouring regions of the same columns are read in one go."""
        frames: list[pl.DataFrame] = []
        batches: list[Batch] = []
        for (kind, _), parts in groupby(regions, key=lambda region: (type(region), region.places)):
            for region in _merged(kind, list(parts)):
                frame, fates = self._records(chunk, region)
                frames.append(frame)
                batches.append(fates.batch(frame))
        return Batch(
            chunk.start,
            frames[0] if len(frames) == 1 else pl.concat(frames),
            sum(batch.accepted_lines for batch in batches),
            sum(batch.accepted_bytes for batch in batches),
            tuple(span for batch in batches for span in batch.spans),
            shape.name,
            shape.named,
        )

    def _records(self, chunk: Chunk, region: Rows | Copied) -> tuple[pl.DataFrame, Fates]:
        if isinstance(region, Copied):
            return split_copied(chunk.data, chunk.start, region)
        return split_rows(chunk.data, chunk.start, region, self.dialect)


def _regions(chunk: Chunk) -> tuple[Rows | Copied | Passed, ...]:
    assert isinstance(chunk.state, tuple)  # noqa: S101  set by the cutter
    return chunk.state


def _merged(kind: type, parts: list[Rows | Copied]) -> list[Rows | Copied]:
    rows = [part for part in parts if isinstance(part, Rows)]
    return [rows[0].with_more(rows[1:])] if kind is Rows else parts


class Sql:
    """SQL dumps."""

    name: RecordKind = "sql"

    def likeness(self, sample: Sample, given: Overrides) -> Likeness:
        """By how much of the sample's beginning, from the first statement on, is rows of statements."""
        text = sample.text
        found = _BEGINS.search(text)
        if found is None:
            return Likeness(0.0, "no line begins an SQL statement")
        dialect = dialect_of(text)
        rows, share = _share(text[found.start() :], dialect)
        if share < 0.5 and found.start() < len(sample.head):
            # A string that nothing ends may fill the last line.
            rows, share = max((rows, share), _share(sample.head[found.start() :], dialect), key=itemgetter(1))
        return Likeness(
            min(0.99, share * 1.5), f"{rows:,} rows of statements, {share:.0%} of the sample's bytes"
        )

    def reader(self, sample: Sample, newline: str, given: Overrides) -> SqlReader:
        """A reader for the text of this sample.

        Raises:
            NoGrammar: the sample has no row of an INSERT or COPY.
        """
        dialect = dialect_of(sample.text)
        if not held(sample.text, dialect)[1]:
            raise NoGrammar("No row of an INSERT or COPY is in the beginning of the file")
        return SqlReader(dialect)
