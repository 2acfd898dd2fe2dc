"""What an organisation learns: which rows are in which leaks with which kinds of data, or only how many.

No identifier is in it. A row is found again in the organisation's own file by its number, or by an id that says nothing
to others.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.exposure.check.organisation_table import Customers
from floodmark.exposure.check.result import SnapshotFacts
from floodmark.exposure.findings import FORMULA
from floodmark.exposure.snapshots import Snapshot

BLOCK = 100_000


@dataclass(frozen=True)
class LeakCount:
    """How many identifiers are in one leak.

    Attributes:
        slug: of the leak.
        title: its name.
        synthetic: whether it was made for a test.
        identifiers: how many.
        field_sets: how many with each field set, the most frequent first.
    """

    slug: str
    title: str
    synthetic: bool
    identifiers: int
    field_sets: tuple[tuple[tuple[str, ...], int], ...]


@dataclass(frozen=True)
class OrganisationChecked:
    """The answer for an organisation, exact.

    Attributes:
        snapshot: from which it comes.
        rows: in the file.
        identifiers: distinct valid ones among them.
        invalid: rows without a valid identifier, by reason.
        rows_found: rows whose identifier is in a leak.
        identifiers_found: distinct identifiers that are in a leak.
        leaks: of the snapshot, in its order.
        not_looked_in: slugs of leaks that were not sealed for every kind of identifier that the file has.
        kinds_unknown: kinds of identifiers in the file for which no leak was sealed: of these, nothing is known.
        spent: elements that were sent in this epoch.
        budget: elements that may be sent in this epoch.
        lines: what was found, a line for each row and leak: `row`, `id` where ids were asked for, `leak`,
            `field_types`, and `synthetic` where a leak of the snapshot is.
    """

    snapshot: SnapshotFacts
    rows: int
    identifiers: int
    invalid: dict[str, int]
    rows_found: int
    identifiers_found: int
    leaks: tuple[LeakCount, ...]
    not_looked_in: tuple[str, ...]
    kinds_unknown: tuple[str, ...]
    spent: int
    budget: int
    lines: pl.DataFrame = field(repr=False, compare=False)

    @property
    def found(self) -> bool:
        """Whether anybody is in any leak."""
        return self.identifiers_found > 0

    def csv(self) -> Iterator[bytes]:
        """The lines as CSV, in blocks; a cell that a spreadsheet could run begins with an apostrophe."""
        yield (",".join(self.lines.columns) + "\r\n").encode()
        for block in self.lines.iter_slices(BLOCK):
            buffer = io.BytesIO()
            _safe(block).write_csv(buffer, include_header=False, line_terminator="\r\n")
            yield buffer.getvalue()


def answer_of(
    customers: Customers,
    digests: NDArray[np.uint64],
    hits: NDArray[np.void],
    snapshot: Snapshot,
    *,
    spent: int,
    budget: int,
) -> OrganisationChecked:
    """The answer from what was found.

    Args:
        customers: who was asked about.
        digests: of their inputs, in order.
        hits: `HIT`, each identifier and leak once; those of nobody in the file are left out.
        snapshot: in which it was looked.
        spent: elements that were sent in this epoch.
        budget: elements that may be sent.
    """
    hits = hits[np.isin(hits["digest"], digests)]
    order = np.argsort(digests)
    which = order[np.searchsorted(digests[order], hits["digest"])]
    found = pl.DataFrame({"which": which, "leak": hits["leak"], "number": hits["number"]}).cast(pl.Int64)
    rows = pl.DataFrame({"row": customers.rows, "which": customers.which})
    if customers.ids is not None:
        rows = rows.with_columns(customers.ids.alias("id"))
    kinds = set(customers.inputs.str.extract(r"^([a-z_]+):").unique().to_list())
    sealed_for = {leak.slug: set(leak.manifest.members) for leak in snapshot.leaks}
    lines = rows.join(found, "which").sort("row", "leak").join(_told(snapshot, found), ["leak", "number"])
    return OrganisationChecked(
        snapshot=SnapshotFacts.of(snapshot),
        rows=customers.total,
        identifiers=len(customers.inputs),
        invalid=dict(customers.invalid.most_common()),
        rows_found=lines["row"].n_unique(),
        identifiers_found=found["which"].n_unique(),
        leaks=_counts(snapshot, found),
        not_looked_in=tuple(slug for slug, sealed in sealed_for.items() if not kinds <= sealed),
        kinds_unknown=tuple(sorted(kinds.difference(*sealed_for.values()))),
        spent=spent,
        budget=budget,
        lines=lines.sort("row", "leak").drop("which", "leak", "number").rename({"slug": "leak"}),
    )


def _safe(lines: pl.DataFrame) -> pl.DataFrame:
    if "id" not in lines.columns:
        return lines
    cell = pl.col("id")
    return lines.with_columns(
        id=pl.when(cell.str.contains(FORMULA)).then(pl.concat_str(pl.lit("'"), cell)).otherwise(cell)
    )


def _told(snapshot: Snapshot, found: pl.DataFrame) -> pl.DataFrame:
    """What lines say of each leak and field set that was found."""
    pairs = found.select("leak", "number").unique()
    leaks = [snapshot.leaks[leak] for leak in pairs["leak"]]
    numbers = zip(leaks, pairs["number"], strict=True)
    field_types = [" ".join(leak.manifest.field_sets[number]) for leak, number in numbers]
    told = pairs.with_columns(
        pl.Series("slug", [leak.slug for leak in leaks], dtype=pl.String),
        pl.Series("field_types", field_types, dtype=pl.String),
    )
    if not any(leak.synthetic for leak in snapshot.leaks):
        return told
    marks = ["synthetic" if leak.synthetic else None for leak in leaks]
    return told.with_columns(pl.Series("synthetic", marks, dtype=pl.String))


def _counts(snapshot: Snapshot, found: pl.DataFrame) -> tuple[LeakCount, ...]:
    counted = (
        found.group_by("leak", "number").len().sort("leak", "len", "number", descending=[False, True, False])
    )
    counts = []
    for at, leak in enumerate(snapshot.leaks):
        own = counted.filter(pl.col("leak") == at)
        sets = [(leak.manifest.field_sets[number], count) for _, number, count in own.iter_rows()]
        counts.append(
            LeakCount(leak.slug, leak.title, leak.synthetic, sum(count for _, count in sets), tuple(sets))
        )
    return tuple(counts)
