"""A source as parts that are looked at one by one: chunks of a text, or batches of a workbook."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import polars as pl

from floodmark.dumps.accounting import Span
from floodmark.dumps.as_found import as_found
from floodmark.dumps.chunks import Chunk
from floodmark.dumps.containers import Source, Watcher
from floodmark.dumps.encodings import Encoding
from floodmark.dumps.fates import OUTSIDE, Batch
from floodmark.dumps.kinds.kind import Reader, TableReader
from floodmark.dumps.recode import Recoder
from floodmark.errors import FloodmarkError


class Part(Protocol):
    """Some whole records of a source."""

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables that it has records of."""
        ...

    def split(self) -> tuple[Batch, ...]:
        """Its batches; called on any thread."""
        ...

    def settle(self, batches: tuple[Batch, ...]) -> tuple[Batch, ...]:
        """The batches with what is said of bytes said of the bytes as found; called once, in order."""
        ...


@dataclass(frozen=True)
class TextPart:
    """A chunk of a text."""

    chunk: Chunk
    reader: Reader
    recoder: Recoder

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables that it has records of."""
        return self.chunk.tables

    def split(self) -> tuple[Batch, ...]:
        """Its batches."""
        return self.reader.split(self.chunk)

    def settle(self, batches: tuple[Batch, ...]) -> tuple[Batch, ...]:
        """The batches, their bytes as found."""
        chunk = self.chunk
        size = chunk.oversize.size if chunk.oversize is not None else len(chunk.data)
        found = as_found(batches, chunk.start, size, self.recoder)
        self.recoder.forget(chunk.start + size)
        return found


@dataclass(frozen=True)
class ReadyPart:
    """A batch that is there already."""

    batch: Batch

    @property
    def tables(self) -> tuple[str, ...]:
        """The name of its table."""
        return (self.batch.table,) if self.batch.frame.height else ()

    def split(self) -> tuple[Batch, ...]:
        """The batch."""
        return (self.batch,)

    def settle(self, batches: tuple[Batch, ...]) -> tuple[Batch, ...]:
        """The batch, which speaks of bytes as found."""
        return batches


def parts(
    source: Source, reader: Reader | TableReader, encoding: Encoding, watch: Watcher | None = None
) -> Iterator[Part]:
    """The parts of a source, in order.

    Args:
        source: at its beginning.
        reader: of its kind of records.
        encoding: of its text.
        watch: told of every byte of a text as found.

    Raises:
        FloodmarkError: its container is damaged or beyond a limit, after the parts of all that came before.
    """
    if source.kind != "text":
        assert not hasattr(reader, "split")  # noqa: S101  inference chose it by the same kind
        with source.file() as file:
            yield from (ReadyPart(batch) for batch in reader.batches(file))
        return

    failures: list[FloodmarkError] = []

    def read(size: int) -> bytes:
        # Damage ends the text as its end does, so that what a reader holds of it comes out first.
        try:
            data = b"" if failures else source.read(size)
        except FloodmarkError as error:
            failures.append(error)
            return b""
        if data and watch is not None:
            watch(data)
        return data

    mark = encoding.bom_size
    if mark:
        read(mark)
        span = Span("skipped", "byte-order-mark", 0, mark, lines=0)
        yield ReadyPart(Batch(0, pl.DataFrame(), 0, 0, (span,), table=OUTSIDE))
    recoder = Recoder(read, encoding, mark)
    for chunk in reader.chunks(recoder.read, mark):  # type: ignore[union-attr]
        yield TextPart(chunk, reader, recoder)  # type: ignore[arg-type]
    if failures:
        raise failures[0]
