"""A chunk of delimited text with quoting (RFC 4180) to records.

A quoted cell may hold delimiters and line ends. Lines are put together into records first; a record whose quotes
are well formed is cut by Polars, any other is tried again with its quotes as ordinary text.
"""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.dumps.chunks import LINE_LIMIT, Lines, find_lines
from floodmark.dumps.delimited import kept_lines, records, screen, split_plain
from floodmark.dumps.escapes import hide
from floodmark.dumps.fates import QUARANTINED, REPAIRED, Batch, Fates
from floodmark.dumps.layouts import MAX_EXTRA, Resolved, in_order, resolve_all
from floodmark.dumps.plan import Plan
from floodmark.dumps.quoting import enclosing
from floodmark.dumps.raw_cells import RawCells, cells_one_by_one, cut_cells, row_of

RECORD_LINES = 200


def split_quoted(data: bytes, start: int, newline: str, plan: Plan, quote: str) -> Batch:
    """Records of a chunk in which `quote` may enclose cells.

    Args:
        data: whole lines.
        start: offset of the chunk in the text, for the spans.
        newline: as in the grammar.
        plan: the grammar's plan.
        quote: one ASCII character.
    """
    hidden = hide(data, plan.escape, quote, plan.delimiter)
    batch = _split(hidden.data, start, newline, plan, quote)
    return replace(batch, frame=hidden.restored(batch.frame)) if hidden.pairs else batch


def _split(data: bytes, start: int, newline: str, plan: Plan, quote: str) -> Batch:
    mark = quote.encode()
    if mark not in data:
        return split_plain(data, start, newline, plan)
    lines = find_lines(data, newline)
    fates = Fates(start, lines)
    owner = _records(data, lines, plan.delimiter, quote, len(plan.names))
    good, clean, table = screen(data, lines, fates, plan, owner=owner)
    owner = np.unique(owner[good], return_inverse=True)[1]
    texts = _texts(clean, table, owner)
    quoted = np.fromiter((quote in text for text in texts), np.bool_, len(texts))
    formed = ~quoted
    formed[quoted] = well_formed(
        [t for t, q in zip(texts, quoted.tolist(), strict=True) if q], plan.delimiter, quote
    )
    straight, odd = np.flatnonzero(formed), np.flatnonzero(~formed)
    cut = _cut_formed([texts[i] for i in straight.tolist()], plan, quote)
    _note(fates, good, owner, straight, cut.kept, cut.reason)
    frame = cut.cells
    if len(odd):
        again, kept_again = _as_text(clean, table, owner, odd, newline, plan, quote, fates, good)
        frame = in_order([frame, again], [straight[cut.kept], kept_again], plan)
    return fates.batch(frame)


def _note(
    fates: Fates,
    good: NDArray[np.int64],
    owner: NDArray[np.int64],
    which: NDArray[np.int64],
    kept: NDArray[np.bool_],
    reason: NDArray[np.uint8],
) -> None:
    """Give every line of the records `which` the fate of its record."""
    if kept.all() and not reason.any():
        return
    size = int(owner[-1]) + 1 if len(owner) else 0
    chosen = np.zeros(size, np.bool_)
    all_kept, all_reason = np.ones(size, np.bool_), np.zeros(size, np.uint8)
    chosen[which], all_kept[which], all_reason[which] = True, kept, reason
    mine = chosen[owner]
    fates.note(good[mine], all_kept[owner[mine]], all_reason[owner[mine]])


def _records(data: bytes, lines: Lines, delimiter: str, quote: str, columns: int) -> NDArray[np.int64]:
    """Number of the record to which each line belongs.

    A line with an odd number of quotes may open a cell that goes on; it does when, up to the next such line, the
    text is one well-formed record with the right number of cells.
    """
    marks = np.flatnonzero(np.frombuffer(data, np.uint8) == ord(quote))
    found = np.bincount(np.searchsorted(lines.nexts, marks, side="right"), minlength=len(lines))
    odd = np.flatnonzero(found % 2)
    joined = np.zeros(len(lines), np.bool_)  # whether a line continues the record of the line before
    at = 0
    while at + 1 < len(odd):
        first, last = int(odd[at]), int(odd[at + 1])
        size = int(lines.ends[last] - lines.starts[first])
        if last - first <= RECORD_LINES and size <= LINE_LIMIT:
            text = data[int(lines.starts[first]) : int(lines.ends[last])]
            if _cell_count(text.decode(errors="replace"), delimiter, quote) == columns:
                joined[first + 1 : last + 1] = True
                at += 2
                continue
        at += 1
    return np.cumsum(~joined) - 1


def _cell_count(text: str, delimiter: str, quote: str) -> int:
    """Cells of one record that may hold line ends; 0 when its quotes are not those of whole cells."""
    return len(row_of(text, delimiter, quote)) if enclosing(delimiter, quote).fullmatch(text) else 0


def _texts(data: bytes, lines: Lines, owner: NDArray[np.int64]) -> list[str]:
    if not len(lines):
        return []
    firsts = np.flatnonzero(np.diff(owner, prepend=-1))
    lasts = np.append(firsts[1:] - 1, len(lines) - 1)
    text = zip(lines.starts[firsts].tolist(), lines.ends[lasts].tolist(), strict=True)
    return [data[a:b].decode() for a, b in text]


def well_formed(texts: list[str], delimiter: str, quote: str) -> NDArray[np.bool_]:
    """Whether each record's quotes enclose whole cells and are doubled inside them.

    A quote after the first character of an unquoted cell (`5" pipe`) is ordinary text.
    """
    if not texts:
        return np.zeros(0, np.bool_)
    q, d = re.escape(quote), re.escape(delimiter)
    plain = rf"[^{q}{re.escape(delimiter[0])}][^{re.escape(delimiter[0])}]*" if len(delimiter) == 1 else None
    if plain is None:
        # Longer delimiters: an unquoted cell is what holds no quote at all.
        plain = rf"[^{q}]*?"
    cell = rf"(?:{q}(?:[^{q}]|{q}{q})*{q}|{plain}|)"
    pattern = rf"^{cell}(?:{d}{cell})*$"
    return pl.Series(texts).str.contains(pattern).to_numpy()


def _cut_formed(texts: list[str], plan: Plan, quote: str) -> Resolved:
    """Cut and resolve well-formed records: in one go where quotes only enclose whole cells, else one by one."""
    width = len(plan.names) + MAX_EXTRA + 1
    easy = _polars_can_cut(texts, plan.delimiter, quote)
    chosen, others = np.flatnonzero(easy), np.flatnonzero(~easy)
    few = [texts[i] for i in chosen.tolist()]
    lengths = np.fromiter((len(t) if t.isascii() else len(t.encode()) for t in few), np.int64, len(few))
    raw = (
        cut_cells("\n".join(few).encode(), lengths, plan.delimiter.encode(), width, "lf", quote)
        if few
        else None
    )
    if raw is None:
        raw = cells_one_by_one(texts, plan.delimiter, quote, width)
    elif len(others):
        rest = cells_one_by_one([texts[i] for i in others.tolist()], plan.delimiter, quote, width)
        order = np.argsort(np.concatenate([chosen, others]), kind="stable")
        raw = RawCells(
            pl.concat([raw.frame, rest.frame], rechunk=True)[order],
            np.concatenate([raw.counts, rest.counts])[order],
        )
    return resolve_all(raw.frame, np.minimum(raw.counts, raw.frame.width), plan)


def _polars_can_cut(texts: list[str], delimiter: str, quote: str) -> NDArray[np.bool_]:
    """Records without a quote or a line end outside enclosed cells, in a file with a delimiter of one byte."""
    if not texts or len(delimiter.encode()) != 1:
        return np.zeros(len(texts), np.bool_)
    q, d = re.escape(quote), re.escape(delimiter)
    cell = rf"(?:{q}(?:[^{q}]|{q}{q})*{q}|[^{q}{d}\r\n]*)"
    return pl.Series(texts).str.contains(rf"^{cell}(?:{d}{cell})*$").to_numpy()


def _as_text(
    data: bytes,
    lines: Lines,
    owner: NDArray[np.int64],
    odd: NDArray[np.int64],
    newline: str,
    plan: Plan,
    quote: str,
    fates: Fates,
    good: NDArray[np.int64],
) -> tuple[pl.DataFrame, NDArray[np.int64]]:
    """Records whose quotes are broken, cut with quotes as text: repaired when their cells are just right."""
    chosen = np.zeros(int(owner[-1]) + 1, np.bool_)
    chosen[odd] = True
    mine = chosen[owner]
    few = b"".join(kept_lines(data, lines, mine))
    own_lines = find_lines(few, newline)
    own = Fates(0, own_lines)
    frame = records(few, own_lines, newline, plan, own, np.arange(len(own_lines)))
    right = own.fates == 0
    places = good[mine]
    fates.mark(places[right], REPAIRED, "quotes-as-text")
    fates.mark(places[~right], QUARANTINED, "broken-quotes")
    kept_by_frame = own.fates <= 1
    return _inside(frame.filter(pl.Series(right[kept_by_frame])), quote), owner[mine][right]


def _inside(frame: pl.DataFrame, mark: str) -> pl.DataFrame:
    """Cells without the quotes around them, whatever quotes are in them."""
    enclosed = pl.all().str.starts_with(mark) & pl.all().str.ends_with(mark) & (pl.all().str.len_bytes() > 1)
    return frame.with_columns(pl.when(enclosed).then(pl.all().str.slice(1).str.head(-1)).otherwise(pl.all()))
