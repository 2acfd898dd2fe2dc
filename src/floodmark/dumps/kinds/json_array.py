"""JSON texts that are not one object a line: lists, objects by key, envelopes around them, one value after another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO

import numpy as np

from floodmark.dumps.accounting import Span
from floodmark.dumps.chunks import CHUNK_SIZE, LINE_LIMIT
from floodmark.dumps.grammar import RecordKind
from floodmark.dumps.infer_jsonl import is_jsonl
from floodmark.dumps.kinds.json_columns import gather_members
from floodmark.dumps.kinds.json_frames import Framer
from floodmark.dumps.kinds.json_outline import Outline, outline_of, prefix_of
from floodmark.dumps.kinds.json_records import read_members
from floodmark.dumps.kinds.keyed import BLANK
from floodmark.dumps.kinds.keyed_reader import KeyedReader
from floodmark.dumps.kinds.kind import Likeness, Read
from floodmark.dumps.kinds.stretches import FRAME, TOO_LONG, Stretches, texts
from floodmark.dumps.overrides import Overrides
from floodmark.dumps.sample import Sample
from floodmark.dumps.sample_lines import lines_of, newline_of
from floodmark.errors import NoGrammar

FEW = 100
# A list of objects, or one under a key: nothing else begins so, however damaged its objects are.
BEGUN = re.compile(rb'\s*+(?:\{\s*+"([^"\\]{1,200})"\s*+:\s*+)?\[\s*+\{\s*+"([^"\\]{1,200})"\s*+:')
ALONE = 3  # records within the one object of a text, for them to be the text's records


class JsonTexts:
    """JSON that is not one object a line."""

    name: RecordKind = "json"

    def likeness(self, sample: Sample, given: Overrides) -> Likeness:
        """How like JSON a sample is: surely, where it begins as JSON does and its first marks are in order."""
        if given.record == "json":
            return Likeness(1.0, "stated")
        text = sample.text
        prefix = prefix_of(text)
        if prefix is None:
            return Likeness(0.0, "it does not begin as JSON does")
        outline = _outline(text, prefix)
        if outline is None or not outline.records:
            return Likeness(0.0, "its brackets and quotes are not in JSON's order")
        lines = lines_of(sample.head, newline_of(sample.head))
        alone = sum(1 for line in lines if line.strip()) == 1
        if is_jsonl(lines) and not (alone and outline.level and outline.records >= ALONE):
            return Likeness(0.0, "its lines are JSON objects, one each")
        if _readable(text[prefix:], outline) < 0.5:
            begun = _begun(text, prefix) is not None
            return Likeness(0.6 if begun else 0.0, "few of its members can be read")
        damage = "" if outline.whole else ", and it is damaged further on"
        reason = f"{outline.records} members of a list, of an object, or of the text are records{damage}"
        return Likeness(0.97 if outline.whole else 0.6, reason)

    def reader(self, sample: Sample, newline: str, given: Overrides) -> KeyedReader:
        """A reader for the text of this sample."""
        prefix = prefix_of(sample.text)
        outline = None if prefix is None else _outline(sample.text, prefix)
        if prefix is None or outline is None:
            raise NoGrammar("There is no JSON at the beginning")

        def cut(read: Read, start: int) -> Iterator[tuple[bytes, int, Stretches | Span]]:
            return stretches_of(read, start, outline, prefix)

        reader = KeyedReader(cut, read_members, lambda table: table, "broken-json", gather_members)
        reader.learn(sample.text, _begun(sample.text, prefix) is not None)
        return reader


def _begun(text: bytes, prefix: int) -> re.Match[bytes] | None:
    """How a list of objects begins, of which about as many have a key."""
    return BEGUN.match(text, prefix) if text.count(b'":') >= text.count(b"},") else None


def _outline(text: bytes, prefix: int) -> Outline | None:
    """Outline of a text, as far as it is in order; that of a list of objects where the first is damaged already."""
    outline = outline_of(text[prefix:])
    if outline is not None and (outline.whole or outline.records > 1):
        return outline
    if (begun := _begun(text, prefix)) is None:
        return outline
    path = () if begun[1] is None else (begun[1].decode("utf-8", "replace"),)
    stack = b"{[" if path else b"["
    return Outline(len(stack), stack, path, 1, begun[2].decode("utf-8", "replace"), whole=False)


def _readable(head: bytes, outline: Outline) -> float:
    """Share of the members that can be read, of those in a sample that are whole."""
    good = members = 0
    for data, _, stretches in stretches_of(BytesIO(head).read, 0, outline):
        if not isinstance(stretches, Stretches):
            continue
        places = np.flatnonzero(stretches.owners >= 0)[:FEW]
        for number, text in zip(places.tolist(), texts(data, stretches.lines, places), strict=True):
            read = next(iter(read_members([text], int(stretches.owners[number]) in stretches.inner)))
            good += not isinstance(read, str)
            members += read != BLANK
    return good / (members - (members > 1)) if members else 0.0


def stretches_of(
    read: Read, start: int, outline: Outline, prefix: int = 0, size: int = CHUNK_SIZE
) -> Iterator[tuple[bytes, int, Stretches | Span]]:
    """A text, cut: whole records and the frame around them, or what no record can be as long as.

    Args:
        read: as in `kind.Reader.chunks`, as is `start`.
        start: offset of the first byte.
        outline: where the records are.
        prefix: bytes before the first bracket.
        size: bytes wanted in a piece.
    """
    framer = Framer(outline)
    at, held, dropped = start, read(prefix) if prefix else b"", False
    if held:
        ends = np.array([len(held)], np.int64)
        yield held, at, Stretches(ends, np.array([FRAME], np.int16), ())
        at, held = at + len(held), b""
    while True:
        fresh = read(size)
        data = held + fresh
        used, stretches = framer.feed(data, len(held), not fresh)
        if used:
            if dropped:
                stretches.owners[0], dropped = TOO_LONG, False
            yield data[:used], at, stretches
        held, at = data[used:], at + used
        if not fresh:
            return
        if len(held) > LINE_LIMIT:
            yield b"", at, Span("quarantined", "line-too-long", at, len(held), lines=0)
            at, held, dropped = at + len(held), b"", True
