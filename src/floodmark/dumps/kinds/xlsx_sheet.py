"""A sheet's XML to its filled cells: by column expressions as long as it is of the plain form, else tag by tag."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.dumps.chunks import LINE_LIMIT
from floodmark.dumps.kinds.xlsx_cells import (
    LAST_COLUMN,
    MOST_CELLS,
    MOST_ROWS,
    TOO_LONG,
    Cells,
    joined,
    kind_of,
    style_of,
)
from floodmark.dumps.kinds.xlsx_events import by_events
from floodmark.dumps.kinds.xlsx_package import Read
from floodmark.dumps.kinds.xlsx_part import DamagedPart
from floodmark.dumps.kinds.xlsx_stretches import stretches
from floodmark.dumps.kinds.xlsx_tokens import Tokens, attributes_of, follow, plain_texts, tokens

LONGEST_TAG_END = 200
TAGS = "row row/ /row c c/ /c v v/ /v is /is t t/ /t f f/ /f".split()
CODES = {tag: code for code, tag in enumerate(TAGS)}
_AFTER = {
    "row": "c c/ /row",
    "row/": "row row/",
    "/row": "row row/",
    "c": "v v/ is f f/ /c",
    "c/": "c c/ /row",
    "/c": "c c/ /row",
    "v": "/v",
    "v/": "/c",
    "/v": "/c",
    "is": "t t/ /is",
    "/is": "/c",
    "t": "/t",
    "t/": "/is",
    "/t": "/is",
    "f": "/f",
    "f/": "v v/ /c",
    "/f": "v v/ /c",
}
ALLOWED = np.array([[after in _AFTER[before].split() for after in TAGS] for before in TAGS])


def blocks(read: Read) -> Iterator[Cells]:
    """The filled cells of a sheet, in blocks of about 50,000 rows; nothing is raised for damage.

    Args:
        read: reads the sheet's part.

    Raises:
        LimitExceeded: it unpacks to far more than a sheet does.
    """
    held: list[Cells] = []
    for part in _pieces(read):
        held.append(part)
        if (
            sum(each.height for each in held) >= MOST_ROWS
            or sum(len(each.rows) for each in held) >= MOST_CELLS
        ):
            yield joined(held)
            held = []
    if held:
        yield joined(held)


def _pieces(read: Read) -> Iterator[Cells]:
    try:
        for stretch in stretches(read, b"sheetData", b"row"):
            cells = cells_of(stretch.data) if stretch.data else None
            if cells is None:
                yield from by_events(stretch.again)
                return
            yield cells
    except DamagedPart:
        yield Cells(*_nothing(), 0, whole=False)


def cells_of(data: bytes) -> Cells | None:
    """Filled cells of whole rows; None where they are not of the plain form.

    Args:
        data: XML from a `<row>` to a `</row>`.

    Examples:
        >>> found = cells_of(b'<row r="1"><c r="A1" t="s"><v>0</v></c><c r="AB1"><v>1.5</v></c></row>')
        >>> found.columns.tolist(), found.values.to_list(), found.height
        ([0, 27], ['0', '1.5'], 1)
    """
    found = tokens(data.lstrip(), CODES)
    if found is None or not follow(found.codes, ALLOWED):
        return None
    codes = found.codes
    if codes[0] not in (CODES["row"], CODES["row/"]) or codes[-1] not in (CODES["/row"], CODES["row/"]):
        return None
    opened = (codes == CODES["row"]) | (codes == CODES["row/"])
    starting = (codes == CODES["c"]) | (codes == CODES["c/"])
    told = np.flatnonzero((codes == CODES["v"]) | (codes == CODES["t"]))
    texts = plain_texts(found.texts.gather(told))
    lengths = texts.str.len_bytes().to_numpy()
    told, texts = told[lengths > 0], texts.filter(pl.Series(lengths > 0))
    # The tag of the cell that each text is in.
    cell = np.flatnonzero(starting)[np.cumsum(starting)[told] - 1]
    columns = _columns(found, cell)
    said = _said(found, cell)
    if columns is None or said is None:
        return None
    kinds, styles = said
    long = lengths[lengths > 0] > LINE_LIMIT
    kinds[long] = TOO_LONG
    texts = texts.set(pl.Series(long), "") if long.any() else texts
    rows = np.cumsum(opened)[told] - 1
    return Cells(rows, columns, kinds, styles, texts, int(opened.sum()))


def _columns(found: Tokens, cell: NDArray[np.int64]) -> NDArray[np.int64] | None:
    """Columns by the references in the tags, which all begin with `c r="` and one to three capitals."""
    at = found.starts[cell]
    data, last = found.data, len(found.data) - 1
    for place, letter in enumerate(b'<c r="'):
        if not (data[np.minimum(at + place, last)] == letter).all():
            return None
    columns = np.zeros(len(at), np.int64)
    going = np.ones(len(at), np.bool_)
    for place in range(6, 9):
        number = data[np.minimum(at + place, last)].astype(np.int64) - 64
        going &= (number >= 1) & (number <= 26)
        columns = np.where(going, columns * 26 + number, columns)
    following = data[np.minimum(at + 9, last)]
    if (columns == 0).any() or (going & ((following < 48) | (following > 57))).any():
        return None
    return np.minimum(columns - 1, LAST_COLUMN)


def _said(found: Tokens, cell: NDArray[np.int64]) -> tuple[NDArray[np.uint8], NDArray[np.int64]] | None:
    """Kind and style of cells, by what their tags say after the reference."""
    ends = found.tags.gather(cell).str.replace(r'^c r="[A-Z]{1,3}[0-9]{1,7}"', "")
    known: dict[str, tuple[int, int]] = {}
    for end in ends.unique().to_list():
        attributes = attributes_of(end[:LONGEST_TAG_END])
        if attributes is None or "r" in attributes or len(known) > 70_000:
            return None
        known[end] = kind_of(attributes.get("t", "n")), style_of(attributes.get("s", "0"))
    if not known:
        return np.zeros(0, np.uint8), np.zeros(0, np.int64)
    kinds = ends.replace_strict({end: kind for end, (kind, _) in known.items()}, return_dtype=pl.UInt8)
    styles = ends.replace_strict({end: style for end, (_, style) in known.items()}, return_dtype=pl.Int64)
    return kinds.to_numpy().copy(), styles.to_numpy()


def _nothing() -> tuple[
    NDArray[np.int64], NDArray[np.int64], NDArray[np.uint8], NDArray[np.int64], pl.Series
]:
    none = np.zeros(0, np.int64)
    return none, none, np.zeros(0, np.uint8), none, pl.Series(dtype=pl.String)
