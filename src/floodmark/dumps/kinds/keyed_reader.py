"""Reading texts whose records have cells by key: what JSON and XML share once a text is cut."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from io import BytesIO
from itertools import islice

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.dumps.accounting import Span
from floodmark.dumps.chunks import LINE_LIMIT, Chunk
from floodmark.dumps.fates import ACCEPTED, Batch, Fates
from floodmark.dumps.grammar import Grammar
from floodmark.dumps.kinds.keyed import Reading, Shape, gather, has_header, labels_of, shape_of
from floodmark.dumps.kinds.kind import Read
from floodmark.dumps.kinds.stretches import HEADER, Stretches, texts
from floodmark.errors import NoGrammar

TOGETHER = 1 << 16  # records of which all cells are held as Python objects at once
UNREAD = "\0record"  # the one column of a table of which no record can be read
SAMPLED = 2000  # records by which the columns of a table are found

Cut = Callable[[Read, int], Iterator[tuple[bytes, int, Stretches | Span]]]
ReadRecords = Callable[[Iterable[bytes], bool], Iterable[Reading]]
Places = NDArray[np.int64]
Gather = Callable[[bytes, Fates, Places, bool, Shape], pl.DataFrame]


class KeyedReader:
    """Reads one text.

    Args:
        cut: cuts a text into pieces, each with its offset and its stretches; or, with no bytes, the account of a part
            that no record can be as long as.
        read_records: cells of records; told whether each begins with its key.
        path: where the records of a table are, by its name.
        broken: reason of damage that is no record.
        gathered: makes the frame of many records, where it is faster than one by one.
    """

    def __init__(
        self,
        cut: Cut,
        read_records: ReadRecords,
        path: Callable[[str], str],
        broken: str,
        gathered: Gather | None = None,
    ) -> None:
        self._cut = cut
        self._read_records = read_records
        self._path = path
        self._broken = broken
        self._gathered = gathered or self._one_by_one
        self._shapes: dict[str, Shape] = {}
        self._headed: set[str] = set()

    def learn(self, head: bytes, sure: bool = False) -> None:
        """Find the columns of the tables that the beginning of the text has records of.

        Args:
            head: the beginning.
            sure: whether it is of this kind even if none of its records can be read; they are one column then.

        Raises:
            NoGrammar: it has no record.
        """
        unread: str | None = None
        for data, _, stretches in self._cut(BytesIO(head).read, 0):
            if isinstance(stretches, Stretches):
                self._meet(data, stretches)
                if sure and not self._shapes:
                    unread = (*stretches.met, *stretches.tables, "")[0]
        if unread is not None and not self._shapes:
            self._shapes[unread] = Shape((UNREAD,), labels_of([UNREAD.lstrip("\0")]), False)
        if not self._shapes:
            raise NoGrammar("There is no record in the sample")

    def describe(self, grammar: Grammar) -> Grammar:
        """The grammar with the path to its records, and whether the first of them names the columns."""
        return replace(grammar, path=self._path(grammar.table), header=grammar.table in self._headed)

    def chunks(self, read: Read, start: int) -> Iterator[Chunk]:
        """Whole records, and what is around them."""
        headed = set(self._headed)
        for data, at, stretches in self._cut(read, start):
            first = next(iter(self._shapes))
            if isinstance(stretches, Span):
                yield Chunk(at, b"", stretches, tables=(first,))
                continue
            new = self._meet(data, stretches)
            for name in (headed | (self._headed & new)) & {*stretches.met}:
                stretches.owners[stretches.places(stretches.tables.index(name))[0]] = HEADER
                headed.discard(name)
            known = tuple(name for name in stretches.met if name in self._shapes)
            yield Chunk(at, data, tables=known or (first,), state=stretches)

    def split(self, chunk: Chunk) -> tuple[Batch, ...]:
        """Records of a chunk."""
        stretches = chunk.state
        first = next(iter(self._shapes))
        if not isinstance(stretches, Stretches):
            spans = () if chunk.oversize is None else (chunk.oversize,)
            shape = self._shapes[first]
            return (Batch(chunk.start, shape.empty, 0, 0, spans, first, shape.named),)
        fates = stretches.fates(chunk.start, self._broken)
        made: list[tuple[str, int, pl.DataFrame]] = []
        for number, name in enumerate(stretches.tables):
            places = stretches.places(number)
            places = places[fates.fates[places] == ACCEPTED]
            if not len(places):
                continue
            shape = self._shapes.get(name, Shape((), (), False))
            frames = [
                self._gathered(chunk.data, fates, some, number in stretches.inner, shape)
                for some in np.split(places, range(TOGETHER, len(places), TOGETHER))
            ]
            if name in self._shapes:
                made.append((name, number, pl.concat(frames)))
        return self._batches(
            stretches, fates, made or [(first, len(stretches.tables), self._shapes[first].empty)]
        )

    def _one_by_one(
        self, data: bytes, fates: Fates, places: Places, inner: bool, shape: Shape
    ) -> pl.DataFrame:
        read = self._read_records(texts(data, fates.lines, places), inner)
        return gather(read, places.tolist(), fates, shape)

    def _batches(
        self, stretches: Stretches, fates: Fates, made: list[tuple[str, int, pl.DataFrame]]
    ) -> tuple[Batch, ...]:
        """A batch for each table; what is said of bytes that no table has is said with the first."""
        whole = fates.batch(made[0][2])
        sizes = fates.lines.nexts - fates.lines.starts
        batches: list[Batch] = []
        for name, number, frame in made:
            accepted = (stretches.owners == number) & (fates.fates == 0)
            lines, size = int(accepted.sum()), int(sizes[accepted].sum())
            spans = () if batches else whole.spans
            batches.append(Batch(fates.start, frame, lines, size, spans, name, self._shapes[name].named))
        return tuple(batches)

    def _meet(self, data: bytes, stretches: Stretches) -> set[str]:
        """Find the columns of tables that no record was seen of before; returns their names."""
        new: set[str] = set()
        for number, name in enumerate(stretches.tables):
            if name in self._shapes:
                continue
            lines, places = stretches.lines, stretches.places(number)
            short = (text for text in texts(data, lines, places) if len(text) <= LINE_LIMIT)
            read = self._read_records(short, number in stretches.inner)
            records = list(islice((cells for cells in read if not isinstance(cells, str)), SAMPLED))
            if (shape := shape_of(records)) is None:
                continue
            if has_header(records, shape):
                shape = replace(shape, labels=labels_of(records[0].values()), named=True)
                self._headed.add(name)
            self._shapes[name] = shape
            new.add(name)
        return new
