"""The answer to "which of ours are in it?", whatever it was found in.

Counts may be shown. What was found by itself (`Matched.findings`) is for a sealed file only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.exposure import field_masks
from floodmark.exposure.canonical import IDENTIFIERS, EntryKind
from floodmark.exposure.field_masks import Masks
from floodmark.exposure.under import domain_of, watched_above, watched_before
from floodmark.exposure.watch import WatchList

ADDRESSES = {"identifier": pl.String, "fields": pl.UInt64, "rows": pl.Int64}
NUMBERS = {"number": pl.UInt64, "fields": pl.UInt64, "rows": pl.Int64}


@dataclass(frozen=True)
class Hits:
    """Entries of one kind that were found.

    Attributes:
        entries: positions in the watch list's index, ascending, int64, shape (n,).
        fields: field types that rows about each have filled, uint64 masks, shape (n,).
        rows: records with each, int64, shape (n,); None where the target does not say.
    """

    entries: NDArray[np.int64]
    fields: Masks
    rows: NDArray[np.int64] | None


@dataclass(frozen=True)
class Cells:
    """Cells of one kind that were looked at: those with text, and of these, those that hold no valid identifier."""

    filled: int = 0
    invalid: int = 0

    def __add__(self, other: Cells) -> Cells:
        """Both together."""
        return Cells(self.filled + other.filled, self.invalid + other.invalid)

    @property
    def mostly_invalid(self) -> bool:
        """Whether more than half could not be compared with anything."""
        return 2 * self.invalid > self.filled


@dataclass(frozen=True)
class Searched:
    """Where in one file was looked: only columns of identifiers are.

    Attributes:
        label: of the file.
        columns: how many columns there are of each kind that is watched for, by itself or under something.
        unknown: columns of unknown type, in which nobody looked.
        cells: what those columns held, by kind.
    """

    label: str
    columns: dict[str, int]
    unknown: int
    cells: dict[str, Cells] = field(default_factory=dict)

    @property
    def missing(self) -> list[str]:
        """Kinds that are watched for and have no column."""
        return [kind for kind, count in self.columns.items() if not count]

    @property
    def mostly_invalid(self) -> list[str]:
        """Kinds most of whose cells hold no valid identifier."""
        return [kind for kind, cells in self.cells.items() if cells.mostly_invalid]


@dataclass(frozen=True)
class Unread:
    """How far "not found" holds.

    Attributes:
        bytes: bytes of text, of all inputs.
        unexplained: of these, bytes in quarantine or in a file that could not be read through.
        problems: label and slug of every file that could not be read through.
        searched: where was looked, by file.
        region: country of phone numbers written without country code; None where those are no valid ones.
    """

    bytes: int = 0
    unexplained: int = 0
    problems: tuple[tuple[str, str], ...] = ()
    searched: tuple[Searched, ...] = ()
    region: str | None = None

    @property
    def cells(self) -> dict[str, Cells]:
        """What was looked at in all files, by kind."""
        total: dict[str, Cells] = {}
        for one in self.searched:
            for kind, cells in one.cells.items():
                total[kind] = total.get(kind, Cells()) + cells
        return total

    @property
    def proves_less(self) -> bool:
        """Whether a file was not read through, or most cells of a kind in one hold no valid identifier."""
        return bool(self.problems) or any(one.mostly_invalid for one in self.searched)


@dataclass(frozen=True)
class Count:
    """One line of a table: a kind, a watched domain or a watched prefix.

    Attributes:
        name: the kind, the domain in canonical form, or the prefix as `+4420`.
        entries: entries of the kind; 1 for a domain or prefix.
        found: distinct identifiers found: entries of a kind, addresses under a domain, numbers under a prefix.
        rows: records with any of them, each as often as it has one; None where the target does not say.
        fields: of the identifiers found, how many have each field type; None where the target does not say.
    """

    name: str
    entries: int
    found: int
    rows: int | None
    fields: dict[str, int] | None


@dataclass(frozen=True)
class Matched:
    """Everything that one target holds of a watch list.

    Attributes:
        target: name of the leak or dump.
        mode: whether a saved leak or a dump was asked.
        synthetic: whether it is made up.
        watch: what was watched for.
        hits: of watched identifiers, by kind.
        addresses: under watched domains: `identifier`, `fields` (UInt64), `rows` (Int64 or null); None where the
            target holds no addresses, only their number.
        numbers: under watched prefixes: `number` (UInt64), `fields`, `rows`.
        domain_counts: distinct addresses under each watched domain, int64, in the order of its index.
        false_hits: expected number of entries that a saved leak answers for by chance, n·m/2^64; 0 for a dump.
        unread: how far "not found" holds.
    """

    target: str
    mode: Literal["leak", "dump"]
    synthetic: bool
    watch: WatchList
    hits: dict[EntryKind, Hits]
    addresses: pl.DataFrame | None
    numbers: pl.DataFrame
    domain_counts: NDArray[np.int64]
    false_hits: float = 0.0
    unread: Unread = field(default_factory=Unread)

    @cached_property
    def found(self) -> bool:
        """Whether anything was."""
        return bool(
            any(len(hits.entries) for hits in self.hits.values())
            or self.numbers.height
            or self.domain_counts.any()
        )

    @cached_property
    def kinds(self) -> list[Count]:
        """A line for every kind of identifier that is watched."""
        lines = []
        for kind in IDENTIFIERS:
            if kind in self.watch.entries:
                hits = self.hits[kind]
                rows = None if hits.rows is None else int(hits.rows.sum())
                fields = field_masks.counts_of(hits.fields)
                lines.append(Count(kind, len(self.watch.entries[kind]), len(hits.entries), rows, fields))
        return lines

    @cached_property
    def domains(self) -> list[Count]:
        """A line for every watched domain, most addresses first, then by name."""
        if "domain" not in self.watch.entries:
            return []
        names = self.watch.entries["domain"].values.to_list()
        if self.addresses is None:
            counts = self.domain_counts.tolist()
            lines = [Count(name, 1, found, None, None) for name, found in zip(names, counts, strict=True)]
        else:
            lines = _counts(names, self.under_domains, self.addresses, told_rows=True)
        return sorted(lines, key=lambda line: (-line.found, line.name))

    @cached_property
    def prefixes(self) -> list[Count]:
        """A line for every watched prefix, most numbers first, then by its digits."""
        if "prefix" not in self.watch.entries:
            return []
        names = [f"+{digits}" for digits in self.watch.entries["prefix"].values.to_list()]
        lines = _counts(names, self.under_prefixes, self.numbers, told_rows=self.mode == "dump")
        return sorted(lines, key=lambda line: (-line.found, line.name))

    @cached_property
    def under_domains(self) -> pl.DataFrame:
        """Pairs of an address and a watched domain that it is under.

        Returns:
            Columns `row` (of `addresses`, UInt32) and `entry` (position in the index of domains, Int64).
        """
        assert self.addresses is not None  # noqa: S101  callers asked
        return under_domains(self.addresses["identifier"], self.watch)

    @cached_property
    def under_prefixes(self) -> pl.DataFrame:
        """Pairs of a number and a watched prefix that it begins with; columns as for `under_domains`."""
        if "prefix" not in self.watch.entries:
            return pl.DataFrame(schema={"row": pl.UInt32, "entry": pl.Int64})
        rows, entries = watched_before(self.numbers["number"].to_numpy(), self.watch.entries["prefix"])
        return pl.DataFrame({"row": rows.astype(np.uint32), "entry": entries})


def under_domains(addresses: pl.Series, watch: WatchList) -> pl.DataFrame:
    """Pairs of a canonical address and a watched domain that it is under; columns as for `Matched.under_domains`."""
    if "domain" not in watch.entries:
        return pl.DataFrame(schema={"row": pl.UInt32, "entry": pl.Int64})
    domains = domain_of(addresses).alias("domain")
    pairs = watched_above(domains.unique(), watch.entries["domain"])
    rows = domains.to_frame().with_row_index("row")
    return rows.join(pairs, on="domain").select("row", "entry")


def _counts(names: list[str], pairs: pl.DataFrame, found: pl.DataFrame, *, told_rows: bool) -> list[Count]:
    """A line for each entry that `pairs` leads to rows of `found`."""
    nothing = 0 if told_rows else None
    counts = [Count(name, 1, 0, nothing, {}) for name in names]
    told = pairs.select("entry", found["fields"].gather(pairs["row"]), found["rows"].gather(pairs["row"]))
    types = field_masks.counts_of(told["fields"].to_numpy())
    bits = {label: pl.lit(field_masks.mask_of([label]), pl.UInt64) for label in types}
    sums = told.group_by("entry").agg(
        pl.len().alias("found"),
        pl.col("rows").sum(),
        **{f"has {label}": ((pl.col("fields") & bit) != 0).sum() for label, bit in bits.items()},
    )
    for entry, number, rows, *having in sums.iter_rows():
        fields = {label: n for label, n in zip(types, having, strict=True) if n}
        counts[entry] = Count(names[entry], 1, number, rows if told_rows else None, fields)
    return counts
