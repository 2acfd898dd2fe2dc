"""Tables as CSV files that a spreadsheet opens without running anything.

>>> cell("=SUM(A1)"), cell("ordinary"), cell(None), cell(7)
("'=SUM(A1)", 'ordinary', '', '7')
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from floodmark.files import OutputFailed, write_atomic
from floodmark.reports.labels import plain

LONGEST_CELL = 500
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
Row = Sequence[Any]


def write_tables(tables: Mapping[str, Sequence[Row]], folder: Path) -> list[Path]:
    """Write every table into `folder`, which is made when missing; each file appears whole or not at all.

    Args:
        tables: rows by name, the header first.
        folder: where to; a table's file is its name with `.csv`.

    Returns:
        The files, in the order of `tables`.

    Raises:
        OutputFailed: the folder or a file cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputFailed(f"The folder {folder.name} could not be made: {error.strerror}.") from error
    written = []
    for name, rows in tables.items():
        path = folder / f"{name}.csv"
        write_atomic(path, text_of(rows).encode())
        written.append(path)
    return written


def text_of(rows: Sequence[Row]) -> str:
    """Rows as CSV text (RFC 4180: commas, doubled quotes, CRLF)."""
    out = io.StringIO()
    csv.writer(out).writerows([cell(value) for value in row] for row in rows)
    return out.getvalue()


def cell(value: object) -> str:
    """One cell as text: no control characters, and an apostrophe before what a spreadsheet would run.

    A start that only white space hides (a tab before `=`) counts as the start; numbers of ours never begin
    with a sign.
    """
    if value is None:
        return ""
    raw = str(value)
    shown = plain(raw, LONGEST_CELL)
    return f"'{shown}" if raw.startswith(_FORMULA_STARTS) or shown.startswith(_FORMULA_STARTS) else shown
