"""XML texts whose records are elements that repeat."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from floodmark.dumps.accounting import Span
from floodmark.dumps.chunks import CHUNK_SIZE, LINE_LIMIT
from floodmark.dumps.grammar import RecordKind
from floodmark.dumps.kinds.keyed import Reading
from floodmark.dumps.kinds.keyed_reader import KeyedReader
from floodmark.dumps.kinds.kind import Likeness, Read
from floodmark.dumps.kinds.stretches import TOO_LONG, Stretches
from floodmark.dumps.kinds.xml_cut import Cutter
from floodmark.dumps.kinds.xml_marks import TAG, blanked
from floodmark.dumps.kinds.xml_outline import Outline, outline_of
from floodmark.dumps.kinds.xml_rows import read_rows
from floodmark.dumps.overrides import Overrides
from floodmark.dumps.sample import Sample
from floodmark.errors import NoGrammar

BEGIN = re.compile(rb"(?:\xef\xbb\xbf)?\s*+<(?:\?xml|!DOCTYPE|!--|[A-Za-z_\x80-\xff])", re.IGNORECASE)


class XmlTexts:
    """XML whose records are elements."""

    name: RecordKind = "xml"

    def likeness(self, sample: Sample, given: Overrides) -> Likeness:
        """How like XML a sample is: it begins so, and its elements close."""
        if given.record == "xml":
            return Likeness(1.0, "stated")
        if BEGIN.match(sample.text) is None:
            return Likeness(0.0, "it does not begin as XML does")
        tags = TAG.findall(blanked(sample.text))
        if len(tags) < 2 or outline_of(sample.text) is None:
            return Likeness(0.0, "it has no elements")
        closing = sum(1 for tag in tags if tag[0] or tag[2].endswith(b"/"))
        share = 2 * closing / len(tags)
        if share < 0.5:
            return Likeness(0.2, "few of its elements are closed")
        return Likeness(0.95, f"{closing:,} of its elements are closed")

    def reader(self, sample: Sample, newline: str, given: Overrides) -> KeyedReader:
        """A reader for the text of this sample."""
        outline = outline_of(sample.text)
        if outline is None:
            raise NoGrammar("There are no elements at the beginning")

        def cut(read: Read, start: int) -> Iterator[tuple[bytes, int, Stretches | Span]]:
            return stretches_of(read, start, outline)

        def rows(texts: Iterable[bytes], _inner: bool) -> Iterator[Reading]:
            return read_rows(texts, outline.own_name)

        paths = dict(zip(outline.rows, map("/".join, outline.paths), strict=True))
        reader = KeyedReader(cut, rows, lambda table: paths.get(table, paths[outline.rows[0]]), "broken-xml")
        reader.learn(sample.text)
        return reader


def stretches_of(
    read: Read, start: int, outline: Outline, size: int = CHUNK_SIZE
) -> Iterator[tuple[bytes, int, Stretches | Span]]:
    """A text, cut: whole records and what is around them, or what no record can be as long as.

    Args:
        read: as in `kind.Reader.chunks`, as is `start`.
        start: offset of the first byte.
        outline: which elements are the records.
        size: bytes wanted in a piece.
    """
    cutter = Cutter(outline)
    at, held, dropped = start, b"", False
    while True:
        fresh = read(size)
        data = held + fresh
        used, stretches = cutter.cut(data, not fresh)
        if used:
            if dropped and stretches.owners[0] < 0:
                stretches.owners[0] = TOO_LONG
            dropped = dropped and len(stretches.owners) == 1
            yield data[:used], at, stretches
        held, at = data[used:], at + used
        if not fresh:
            return
        if len(held) > LINE_LIMIT:
            yield b"", at, Span("quarantined", "line-too-long", at, len(held))
            at, held, dropped = at + len(held), b"", True
