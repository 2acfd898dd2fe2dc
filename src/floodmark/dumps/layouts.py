"""Which raw cells belong to which column, when a line has more delimiters than its columns need.

A *layout* gives every column its width in raw cells. A line whose extra delimiters all lie in protected
patterns has a plain layout and is accepted. A stray delimiter gives layouts in which one text column is wider
than one cell; the line is repaired only when exactly one such layout lets every checkable cell fit its type.
Everything is decided by column expressions on all lines with the same number of raw cells at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import combinations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.dumps.fits import Checked, fits, misfits
from floodmark.dumps.grammar import Grammar
from floodmark.dumps.protect import combined
from floodmark.identifiers import FieldType
from floodmark.identifiers.recognise import recogniser

STRAY = "stray-delimiter-joined"
REASONS: tuple[str, ...] = (
    "",
    STRAY,
    "too-few-cells",
    "too-many-cells",
    "ambiguous-delimiters",
    "shifted-cells",
)
TOO_FEW, TOO_MANY, AMBIGUOUS, SHIFTED = 2, 3, 4, 5
MAX_EXTRA = 12
MAX_LAYOUTS = 300
FEW = 50
TIME_TYPES = frozenset(
    {FieldType.REGISTERED_AT, FieldType.ACTIVE_AT, FieldType.LAST_SEEN_AT, FieldType.BIRTH_DATE}
)

URL_TYPES = frozenset({FieldType.URL, FieldType.AVATAR})
WORD_TYPES = frozenset(
    {
        FieldType.FIRST_NAME,
        FieldType.LAST_NAME,
        FieldType.FULL_NAME,
        FieldType.LOCATION,
        FieldType.HOMETOWN,
        FieldType.EMPLOYER,
        FieldType.EDUCATION,
        FieldType.JOB_TITLE,
    }
)
INTRUDER = r"^\+?[0-9]{6,}$|^\S+@\S+$|^[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}"
DATED = r"[0-9]{1,4}[/.\-][0-9]{1,2}[/.\-][0-9]{1,4}"

Widths = tuple[int, ...]


@dataclass(frozen=True)
class Plan:
    """What splitting needs of a grammar.

    Attributes:
        delimiter: as in the file.
        names: column names.
        types: column types.
        strong: indices of columns whose cells nearly always fit their type in the sample, so that a cell that
            does not fit is a sign of a shift.
        protected: pattern whose delimiters do not split, or None.
        usual_extra: raw cells beyond the columns that ordinary lines have, for protected delimiters.
        known: for columns of few different cells, those of the sample that fit their type.
        times: texts with protected delimiters that are hidden before splitting (`protect.usual_times`).
    """

    delimiter: str
    names: tuple[str, ...]
    types: tuple[FieldType, ...]
    strong: tuple[int, ...]
    protected: str | None
    usual_extra: int = 0
    known: dict[int, pl.Series] = field(default_factory=dict)
    times: tuple[str, ...] = ()

    @classmethod
    def of(
        cls, grammar: Grammar, strong: dict[int, pl.Series | None] | None = None, times: tuple[str, ...] = ()
    ) -> Plan:
        """Plan of a grammar; `strong` columns, their known cells and `times` come from the sample."""
        strong = strong or {}
        types = tuple(column.type for column in grammar.columns)
        clocks = sum(kind in TIME_TYPES for kind in types) if "timestamp" in grammar.protected else 0
        return cls(
            delimiter=grammar.delimiter,
            names=tuple(grammar.names),
            types=types,
            strong=tuple(i for i in strong if recogniser(grammar.columns[i].type) is not None),
            protected=combined(grammar.protected, quoted=grammar.quote is None),
            usual_extra=min(2 * clocks, 4),
            known={i: cells for i, cells in strong.items() if cells is not None},
            times=times,
        )


@dataclass(frozen=True)
class Resolved:
    """Lines of one cell count, resolved.

    Attributes:
        cells: the logical columns of the lines that are accepted or repaired, in order.
        kept: which of the lines these are (Boolean, one a line).
        reason: index into `REASONS`, one a line; 0 where accepted.
    """

    cells: pl.DataFrame
    kept: NDArray[np.bool_]
    reason: NDArray[np.uint8]


def resolve(raw: pl.DataFrame, count: int, plan: Plan) -> Resolved:
    """Decide all lines that have `count` raw cells.

    Args:
        raw: String columns, at least `count` of them, a row a line.
        count: raw cells in each of these lines.
        plan: the grammar's plan.
    """
    columns, extra = len(plan.names), count - len(plan.names)
    if extra < 0:
        return _refuse(raw, plan, TOO_FEW)
    if extra > MAX_EXTRA:
        return _refuse(raw, plan, TOO_MANY)
    if extra == 0:
        return _check_shifts(raw, _cells(raw, (1,) * columns, plan), plan)
    layouts = list(_layouts(columns, extra, plan.types))
    plain, rest = _plain(raw, layouts, plan)
    if not rest.any():
        return plain
    repaired = _repaired(raw.filter(pl.Series(rest)), layouts, plan)
    return _weave(plain, repaired, rest, plan)


def resolve_all(frame: pl.DataFrame, counts: NDArray[np.int64], plan: Plan) -> Resolved:
    """Decide lines of any number of raw cells; the records come out in file order.

    Args:
        frame: String columns, wide enough for every count, a row a line.
        counts: raw cells of each line.
        plan: the grammar's plan.
    """
    kept, reason = np.zeros(len(counts), np.bool_), np.zeros(len(counts), np.uint8)
    parts: list[pl.DataFrame] = []
    places: list[NDArray[np.int64]] = []
    for count in np.flatnonzero(np.bincount(counts)).tolist() if len(counts) else []:
        mine = counts == count
        where = np.flatnonzero(mine)
        resolved = resolve(frame if mine.all() else frame.filter(pl.Series(mine)), count, plan)
        kept[where], reason[where] = resolved.kept, resolved.reason
        parts.append(resolved.cells)
        places.append(where[resolved.kept])
    return Resolved(in_order(parts, places, plan), kept, reason)


def in_order(parts: list[pl.DataFrame], places: list[NDArray[np.int64]], plan: Plan) -> pl.DataFrame:
    """One frame of all parts, its rows sorted by the line numbers `places` that go with them."""
    filled = [(part, place) for part, place in zip(parts, places, strict=True) if part.height]
    if not filled:
        return pl.DataFrame(schema=dict.fromkeys(plan.names, pl.String))
    if len(filled) == 1:
        return filled[0][0]
    order = np.argsort(np.concatenate([place for _, place in filled]), kind="stable")
    return pl.concat([part for part, _ in filled], rechunk=True)[order]


def _refuse(raw: pl.DataFrame, plan: Plan, reason: int) -> Resolved:
    height = raw.height
    empty = pl.DataFrame(schema=dict.fromkeys(plan.names, pl.String))
    return Resolved(empty, np.zeros(height, np.bool_), np.full(height, reason, np.uint8))


def _weave(first: Resolved, second: Resolved, where: NDArray[np.bool_], plan: Plan) -> Resolved:
    """Put the lines of `second` back at the places `where` that `first` left open, in file order."""
    kept, reason = first.kept.copy(), first.reason.copy()
    kept[where], reason[where] = second.kept, second.reason
    places = [np.flatnonzero(first.kept), np.flatnonzero(where)[second.kept]]
    return Resolved(in_order([first.cells, second.cells], places, plan), kept, reason)


@lru_cache(maxsize=512)
def _layout_list(columns: int, extra: int, times: tuple[int, ...]) -> tuple[Widths, ...]:
    plain = [1] * columns
    found: list[Widths] = []

    def widen(parts: dict[int, int]) -> None:
        widths = plain.copy()
        for column, more in parts.items():
            widths[column] += more
        if tuple(widths) not in found:
            found.append(tuple(widths))

    # Dates first: a time has one colon or two, and most protected delimiters stand in one.
    order = [*times, *(i for i in range(columns) if i not in times)]
    for column in order:
        widen({column: extra})
    for column in times:
        for more in (2, 1):
            for other in order:
                if other != column and extra > more:
                    widen({column: more, other: extra - more})
    for size in (2, 3):
        for chosen in combinations(order, size):
            for parts in _partitions(extra, size):
                if len(found) >= MAX_LAYOUTS:
                    return tuple(found)
                widen(dict(zip(chosen, parts, strict=True)))
    return tuple(found)


def _layouts(columns: int, extra: int, types: tuple[FieldType, ...]) -> Iterator[Widths]:
    times = tuple(i for i, kind in enumerate(types) if kind in TIME_TYPES)
    yield from _layout_list(columns, extra, times)


def _partitions(total: int, parts: int) -> Iterator[tuple[int, ...]]:
    """Ways to write `total` as an ordered sum of so many positive parts."""
    if parts == 1:
        yield (total,)
        return
    for first in range(1, total - parts + 2):
        for rest in _partitions(total - first, parts - 1):
            yield (first, *rest)


def _offsets(widths: Widths) -> list[int]:
    return [0, *np.cumsum(widths)[:-1].tolist()]


def _cell(at: int, width: int, delimiter: str) -> pl.Expr:
    if width == 1:
        return pl.col(str(at))
    return pl.concat_str([pl.col(str(at + i)) for i in range(width)], separator=delimiter)


def _cells(raw: pl.DataFrame, widths: Widths, plan: Plan) -> pl.DataFrame:
    return raw.select(
        _cell(at, width, plan.delimiter).alias(name)
        for at, width, name in zip(_offsets(widths), widths, plan.names, strict=True)
    )


def _covered(cell: pl.Expr, pattern: str, delimiter: str) -> pl.Expr:
    """Whether every delimiter in the cell lies in a protected pattern."""
    return ~cell.str.replace_all(pattern, "").str.contains(delimiter, literal=True)


def _explained(cell: pl.Expr, kind: FieldType, plan: Plan, whole: bool = False) -> pl.Expr:
    """Whether protected patterns explain the delimiters in a cell: for a date, that all of it is a date.

    Args:
        cell: the cell, wider than one raw cell.
        kind: type of its column.
        plan: the grammar's plan.
        whole: whether the pattern has to match all of the cell.
    """
    if kind in TIME_TYPES:
        return (cell != "") & fits(cell, kind)
    assert plan.protected is not None  # noqa: S101  asked only where something is protected
    if whole:
        return cell.str.contains(f"^(?:{plan.protected})$")
    return _covered(cell, plan.protected, plan.delimiter)


def _plain_checks(widths: Widths, plan: Plan, whole: bool) -> list[pl.Expr]:
    """What a line must satisfy for protected patterns alone to explain its layout.

    A time in a column of times is what was to be expected. Anywhere else (`Acme 5/8/2018 12:00` in a text column may
    be two cells whose delimiter is lost) every strong cell has to fit besides.
    """
    checks: list[pl.Expr] = []
    usual = all(kind in TIME_TYPES for width, kind in zip(widths, plan.types, strict=True) if width > 1)
    for i, (at, width, kind) in enumerate(zip(_offsets(widths), widths, plan.types, strict=True)):
        cell = _cell(at, width, plan.delimiter)
        if width > 1:
            checks.append(_explained(cell, kind, plan, whole))
        elif not usual and i in plan.strong:
            checks.append(fits(cell, kind))
    return checks


def _plain(raw: pl.DataFrame, layouts: list[Widths], plan: Plan) -> tuple[Resolved, NDArray[np.bool_]]:
    """Lines that a layout explains by protected patterns alone; and which lines remain."""
    left = np.arange(raw.height)
    remaining = raw
    parts: list[tuple[NDArray[np.int64], Resolved]] = []
    if plan.protected is not None:
        # Cells that are a protected text as a whole go before cells that only contain some.
        for widths, whole in ((w, whole) for whole in (True, False) for w in layouts):
            if not len(left):
                break
            mask = remaining.select(pl.all_horizontal(_plain_checks(widths, plan, whole))).to_series()
            hits = int(mask.sum())
            if not hits:
                continue
            chosen = remaining if hits == len(left) else remaining.filter(mask)
            cells = _cells(chosen, widths, plan)
            taken = mask.to_numpy()
            parts.append((left[taken], _check_shifts(chosen, cells, plan, widths)))
            left = left[~taken]
            if len(left):
                remaining = remaining.filter(~mask)
    rest = np.zeros(raw.height, np.bool_)
    rest[left] = True
    if len(parts) == 1 and not len(left):
        return parts[0][1], rest
    kept, reason = np.zeros(raw.height, np.bool_), np.zeros(raw.height, np.uint8)
    for lines, part in parts:
        kept[lines], reason[lines] = part.kept, part.reason
    cells = in_order([part.cells for _, part in parts], [lines[part.kept] for lines, part in parts], plan)
    return Resolved(cells, kept, reason), rest


def _check_shifts(
    raw: pl.DataFrame, cells: pl.DataFrame, plan: Plan, widths: Widths | None = None
) -> Resolved:
    """Accept lines with the right number of cells, unless their cells look moved by a place.

    A cell that does not fit its column is only a bad cell. It is a sign of a shift when a second one does not
    fit either, when the next cell to the left or right would fit and does not belong where it stands, or when a
    number or an address stands where words belong.
    """
    height = cells.height
    kept, reason = np.ones(height, np.bool_), np.zeros(height, np.uint8)
    if not plan.strong:
        return Resolved(cells, kept, reason)
    known = {i for i, width in enumerate(widths or ()) if width > 1 and plan.types[i] in TIME_TYPES}
    checked = [
        Checked(plan.names[i], plan.types[i], plan.known.get(i)) for i in plan.strong if i not in known
    ]
    wrong = misfits(cells, checked)
    suspects = np.flatnonzero(wrong)
    if not len(suspects):
        return Resolved(cells, kept, reason)
    shifted = cells[suspects].select(_moved(plan) | pl.Series(wrong[suspects] > 1)).to_series()
    moved = suspects[shifted.to_numpy()]
    if not len(moved):
        return Resolved(cells, kept, reason)
    kept[moved], reason[moved] = False, SHIFTED
    return Resolved(cells.filter(pl.Series(kept)), kept, reason)


def _glued(known: pl.Series | None) -> str | None:
    """Pattern of a known cell with something stuck to it (`Quintamale`), for columns of few different cells."""
    words = (
        [re.escape(word) for word in known if len(word) > 2]
        if known is not None and len(known) <= FEW
        else []
    )
    return f"^(?:{'|'.join(words)}).|.(?:{'|'.join(words)})$" if words else None


def _moved(plan: Plan) -> pl.Expr:
    signs: list[pl.Expr] = [pl.lit(False)]
    for i in plan.strong:
        misfit = ~fits(pl.col(plan.names[i]), plan.types[i])
        if (glued := _glued(plan.known.get(i))) is not None:
            beside = [
                j for j in (i - 1, i, i + 1) if 0 <= j < len(plan.names) and (j == i or j not in plan.strong)
            ]
            signs.extend(misfit & pl.col(plan.names[j]).str.contains(glued) for j in beside)
        for j in (i - 1, i + 1):
            if not 0 <= j < len(plan.names):
                continue
            neighbour = pl.col(plan.names[j])
            would_fit = (neighbour != "") & fits(neighbour, plan.types[i])
            out_of_place = ~fits(neighbour, plan.types[j]) if j in plan.strong else pl.lit(True)
            signs.append(misfit & would_fit & out_of_place)
    # Beside a cell that does not fit, a number or an address where only words belong is another sign.
    for name, kind in zip(plan.names, plan.types, strict=True):
        if kind in WORD_TYPES:
            signs.append(pl.col(name).str.contains(INTRUDER))
    return pl.any_horizontal(signs)


def _repaired(raw: pl.DataFrame, layouts: list[Widths], plan: Plan) -> Resolved:
    """Join stray delimiters back into text cells, where exactly one layout lets all strong cells fit."""
    text = [i for i in range(len(plan.names)) if i not in plan.strong and recogniser(plan.types[i]) is None]
    chosen = np.full(raw.height, -1, np.int64)
    fitting = np.zeros(raw.height, np.int64)
    solid = np.zeros(raw.height, np.bool_)
    tried: list[Widths] = []
    # A delimiter in the query of a URL is no stray one: that explanation is preferred where it holds.
    for queries in (True, False):
        undecided = fitting == 0
        for widths in layouts:
            checks = _repair_checks(widths, text, plan, queries)
            if checks is None:
                continue
            masks = raw.select(
                fits=pl.all_horizontal(pl.repeat(True, pl.len()), *checks),
                solid=pl.all_horizontal(pl.repeat(True, pl.len()), *_pieces(widths, plan)),
            )
            fitted = masks["fits"].to_numpy() & undecided
            solid[fitted] = masks["solid"].to_numpy()[fitted]
            chosen[fitted] = len(tried)
            fitting += fitted
            tried.append(widths)
    kept = (fitting == 1) & solid
    reason = np.where(kept, 1, np.where(fitting > 0, AMBIGUOUS, TOO_MANY)).astype(np.uint8)
    frames: list[pl.DataFrame] = []
    places: list[NDArray[np.int64]] = []
    for number in np.unique(chosen[kept]).tolist():
        mine = kept & (chosen == number)
        frames.append(_cells(raw.filter(pl.Series(mine)), tried[number], plan))
        places.append(np.flatnonzero(mine))
    return Resolved(in_order(frames, places, plan), kept, reason)


def _pieces(widths: Widths, plan: Plan) -> list[pl.Expr]:
    """That no joined piece is empty: else the stray delimiter could as well belong to the neighbouring cell.

    A password alone may begin and end with anything.
    """
    return [
        pl.col(str(at + piece)) != ""
        for at, width, kind in zip(_offsets(widths), widths, plan.types, strict=True)
        if width > 1 and kind is not FieldType.PASSWORD
        for piece in range(width)
    ]


def _repair_checks(widths: Widths, text: list[int], plan: Plan, queries: bool) -> list[pl.Expr] | None:
    """What a line must satisfy for this layout to explain it; None when the layout explains nothing.

    Args:
        widths: the layout.
        text: columns in which any text can stand.
        plan: the grammar's plan.
        queries: whether the extra delimiters are to lie in queries of URLs, rather than in text.
    """
    checks: list[pl.Expr] = []
    strays = 0
    for i, (at, width) in enumerate(zip(_offsets(widths), widths, strict=True)):
        cell = _cell(at, width, plan.delimiter)
        if i in plan.strong:
            checks.append(fits(cell, plan.types[i]))
        if width == 1:
            continue
        if queries and plan.types[i] in URL_TYPES:
            strays += 1
            checks.append(cell.str.contains(r"^\S+\?\S*$"))
        elif not queries and i in text:
            strays += 1
            if plan.types[i] is not FieldType.PASSWORD:
                # A text that holds a date, a number or an address has swallowed other columns.
                checks.append(~cell.str.contains(DATED))
                checks.extend(~pl.col(str(at + piece)).str.contains(INTRUDER) for piece in range(width))
        elif plan.protected is not None:
            checks.append(_explained(cell, plan.types[i], plan))
        else:
            return None
    return checks if strays else None
