"""What every kind of record offers: how like it a sample is, and a reader of such texts.

The rest of the house knows kinds by these two protocols only. A text may hold several *tables*: records of different
shapes, each with columns of its own (the tables of an SQL dump, the sheets of a workbook).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from floodmark.dumps.chunks import Chunk
from floodmark.dumps.fates import Batch
from floodmark.dumps.grammar import Grammar, RecordKind
from floodmark.dumps.overrides import Overrides
from floodmark.dumps.sample import Sample

Read = Callable[[int], bytes]


@dataclass(frozen=True)
class Likeness:
    """How like a kind a sample is.

    Attributes:
        confidence: between 0 and 1; 0 where it cannot be of this kind. Delimited text, which nearly anything can be
            taken for, is asked last: above 0.5 another kind is believed before it.
        reason: why, in a sentence without any of the content: `9 of 10 statements are INSERTs`.
    """

    confidence: float
    reason: str


class Reader(Protocol):
    """Reads a text of one kind; made for one text, from its sample."""

    def describe(self, grammar: Grammar) -> Grammar:
        """The grammar with what the reader knows of the text: widths, a path, a preamble."""
        ...

    def chunks(self, read: Read, start: int) -> Iterator[Chunk]:
        """Stretches of whole records, in order; together they are every byte of the text.

        Runs on one thread, in memory bounded by a few chunks. What can be cut only with knowledge of what came
        before (the table of an INSERT that goes on, how deep a JSON text is) goes into `Chunk.state`, and the names of
        the tables that a chunk has records of into `Chunk.tables`, those met for the first time among them.

        Args:
            read: returns up to so many bytes of UTF-8 (damaged lines of it may not be); nothing at the end.
            start: offset in the text of the first byte that `read` returns: 0, or 3 after a byte order mark.
        """
        ...

    def split(self, chunk: Chunk) -> tuple[Batch, ...]:
        """Records of a chunk, one batch for each table in it; several threads call it at once.

        The batches' accepted bytes and spans together are exactly the chunk's bytes. Rows of a table have the same
        columns in every batch, though only some batches may know what they are called.
        """
        ...


class Kind(Protocol):
    """A kind of record."""

    name: RecordKind

    def likeness(self, sample: Sample, given: Overrides) -> Likeness:
        """How like this kind a sample is; cheap, and never an error."""
        ...

    def reader(self, sample: Sample, newline: str, given: Overrides) -> Reader:
        """A reader for the text of this sample.

        Raises:
            NoGrammar: the sample cannot be read as this kind after all.
        """
        ...


class TableReader(Protocol):
    """Reads a file of tables that is no text (a workbook, a Parquet file); made for one file.

    Its records have no lines and no place of their own in the file, so the file's bytes are shared out: each batch
    has those that were gone through for it, and all batches together have exactly the file's.
    """

    name: RecordKind

    def batches(self, file: BinaryIO) -> Iterator[Batch]:
        """Records of all tables, one table after the other, at least one batch for each.

        Runs on one thread, in memory bounded by a few batches. `Batch.start` is how many bytes were shared out
        before, lines are rows, and rows of a table have the same columns in every batch. The first batch of a table has
        enough of its rows to tell what its columns are; the last batch of all may have no rows.

        Args:
            file: the whole file, seekable; read from its beginning wherever it stands.

        Raises:
            UnreadableInput: the file is damaged, encrypted or cut off before any record of it can be read.
            NothingToRead: it has no table with a record.
            LimitExceeded: it would need more memory or time than any such file of people does.
        """
        ...
