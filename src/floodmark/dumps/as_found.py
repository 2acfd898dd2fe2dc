"""From offsets in the UTF-8 that is read to offsets in the text as found, and lines that were mended on the way.

A text in another encoding is read as UTF-8. What is said of its bytes is said of the bytes that the file has.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from floodmark.dumps.accounting import Span
from floodmark.dumps.fates import Batch
from floodmark.dumps.recode import Recoder


def as_found(batches: tuple[Batch, ...], start: int, size: int, recoder: Recoder) -> tuple[Batch, ...]:
    """The batches of a chunk with spans of the text as found.

    Args:
        batches: of one chunk; their accepted bytes and spans together are its bytes in UTF-8.
        start: offset of the chunk in the UTF-8 text.
        size: its bytes there.
        recoder: made the UTF-8 text.
    """
    batches = _with_mended(batches, recoder.changed(start, start + size))
    edges = np.array(
        [start, start + size, *(at for b in batches for s in b.spans for at in (s.start, s.start + s.size))],
        np.int64,
    )
    found = recoder.to_raw(edges)
    if (found == edges).all():
        return batches
    first, last, *rest = found.tolist()
    left = last - first - sum(rest[1::2]) + sum(rest[::2])
    whole = sum(batch.accepted_bytes for batch in batches)
    places = iter(zip(rest[::2], rest[1::2], strict=True))
    moved: list[Batch] = []
    for number, batch in enumerate(batches):
        spans = tuple(
            replace(span, start=at, size=end - at)
            for span, (at, end) in zip(batch.spans, places, strict=False)
        )
        share = left if number == len(batches) - 1 else left * batch.accepted_bytes // max(whole, 1)
        whole, left = whole - batch.accepted_bytes, left - share
        moved.append(replace(batch, spans=spans, accepted_bytes=share))
    return tuple(moved)


def _with_mended(batches: tuple[Batch, ...], changed: list[tuple[int, int, str]]) -> tuple[Batch, ...]:
    """The batches with lines that were decoded in another way as repaired, where they were accepted."""
    if not changed:
        return batches
    spans = sorted((s.start, s.start + s.size) for batch in batches for s in batch.spans)
    starts = np.array([start for start, _ in spans], np.int64)
    ends = np.maximum.accumulate(np.array([end for _, end in spans], np.int64)) if spans else starts
    found = list(batches)
    for start, end, reason in changed:
        before = int(np.searchsorted(starts, end, side="left"))
        if before and ends[before - 1] > start:
            continue  # it has a fate already
        size = end - start
        number = next((i for i, batch in enumerate(found) if batch.accepted_bytes >= size), None)
        if number is None:
            continue
        batch = found[number]
        lines = min(1, batch.accepted_lines)
        found[number] = replace(
            batch,
            accepted_lines=batch.accepted_lines - lines,
            accepted_bytes=batch.accepted_bytes - size,
            spans=(*batch.spans, Span("repaired", reason, start, size, lines)),
        )
    return tuple(found)
