"""A chunk of delimited text without quotes to records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.dumps.chunks import LINE_LIMIT, Lines, find_lines, invalid_lines
from floodmark.dumps.escapes import hide as hide_escaped
from floodmark.dumps.fates import ACCEPTED, QUARANTINED, SKIPPED, Batch, Fates
from floodmark.dumps.hiding import hide
from floodmark.dumps.layouts import MAX_EXTRA, in_order, resolve_all
from floodmark.dumps.plan import Plan
from floodmark.dumps.raw_cells import RawCells, cells_one_by_one, cut_cells, stand_in
from floodmark.dumps.rest import delimited_sites
from floodmark.dumps.utf8_lines import is_utf8

INVALID = "invalid-utf-8-or-nul"
Numbers = NDArray[np.int64]


def split(data: bytes, start: int, newline: str, plan: Plan) -> Batch:
    """Records of a chunk in which quotes are ordinary text.

    Args:
        data: whole lines.
        start: offset of the chunk in the text, for the spans.
        newline: as in the grammar.
        plan: the grammar's plan.
    """
    data = delimited_sites(data, plan)
    hidden = hide_escaped(data, plan.escape, None, plan.delimiter)
    batch = split_plain(hidden.data, start, newline, plan)
    return replace(batch, frame=hidden.restored(batch.frame)) if hidden.pairs else batch


def split_plain(data: bytes, start: int, newline: str, plan: Plan) -> Batch:
    """The same for text in which nothing is escaped."""
    lines = find_lines(data, newline)
    fates = Fates(start, lines)
    good, clean, clean_lines = screen(data, lines, fates, plan)
    return fates.batch(records(clean, clean_lines, newline, plan, fates, good))


def screen(
    data: bytes,
    lines: Lines,
    fates: Fates,
    plan: Plan,
    owner: Numbers | None = None,
) -> tuple[NDArray[np.int64], bytes, Lines]:
    """Set aside lines that no cell can be read from (too long, not UTF-8, with NULs, blank) or that are no records.

    Args:
        data: whole lines.
        lines: their table.
        fates: takes the fates of the lines that are set aside.
        plan: the grammar's plan.
        owner: number of each line's record where a record can have several lines, which share their fate.

    Returns:
        Numbers of the other lines, their bytes, and the line table of these bytes.
    """
    lengths = lines.ends - lines.starts
    fates.mark(lengths > LINE_LIMIT, QUARANTINED, "line-too-long")
    alone = np.ones(len(lines), np.bool_) if owner is None else (np.bincount(owner)[owner] == 1)
    fates.mark(_blank(data, lines, plan.delimiter) & alone, SKIPPED, "blank")
    for places, reason in plan.asides.found(data, lines):
        fates.mark(places[alone[places]], SKIPPED, reason)
    if b"\x00" in data or not is_utf8(data):
        bad = invalid_lines(data, lines)
        fates.mark(bad if owner is None else np.isin(owner, owner[bad]), QUARANTINED, INVALID)
    fine = fates.fates == ACCEPTED
    if fine.all():
        return np.arange(len(lines)), data, lines
    sizes = np.where(fine, lines.nexts - lines.starts, 0)
    shift = lines.starts - (np.cumsum(sizes) - sizes)
    clean = b"".join(kept_lines(data, lines, fine))
    kept = Lines(*(part[fine] - shift[fine] for part in (lines.starts, lines.ends, lines.nexts)))
    return np.flatnonzero(fine), clean, kept


def _blank(data: bytes, lines: Lines, delimiter: str) -> NDArray[np.bool_]:
    """Lines with nothing in them, or nothing but white space that is no delimiter."""
    blank: NDArray[np.bool_] = lines.ends == lines.starts
    if not len(data) or not delimiter.strip():
        return blank
    buffer = np.frombuffer(data, np.uint8)
    first, last = buffer[np.minimum(lines.starts, len(data) - 1)], buffer[np.maximum(lines.ends - 1, 0)]
    spaced = ((first == 32) | (first == 9)) & ((last == 32) | (last == 9)) & ~blank
    for line in np.flatnonzero(spaced).tolist():
        blank[line] = not data[int(lines.starts[line]) : int(lines.ends[line])].strip()
    return blank


def kept_lines(data: bytes, lines: Lines, good: NDArray[np.bool_]) -> Iterator[bytes]:
    """The stretches of good lines between the others."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], good, [False]]).astype(np.int8)))
    for first, stop in edges.reshape(-1, 2).tolist():
        yield data[int(lines.starts[first]) : int(lines.nexts[stop - 1])]


def records(
    data: bytes, lines: Lines, newline: str, plan: Plan, fates: Fates, places: NDArray[np.int64]
) -> pl.DataFrame:
    """Cut clean lines, resolve them, note their fates, and return the records in file order.

    Args:
        data: clean lines.
        lines: their table.
        newline: as in the grammar.
        plan: the grammar's plan.
        fates: fates of the chunk's lines.
        places: for each clean line, its number in the chunk.
    """
    width = len(plan.names) + plan.usual_extra
    raw = _cells(data, lines, newline, plan, width)
    usual = raw.counts <= width
    if usual.all():
        resolved = resolve_all(raw.frame, raw.counts, plan)
        fates.note(places, resolved.kept, resolved.reason)
        return resolved.cells
    resolved = resolve_all(raw.frame.filter(pl.Series(usual)), raw.counts[usual], plan)
    fates.note(places[usual], resolved.kept, resolved.reason)
    # The few lines with more cells than usual are cut again, wide enough.
    few = b"".join(kept_lines(data, lines, ~usual))
    more = _cells(few, find_lines(few, newline), newline, plan, len(plan.names) + MAX_EXTRA + 1)
    wide = resolve_all(more.frame, np.minimum(more.counts, more.frame.width), plan)
    fates.note(places[~usual], wide.kept, wide.reason)
    where = [np.flatnonzero(usual)[resolved.kept], np.flatnonzero(~usual)[wide.kept]]
    return in_order([resolved.cells, wide.cells], where, plan)


def _cells(data: bytes, lines: Lines, newline: str, plan: Plan, width: int) -> RawCells:
    data, delimiter = stand_in(data, plan.delimiter)
    if delimiter is not None:
        single = len(plan.delimiter.encode()) <= 1
        table = lines if single else find_lines(data, newline)
        hidden = hide(data, plan.times, delimiter) if single else None
        cells = cut_cells(
            hidden.data if hidden else data, table.ends - table.starts, delimiter, width, newline
        )
        if cells is not None:
            return hidden.restored(cells, plan) if hidden else cells
    texts = [data[a:b].decode() for a, b in zip(lines.starts.tolist(), lines.ends.tolist(), strict=True)]
    return cells_one_by_one(texts, plan.delimiter, None, width)
