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

from floodmark.dumps import Dump, Grammar, misfit_count
from floodmark.identifiers import FieldType, emails, phones, places, usernames
from floodmark.triage.dates import DateTally, tally_dates
from floodmark.triage.distinct import DistinctSpool
from floodmark.triage.frequent import FrequentCounter

KINDS = ("phone", "email", "profile_id", "username")
# Spooled values of one kind never meet those of another, so each kind has its own spool; rows have one too.
SPOOL_BYTES = {"phone": 160 << 20, "email": 64 << 20, "profile_id": 160 << 20, "username": 64 << 20, "row": 160 << 20}
LOCATION_TYPES = (FieldType.LOCATION, FieldType.COUNTRY, FieldType.HOMETOWN, FieldType.ADDRESS)


@dataclass
class Shared:
    """What all batches of all files fill together.

    Attributes:
        spools: distinct counters by kind of identifier, and `row`.
        domains: e-mail domains.
        seed: secret seed of this run's 64-bit hashes, so that nobody can prepare collisions.
    """

    spools: dict[str, DistinctSpool]
    domains: FrequentCounter
    seed: int = field(default_factory=lambda: secrets.randbits(64))

    @classmethod
    def open(cls) -> Shared:
        """Empty spools and counters."""
        return cls({kind: DistinctSpool(size) for kind, size in SPOOL_BYTES.items()}, FrequentCounter())

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
        sets: rows by set of field types, a bit mask over the file's `types`.
        kind_rows: rows with any cell of a kind of identifier.
        kind_valid: rows with a valid one.
        regions: valid phone cells by index of `phones.REGIONS`.
        dates: tallies by date column.
        places: rows by country of location text; "" where it names none.
        unread: by column, counts of date and location cells that `settle` still has to read.
    """

    rows: int
    filled: NDArray[np.int64]
    valid: NDArray[np.int64]
    sets: Counter[int] = field(default_factory=Counter)
    kind_rows: Counter[str] = field(default_factory=Counter)
    kind_valid: Counter[str] = field(default_factory=Counter)
    regions: NDArray[np.int64] = field(default_factory=lambda: np.zeros(len(phones.REGIONS), np.int64))
    dates: dict[int, DateTally] = field(default_factory=dict)
    places: Counter[str] = field(default_factory=Counter)
    unread: dict[int, list[pl.DataFrame]] = field(default_factory=dict)

    @classmethod
    def empty(cls, columns: int) -> Observed:
        """Nothing seen yet."""
        return cls(0, np.zeros(columns, np.int64), np.zeros(columns, np.int64))

    def add(self, other: Observed) -> None:
        """Add what another batch of the same file showed."""
        self.rows += other.rows
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
                tally = tally_dates(counts, column.date_order or "ymd", births)
                self.dates.setdefault(index, DateTally()).add(tally)
                self.valid[index] += tally.parsed
            else:
                named = places.countries(counts["cell"]).fill_null("")
                rows = counts.select(named.alias("country"), "rows").group_by("country").agg(pl.col("rows").sum())
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


def observe(frame: pl.DataFrame, dump: Dump, shared: Shared, region: str | None) -> Observed:
    """What a batch shows; dates and places are for `Observed.settle` to read.

    Args:
        frame: text cells, a String column per column of the grammar.
        dump: the file that the batch is of.
        shared: filled with the batch's identifiers (numbers or keyed hashes) and row hashes.
        region: default region of national phone numbers, ISO 3166-1 alpha-2.
    """
    grammar, known = dump.grammar, dump.known
    seen = Observed.empty(len(grammar.columns))
    seen.rows = frame.height
    if not frame.height:
        return seen
    present = frame.select(pl.all() != "")
    seen.filled[:] = present.sum().row(0)
    seen.sets = _field_sets(present, grammar)
    shared.spools["row"].add(frame.hash_rows(shared.seed).to_numpy())
    valid_by_kind: dict[str, list[pl.Series]] = {}
    filled_by_kind: dict[str, list[pl.Series]] = {}
    for column in grammar.columns:
        if not seen.filled[column.index]:
            continue
        cells = frame.to_series(column.index)
        kind = column.type.identifier_kind
        if kind is not None:
            valid = _identify(kind, cells, seen, shared, region)
            valid_by_kind.setdefault(kind, []).append(valid)
            filled_by_kind.setdefault(kind, []).append(present.to_series(column.index))
            seen.valid[column.index] = valid.sum()
        elif column.type.is_date:
            seen.unread[column.index] = [_counted(cells)]
        else:
            wrong = misfit_count(cells, column.type, known.get(column.index))
            seen.valid[column.index] = seen.filled[column.index] - wrong
    for kind in filled_by_kind:
        seen.kind_rows[kind] = _any(filled_by_kind[kind])
        seen.kind_valid[kind] = _any(valid_by_kind[kind])
    located = location_column(grammar)
    if located is not None:
        seen.unread[located] = [_counted(frame.to_series(located))]
    return seen


def _any(masks: list[pl.Series]) -> int:
    joined = masks[0]
    for mask in masks[1:]:
        joined = joined | mask
    return int(joined.sum())


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


def _identify(kind: str, cells: pl.Series, seen: Observed, shared: Shared, region: str | None) -> pl.Series:
    """Count a column of identifiers, spool its valid values, and say which cells are valid."""
    spool = shared.spools[kind]
    if kind == "phone":
        found = phones.resolve(cells, region)
        valid = found["valid"].fill_null(False)
        good = found.filter(valid)
        spool.add(good["number"].to_numpy())
        seen.regions += np.bincount(good["region"].to_numpy(), minlength=len(phones.REGIONS))
        return valid
    if kind == "email":
        filled = cells != ""
        few = cells.filter(filled)
        parsed = emails.parse_series(few).struct.unnest()
        valid = parsed["valid"].fill_null(False)
        good = parsed.filter(valid)
        spool.add(good["canonical"].hash(shared.seed).to_numpy())
        domains = good["domain"].value_counts(name="rows")
        shared.domains.add(domains.to_series(0), domains["rows"])
        return pl.repeat(False, cells.len(), eager=True).scatter(filled.arg_true(), valid)
    if kind == "profile_id":
        numbers = cells.cast(pl.UInt64, strict=False)
        # Canonical: digits without a leading zero; a value of 20 digits or more is counted by its hash.
        led = cells.str.starts_with("0") | cells.str.starts_with("+")
        valid = (numbers > 0).fill_null(False) & ~led
        spool.add(numbers.filter(valid).to_numpy())
        return valid
    canonical = usernames.canonical_series(cells)
    valid = canonical.is_not_null() & (canonical != "")
    spool.add(canonical.filter(valid.fill_null(False)).hash(shared.seed).to_numpy())
    return valid.fill_null(False)


def _counted(cells: pl.Series) -> pl.DataFrame:
    """Rows by cell, for cells that are not empty; the texts are copied, so that the batch can go."""
    counts = cells.value_counts(name="rows")
    counts.columns = ["cell", "rows"]
    return counts.lazy().filter(pl.col("cell") != "").with_columns(cell=pl.concat_str("cell", pl.lit(""))).collect()
