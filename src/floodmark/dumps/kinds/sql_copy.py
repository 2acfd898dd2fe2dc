r"""Lines of `COPY … FROM stdin` to records: cells between tabs, `\N` for NULL, backslash escapes."""

from __future__ import annotations

import re

import numpy as np
import polars as pl

from floodmark.dumps.chunks import LINE_LIMIT, find_lines, invalid_lines
from floodmark.dumps.delimited import kept_lines
from floodmark.dumps.fates import ACCEPTED, QUARANTINED, REPAIRED, Fates
from floodmark.dumps.kinds.sql_regions import Copied
from floodmark.dumps.raw_cells import cut_cells

_ESCAPED = re.compile(r"\\(x[0-9a-fA-F]{1,2}|[0-7]{1,3}|.)", re.DOTALL)
_LETTERS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def unescaped(cell: str) -> str:
    r"""Text of a cell with backslashes.

    >>> unescaped(r"a\tb"), unescaped(r"C:\\x"), unescaped(r"\N")
    ('a\tb', 'C:\\x', '')
    """
    return "" if cell == r"\N" else _ESCAPED.sub(_one, cell)


def _one(found: re.Match[str]) -> str:
    text = found[1]
    if text[0] == "x" and len(text) > 1:
        number = int(text[1:], 16)
    elif text[0] in "01234567":
        number = int(text, 8)
    else:
        return _LETTERS.get(text, text)
    # A byte of a longer character cannot be told alone; no cell holds a NUL.
    return chr(number) if 0 < number < 128 else found[0]


def split_copied(data: bytes, start: int, region: Copied) -> tuple[pl.DataFrame, Fates]:
    """Records of a region, one a line.

    Args:
        data: the chunk.
        start: its offset in the text.
        region: where the lines are.
    """
    text = data[region.start : region.end]
    lines = find_lines(text, "lf")
    fates = Fates(start + region.start, lines)
    fates.mark(lines.ends - lines.starts > LINE_LIMIT, QUARANTINED, "line-too-long")
    fates.mark(invalid_lines(text, lines), QUARANTINED, "invalid-utf-8-or-nul")
    fine = fates.fates == ACCEPTED
    good = np.flatnonzero(fine)
    clean = text if fine.all() else b"".join(kept_lines(text, lines, fine))
    width = len(region.places)
    raw = cut_cells(clean, (lines.ends - lines.starts)[fine], b"\t", width, "lf")
    assert raw is not None  # noqa: S101  without quotes the lines are the lines given
    fits = raw.counts == width
    for reason, wrong in (("too-few-cells", raw.counts < width), ("too-many-cells", raw.counts > width)):
        fates.mark(good[wrong], QUARANTINED, reason)
    if -1 in region.places:
        fates.mark(good[fits], REPAIRED, "unknown-column-dropped")
    frame = raw.frame if fits.all() else raw.frame.filter(pl.Series(fits))
    frame = frame.with_columns(_text(frame[name]) for name in frame.columns)
    at = {place: str(i) for i, place in enumerate(region.places) if place >= 0}
    return frame.select(
        (pl.col(at[i]) if i in at else pl.lit("")).alias(name) for i, name in enumerate(region.shape.columns)
    ), fates


def _text(cells: pl.Series) -> pl.Series:
    escaped = cells.str.contains("\\", literal=True)
    if not escaped.any():
        return cells
    null = cells == r"\N"
    others = np.flatnonzero((escaped & ~null).to_numpy())
    cells = cells.set(null, "")
    return cells.scatter(others, [unescaped(cell) for cell in cells[others]]) if len(others) else cells
