"""Workbooks (xlsx): every sheet a table, its rows as a person would have typed them.

Sheets are streamed; only the texts that their cells share are held in memory, up to a limit. A merged cell's value is
in its first cell, as in every export; of a formula the value that was saved is read.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import BinaryIO

import polars as pl

from floodmark.dumps.fates import Batch
from floodmark.dumps.grammar import RecordKind
from floodmark.dumps.kinds.shares import Shares
from floodmark.dumps.kinds.xlsx_formats import Format, formats
from floodmark.dumps.kinds.xlsx_package import SMALL_PART, Package, Sheet
from floodmark.dumps.kinds.xlsx_part import DamagedPart
from floodmark.dumps.kinds.xlsx_sheet import blocks
from floodmark.dumps.kinds.xlsx_strings import shared_strings
from floodmark.dumps.kinds.xlsx_table import SheetTable
from floodmark.dumps.kinds.xlsx_values import texts_of
from floodmark.dumps.kinds.xlsx_xml import DamagedXml
from floodmark.dumps.overrides import Overrides
from floodmark.errors import NothingToRead, UnreadableInput

LONGEST_NAME = 60
# A sheet's name that could be an identifier is not repeated.
REVEALING = re.compile(r"@|\d{5}")


class XlsxReader:
    """Reads a workbook.

    Args:
        given: what is known of it; header and preamble hold for every sheet.
    """

    name: RecordKind = "xlsx"

    def __init__(self, given: Overrides | None = None) -> None:
        self._given = given or Overrides()

    def batches(self, file: BinaryIO) -> Iterator[Batch]:
        """Records, as `kinds.kind.TableReader` says; the name of a hidden sheet ends with `(hidden)`."""
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
        package = Package(file, size)
        shared, styles = _shared(package)
        shares = Shares(size)
        last, damaged = None, 0
        for sheet, name in zip(package.sheets, labels(package.sheets), strict=True):
            table = SheetTable(name, self._given, shares)
            begun = package.gone_through
            try:
                read = package.open(sheet.part)
            except DamagedPart:
                damaged += 1
                continue
            for cells in blocks(read):
                texts = texts_of(cells, shared, styles, package.since_1904)
                for last in table.batches(cells, texts, package.gone_through):
                    yield last
                if not cells.whole:
                    package.pass_over(sheet.part, begun)
                    damaged += not table.begun
            if table.begun and not cells.whole:
                last = table.damaged(package.gone_through)
                yield last
        if last is None and damaged:
            raise UnreadableInput("The sheets of this workbook are damaged", "Get it again.")
        if last is None:
            raise NothingToRead("No sheet of this workbook has a filled cell")
        if shares.at < size or damaged:
            yield shares.rest(last, damaged)


def _shared(package: Package) -> tuple[pl.Series, tuple[Format, ...]]:
    """The texts that cells share, and the formats of their styles; none of either where it has none."""
    texts = pl.Series(dtype=pl.String)
    styles: tuple[Format, ...] = ()
    try:
        if package.has(package.strings):
            texts = shared_strings(package.open(package.strings))
        if package.has(package.styles):
            styles = formats(package.open(package.styles, SMALL_PART))
    except (DamagedPart, DamagedXml) as error:
        raise UnreadableInput(
            "The texts or styles of this workbook are damaged",
            "Get it again, or mend it in a spreadsheet program.",
        ) from error
    return texts, styles


def labels(sheets: list[Sheet]) -> list[str]:
    """Names of sheets made labels: printable, short, no two alike, none that could be an identifier.

    Examples:
        >>> labels([Sheet("People", "", False), Sheet("People", "", True), Sheet("a@b.example", "", False)])
        ['People', 'People (2) (hidden)', 'sheet 3']
    """
    seen: dict[str, int] = {}
    found = []
    for number, sheet in enumerate(sheets, 1):
        name = "".join(c for c in sheet.name if c.isprintable()).strip()[:LONGEST_NAME]
        name = f"sheet {number}" if not name or REVEALING.search(name) else name
        seen[name] = seen.get(name, 0) + 1
        name = name if seen[name] == 1 else f"{name} ({seen[name]})"
        found.append(f"{name} (hidden)" if sheet.hidden else name)
    return found
