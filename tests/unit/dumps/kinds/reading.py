"""Reading a text through a kind, and checking on the way that every byte is accounted for once."""

from __future__ import annotations

import polars as pl

from floodmark.dumps.accounting import Accounting
from floodmark.dumps.encodings import Encoding
from floodmark.dumps.fates import Batch
from floodmark.dumps.kinds.kind import Kind
from floodmark.dumps.overrides import Overrides
from floodmark.dumps.sample import Sample
from floodmark.dumps.sample_lines import newline_of
from floodmark.errors import FloodmarkError

HEAD_SIZE = 1 << 16  # a short sample, so that short texts go on after it


def sample_of(text: bytes) -> Sample:
    return Sample(text[:HEAD_SIZE], (), "plain", Encoding("utf-8", False), len(text) <= HEAD_SIZE)


def likeness(kind: Kind, text: bytes) -> float:
    return kind.likeness(sample_of(text), Overrides()).confidence


def read(kind: Kind, text: bytes, size: int | None = None, start: int = 0) -> list[Batch]:
    """Batches of a text; `size` bounds what is given at once."""
    reader = kind.reader(sample_of(text), newline_of(text[:HEAD_SIZE]), Overrides())
    at = 0

    def give(wanted: int) -> bytes:
        nonlocal at
        piece = text[at : at + min(wanted, size or wanted)]
        at += len(piece)
        return piece

    batches: list[Batch] = []
    offset = start
    for chunk in reader.chunks(give, start):
        made = reader.split(chunk)
        held = sum(b.accepted_bytes + sum(s.size for s in b.spans) for b in made)
        assert held == (chunk.oversize.size if chunk.oversize else len(chunk.data))
        assert chunk.start == offset
        offset += held
        batches += made
    assert offset - start == len(text)
    columns: dict[str, list[str]] = {}
    for batch in batches:
        assert columns.setdefault(batch.table, batch.frame.columns) == batch.frame.columns
        assert all(start <= span.start and span.start + span.size <= offset for span in batch.spans)
        repaired = sum(span.lines for span in batch.spans if span.kind == "repaired")
        assert batch.accepted_lines <= batch.frame.height <= batch.accepted_lines + repaired
    return batches


def tables(kind: Kind, text: bytes, size: int | None = None) -> dict[str, pl.DataFrame]:
    """Records by table."""
    frames: dict[str, list[pl.DataFrame]] = {}
    for batch in read(kind, text, size):
        frames.setdefault(batch.table, []).append(batch.frame)
    return {table: pl.concat(parts) for table, parts in frames.items()}


def accounting(kind: Kind, text: bytes, size: int | None = None) -> Accounting:
    total = Accounting()
    for batch in read(kind, text, size):
        total.accept(batch.accepted_lines, batch.accepted_bytes)
        total.records += batch.frame.height
        for span in batch.spans:
            total.add(span)
    return total


def survives(kind: Kind, text: bytes) -> None:
    """Reads whatever it is; only an error that a person can meet may come of it."""
    kind.likeness(sample_of(text), Overrides())
    try:
        read(kind, text)
    except FloodmarkError:
        return
