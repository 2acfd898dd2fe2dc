"""Lines from the middle of a plain file, for sampling; the file is not read through."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

import polars as pl

from floodmark.dumps.accounting import Accounting, Span
from floodmark.dumps.as_found import as_found
from floodmark.dumps.chunks import CHUNK_SIZE, LINE_LIMIT, Chunk
from floodmark.dumps.containers import open_regular
from floodmark.dumps.dump import Dump
from floodmark.dumps.fates import Batch
from floodmark.dumps.line_reader import LineReader
from floodmark.dumps.recode import Recoder
from floodmark.dumps.table import Table, count
from floodmark.errors import UnreadableInput


@dataclass(frozen=True)
class Piece:
    """Lines from the middle of a file.

    Attributes:
        start: offset of the first line.
        size: bytes of the lines.
        batch: their records.
        accounting: where their bytes went.
        table: the table that the records are of.
    """

    start: int
    size: int
    batch: Batch
    accounting: Accounting
    table: Table


def pieces(dump: Dump, offsets: Iterable[int], size: int) -> Iterator[Piece]:
    """The lines that begin in stretches of `size` bytes.

    Args:
        dump: of a plain file whose records are lines; its accounting is that of what stands before the records.
        offsets: where the stretches begin, ascending.
        size: bytes of a stretch.

    Raises:
        UnreadableInput: nobody can seek in the text, or tell where a record begins in the middle of it.
    """
    reader, encoding = dump.inference.reader, dump.sample.encoding
    if dump.path is None:
        raise UnreadableInput(
            f"{dump.label} is compressed or in an archive, so random pieces of it cannot be read",
            "Read all of it (--exact), or unpack it first.",
        )
    if not isinstance(reader, LineReader) or encoding.name.startswith(("utf-16", "utf-32")):
        raise UnreadableInput(
            f"In {dump.label} nobody can tell where a record begins without reading what is before it",
            "Read all of it (--exact).",
        )
    with open_regular(dump.path) as file:
        table = dump.tables[""]
        begins = _before_the_records(dump, reader, file.read(CHUNK_SIZE))
        for offset in offsets:
            yield _piece(file, dump, reader, table, offset, size, begins)


def _before_the_records(dump: Dump, reader: LineReader, head: bytes) -> int:
    """Account for byte order mark, preamble and header; returns where the records begin."""
    mark = dump.sample.encoding.bom_size
    recoder = Recoder(BytesIO(head[mark:]).read, dump.sample.encoding, mark)
    at, spans = reader.skipped(recoder.read(len(head)), mark)
    empty = pl.DataFrame()
    (found,) = as_found((Batch(mark, empty, 0, 0, spans),), mark, at, recoder)
    if mark:
        dump.outside.add(Span("skipped", "byte-order-mark", 0, mark, lines=0))
    for span in found.spans:
        dump.outside.add(span)
    return mark + sum(span.size for span in found.spans)


def _piece(
    file: BinaryIO, dump: Dump, reader: LineReader, table: Table, offset: int, size: int, begins: int
) -> Piece:
    end = b"\r" if reader.grammar.newline == "cr" else b"\n"
    file.seek(max(offset - 1, 0))
    text = file.read(size + 1 + LINE_LIMIT)
    first = 0 if offset == 0 else text.find(end) + 1
    # The last line begins before the stretch ends, and is read to its own end.
    last = text.find(end, size if offset else size - 1) + 1 or len(text)
    start = max(offset - 1, 0) + first
    if not 0 <= first < last or (offset and not text.find(end) + 1):
        return Piece(offset, 0, reader.split(Chunk(offset, b""))[0], Accounting(), table)
    data = text[first:last]
    skipped = min(max(begins - start, 0), len(data))
    recoder = Recoder(BytesIO(data[skipped:]).read, dump.sample.encoding, start + skipped)
    utf8 = b"".join(iter(lambda: recoder.read(CHUNK_SIZE), b""))
    batches = reader.split(Chunk(start + skipped, utf8))
    (batch,) = as_found(batches, start + skipped, len(utf8), recoder)
    accounting = Accounting()
    count(accounting, batch)
    return Piece(start, len(data), batch, accounting, table)
