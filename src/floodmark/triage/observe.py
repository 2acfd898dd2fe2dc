"""What one batch of records shows: counts only, and values into the spools that count distinct ones.

`observe` runs in a worker thread for every batch; `Observed.add` sums the results in file order.
"""

from __future__ import annotations

import secrets
from collections import Counter
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.dumps import Grammar, Identified, Table, identify, misfit_count
from floodmark.identifiers import FieldType, phones, places
from floodmark.triage.dates import DateTally, tally_dates
from floodmark.triage.distinct import DistinctSpool
from floodmark.triage.frequent import FrequentCounter
from floodmark.triage.keeping import Keeper
from floodmark.triage.statistics.gather import Gathered, Statistics, ValidCells
from floodmark.triage.statistics.profile_ids import BEYOND

# Spooled values of one kind never meet those of another, so each kind has its own spool; rows have one too.
SPOOL_BYTES = {
    "phone": 160 << 20,
    "email": 64 << 20,
    "profile_id": 160 << 20,
    "username": 64 << 20,
    "row": 160 << 20,
}
LOCATION_TYPES = (FieldType.LOCATION, FieldType.COUNTRY, FieldType.HOMETOWN, FieldType.ADDRESS)


@dataclass
class Shared:
    """What all batches of all files fill together.

    Attributes:
        spools: distinct counters by kind of identifier, and `row`.
        domains: e-mail domains.
        seed: secret seed of this run's 64-bit hashes, so that nobody can prepare collisions.
        keeper: keeps digests of the identifiers, where they are wanted; it is closed by whoever opened it.
        statistics: gathers the sufficient statistics, where they are wanted.
    """

    spools: dict[str, DistinctSpool]
    domains: FrequentCounter
    seed: int = field(default_factory=lambda: secrets.randbits(64))
    keeper: Keeper | None = None
    statistics: Statistics | None = None

    @classmethod
    def open(cls, keeper: Keeper | None = None, statistics: Statistics | None = None) -> Shared:
        """Empty spools and counters."""
        spools = {kind: DistinctSpool(size) for kind, size in SPOOL_BYTES.items()}
        return cls(spools, FrequentCounter(), keeper=keeper, statistics=statistics)

    def close(self) -> None:
        """Forget everything that was spooled."""
        for spool in self.spools.values():
            spool.close()


@dataclass
class Observed:
    """Sums over batches of one file; rows throughout.

    Attributes:
        rows: records.
        filled: rows with a non-empty cell, by column.
        valid: rows with a valid cell, by column.
        sets: rows by set of field types, a bit mask over the file's `field_types`.
        untyped: rows with a non-empty cell in a column of unknown type.
        kind_rows: rows with any cell of a kind of identifier.
        kind_valid: rows with a valid one.
        regions: rows with a valid number, by index of `phones.REGIONS`; a row with numbers of two is in both.
        dates: tallies by date column.
        places: rows by country of location text; "" where it names none.
        unread: by column, counts of date and location cells that `settle` still has to read.
        gathered: for the statistics; None where they were not asked for.
    """

    rows: int
    filled: NDArray[np.int64]
    valid: NDArray[np.int64]
    sets: Counter[int] = field(default_factory=Counter)
    untyped: int = 0
    kind_rows: Counter[str] = field(default_factory=Counter)
    kind_valid: Counter[str] = field(default_factory=Counter)
    regions: NDArray[np.int64] = field(default_factory=lambda: np.zeros(len(phones.REGIONS), np.int64))
    dates: dict[int, DateTally] = field(default_factory=dict)
    places: Counter[str] = field(default_factory=Counter)
    unread: dict[int, list[pl.DataFrame]] = field(default_factory=dict)
    gathered: Gathered | None = None

    @classmethod
    def empty(cls, columns: int) -> Observed:
        """Nothing seen yet."""
        return cls(0, np.zeros(columns, np.int64), np.zeros(columns, np.int64))

    def add(self, other: Observed) -> None:
        """Add what another batch of the same file showed."""
        self.rows += other.rows
        self.untyped += other.untyped
        self.filled += other.filled
        self.valid += other.valid
        self.regions += other.regions
        for mine, theirs in (
            (self.sets, other.sets),
            (self.kind_rows, other.kind_rows),
            (self.kind_valid, other.kind_valid),
            (self.places, other.places),
        ):
            mine.update(theirs)  # type: ignore[arg-type]
        for column, tally in other.dates.items():
            self.dates.setdefault(column, DateTally()).add(tally)
        for column, counts in other.unread.items():
            self.unread.setdefault(column, []).extend(counts)
        if other.gathered is not None:
            self.gathered = self.gathered or Gathered()
            self.gathered.add(other.gathered)

    def settle(self, grammar: Grammar, as_of: date, at_least: int = 0) -> None:
        """Read the date and location cells gathered so far, each distinct cell once.

        Args:
            grammar: the file's grammar.
            as_of: day on which ages are taken.
            at_least: leave columns with fewer gathered cells for later.
        """
        for index, frames in list(self.unread.items()):
            if sum(frame.height for frame in frames) < at_least:
                continue
            counts = pl.concat(self.unread.pop(index)).group_by("cell").agg(pl.col("rows").sum())
            column = grammar.columns[index]
            if column.type.is_date:
                births = as_of if column.type is FieldType.BIRTH_DATE else None
                heaped = self.gathered is not None
                tally = tally_dates(counts, column.date_order or "ymd", births, heaped=heaped)
                self.dates.setdefault(index, DateTally()).add(tally)
                self.valid[index] += tally.parsed
            else:
                named = places.countries(counts["cell"]).fill_null("")
                rows = (
                    counts.select(named.alias("country"), "rows")
                    .group_by("country")
                    .agg(pl.col("rows").sum())
                )
                self.places.update(dict(rows.iter_rows()))


def field_types(grammar: Grammar) -> list[FieldType]:
    """The known field types of a grammar, each once, in column order; bit i of a field set is the i-th of them."""
    return list(dict.fromkeys(c.type for c in grammar.columns if c.type is not FieldType.UNKNOWN))


def location_column(grammar: Grammar) -> int | None:
    """The column that says best where a person is; None where none does."""
    for wanted in LOCATION_TYPES:
        for column in grammar.columns:
            if column.type is wanted:
                return column.index
    return None


def observe(frame: pl.DataFrame, table: Table, shared: Shared, region: str | None) -> Observed:
    """What a batch shows; dates and places are for `Observed.settle` to read.

    Args:
        frame: text cells, a String column per column of the grammar.
        table: the table that the batch is of.
        shared: filled with the batch's identifiers (numbers or keyed hashes) and row hashes.
        region: default region of national phone numbers, ISO 3166-1 alpha-2.
    """
    grammar, known = table.grammar, table.known
    seen = Observed.empty(len(grammar.columns))
    seen.rows = frame.height
    if not frame.height:
        return seen
    present = frame.select(pl.all() != "")
    seen.filled[:] = present.sum().row(0)
    seen.sets = _field_sets(present, grammar)
    seen.untyped = _any([present.to_series(c.index) for c in grammar.columns if c.type is FieldType.UNKNOWN])
    shared.spools["row"].add(frame.hash_rows(shared.seed).to_numpy())
    identified: dict[str, list[Identified]] = {}
    filled_by_kind: dict[str, list[pl.Series]] = {}
    for column in grammar.columns:
        if not seen.filled[column.index]:
            continue
        cells = frame.to_series(column.index)
        kind = column.type.identifier_kind
        if kind is not None:
            found = identify(kind, cells, region)
            _spool(kind, found, shared)
            identified.setdefault(kind, []).append(found)
            filled_by_kind.setdefault(kind, []).append(present.to_series(column.index))
            seen.valid[column.index] = found.valid.sum()
        elif column.type.is_date:
            seen.unread[column.index] = [_counted(cells)]
        else:
            wrong = misfit_count(cells, column.type, known.get(column.index))
            seen.valid[column.index] = seen.filled[column.index] - wrong
    for name, columns in identified.items():
        seen.kind_rows[name] = _any(filled_by_kind[name])
        seen.kind_valid[name] = _any([one.valid for one in columns])
    if "phone" in identified:
        regions = _rows_by_group(identified["phone"])
        seen.regions[regions["group"].to_numpy()] += regions["rows"].to_numpy()
    if "email" in identified:
        domains = _rows_by_group(identified["email"])
        shared.domains.add(domains["group"], domains["rows"])
    located = location_column(grammar)
    if located is not None:
        seen.unread[located] = [_counted(frame.to_series(located))]
    if shared.keeper is not None and identified:
        _keep(shared.keeper, identified, frame, present, grammar)
    if shared.statistics is not None:
        seen.gathered = _gather(shared.statistics, identified, frame, grammar)
    return seen


def _keep(
    keeper: Keeper,
    identified: dict[str, list[Identified]],
    frame: pl.DataFrame,
    present: pl.DataFrame,
    grammar: Grammar,
) -> None:
    facts = keeper.facts(frame, present, grammar)
    for kind, columns in identified.items():
        for column in columns:
            for canonical, rows in column.canonical:
                keeper.add(kind, canonical, rows, facts)


def _gather(
    statistics: Statistics, identified: dict[str, list[Identified]], frame: pl.DataFrame, grammar: Grammar
) -> Gathered:
    addresses = [
        ValidCells(c.valid, values) for c in identified.get("email", []) for values, _ in c.canonical
    ]
    numbers = [ValidCells(c.valid, c.groups) for c in identified.get("phone", []) if c.groups is not None]
    return statistics.gather(frame, grammar, addresses, numbers)


def _any(masks: list[pl.Series]) -> int:
    """Rows for which any of the masks holds."""
    return int(np.logical_or.reduce([mask.to_numpy() for mask in masks]).sum()) if masks else 0


def _field_sets(present: pl.DataFrame, grammar: Grammar) -> Counter[int]:
    bits = {kind: bit for bit, kind in enumerate(field_types(grammar)) if bit < 63}
    by_type: dict[FieldType, list[str]] = {}
    for column, name in zip(grammar.columns, present.columns, strict=True):
        by_type.setdefault(column.type, []).append(name)
    if not bits:
        return Counter({0: present.height})
    masks = present.select(
        pl.sum_horizontal(
            pl.any_horizontal(names).cast(pl.UInt64) * (1 << bits[kind])
            for kind, names in by_type.items()
            if kind in bits
        ).alias("mask")
    ).to_series()
    return Counter(dict(masks.value_counts(name="rows").iter_rows()))


def _spool(kind: str, found: Identified, shared: Shared) -> None:
    """Put the valid values of a column into the spool that counts distinct ones."""
    spool = shared.spools[kind]
    for canonical, _ in found.canonical:
        if kind == "phone":
            spool.add(canonical.to_numpy())
            continue
        hashed = canonical
        if kind == "profile_id" and canonical.dtype == pl.UInt64:
            spool.add(canonical.filter(canonical < BEYOND).to_numpy())
            hashed = canonical.filter(canonical >= BEYOND)
        hashes = hashed.hash(shared.seed).to_numpy()
        # Ids of 2**63 and above have the top bit set in their hashes, so that below it all values are ids.
        spool.add(hashes | np.uint64(BEYOND) if kind == "profile_id" else hashes)


def _rows_by_group(columns: list[Identified]) -> pl.DataFrame:
    """Rows by group; a row that has one group in two columns is one row.

    Returns:
        Columns `group` and `rows`.
    """
    if len(columns) == 1 and columns[0].groups is not None:
        counts = columns[0].groups.value_counts(name="rows")
        counts.columns = ["group", "rows"]
        return counts
    rows = pl.concat(
        [
            pl.DataFrame({"group": c.groups, "row": c.valid.arg_true()})
            for c in columns
            if c.groups is not None
        ]
    )
    return rows.unique().group_by("group").agg(pl.len().alias("rows"))


def _counted(cells: pl.Series) -> pl.DataFrame:
    """Rows by cell, for cells that are not empty; the texts are copied, so that the batch can go."""
    counts = cells.value_counts(name="rows")
    counts.columns = ["cell", "rows"]
    return (
        counts.lazy()
        .filter(pl.col("cell") != "")
        .with_columns(cell=pl.concat_str("cell", pl.lit("")))
        .collect()
    )
