"""Several tables one below the other in one small text, each with a header of its own and perhaps a title.

Only a text that the sample holds whole is looked at: that is how people's reports and exported sheets are. In a
longer text, lines of another table are quarantined for their number of cells.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO

from floodmark.dumps.candidates import Candidate, candidates
from floodmark.dumps.chunks import Chunk
from floodmark.dumps.fates import Batch
from floodmark.dumps.grammar import Grammar, RecordKind
from floodmark.dumps.infer_delimited import delimited_grammar
from floodmark.dumps.kinds.kind import Likeness, Read
from floodmark.dumps.line_reader import LineReader
from floodmark.dumps.overrides import Overrides
from floodmark.dumps.sample import Sample
from floodmark.dumps.sample_lines import COMMENT, MOST_LINES, lines_of
from floodmark.dumps.sample_records import SampleRecord, sample_records
from floodmark.dumps.table_top import TOP, find_top, may_name
from floodmark.errors import NoGrammar, NothingToRead

EVEN = 0.6
MOST_GAPS = 60  # more gaps are a blank line after every record


@dataclass(frozen=True)
class Stretch:
    """Lines without a gap between them.

    Attributes:
        line: number of the first.
        header: what names the columns, where it is a table of its own; else empty.
    """

    line: int
    header: tuple[str, ...] = ()


class SeveralTables:
    """The kind of such texts."""

    name: RecordKind = "tables"

    def likeness(self, sample: Sample, given: Overrides) -> Likeness:
        """Whether there are two tables with different headers, and gaps between them."""
        lines = _lines(sample)
        found = _tables(lines) if lines and given == Overrides(encoding=given.encoding) else []
        if len(found) < 2:
            return Likeness(0.0, "there is one table")
        return Likeness(0.6, f"{len(found)} headers stand after gaps")

    def reader(self, sample: Sample, newline: str, given: Overrides) -> SeveralReader:
        """A reader for the text of this sample.

        Raises:
            NoGrammar: it has no two tables.
        """
        lines = _lines(sample)
        firsts = [stretch.line for stretch in _tables(lines)]
        if len(firsts) < 2:
            raise NoGrammar("There are no two tables with headers", "Leave the kind of record to inference.")
        starts = _offsets(sample.head, newline, firsts[1:])
        ends = [*starts, len(sample.head)]
        parts = []
        for start, end in zip([0, *starts], ends, strict=True):
            part = replace(sample, head=sample.head[start:end])
            try:
                inferred = delimited_grammar(part, newline, lines_of(part.head, newline), given)
            except NothingToRead as error:
                raise NoGrammar("One of the tables has no record", "State the kind of record.") from error
            parts.append(LineReader(inferred))
        return SeveralReader(parts, starts)


class SeveralReader:
    """Reads tables one below the other.

    Args:
        readers: one for each table.
        starts: offset of each table but the first from the beginning of the text.
    """

    def __init__(self, readers: list[LineReader], starts: list[int]) -> None:
        self._readers = readers
        self._starts = starts

    def describe(self, grammar: Grammar) -> Grammar:
        """The grammar with the dialect of the first table."""
        first = self._readers[0].grammar
        dialect = {
            name: getattr(first, name) for name in ("record", "delimiter", "quote", "escape", "preamble")
        }
        return replace(grammar, protected=first.protected, **dialect)

    def chunks(self, read: Read, start: int) -> Iterator[Chunk]:
        """The chunks of each table, `state` the number of the table and what its own reader has to know."""
        at = 0
        for number, reader in enumerate(self._readers):
            size = self._starts[number] - at if number < len(self._starts) else None
            text = BytesIO(_all(read, size))
            for chunk in reader.chunks(text.read, start + at):
                yield replace(chunk, tables=(str(number + 1),), state=(number, chunk.state))
            at += text.getbuffer().nbytes

    def split(self, chunk: Chunk) -> tuple[Batch, ...]:
        """Records of a chunk."""
        assert isinstance(chunk.state, tuple)  # noqa: S101  `chunks` made it so
        number, state = int(chunk.state[0]), chunk.state[1]
        reader = self._readers[number]
        batches = reader.split(replace(chunk, state=state))
        named = reader.grammar.header
        return tuple(replace(batch, table=str(number + 1), named=named) for batch in batches)


def _lines(sample: Sample) -> list[str]:
    """Lines of a small text with gaps in it, each without its line end; none where there can be no two tables."""
    if not sample.complete or (b"\n\n" not in sample.head and b"\n\r" not in sample.head):
        return []
    head = sample.head.replace(b"\r\n", b"\n")
    lines = lines_of(head, "lf")
    return lines if head.count(b"\n") < MOST_LINES - 1 and b"\r" not in head else []


def _tables(lines: list[str]) -> list[Stretch]:
    """Where each table begins, its title included; headers that come again begin no table."""
    stretches = _stretches(lines)
    if len(stretches) > MOST_GAPS:
        return []
    tables: list[Stretch] = []
    title: Stretch | None = None
    for stretch, end in zip(stretches, [*(s.line for s in stretches[1:]), len(lines)], strict=True):
        text = [line for line in lines[stretch.line : end] if line.strip()]
        header = _header(text)
        if header and header not in {table.header for table in tables}:
            tables.append(Stretch((title or stretch).line, header))
        # A stretch of one line above a table is its title.
        title = stretch if len(text) == 1 else None
    return tables


def _stretches(lines: list[str]) -> list[Stretch]:
    gaps = [number for number, line in enumerate(lines) if not line.strip()]
    firsts = [gap + 1 for gap in gaps if gap + 1 < len(lines) and lines[gap + 1].strip()]
    return [Stretch(line) for line in dict.fromkeys([0, *firsts])]


def _header(lines: list[str]) -> tuple[str, ...]:
    """Names of the columns of a table; empty where these lines are none, or have no header."""
    lines = [line for line in lines if not COMMENT.match(line)]
    if len(lines) < 2:
        return ()
    best = next((c for c in candidates(lines) if c.columns > 1 and c.consistency >= EVEN), None)
    return _names(sample_records(lines, best), best) if best and _may_have_names(lines, best) else ()


def _may_have_names(lines: list[str], best: Candidate) -> bool:
    """Whether some row at the top could name the columns; told without a look at what is below."""
    if best.escape or (best.quote and any(best.quote in line for line in lines)):
        return True
    top = sample_records(lines[:TOP], best)
    return any(len(record.filled) == best.columns and may_name(record) for record in top)


def _names(records: list[SampleRecord], best: Candidate) -> tuple[str, ...]:
    header = find_top(records, best.columns).header
    whole = header is not None and len(header.filled) == best.columns
    return tuple(header.cells) if header and whole else ()


def _offsets(head: bytes, newline: str, lines: list[int]) -> list[int]:
    """Offsets at which lines of these numbers begin."""
    end = b"\r" if newline == "cr" else b"\n"
    offsets, at, number = [], 0, 0
    for wanted in lines:
        while number < wanted:
            at = head.index(end, at) + 1
            number += 1
        offsets.append(at)
    return offsets


def _all(read: Read, size: int | None) -> bytes:
    """So many bytes, or all that are left."""
    parts: list[bytes] = []
    got = 0
    while size is None or got < size:
        part = read(1 << 20 if size is None else size - got)
        if not part:
            break
        parts.append(part)
        got += len(part)
    return b"".join(parts)
