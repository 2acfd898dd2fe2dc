"""Which columns of a watch file hold entries, and whether its first line names the columns.

A choice made by hand (`NAME`, `NUMBER`, either with `=kind`) stands. Otherwise every column is taken whose cells are
mostly addresses, telephone numbers, domains or prefixes. Any word is a user name, and customers have numbers of their
own, so those two are read where a kind or a heading says so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import polars as pl

from floodmark.dumps.headers import EXACT, Meaning, meanings
from floodmark.errors import UsageError
from floodmark.exposure.canonical import EntryKind, canonical, kinds_of
from floodmark.exposure.watch_rows import Rows
from floodmark.identifiers import FieldType

Reading = Literal["any", "phone", "email", "profile_id", "username", "domain", "prefix"]
MOSTLY = 0.5
LEAST_ID_DIGITS = 9
MOST_COLUMNS = 200
_BY_HEADING: dict[FieldType, Reading] = {
    FieldType.PROFILE_ID: "profile_id",
    FieldType.USERNAME: "username",
}
# With a region, most numbers of eight digits are a telephone number of somebody: it takes a sign that one is meant.
_SURELY_PHONE = r"^[+(0]|\d[ ()./-]+\d|^\d{10,}$"
_DATE = r"^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:\D|$)"
# What no heading has: an entry that is not a good one is a bad row, not a heading.
_DATA = re.compile(r"@|\d{4}|\d[\s().-]*\d[\s().-]*\d[\s().-]*\d|\*$")
# Headings that are believed whatever the cells are, so that a forgotten --region shows as bad rows.
_SURE_TYPES = (FieldType.PHONE, FieldType.EMAIL)
# Headings that do not speak against a column of identifiers or domains.
_OPEN_TYPES = (
    FieldType.UNKNOWN,
    FieldType.PHONE,
    FieldType.EMAIL,
    FieldType.URL,
    FieldType.PROFILE_ID,
    FieldType.USERNAME,
)


@dataclass(frozen=True)
class Wish:
    """A column as it was asked for: its heading or number, and what it is to be read as if that was said."""

    column: str
    kind: EntryKind | None = None

    @property
    def is_number(self) -> bool:
        """Whether the column is named by its number."""
        return self.column.isascii() and self.column.isdigit()

    @classmethod
    def parse(cls, text: str) -> Wish:
        """From `NAME`, `NUMBER`, `NAME=kind` or `NUMBER=kind`.

        Raises:
            UsageError: no such kind, or no column is named.

        Examples:
            >>> Wish.parse("2=phone"), Wish.parse("E-Mail")
            (Wish(column='2', kind='phone'), Wish(column='E-Mail', kind=None))
        """
        column, sign, kind = text.rpartition("=")
        if not sign:
            column, kind = text, ""
        kind = kind.strip().replace("-", "_")
        kinds = get_args(EntryKind)
        if sign and kind not in kinds:
            raise UsageError("A column cannot be read as that", f"Kinds are {', '.join(kinds)}.")
        if not column.strip():
            raise UsageError(
                "A column is named by its heading or its number", "For example --column 2=phone."
            )
        return cls(column.strip(), kind if sign else None)  # type: ignore[arg-type]


@dataclass(frozen=True)
class WatchColumn:
    """A column that is read.

    Attributes:
        index: its place, from 0.
        reads: what its cells are read as; `any` where each cell says itself what it is.
        heading: what it is called, where that is a known heading or was given by hand; else empty.
    """

    index: int
    reads: Reading
    heading: str = ""


def choose(rows: Rows, wishes: Sequence[Wish], region: str | None) -> tuple[bool, tuple[WatchColumn, ...]]:
    """Columns to read, none where there is nothing to read, and whether the first row is a header.

    Args:
        rows: first records of the file, none blank.
        wishes: columns asked for; none to find them.
        region: country of national phone numbers.

    Raises:
        UsageError: a column that was asked for does not exist, or none was and none was found.
    """
    width = min(int(rows.widths.max()), MOST_COLUMNS)
    first = [cell.strip() for cell in rows.record(0)][:MOST_COLUMNS]
    known = meanings(first)
    header = _is_header(first, known, rows, width, region)
    below = rows.only(slice(1, None)) if header else rows
    if wishes:
        columns = tuple(_wished(wish, first, known, width) for wish in wishes)
        by_name = any(not wish.is_number for wish in wishes)
        return header or by_name, columns
    names = known if header else []
    found = tuple(
        WatchColumn(index, reads, _heading(first, names, index))
        for index in range(width)
        if (reads := _reading(_cells(below, index), _at(names, index), region)) is not None
    )
    if not found and len(rows) == 1:
        return True, ()  # whatever a single line without an entry is, nothing stands below it
    if not found and width == 1:
        found = (WatchColumn(0, "any", _heading(first, names, 0)),)
    if not found:
        raise UsageError(
            "No column of the watch file is mostly addresses, phone numbers, domains or prefixes",
            "Name one with --column, for example --column 2=phone; --region helps with national numbers.",
        )
    return header, found


def _cells(rows: Rows, index: int) -> pl.Series:
    cells = rows.column(index).fill_null("").str.strip_chars()
    return cells.filter(cells != "")


def _at(names: list[Meaning], index: int) -> Meaning | None:
    return names[index] if index < len(names) else None


def _heading(first: list[str], names: list[Meaning], index: int) -> str:
    """A heading that may be shown: one that is known, since any other text could be a person's."""
    meaning = _at(names, index)
    return first[index] if meaning is not None and meaning.confidence else ""


def _is_header(first: list[str], known: list[Meaning], rows: Rows, width: int, region: str | None) -> bool:
    if any(_looks_like(pl.Series([cell]), region) for cell in first if cell) or not any(first):
        return False
    if any(meaning.confidence for meaning in known):
        return True
    if any(_DATA.search(cell) for cell in first if cell):
        return False
    below = rows.only(slice(1, None))
    return any(_reading(_cells(below, index), None, region) for index in range(width))


def _looks_like(cells: pl.Series, region: str | None) -> float:
    """Share of cells that are an address, a domain, a prefix, or a phone number beyond doubt."""
    if not cells.len():
        return 0.0
    kinds = kinds_of(cells)
    good = 0
    for kind in kinds.unique().to_list():
        part = cells.filter(kinds == kind)
        if kind == "phone":
            part = part.filter(part.str.contains(_SURELY_PHONE) & ~part.str.contains(_DATE))
        good += part.len() - canonical(kind, part, region).null_count()
    return good / cells.len()


def _reading(cells: pl.Series, meaning: Meaning | None, region: str | None) -> Reading | None:
    """What a column is read as by itself; None where it is left alone."""
    if not cells.len():
        return None
    reads = None if meaning is None or meaning.confidence < EXACT else _BY_HEADING.get(meaning.type)
    if reads == "username":
        return reads if _valid_share("username", cells) > MOSTLY else None
    if reads == "profile_id":
        return reads if _long_ids(cells) else None
    if meaning is not None and meaning.confidence >= EXACT and meaning.type in _SURE_TYPES:
        return "any"
    if meaning is not None and meaning.type not in _OPEN_TYPES:
        return None
    return "any" if _looks_like(cells, region) > MOSTLY else None


def _valid_share(kind: EntryKind, cells: pl.Series) -> float:
    return 1 - canonical(kind, cells).null_count() / cells.len()


def _long_ids(cells: pl.Series) -> bool:
    """Whether cells are mostly numbers as long as a platform's, and not the 1, 2, 3 of somebody's own list."""
    digits = canonical("profile_id", cells)
    return int((digits.str.len_bytes() >= LEAST_ID_DIGITS).sum()) > MOSTLY * cells.len()


def _wished(wish: Wish, first: list[str], known: list[Meaning], width: int) -> WatchColumn:
    folded = [name.casefold() for name in first]
    if wish.is_number:
        index = int(wish.column[:9]) - 1
    elif wish.column.casefold() in folded:
        index = folded.index(wish.column.casefold())
    else:
        raise UsageError(
            "The file's first line has no such column",
            "Give the heading as it is, or the column's number.",
        )
    if not 0 <= index < width:
        raise UsageError(f"The file has {width} columns", "Columns are counted from 1.")
    meaning = _at(known, index)
    by_heading = _BY_HEADING.get(meaning.type, "any") if meaning is not None else "any"
    return WatchColumn(index, wish.kind or by_heading, "" if wish.is_number else wish.column)
