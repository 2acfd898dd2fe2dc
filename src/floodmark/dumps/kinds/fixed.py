"""Tables drawn as text: boxes, rulers, and columns of fixed width."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.dumps.accounting import Span
from floodmark.dumps.chunks import CHUNK_SIZE, LINE_LIMIT, Chunk, cut, find_lines, invalid_lines
from floodmark.dumps.columns import infer_header
from floodmark.dumps.fates import QUARANTINED, SKIPPED, Batch, Fates
from floodmark.dumps.grammar import Grammar, RecordKind
from floodmark.dumps.kinds.fixed_cells import cells_at, cells_between, marks_of
from floodmark.dumps.kinds.fixed_layout import LOOKED_AT, Layout, fits, layout_of, sliced
from floodmark.dumps.kinds.keyed import labels_of
from floodmark.dumps.kinds.kind import Likeness, Read
from floodmark.dumps.overrides import Overrides
from floodmark.dumps.sample import Sample
from floodmark.dumps.sample_lines import lines_of, newline_of
from floodmark.errors import NoGrammar

FIRST = "first"  # the state of the chunk in which the table begins


class FixedReader:
    """Reads one drawn table.

    Args:
        layout: how its lines become cells.
        newline: how they end (`Grammar.newline`).
        size: bytes wanted in a chunk.
    """

    def __init__(self, layout: Layout, newline: str, size: int = CHUNK_SIZE) -> None:
        self.layout = layout
        self._newline = newline
        self._size = size
        self._labels = labels_of(layout.names or ("",) * layout.columns)

    def describe(self, grammar: Grammar) -> Grammar:
        """The grammar with the columns' widths, or the bar between them."""
        layout = self.layout
        return replace(
            grammar,
            delimiter=layout.bar,
            widths=layout.widths,
            preamble=layout.preamble,
            header=layout.names is not None,
        )

    def chunks(self, read: Read, start: int) -> Iterator[Chunk]:
        """First what stands above the table, then whole lines."""
        left, first = self.layout.preamble, True
        for chunk in cut(read, start, self._newline, None, self._size):
            if not left or chunk.oversize is not None:
                yield replace(chunk, state=FIRST if first else None)
                first = False
                continue
            lines = find_lines(chunk.data, self._newline)
            number = min(left, len(lines))
            left -= number
            at = int(lines.nexts[number - 1])
            yield Chunk(
                chunk.start, chunk.data[:at], state=Span("skipped", "preamble", chunk.start, at, number)
            )
            if at < len(chunk.data):
                yield Chunk(chunk.start + at, chunk.data[at:], state=FIRST)
                first = False

    def split(self, chunk: Chunk) -> tuple[Batch, ...]:
        """Records of a chunk."""
        named = self.layout.names is not None
        span = chunk.oversize or chunk.state
        if isinstance(span, Span):
            empty = pl.DataFrame(schema=dict.fromkeys(self._labels, pl.String))
            return (Batch(chunk.start, empty, 0, 0, (span,), named=named),)
        lines = find_lines(chunk.data, self._newline)
        fates = Fates(chunk.start, lines)
        fates.mark(lines.ends - lines.starts > LINE_LIMIT, QUARANTINED, "line-too-long")
        fates.mark(invalid_lines(chunk.data, lines), QUARANTINED, "invalid-utf-8-or-nul")
        places = np.flatnonzero(fates.fates == 0)
        starts, ends = lines.starts[places].tolist(), lines.ends[places].tolist()
        text = [chunk.data[a:b].decode() for a, b in zip(starts, ends, strict=True)]
        frame = self._records(pl.Series("line", text, pl.String), places, fates, chunk.state == FIRST)
        return (replace(fates.batch(frame), named=named),)

    def _records(
        self, lines: pl.Series, places: NDArray[np.int64], fates: Fates, first: bool
    ) -> pl.DataFrame:
        """Cells of lines; those that are none of the table's are set aside."""
        layout = self.layout
        aside = marks_of(lines, layout)
        for reason, which in aside.items():
            fates.mark(places[which], SKIPPED, reason)
        if first and (header := aside.get("repeated-header")) is not None:
            fates.mark(places[header[:1]], SKIPPED, "header")
        rows = fates.fates[places] == 0
        cells, wrong = (cells_between if layout.drawn == "bars" else cells_at)(
            lines.filter(pl.Series(rows)), layout
        )
        for reason, which in wrong.items():
            fates.mark(places[rows][which], QUARANTINED, reason)
        fine = fates.fates[places[rows]] == 0
        cells = cells.filter(pl.Series(fine))
        cells.columns = list(self._labels)
        return cells


class DrawnTables:
    """Tables drawn as text."""

    name: RecordKind = "fixed"

    def likeness(self, sample: Sample, given: Overrides) -> Likeness:
        """How like a drawn table a sample is."""
        if given.record == "fixed":
            return Likeness(1.0, "stated")
        layout = layout_of(lines_of(sample.head, newline_of(sample.head)))
        if layout is None:
            return Likeness(0.0, "no bars, ruler or gaps go through its lines")
        return Likeness(layout.confidence, layout.evidence)

    def reader(self, sample: Sample, newline: str, given: Overrides) -> FixedReader:
        """A reader for the text of this sample."""
        layout = layout_of(lines_of(sample.head, newline))
        if layout is None:
            raise NoGrammar("The lines have no columns at fixed places")
        if layout.names is None:
            layout = _with_header(layout, lines_of(sample.head, newline), given.header)
        return FixedReader(layout, newline)


def _with_header(layout: Layout, lines: list[str], stated: bool | None) -> Layout:
    """The layout with the names in its first line, if these are names."""
    rows = [line for line in lines[layout.preamble : LOOKED_AT] if line.strip()]
    rows = [row for row in rows if fits(row, layout.starts, layout.tight)]
    cells = [[cell.strip() for cell in sliced(row, layout.starts)] for row in rows]
    columns = {str(i): [row[i] for row in cells[1:]] for i in range(layout.columns)}
    others = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    if stated is False or not (stated or infer_header(cells[0], others)):
        return layout
    # What has no name was cut by chance, where a word of each cell ends at one place.
    starts = tuple(at for at, name in zip(layout.starts, cells[0], strict=True) if name or not at)
    names = tuple(cell.strip() for cell in sliced(rows[0], starts))
    return replace(
        layout, starts=starts, columns=len(starts), names=names, repeated=frozenset({rows[0].strip()})
    )
