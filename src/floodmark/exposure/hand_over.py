"""Hand-over lists: who is to be told of what, each with a key of their own.

A CSV file with the columns `recipient,key,domains,prefixes`; several values in one cell are parted by semicolons, keys
and domains also by spaces. A space in a prefix belongs to the number: `+1 212` is one prefix. All of it is checked
before anything else is read: hours of work must not end at a mistyped key.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, TypeVar

import polars as pl

from floodmark.errors import UsageError
from floodmark.exposure.age_sealing import BadRecipient, Recipient, recipient
from floodmark.exposure.canonical import EntryKind, canonical
from floodmark.exposure.watch import WatchList
from floodmark.exposure.watch_rows import delimiter_of
from floodmark.exposure.watch_text import UNDECODABLE, WatchText

COLUMNS = ("recipient", "key", "domains", "prefixes")
MOST_LINES = 100_000
NAMED = 10
LONGEST_NAME = 60
_PARTED = re.compile(r"[\s;,]+")
_PREFIXES_PARTED = re.compile(r"[;,\r\n]+")
# Another beginning in what is to be one prefix: somebody parted two by a space.
_INTERNATIONAL = re.compile(r"(?!.+(?:\+|\s00))(?:\+|00)")
Value = TypeVar("Value", str, int)


class BadHandOver(UsageError):
    """A hand-over list that cannot be carried out as it stands; exit code 2."""

    slug: ClassVar[str] = "bad-hand-over"
    hint = "Columns are recipient,key,domains,prefixes; several values in one cell are parted by semicolons."


@dataclass(frozen=True)
class Constituent:
    """Somebody to be told.

    Attributes:
        name: as the list has it.
        file_name: the name as part of a file's name, different for every constituent.
        recipients: keys, any of which opens the file.
        domains: canonical, each once.
        prefixes: digits of international prefixes, each once.
    """

    name: str
    file_name: str
    recipients: tuple[Recipient, ...]
    domains: tuple[str, ...]
    prefixes: tuple[int, ...]


def read_hand_over(path: Path) -> list[Constituent]:
    """Read a hand-over list; it may be in any encoding, with commas, semicolons or tabs.

    Raises:
        BadHandOver: a row is not good; every bad line is counted and the first are named by number.
        NothingToRead: the file is missing or empty.
    """
    rows = _rows(path, _lines(path))
    found: list[Constituent] = []
    bad: list[str] = []
    taken: set[str] = set()
    named: dict[str, int] = {}
    for number, row in rows:
        name = unicodedata.normalize("NFC", " ".join(row.get("recipient", "").split()))
        try:
            found.append(_constituent(row, number, taken))
            if (first := named.setdefault(name, number)) != number:
                raise BadHandOver(f"the same recipient as on line {first}")
        except (BadHandOver, BadRecipient) as error:
            bad.append(f"line {number}: {error.message}")
    if bad:
        more = f"; and {len(bad) - NAMED} more lines" if len(bad) > NAMED else ""
        raise BadHandOver(f"{path.name} cannot be carried out: {'; '.join(bad[:NAMED])}{more}.")
    if not found:
        raise BadHandOver(f"{path.name} names nobody")
    return found


def watching(watch: WatchList, constituents: list[Constituent]) -> WatchList:
    """The watch list with the domains and prefixes of all constituents."""
    domains = pl.Series([name for one in constituents for name in one.domains], dtype=pl.String)
    prefixes = pl.Series([digits for one in constituents for digits in one.prefixes], dtype=pl.UInt64)
    return watch.joined("domain", domains).joined("prefix", prefixes)


def file_safe(name: str, taken: set[str], default: str) -> str:
    """A name of ASCII letters, digits, dots and hyphens that is in no case among `taken`, and is added to it.

    Examples:
        >>> names = set()
        >>> [file_safe(name, names, "recipient") for name in ("Ville de Liège", "ville-de-liege", "../../etc", "…")]
        ['Ville-de-Liege', 'ville-de-liege-2', 'etc', 'recipient']
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    safe = re.sub(r"[^A-Za-z0-9.]+", "-", plain).strip("-.")[:LONGEST_NAME].rstrip("-.") or default
    wanted, number = safe, 1
    while wanted.lower() in taken:
        number += 1
        wanted = f"{safe}-{number}"
    taken.add(wanted.lower())
    return wanted


def _lines(path: Path) -> list[str]:
    lines: list[str] = []
    with closing(WatchText(path).blocks()) as blocks:
        for block in blocks:
            lines.extend(block.lines.head(MOST_LINES + 1).to_list())
            if block.too_long:
                raise BadHandOver(f"{path.name} cannot be carried out: line {block.too_long[0]} is too long")
            if len(lines) > MOST_LINES:
                raise BadHandOver(f"{path.name} has more than {MOST_LINES:,} lines")
    return lines


def _rows(path: Path, lines: list[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows below the header as dictionaries, with the line that each ends on."""
    delimiter = delimiter_of(pl.Series(lines, dtype=pl.String)) or ","
    reader = csv.reader((f"{line}\n" for line in lines), delimiter=delimiter, strict=True)
    try:
        header = [cell.strip().casefold() for cell in next((row for row in reader if any(row)), [])]
        if missing := [name for name in COLUMNS[:2] if name not in header]:
            raise BadHandOver(f"{path.name} has no column {' and no column '.join(missing)}")
        if twice := [name for name in COLUMNS if header.count(name) > 1]:
            raise BadHandOver(
                f"{path.name} has more than one column {' and more than one column '.join(twice)}"
            )
        if not {"domains", "prefixes"} & set(header):
            raise BadHandOver(f"{path.name} has neither a column domains nor a column prefixes")
        for row in reader:
            if any(cell.strip() for cell in row):
                cells = row if len(row) <= len(header) else [UNDECODABLE]
                yield reader.line_num, dict(zip(header, (cell.strip() for cell in cells), strict=False))
    except csv.Error as error:
        raise BadHandOver(f"{path.name} has a quote out of place on line {reader.line_num}") from error


def _constituent(row: dict[str, str], number: int, taken: set[str]) -> Constituent:
    if any(UNDECODABLE in cell for cell in row.values()):
        raise BadHandOver("undecodable text or more cells than columns")
    name = row.get("recipient", "")
    if not name:
        raise BadHandOver("no recipient")
    keys = _parts(row.get("key", ""), _PARTED)
    if not keys:
        raise BadHandOver("no key")
    recipients = tuple(recipient(key) for key in keys)
    domains = _canonical("domain", _parts(row.get("domains", ""), _PARTED), "a domain", str)
    typed = _parts(row.get("prefixes", ""), _PREFIXES_PARTED)
    if not all(map(_INTERNATIONAL.match, typed)):
        raise BadHandOver("a prefix that is not one number with + or 00 in front")
    prefixes = _canonical("prefix", typed, "an international prefix that has valid numbers", int)
    if not domains and not prefixes:
        raise BadHandOver("neither a domain nor a prefix")
    return Constituent(name, file_safe(name, taken, f"recipient-{number}"), recipients, domains, prefixes)


def _parts(cell: str, parted: re.Pattern[str]) -> list[str]:
    return [part.strip() for part in parted.split(cell) if part.strip()]


def _canonical(
    kind: EntryKind, parts: list[str], what: str, as_type: Callable[..., Value]
) -> tuple[Value, ...]:
    if not parts:
        return ()
    values = canonical(kind, pl.Series(parts, dtype=pl.String))
    if values.null_count():
        raise BadHandOver(f"something that is not {what}")
    return tuple(as_type(value) for value in values.unique(maintain_order=True).to_list())
