"""What the first record of a table is like: whether its cells are names of columns, or data.

>>> found = header_evidence(["Telefon", "E-Mail", "", "zzz"])
>>> found.cells, found.filled, found.exact, found.roughly, found.data
(4, 3, 2, 0, 0)
>>> header_evidence(["+447700900123", "ada@example.org"]).data
2
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from floodmark.dumps import headers
from floodmark.identifiers import FieldType
from floodmark.identifiers.recognise import recogniser

DATA = (FieldType.EMAIL, FieldType.PHONE, FieldType.BIRTH_DATE, FieldType.IP_ADDRESS, FieldType.URL)


@dataclass(frozen=True)
class HeaderEvidence:
    """Cells of the first record, counted.

    Attributes:
        cells: all.
        filled: not empty.
        exact: names of columns that are known exactly, in one of ten languages.
        roughly: names of which some words are known.
        data: what no column is called: addresses, numbers, dates.
    """

    cells: int
    filled: int
    exact: int
    roughly: int
    data: int


def header_evidence(first: Sequence[str]) -> HeaderEvidence:
    """Count the cells of a first record.

    Args:
        first: its cells.
    """
    filled = [cell.strip() for cell in first if cell.strip()]
    meanings = headers.meanings(filled)
    exact = sum(meaning.confidence >= headers.EXACT for meaning in meanings)
    known = sum(meaning is not headers.NOTHING for meaning in meanings)
    return HeaderEvidence(len(first), len(filled), exact, known - exact, _data(filled))


def _data(cells: list[str]) -> int:
    if not cells:
        return 0
    checks = [check(pl.col("cell")).fill_null(False) for kind in DATA if (check := recogniser(kind))]
    digits = pl.col("cell").str.contains(r"^\d+$")
    return int(pl.DataFrame({"cell": cells}).select(pl.any_horizontal(digits, *checks).sum()).item())
