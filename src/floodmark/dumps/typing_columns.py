"""From a sample's cells to typed, named columns: the same for every kind of record."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from floodmark.dumps.asides import NO_ASIDES, Asides
from floodmark.dumps.columns import infer_columns
from floodmark.dumps.confidence import calibrated_column
from floodmark.dumps.fits import Checked, known_cells, misfits
from floodmark.dumps.grammar import Column, Grammar
from floodmark.dumps.overrides import Overrides
from floodmark.dumps.plan import Plan
from floodmark.identifiers import FieldType
from floodmark.identifiers.recognise import recogniser

# A header cell that could be an identifier is not repeated as a name.
REVEALING = re.compile(r"@|\d{5}")
STRONG_SHARE = 0.95
MOSTLY_WHOLE = 0.7


@dataclass(frozen=True)
class Inferred:
    """A grammar, and what else the sample shows that makes reading sure and fast.

    Attributes:
        grammar: the grammar.
        strong: columns whose cells nearly always fit their type, with the cells known to fit (`Plan.known`).
        times: times of day that nearly all dated cells share (`Plan.times`).
        keys: for JSON Lines, the keys of the columns, which may be called otherwise.
        asides: lines that are no records (`Plan.asides`).
        pads: whether empty cells at the end of a line are left out.
    """

    grammar: Grammar
    strong: dict[int, pl.Series | None]
    times: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    asides: Asides = NO_ASIDES
    pads: bool = False

    @property
    def plan(self) -> Plan:
        """The plan by which the file is split."""
        return Plan.of(self.grammar, self.strong, self.times, self.asides, self.pads)


def typed(grammar: Grammar, cells: pl.DataFrame, names: list[str] | None, given: Overrides) -> Inferred:
    """The grammar with its columns typed and named; and its strong columns."""
    columns = list(infer_columns(cells, names))
    whole = _unshifted(cells, columns)
    if whole.height < cells.height:
        cells = whole
        columns = list(infer_columns(cells, names))
    columns = [calibrated_column(column) for column in columns]
    stated = given.columns or ()
    for i, name in enumerate(stated[: len(columns)]):
        if name.upper() in FieldType.__members__:
            columns[i] = replace(columns[i], type=FieldType[name.upper()], confidence=1.0, alternatives=())
    if names and grammar.header and any(REVEALING.search(name) for name in names):
        # A record taken for a header: none of its cells may become a name.
        names = [""] * len(names)
    wanted = [
        stated[i] if i < len(stated) else (names[i] if names else column.type.label)
        for i, column in enumerate(columns)
    ]
    named = [
        replace(c, index=i, name=name)
        for i, (c, name) in enumerate(zip(columns, _unique(wanted), strict=True))
    ]
    by_name = given.types_of(grammar.table)
    named = [
        replace(c, type=by_name[c.name], confidence=1.0, alternatives=()) if c.name in by_name else c
        for c in named
    ]
    grammar = replace(grammar, columns=tuple(named))
    strong = _strong(cells, grammar.columns)
    return Inferred(grammar, {i: known_cells(cells.to_series(i), grammar.columns[i].type) for i in strong})


def labels(columns: tuple[str, ...]) -> bool:
    """Whether columns are stated by labels of types rather than by names."""
    return all(name.upper() in FieldType.__members__ for name in columns)


def _unshifted(cells: pl.DataFrame, columns: list[Column]) -> pl.DataFrame:
    """The sample without the lines of which two cells or more do not fit their columns: damage, not examples."""
    strong = _strong(cells, columns)
    checked = [Checked(cells.columns[i], columns[i].type) for i in strong]
    good = misfits(cells, checked) < 2
    return cells.filter(pl.Series(good)) if good.sum() >= MOSTLY_WHOLE * cells.height else cells


def _unique(names: list[str]) -> list[str]:
    """Names made usable: no controls, none that could be an identifier, not too long, none twice."""
    seen: dict[str, int] = {}
    result: list[str] = []
    for i, name in enumerate(names):
        clean = "".join(c for c in name.strip() if c.isprintable())[:80]
        if not clean or REVEALING.search(clean):
            clean = f"column_{i + 1}"
        while clean in seen:
            seen[clean] += 1
            clean = f"{clean}_{seen[clean]}"
        seen[clean] = 1
        result.append(clean)
    return result


def _strong(cells: pl.DataFrame, columns: Sequence[Column]) -> list[int]:
    """Columns whose non-empty cells fit their type at least 95 times of a hundred in the sample."""
    strong: list[int] = []
    for column, name in zip(columns, cells.columns, strict=True):
        check = recogniser(column.type)
        if check is None:
            continue
        filled = cells.select(name).filter(pl.col(name) != "")
        if not filled.height:
            continue
        wrong = filled.height - int(filled.select(check(pl.col(name)).fill_null(False).sum()).item())
        # One cell in a small sample may be the damaged line itself.
        if wrong <= max((1 - STRONG_SHARE) * filled.height, min(1, filled.height // 6)):
            strong.append(column.index)
    return strong
