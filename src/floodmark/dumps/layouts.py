"""Which raw cells belong to which column, and which lines cannot be told.

A *layout* gives every column its width in raw cells. A line whose extra delimiters all lie in protected
patterns has a plain layout and is accepted. A stray delimiter makes a text column wider than one cell; the line
is repaired only when exactly one such layout lets every checkable cell fit its type (`dumps.placing`).
Everything is decided by column expressions on many lines at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.dumps.placing import Placer
from floodmark.dumps.plan import NUMBER_TYPES, TIME_TYPES, Plan, cell_of
from floodmark.dumps.rest import rest_widths
from floodmark.dumps.shifts import moved_lines
from floodmark.identifiers import FieldType
from floodmark.identifiers.recognise import date_shape

STRAY = "stray-delimiter-joined"
REASONS: tuple[str, ...] = (
    "",
    STRAY,
    "too-few-cells",
    "too-many-cells",
    "ambiguous-delimiters",
    "shifted-cells",
    "empty-cells-added",
)
JOINED, TOO_FEW, TOO_MANY, AMBIGUOUS, SHIFTED, ADDED = 1, 2, 3, 4, 5, 6
MAX_EXTRA = 12
MOST_TIMES = 5  # columns of times whose combinations are tried before all ways are counted
MOST_PLACES = 1000  # cells times extra cells for which ways to place them are still counted
TOGETHER = 4  # lines of up to so many extra cells are looked at together
# What is left of a time after its minutes; a bare number of seconds may be a cell of its own.
# With `AM` or `PM` the next column may be stuck to it.
SECONDS = r"^[0-5][0-9](?:\.[0-9]+)?(?: ?[AaPp][Mm]|(?: ?(?:Z|[+-][0-9:]+))?$)"
SECONDS_AND_HALF = r"^[0-5][0-9](?:\.[0-9]+)? ?[AaPp][Mm]"

Widths = tuple[int, ...]
Places = NDArray[np.int64]


@dataclass(frozen=True)
class Resolved:
    """Lines, resolved.

    Attributes:
        cells: the columns of the lines that are accepted or repaired, in file order.
        kept: which of the lines these are (Boolean, one a line).
        reason: index into `REASONS`, one a line; 0 where accepted.
    """

    cells: pl.DataFrame
    kept: NDArray[np.bool_]
    reason: NDArray[np.uint8]


def resolve_all(frame: pl.DataFrame, counts: Places, plan: Plan) -> Resolved:
    """Decide lines of any number of raw cells.

    Args:
        frame: String columns named by their number, wide enough for every count that can be placed, a row a line.
        counts: raw cells of each line.
        plan: the grammar's plan.
    """
    kept, reason = np.zeros(len(counts), np.bool_), np.zeros(len(counts), np.uint8)
    parts: list[pl.DataFrame] = []
    places: list[Places] = []
    rest: list[Places] = []

    def settle(where: Places, resolved: Resolved) -> None:
        kept[where], reason[where] = resolved.kept, resolved.reason
        parts.append(resolved.cells)
        places.append(where[resolved.kept])

    for count in np.flatnonzero(np.bincount(counts)).tolist() if len(counts) else []:
        extra = count - len(plan.names)
        mine = counts == count
        if extra < 0 and count > 1 and plan.pads:
            where = np.flatnonzero(mine)
            settle(where, _filled_up(frame.filter(pl.Series(mine)), plan))
            continue
        if extra < 0 or extra > MAX_EXTRA or extra * count > MOST_PLACES:
            reason[mine] = TOO_FEW if extra < 0 else TOO_MANY
            continue
        where = np.flatnonzero(mine)
        rows = frame if len(where) == len(counts) else frame.filter(pl.Series(mine))
        if plan.rest is not None:
            reason[where] = TOO_FEW
            for lines, widths in rest_widths(rows, count, plan):
                settle(where[lines], _accepted(_cells(rows[lines], widths, plan), plan, widths))
            continue
        for lines, resolved in _usual(rows, extra, plan):
            settle(where[lines], resolved)
            mine[where[lines]] = False
        rest.append(np.flatnonzero(mine))
    for together in _together(rest, counts, len(plan.names)):
        settle(together, _placed(frame[together], counts[together], plan))
    return Resolved(in_order(parts, places, plan), kept, reason)


def in_order(parts: list[pl.DataFrame], places: list[Places], plan: Plan) -> pl.DataFrame:
    """One frame of all parts, its rows sorted by the line numbers `places` that go with them."""
    filled = [(part, place) for part, place in zip(parts, places, strict=True) if part.height]
    if not filled:
        return pl.DataFrame(schema=dict.fromkeys(plan.names, pl.String))
    if len(filled) == 1:
        return filled[0][0]
    order = np.argsort(np.concatenate([place for _, place in filled]), kind="stable")
    return pl.concat([part for part, _ in filled], rechunk=True)[order]


def _cells(raw: pl.DataFrame, widths: Widths, plan: Plan) -> pl.DataFrame:
    offsets = np.cumsum((0, *widths[:-1])).tolist()
    return raw.select(
        cell_of(at, width, plan.delimiter).alias(name)
        for at, width, name in zip(offsets, widths, plan.names, strict=True)
    )


@lru_cache(maxsize=512)
def _usual_layouts(times: tuple[bool, ...], extra: int) -> tuple[Widths, ...]:
    """Layouts in which only columns of times are wider, by the one to three colons that a time has."""
    if not extra:
        return ((1,) * len(times),)
    if extra > 3 * sum(times) or sum(times) > MOST_TIMES:
        return ()
    choices = product(*((0, 2, 1, 3) if time else (0,) for time in times))
    return tuple(tuple(1 + more for more in choice) for choice in choices if sum(choice) == extra)


def _usual(raw: pl.DataFrame, extra: int, plan: Plan) -> Iterator[tuple[Places, Resolved]]:
    """Lines with nothing extra, or whose extra delimiters stand in times where times were to be expected."""
    left = np.arange(raw.height)
    for widths in _usual_layouts(tuple(kind in TIME_TYPES for kind in plan.types), extra):
        if not len(left):
            return
        chosen, taken = raw, np.ones(len(left), np.bool_)
        if extra:
            ends = np.cumsum(widths).tolist()
            wide = [(i, end - w, w) for i, (end, w) in enumerate(zip(ends, widths, strict=True)) if w > 1]
            mask = raw.select(pl.all_horizontal(_is_time(*part, plan) for part in wide)).to_series()
            taken = mask.to_numpy()
            if not taken.any():
                continue
            chosen, raw = raw.filter(mask), raw.filter(~mask)
        yield left[taken], _accepted(_cells(chosen, widths, plan), plan, widths)
        left = left[~taken]


def _is_time(column: int, at: int, width: int, plan: Plan) -> pl.Expr:
    """Whether so many raw cells are a time, one with which the next raw cell does not go on.

    A line that lost its last cell has one delimiter less, so that `10:11:12 AM` could pass for `10:11` and `12 AM`.
    """
    cell = cell_of(at, width, plan.delimiter)
    good = date_shape(cell)
    if width > 2 or column + 1 == len(plan.names):
        return good
    seconds = (
        SECONDS_AND_HALF
        if plan.types[column + 1] in NUMBER_TYPES - {FieldType.EMAIL} - TIME_TYPES
        else SECONDS
    )
    return good & ~pl.col(str(at + width)).str.contains(seconds)


def _accepted(cells: pl.DataFrame, plan: Plan, widths: Widths) -> Resolved:
    """Accept lines with the right number of cells, unless their cells look moved by a place."""
    moved = moved_lines(cells, plan, sure={i for i, width in enumerate(widths) if width > 1})
    kept, reason = np.ones(cells.height, np.bool_), np.zeros(cells.height, np.uint8)
    if len(moved):
        kept[moved], reason[moved] = False, SHIFTED
        cells = cells.filter(pl.Series(kept))
    return Resolved(cells, kept, reason)


def _filled_up(raw: pl.DataFrame, plan: Plan) -> Resolved:
    """Short lines with the empty cells that their writer left out, unless their cells look moved."""
    found = [
        pl.col(name).fill_null("") if name in raw.columns else pl.lit("")
        for name in map(str, range(len(plan.names)))
    ]
    cells = raw.select(cell.alias(name) for cell, name in zip(found, plan.names, strict=True))
    accepted = _accepted(cells, plan, (1,) * len(plan.names))
    return Resolved(accepted.cells, accepted.kept, np.where(accepted.kept, ADDED, SHIFTED).astype(np.uint8))


def _together(rest: list[Places], counts: Places, columns: int) -> Iterator[Places]:
    """Lines that are placed in one go: those with few extra cells all together, others by their count."""
    lines = np.concatenate(rest) if rest else np.zeros(0, np.int64)
    lines = np.sort(lines)
    few = counts[lines] <= columns + TOGETHER
    groups = [lines[few], *(lines[counts[lines] == count] for count in np.unique(counts[lines[~few]]))]
    return (group for group in groups if len(group))


def _placed(raw: pl.DataFrame, counts: Places, plan: Plan) -> Resolved:
    """Lines that can be placed in exactly one way; protected texts are tried before stray delimiters."""
    kept, reason = np.zeros(raw.height, np.bool_), np.full(raw.height, TOO_MANY, np.uint8)
    widths = np.ones((raw.height, len(plan.names)), np.int8)
    placer = Placer(raw, int(counts.max()), plan)
    left = np.ones(raw.height, np.bool_)
    for how in ("whole", "covered", "stray") if plan.protected else ("stray",):
        for count in np.unique(counts[left]).tolist():
            rows = np.flatnonzero(left & (counts == count))
            found = placer.place(how, count - len(plan.names), rows)
            one = found.one & (found.solid | (how != "stray"))
            kept[rows[one]], widths[rows[one]] = True, found.widths[one]
            reason[rows[one]] = JOINED if how == "stray" else 0
            if how == "stray":
                reason[rows[(found.one | found.several) & ~one]] = AMBIGUOUS
            left[rows[one]] = False
    if plan.protected is not None:
        reason[_short(raw, counts, plan) & (reason == TOO_MANY) & ~kept] = TOO_FEW
    parts, places = [], []
    for layout in np.unique(widths[kept], axis=0):
        mine = kept & (widths == layout).all(axis=1)
        parts.append(_cells(raw.filter(pl.Series(mine)), tuple(layout.tolist()), plan))
        places.append(np.flatnonzero(mine))
    return Resolved(in_order(parts, places, plan), kept, reason)


def _short(raw: pl.DataFrame, counts: Places, plan: Plan) -> NDArray[np.bool_]:
    """Lines that have too many delimiters only with those that are protected, and too few without."""
    short = np.zeros(raw.height, np.bool_)
    for count in np.unique(counts).tolist():
        mine = counts == count
        line = cell_of(0, count, plan.delimiter).str.replace_all(plan.protected or "", "")
        cells = line.str.count_matches(plan.delimiter, literal=True) + 1
        short[mine] = raw.filter(pl.Series(mine)).select(cells < len(plan.names)).to_series().to_numpy()
    return short
