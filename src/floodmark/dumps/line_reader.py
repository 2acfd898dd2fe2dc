"""Records that are lines, or quoted stretches of lines: delimited text and JSON Lines."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from floodmark.dumps.accounting import Span
from floodmark.dumps.chunks import CHUNK_SIZE, Chunk, cut, find_lines
from floodmark.dumps.delimited import split
from floodmark.dumps.fates import Batch
from floodmark.dumps.grammar import Grammar
from floodmark.dumps.jsonl import split_json
from floodmark.dumps.kinds.kind import Read
from floodmark.dumps.quoted import split_quoted
from floodmark.dumps.typing_columns import Inferred

BLANKS = 100


class LineReader:
    """Reads a text by an inferred grammar.

    Args:
        inferred: the grammar, of records that are lines.
        chunk_size: bytes wanted in a chunk.
    """

    def __init__(self, inferred: Inferred, chunk_size: int = CHUNK_SIZE) -> None:
        self.grammar = inferred.grammar
        self._plan = inferred.plan
        self._keys = list(inferred.keys) or None
        self._chunk_size = chunk_size

    def describe(self, grammar: Grammar) -> Grammar:
        """The grammar, which says all there is."""
        return grammar

    def chunks(self, read: Read, start: int) -> Iterator[Chunk]:
        """First what stands before the records (preamble and header), then whole lines."""
        grammar = self.grammar
        head = read(self._chunk_size)
        to_skip = grammar.preamble + grammar.header
        # Blank lines may stand before the header; a line end may be cut in two by the end of what was read.
        while to_skip and len(find_lines(head, grammar.newline)) < to_skip + BLANKS:
            if not (more := read(self._chunk_size)):
                break
            head += more
        at, spans = self.skipped(head, start)
        if spans:
            yield Chunk(start, head[:at], state=spans)
        rest = memoryview(head)[at:]

        def on(size: int) -> bytes:
            nonlocal rest
            if len(rest):
                data, rest = bytes(rest[:size]), rest[size:]
                return data if len(data) == size else data + read(size - len(data))
            return read(size)

        yield from cut(on, start + at, grammar.newline, grammar.quote, self._chunk_size)

    def skipped(self, head: bytes, start: int) -> tuple[int, tuple[Span, ...]]:
        """What of the beginning of a text is preamble and header: bytes, and their spans.

        Args:
            head: the first bytes of the text.
            start: their offset.
        """
        newline = self.grammar.newline
        if newline == "mixed":
            head = head.replace(b"\r\n", b"\0\n").replace(b"\r", b"\n").replace(b"\0\n", b"\r\n")
        lines = find_lines(head, newline)
        spans: list[Span] = []

        def skip(reason: str) -> None:
            first, end = int(lines.starts[len(spans)]), int(lines.nexts[len(spans)])
            spans.append(Span("skipped", reason, start + first, end - first))

        while len(spans) < min(self.grammar.preamble, len(lines)):
            skip("preamble")
        if self.grammar.header:
            # Blank lines may stand between the preamble and the header.
            while len(spans) < len(lines) and lines.starts[len(spans)] == lines.ends[len(spans)]:
                skip("blank")
            if len(spans) < len(lines):
                skip("header")
        return sum(span.size for span in spans), tuple(spans)

    def split(self, chunk: Chunk) -> tuple[Batch, ...]:
        """Records of a chunk."""
        grammar = self.grammar
        spans = (chunk.oversize,) if chunk.oversize is not None else chunk.state
        if isinstance(spans, tuple):
            empty = pl.DataFrame(schema=dict.fromkeys(grammar.names, pl.String))
            return (Batch(chunk.start, empty, 0, 0, spans),)
        if grammar.record == "jsonl":
            names, keys = grammar.names, self._keys
            return (split_json(chunk.data, chunk.start, grammar.newline, names, keys),)
        if grammar.quote is not None:
            return (split_quoted(chunk.data, chunk.start, grammar.newline, self._plan, grammar.quote),)
        return (split(chunk.data, chunk.start, grammar.newline, self._plan),)
