"""The texts that a workbook's cells share, and how texts are written in its XML."""

from __future__ import annotations

import re

import polars as pl

from floodmark.dumps.chunks import LINE_LIMIT
from floodmark.dumps.kinds.xlsx_package import Read
from floodmark.dumps.kinds.xlsx_xml import Attributes, Scan
from floodmark.errors import LimitExceeded

MOST_TEXTS = 1 << 25
MOST_BYTES = 1 << 29
TOGETHER = 1 << 16
ESCAPED = r"_x[0-9A-Fa-f]{4}_"
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")


def shared_strings(read: Read) -> pl.Series:
    """The shared texts of a workbook, by index; null where one is longer than any cell.

    Args:
        read: reads the part that has them.

    Raises:
        LimitExceeded: they are more than memory should hold.
        DamagedXml: the part is not well-formed.
        DamagedPart: it cannot be unpacked.
    """
    texts = _Texts()
    scan = Scan(read, texts.start, texts.end, texts.text)
    while scan.step():
        texts.flush(TOGETHER)
    return texts.all()


def unescaped(cells: pl.Series) -> pl.Series:
    """Texts whose escaped characters (`_x000D_`, ECMA-376 part 1, 22.9.2.19) are themselves again.

    Controls that no text has, and halves of characters, stay escaped.

    Examples:
        >>> unescaped(pl.Series(["one_x000A_two", "_x005F_x000A_", "_x0000_"])).to_list()
        ['one\\ntwo', '_x000A_', '_x0000_']
    """
    where = cells.str.contains(ESCAPED).fill_null(False).arg_true()
    if not where.len():
        return cells
    few = [_ESCAPE.sub(_character, cell) for cell in cells.gather(where)]
    return cells.scatter(where, few)


def _character(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    plain = (code >= 32 or code in {9, 10, 13}) and not 0xD800 <= code <= 0xDFFF
    return chr(code) if plain else found[0]


class _Texts:
    def __init__(self) -> None:
        self._series: list[pl.Series] = [pl.Series(dtype=pl.String)]
        self._texts: list[str | None] = []
        self._parts: list[str] = []
        self._length = self._bytes = self._count = 0
        self._said = self._aside = False

    def start(self, name: str, _: Attributes) -> None:
        if name == "si":
            self._parts, self._length = [], 0
        elif name == "rPh":
            self._aside = True
        self._said = name == "t" and not self._aside

    def text(self, piece: str) -> None:
        if self._said:
            self._length += len(piece)
            if self._length <= LINE_LIMIT:
                self._parts.append(piece)

    def end(self, name: str) -> None:
        self._said = False
        if name == "rPh":
            self._aside = False
        if name == "si":
            text = "".join(self._parts) if self._length <= LINE_LIMIT else None
            self._texts.append(text)
            self._bytes += len(text or "")
            self._count += 1

    def flush(self, at: int) -> None:
        if len(self._texts) < at and self._bytes <= MOST_BYTES:
            return
        if self._bytes > MOST_BYTES or self._count > MOST_TEXTS:
            raise LimitExceeded(
                "The texts of this workbook are more than a workbook's rows can show",
                "It may be made to fill memory; if you trust it, save its sheets as CSV.",
            )
        self._series.append(unescaped(pl.Series(self._texts, dtype=pl.String)))
        self._texts = []

    def all(self) -> pl.Series:
        self.flush(0)
        return pl.concat(self._series)
