"""The texts that a workbook's cells share, and how texts are written in its XML."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import polars as pl

from floodmark.dumps.chunks import LINE_LIMIT
from floodmark.dumps.kinds.xlsx_package import Read
from floodmark.dumps.kinds.xlsx_stretches import stretches
from floodmark.dumps.kinds.xlsx_tokens import follow, plain_texts, tokens
from floodmark.dumps.kinds.xlsx_xml import Attributes, Scan
from floodmark.errors import LimitExceeded

MOST_TEXTS = 1 << 25
MOST_BYTES = 1 << 29
TOGETHER = 1 << 16
SIZE_TOGETHER = 1 << 24
CODES = {"si": 0, "/si": 1, "t": 2, "t/": 3, "/t": 4}
_AFTER = ([2, 3], [0], [4], [1], [1])
ALLOWED = np.array([[code in after for code in range(5)] for after in _AFTER])
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
    found = [pl.Series(dtype=pl.String)]
    count = size = 0
    for texts in _by_stretches(read):
        count, size = count + texts.len(), size + int(texts.str.len_bytes().sum())
        if size > MOST_BYTES or count > MOST_TEXTS:
            raise LimitExceeded(
                "The texts of this workbook are more than memory should hold",
                "It may be made to fill it; if you trust it, save its sheets as CSV.",
            )
        found.append(unescaped(texts))
    return pl.concat(found)


def _by_stretches(read: Read) -> Iterator[pl.Series]:
    for stretch in stretches(read, b"sst", b"si"):
        texts = texts_of(stretch.data) if stretch.data else None
        if texts is None:
            yield from _by_events(stretch.again)
            return
        yield texts


def texts_of(data: bytes) -> pl.Series | None:
    """Texts of whole `si` elements; None where they are not of the plain form.

    Examples:
        >>> texts_of(b"<si><t>Ada</t></si><si><t/></si><si><t xml:space='preserve'> B</t></si>").to_list()
        ['Ada', '', ' B']
    """
    found = tokens(data.lstrip(), CODES)
    if found is None or not follow(found.codes, ALLOWED) or found.codes[0] != 0 or found.codes[-1] != 1:
        return None
    told = found.codes[(found.codes == CODES["t"]) | (found.codes == CODES["t/"])]
    texts = plain_texts(found.texts.filter(pl.Series(np.isin(found.codes, [CODES["t"], CODES["t/"]]))))
    if texts.len() != int((found.codes == 0).sum()):
        return None
    # What follows an empty `t` is outside it.
    texts = texts.set(pl.Series(told == CODES["t/"]), "")
    long = texts.str.len_bytes() > LINE_LIMIT
    return texts.set(long, None) if long.any() else texts


def _by_events(read: Read) -> Iterator[pl.Series]:
    """Texts in the order of the part, tag by tag."""
    texts = _Texts()
    scan = Scan(read, texts.start, texts.end, texts.text)
    while scan.step():
        if texts.many:
            yield texts.taken()
    yield texts.taken()


def unescaped(cells: pl.Series) -> pl.Series:
    r"""Texts whose escaped characters (`_x000D_`, ECMA-376 part 1, 22.9.2.19) are themselves again.

    Controls that no text has, and halves of characters, stay escaped.

    Examples:
        >>> unescaped(pl.Series(["one_x000A_two", "_x005F_x000A_", "_x0000_"])).to_list()
        ['one\ntwo', '_x000A_', '_x0000_']
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
    """Collects texts as the XML goes by."""

    def __init__(self) -> None:
        self._texts: list[str | None] = []
        self._parts: list[str] = []
        self._length = self._size = 0
        self._said = self._aside = False

    @property
    def many(self) -> bool:
        return len(self._texts) >= TOGETHER or self._size >= SIZE_TOGETHER

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
            self._size += len(text or "")

    def taken(self) -> pl.Series:
        """What was collected since it was last asked for."""
        texts, self._texts, self._size = self._texts, [], 0
        return pl.Series(texts, dtype=pl.String)
