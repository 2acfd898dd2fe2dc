r"""Watch lists: what somebody watches for, read from a file with every bad row counted and named by its line.

>>> from tempfile import TemporaryDirectory
>>> with TemporaryDirectory() as folder:
...     path = Path(folder) / "customers.csv"
...     _ = path.write_text("name;mail\nA;a@example.org\nB;b@\nC;A@EXAMPLE.ORG\n")
...     found = read_watch_list(path)
>>> found.counts, found.duplicates, [(bad.line, bad.reason) for bad in found.bad.first]
({'email': 1}, 1, [(3, 'no-email-address')])
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.errors import NothingToRead
from floodmark.exposure.canonical import ENTRIES, LONGEST_CELL, EntryKind, canonical, kinds_of, prefix_digits
from floodmark.exposure.watch_columns import WatchColumn, Wish
from floodmark.exposure.watch_index import Index, NumberIndex, PrefixIndex, TextIndex
from floodmark.exposure.watch_rows import Rows
from floodmark.exposure.watch_table import WatchTable
from floodmark.exposure.watch_text import UNDECODABLE, LineBlock, WatchText
from floodmark.identifiers import phones

MOST_LISTED = 10_000
REASONS = {  # why cells are none of their kind; telephone numbers have several reasons
    "email": "no-email-address",
    "profile_id": "no-profile-id",
    "username": "no-username",
    "domain": "no-domain",
    "prefix": "no-number-prefix",
}


class NothingToWatch(NothingToRead):
    """A watch file without one good entry; exit code 3."""

    slug: ClassVar[str] = "nothing-to-watch"
    hint = "An entry is an address, a phone number, a domain or a prefix; see --column and --region."


@dataclass(frozen=True)
class BadRow:
    """A row, or one cell of it, that is no entry: where and why, never what it says.

    Attributes:
        line: number of its line, from 1.
        reason: why, in kebab case.
        column: number of the column, from 1; 0 where the whole line is bad.
    """

    line: int
    reason: str
    column: int = 0


@dataclass
class BadRows:
    """All bad rows: counted by reason, the first `MOST_LISTED` listed."""

    reasons: Counter[str] = field(default_factory=Counter)
    first: list[BadRow] = field(default_factory=list)

    @property
    def total(self) -> int:
        """How many there are."""
        return self.reasons.total()

    def add(self, lines: Sequence[int], reason: str, column: int = 0) -> None:
        """Count some lines with one reason."""
        if not len(lines):
            return
        self.reasons[reason] += len(lines)
        room = MOST_LISTED - len(self.first)
        self.first.extend(BadRow(int(line), reason, column) for line in lines[: max(room, 0)])

    def sort(self) -> None:
        """Put the list in order of lines, once all are known."""
        self.first.sort(key=lambda bad: (bad.line, bad.column))


@dataclass(frozen=True)
class WatchList:
    """What is watched for.

    Attributes:
        entries: an index by kind, only of kinds that there are.
        encoding: of the file.
        columns: that were read, with their readings.
        header: whether the first line names the columns.
        lines: lines in the file.
        duplicates: good cells that repeat an entry.
        bad: bad rows.
    """

    entries: dict[str, Index]
    encoding: str = ""
    columns: tuple[WatchColumn, ...] = ()
    header: bool = False
    lines: int = 0
    duplicates: int = 0
    bad: BadRows = field(default_factory=BadRows)

    @property
    def counts(self) -> dict[str, int]:
        """Distinct entries by kind."""
        return {kind: len(index) for kind, index in self.entries.items()}

    def joined(self, kind: EntryKind, values: pl.Series) -> WatchList:
        """The same list with more entries of one kind, which stand on no line of its file."""
        if not values.len():
            return self
        before = self.entries.get(kind)
        new = (
            values
            if before is None
            else pl.concat([before.values.rechunk(), values.alias(before.values.name)])
        )
        known = np.empty(0, np.int64) if before is None else before.lines
        index, _ = _index(kind, new, np.concatenate([known, np.zeros(values.len(), np.int64)]))
        return WatchList(
            {**self.entries, kind: index},
            self.encoding,
            self.columns,
            self.header,
            self.lines,
            self.duplicates,
            self.bad,
        )


def read_watch_list(
    path: Path,
    wishes: Sequence[Wish] = (),
    *,
    region: str | None = None,
    encoding: str | None = None,
    advance: Callable[[int], None] | None = None,
) -> WatchList:
    """Read a watch file: CSV, TSV or a plain list, in any encoding.

    Args:
        path: the file; gzip and zstd are opened.
        wishes: columns to read; none to find them.
        region: country of phone numbers written without country code, ISO 3166-1 alpha-2.
        encoding: of the file; None to find out.
        advance: told how many raw bytes were read since it was last called.

    Raises:
        NothingToWatch: no row is good.
        NothingToRead: the file is missing or empty.
        UsageError: a column, encoding or region that does not exist.
        UnreadableInput: the file cannot be read through.
    """
    text = WatchText(path, encoding, None if advance is None else lambda data: advance(len(data)))
    table, reader = WatchTable(text, wishes, region), _Reader(region)
    for block, rows in table.rows():
        reader.take(table.columns, block, rows)
    found = reader.finish(text.encoding, table)
    if not found.entries:
        reasons = ", ".join(f"{count} {reason}" for reason, count in found.bad.reasons.most_common(3))
        raise NothingToWatch(f"{path.name} has no good entry" + (f": {reasons}." if reasons else "."))
    return found


class _Reader:
    """Reads a watch file block by block into columns of canonical entries."""

    def __init__(self, region: str | None) -> None:
        self._region = region
        self._parts: dict[EntryKind, list[tuple[pl.Series, NDArray[np.int64]]]] = {}
        self._bad = BadRows()

    def take(self, columns: Sequence[WatchColumn], block: LineBlock, rows: Rows) -> None:
        """Read the next rows."""
        self._bad.add(block.too_long, "too-long")
        self._bad.add(rows.open_quotes, "open-quote")
        for column in columns:
            self._read(column, rows)

    def _read(self, column: WatchColumn, rows: Rows) -> None:
        cells = rows.column(column.index)
        number = column.index + 1
        self._bad.add(rows.lines[cells.is_null().to_numpy()], "missing-cell", number)
        cells = cells.fill_null("").str.strip_chars()
        long = cells.str.len_chars() > LONGEST_CELL
        garbled = cells.str.contains(UNDECODABLE, literal=True) & ~long
        self._bad.add(rows.lines[long.to_numpy()], "too-long", number)
        self._bad.add(rows.lines[garbled.to_numpy()], "undecodable", number)
        good = (cells != "") & ~long & ~garbled
        cells, lines = cells.filter(good), rows.lines[good.to_numpy()]
        if column.reads != "any":
            self._keep(column.reads, cells, lines, number)
            return
        kinds = kinds_of(cells)
        for kind in ENTRIES:
            which = kinds == kind
            if which.any():
                self._keep(kind, cells.filter(which), lines[which.to_numpy()], number)

    def _keep(self, kind: EntryKind, cells: pl.Series, lines: NDArray[np.int64], column: int) -> None:
        values = canonical(kind, cells, self._region)
        bad = values.is_null()
        if bad.any():
            wrong = lines[bad.to_numpy()]
            if kind == "prefix":
                written = prefix_digits(cells.filter(bad)).is_not_null().to_numpy()
                self._bad.add(wrong[written], "unassigned-prefix", column)
                wrong = wrong[~written]
            if kind in REASONS:
                self._bad.add(wrong, REASONS[kind], column)
            else:
                reasons = phone_reasons(cells.filter(bad), self._region)
                for reason in reasons.unique(maintain_order=True).to_list():
                    self._bad.add(wrong[(reasons == reason).to_numpy()], reason, column)
            values, lines = values.drop_nulls(), lines[~bad.to_numpy()]
        if values.len():
            self._parts.setdefault(kind, []).append((values, lines))

    def finish(self, encoding: str, table: WatchTable) -> WatchList:
        """The list of all that was read."""
        entries: dict[str, Index] = {}
        duplicates = 0
        for kind in ENTRIES:
            if parts := self._parts.pop(kind, []):
                values = pl.concat([values for values, _ in parts])
                lines = np.concatenate([lines for _, lines in parts])
                del parts
                entries[kind], repeats = _index(kind, values, lines)
                duplicates += repeats
        self._bad.sort()
        return WatchList(
            entries, encoding, table.columns, table.heading > 0, table.lines, duplicates, self._bad
        )


def _index(kind: EntryKind, values: pl.Series, lines: NDArray[np.int64]) -> tuple[Index, int]:
    if kind == "prefix":
        return PrefixIndex.of(values, lines)
    return NumberIndex.of(values, lines) if kind == "phone" else TextIndex.of(values, lines)


def phone_reasons(cells: pl.Series, region: str | None) -> pl.Series:
    """Why cells are no valid phone numbers, in kebab case."""
    read = cells.to_frame("cell").select(phones.parse("cell", region).struct.field("reason")).to_series()
    reason = pl.col("reason").fill_null("not_a_number").replace({"not_a_number": "no_identifier"})
    return read.to_frame("reason").select(reason.str.replace_all("_", "-", literal=True)).to_series()
