"""JSON texts that are not one object a line: lists, objects by key, envelopes around them, one value after another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import BytesIO

import numpy as np
import polars as pl

from floodmark.dumps.accounting import Span
from floodmark.dumps.chunks import CHUNK_SIZE, LINE_LIMIT, Chunk, Lines
from floodmark.dumps.fates import QUARANTINED, SKIPPED, Batch, Fates
from floodmark.dumps.grammar import Grammar, RecordKind
from floodmark.dumps.infer_jsonl import is_jsonl
from floodmark.dumps.kinds.json_frames import FRAME, LOST, TOO_LONG, Framer, Frames
from floodmark.dumps.kinds.json_outline import Outline, outline_of, prefix_of
from floodmark.dumps.kinds.json_records import OWN_KEY, VALUE, read_text
from floodmark.dumps.kinds.keyed import Shape, gather, shape_of
from floodmark.dumps.kinds.kind import Likeness, Read
from floodmark.dumps.overrides import Overrides
from floodmark.dumps.sample import Sample
from floodmark.dumps.sample_lines import lines_of, newline_of
from floodmark.errors import NoGrammar

SAMPLED = 2000  # records by which the columns of a table are found
NAMELESS = frozenset({OWN_KEY, VALUE})
ALONE = 3  # records within the one object of a text, for them to be the text's records


class JsonReader:
    """Reads one JSON text.

    Args:
        outline: where its records are.
        prefix: bytes before its first bracket.
        size: bytes wanted in a chunk.
    """

    def __init__(self, outline: Outline, prefix: int, size: int = CHUNK_SIZE) -> None:
        self._outline = outline
        self._prefix = prefix
        self._size = size
        self._shapes: dict[str, Shape] = {}

    def learn(self, head: bytes) -> None:
        """Find the columns of the tables that the sample has records of.

        Raises:
            NoGrammar: it has none.
        """
        for data, _, frames in self._stretches(BytesIO(head).read, 0):
            if isinstance(frames, Frames):
                self._meet(data, frames)
        if not self._shapes:
            raise NoGrammar("There is no record in this JSON")

    def describe(self, grammar: Grammar) -> Grammar:
        """The grammar with the path to the records."""
        return replace(grammar, path=grammar.table or ".".join(self._outline.path))

    def chunks(self, read: Read, start: int) -> Iterator[Chunk]:
        """Whole records, and the frame around them."""
        for data, at, frames in self._stretches(read, start):
            if isinstance(frames, Span):
                yield Chunk(at, b"", frames, tables=tuple(self._shapes)[:1])
                continue
            self._meet(data, frames)
            met = [frames.tables[number] for number in np.unique(frames.owners).tolist() if number >= 0]
            known = [name for name in met if name in self._shapes]
            yield Chunk(at, data, tables=tuple(known or list(self._shapes)[:1]), state=frames)

    def split(self, chunk: Chunk) -> tuple[Batch, ...]:
        """Records of a chunk."""
        frames = chunk.state
        if not isinstance(frames, Frames):
            name, shape = next(iter(self._shapes.items()))
            spans = () if chunk.oversize is None else (chunk.oversize,)
            return (Batch(chunk.start, shape.empty, 0, 0, spans, name, shape.named),)
        fates = Fates(chunk.start, frames.lines)
        fates.mark(frames.owners == FRAME, SKIPPED, "envelope")
        fates.mark(frames.owners == LOST, QUARANTINED, "broken-json")
        long = (frames.owners >= 0) & (frames.ends - frames.lines.starts > LINE_LIMIT)
        fates.mark(long | (frames.owners == TOO_LONG), QUARANTINED, "line-too-long")
        made: list[tuple[int, pl.DataFrame]] = []
        for number, name in enumerate(frames.tables):
            places = np.flatnonzero((frames.owners == number) & (fates.fates == 0))
            if name not in self._shapes:
                fates.mark(places, QUARANTINED, "not-a-json-object")
            elif len(places):
                array = frames.arrays[number]
                read = (read_text(text, array) for text in _texts(chunk.data, fates.lines, places.tolist()))
                made.append((number, gather(read, places.tolist(), fates, self._shapes[name])))
        return self._batches(frames, fates, made)

    def _batches(
        self, frames: Frames, fates: Fates, made: list[tuple[int, pl.DataFrame]]
    ) -> tuple[Batch, ...]:
        """A batch for each table; what is said of bytes that no table has is said with the first."""
        if not made:
            table, shape = next(iter(self._shapes.items()))
            made = [(-len(frames.tables) - 9, shape.empty)]
        else:
            table = frames.tables[made[0][0]]
        whole = fates.batch(made[0][1])
        sizes = fates.lines.nexts - fates.lines.starts
        batches: list[Batch] = []
        for number, frame in made:
            accepted = (frames.owners == number) & (fates.fates == 0)
            lines, size = int(accepted.sum()), int(sizes[accepted].sum())
            name = frames.tables[number] if number >= 0 else table
            spans = () if batches else whole.spans
            batches.append(Batch(fates.start, frame, lines, size, spans, name, self._shapes[name].named))
        return tuple(batches)

    def _stretches(self, read: Read, start: int) -> Iterator[tuple[bytes, int, Frames | Span]]:
        """The text, cut: whole records and the frame around them, or what no record can be as long as."""
        framer = Framer(self._outline)
        at, held, dropped = start, b"", False
        while True:
            fresh = read(self._size)
            data = held + fresh
            if at == start and not held and self._prefix:
                cut = np.array([self._prefix], np.int64)
                yield data[: self._prefix], at, Frames(cut, np.array([FRAME], np.int16), (), ())
                at, data = at + self._prefix, data[self._prefix :]
            used, frames = framer.feed(data, len(held), not fresh)
            if used:
                if dropped:
                    frames.owners[0], dropped = TOO_LONG, False
                yield data[:used], at, frames
            held, at = data[used:], at + used
            if not fresh:
                return
            if len(held) > LINE_LIMIT:
                yield b"", at, Span("quarantined", "line-too-long", at, len(held), lines=0)
                at, held, dropped = at + len(held), b"", True

    def _meet(self, data: bytes, frames: Frames) -> None:
        """Find the columns of tables that no record was seen of before."""
        for number, (name, array) in enumerate(zip(frames.tables, frames.arrays, strict=True)):
            if name in self._shapes:
                continue
            places = np.flatnonzero(frames.owners == number)[:SAMPLED].tolist()
            read = [read_text(text, array) for text in _texts(data, frames.lines, places)]
            if shape := shape_of([cells for cells in read if not isinstance(cells, str)], NAMELESS):
                self._shapes[name] = shape


def _texts(data: bytes, lines: Lines, places: Sequence[int]) -> Iterator[bytes]:
    starts, ends = lines.starts[places].tolist(), lines.ends[places].tolist()
    return (data[start:end] for start, end in zip(starts, ends, strict=True))


class JsonTexts:
    """JSON that is not one object a line."""

    name: RecordKind = "json"

    def likeness(self, sample: Sample, given: Overrides) -> Likeness:
        """How like JSON a sample is: surely, where it begins as JSON does and its first marks are in order."""
        if given.record == "json":
            return Likeness(1.0, "stated")
        prefix = prefix_of(sample.head)
        if prefix is None:
            return Likeness(0.0, "it does not begin as JSON does")
        outline = outline_of(sample.head[prefix:])
        if outline is None or not outline.records:
            return Likeness(0.0, "its brackets and quotes are not in JSON's order")
        lines = lines_of(sample.head, newline_of(sample.head))
        alone = sum(1 for line in lines if line.strip()) == 1
        if is_jsonl(lines) and not (alone and outline.level and outline.records >= ALONE):
            return Likeness(0.0, "its lines are JSON objects, one each")
        if not outline.whole:
            return Likeness(0.6, "it begins as JSON does, and is damaged further on")
        return Likeness(
            0.97, f"{outline.records} members of a list, of an object, or of the text are records"
        )

    def reader(self, sample: Sample, newline: str, given: Overrides) -> JsonReader:
        """A reader for the text of this sample."""
        prefix = prefix_of(sample.head)
        outline = None if prefix is None else outline_of(sample.head[prefix:])
        if prefix is None or outline is None:
            raise NoGrammar("There is no JSON at the beginning")
        reader = JsonReader(outline, prefix)
        reader.learn(sample.head)
        return reader
