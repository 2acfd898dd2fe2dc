"""How well a way to cut explains the lines of a sample: even cuts, and cells that are something."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import polars as pl

from floodmark.dumps.candidates import Candidate, sample_rows
from floodmark.dumps.cell_patterns import patterned
from floodmark.dumps.columns import infer_each
from floodmark.dumps.grammar import Column
from floodmark.identifiers import FieldType
from floodmark.identifiers.recognise import recogniser

MAX_COLUMNS = 10_000
SCORED = 200  # columns by which ways to cut are compared
# How much of a cell a type explains, for comparing ways to cut: checkable types explain most.
PLAIN_TEXT_STRENGTH = 0.45
UNKNOWN_STRENGTH = 0.12
LINE_STRENGTH = 0.06
PATTERN_STRENGTH = 0.1
LOOKED_AT = 50
WRITTEN = ",;\t|"  # what tables are written with, where a blank may as well stand between two words
BLANK_BESIDES = 0.5


def scores(ways: Sequence[Candidate], body: list[str], rivalled: bool) -> list[float]:
    """How well each way to cut explains the lines: even cuts, and cells that are something.

    Args:
        ways: ways to cut.
        body: lines of the sample.
        rivalled: whether some delimiter cuts nearly all lines into the same number of cells.
    """
    rows = [sample_rows(body[:300], way) if way.columns <= MAX_COLUMNS else [] for way in ways]
    rows = [[*some, *some] if len(some) < 2 else some for some in rows]
    # The first line may be a header, so it is left out; what columns are called is for the winner to ask.
    columns = infer_each([_frame([row[:SCORED] for row in some[1:]]) for some in rows])
    return [
        _score(way, some, found, rivalled, _is_blank_besides(way, ways))
        for way, some, found in zip(ways, rows, columns, strict=True)
    ]


def _is_blank_besides(way: Candidate, ways: Sequence[Candidate]) -> bool:
    """Whether this cuts at blanks what another delimiter cuts as evenly into as many cells: `07700 900123;17`."""
    return way.delimiter == " " and any(
        other.delimiter in WRITTEN and other.columns >= way.columns and other.consistency >= way.consistency
        for other in ways
        if other.delimiter
    )


def _score(
    candidate: Candidate,
    rows: list[list[str]],
    columns: tuple[Column, ...],
    rivalled: bool,
    blank_besides: bool,
) -> float:
    if candidate.columns > MAX_COLUMNS:
        return candidate.consistency * 100
    if not rows:
        return 0.0
    if candidate.columns == 1:
        # A whole line is one cell only where it is something that can be checked: any line is some text.
        only = columns[0]
        if recogniser(only.type) is None:
            return LINE_STRENGTH + PATTERN_STRENGTH * patterned(row[0] for row in rows[:LOOKED_AT])
        # Where a delimiter cuts as evenly, a line that passes for one long address or hash is likely a record.
        return (_strength(only, rows) + 0.08) * (0.5 if rivalled else 1.0)
    meant = float(np.mean([_strength(column, rows) for column in columns]))
    return (
        candidate.consistency**2
        * _likely(candidate, rows)
        * (BLANK_BESIDES if blank_besides else 1.0)
        * (meant + 0.08 * math.log2(1 + min(candidate.columns, 30)))
    )


def _likely(candidate: Candidate, rows: list[list[str]]) -> float:
    """How likely such cells are, whatever they mean: tabs are hardly ever text, and blanks nearly always are."""
    few = rows[:LOOKED_AT]
    tabs = sum(any("\t" in cell.strip() for cell in row) for row in few) / len(few)
    words = 1 - patterned(cell for row in few for cell in row) if candidate.delimiter == " " else 0.0
    return (1 - 0.9 * tabs) * (1 - 0.7 * words)


def _frame(rows: list[list[str]]) -> pl.DataFrame:
    width = len(rows[0]) if rows else 0
    return pl.DataFrame(rows, schema={f"c{i}": pl.String for i in range(width)}, orient="row")


def _strength(column: Column, rows: list[list[str]]) -> float:
    """How much a type explains of a column; one of no type, that its cells are numbers or dates all the same."""
    if column.type is FieldType.UNKNOWN:
        return UNKNOWN_STRENGTH + PATTERN_STRENGTH * patterned(row[column.index] for row in rows[:LOOKED_AT])
    return column.confidence * (1.0 if recogniser(column.type) is not None else PLAIN_TEXT_STRENGTH)
