"""Lines of a drawn table to cells, many at once."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.dumps.kinds.fixed_layout import Layout, sliced

# The pattern of `fixed_layout.BORDER` in parts that Rust's `regex` knows.
DASHES = r"[-─━═=_]{2}"
DRAWN = r"^[-─━═=_+|│┃║¦┌┬┐├┼┤└┴┘╔╦╗╠╬╣╚╩╝╞╪╡╒╤╕╘╧╛╟╫╢╓╥╖╙╨╜┏┳┓┣╋┫┗┻┛┠╂┨:*\s]+$"
FOOTER = (
    r"(?i)^\W*(?:\d[\d,. ]*(?:rows?|records?|lines?|tuples?)\b.*"
    r"|(?:rows?|records?|total)\b[^|]{0,40}\d[\d,. ]*|empty set.*)\W*$"
)
INSIDE = "\0"  # stands for a bar between cells; lines with a NUL are set aside before
Wrong = dict[str, NDArray[np.int64]]


def marks_of(lines: pl.Series, layout: Layout) -> Wrong:
    """Numbers of the lines that are drawn around records, by what they are."""
    bare = lines.str.strip_chars()
    ruler = bare.str.contains(DASHES) & bare.str.contains(DRAWN)
    header = bare.is_in(list(layout.repeated)) & ~ruler if layout.repeated else ~ruler & False
    footer = bare.str.contains(FOOTER)
    if layout.bar:
        footer &= ~bare.str.contains(layout.bar, literal=True)
    found = {
        "blank": bare == "",
        "repeated-header": header,
        "rule": ruler,
        "footer": footer & ~header & ~ruler,
    }
    if layout.headings:
        shapes = lines.str.replace_all(r"[0-9]+", "0").str.replace_all(r"\s+", " ").str.strip_chars()
        found["page-heading"] = shapes.is_in(list(layout.headings)) & ~header & ~ruler
    return {reason: np.flatnonzero(mask.to_numpy()) for reason, mask in found.items() if mask.any()}


def cells_between(lines: pl.Series, layout: Layout) -> tuple[pl.DataFrame, Wrong]:
    """Cells of lines with bars between them.

    A bar within a cell is told where the others stand exactly below those of the border.

    Returns:
        A row for each line, and the numbers of those that do not have the right cells.
    """
    bar, width = layout.bar, layout.columns
    bare = lines.str.strip_chars()
    boxed = bare.str.starts_with(bar)
    inner = lines.zip_with(~boxed, bare.str.strip_prefix(bar).str.strip_suffix(bar))
    counts = inner.str.count_matches(bar, literal=True).to_numpy().astype(np.int64) + 1
    text = inner.str.replace_all(bar, INSIDE, literal=True)
    few, many = counts < width, counts > width
    for number in np.flatnonzero(many).tolist():
        cells = _below(lines[number], layout)
        if cells is not None:
            text[number] = INSIDE.join(cells)
            many[number] = False
    split = (
        text.str.split_exact(INSIDE, width - 1).struct.unnest() if width > 1 else pl.DataFrame({"0": text})
    )
    frame = split.select(pl.all().fill_null("").str.strip_chars())
    wrong = {"too-few-cells": np.flatnonzero(few), "too-many-cells": np.flatnonzero(many)}
    return frame, {reason: which for reason, which in wrong.items() if len(which)}


def _below(line: str, layout: Layout) -> list[str] | None:
    """Cells of a line whose bars stand where the border says."""
    starts = layout.starts
    if not starts or any(line[at - 1 : at] != layout.bar for at in starts[1:]):
        return None
    *inner, last = sliced(line.rstrip(), starts)
    boxed = line.lstrip().startswith(layout.bar)
    return [cell[:-1] for cell in inner] + [last.removesuffix(layout.bar) if boxed else last]


def cells_at(lines: pl.Series, layout: Layout) -> tuple[pl.DataFrame, Wrong]:
    """Cells of lines by position.

    Returns:
        A row for each line, and the numbers of those whose cells reach from one column into the next.
    """
    line = pl.col("line")
    cells, crossed = [], [pl.lit(False)]
    for number, (at, width) in enumerate(zip(layout.starts, layout.widths, strict=True)):
        cells.append(line.str.slice(at, width or None).str.strip_chars().alias(str(number)))
        if at and at not in layout.tight:
            crossed.append(line.str.slice(at - 1, 2).str.contains(r"^\S\S"))
    table = lines.to_frame("line")
    wrong = np.flatnonzero(table.select(pl.any_horizontal(crossed)).to_series().to_numpy())
    return table.select(cells), {"cell-across-columns": wrong} if len(wrong) else {}
