"""What one batch of a dump holds of a watch list: pure, so that several threads work on batches at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.dumps import Grammar
from floodmark.exposure import field_masks
from floodmark.exposure.canonical import IDENTIFIERS, EntryKind, canonical
from floodmark.exposure.match import Cells
from floodmark.exposure.under import domain_of, watched_above, watched_before
from floodmark.exposure.watch import WatchList

# Entries under which identifiers of a kind can lie.
_ABOVE = {"phone": "prefix", "email": "domain"}


@dataclass(frozen=True)
class BatchHits:
    """Found in one batch; one row per entry or identifier, with `fields` (united) and `rows` (of the batch).

    Attributes:
        hits: by kind, with `entry` (position in the index, Int64).
        addresses: under watched domains, with `identifier`.
        numbers: under watched prefixes, with `number`.
        cells: how many cells were looked at, by kind.
    """

    hits: dict[EntryKind, pl.DataFrame]
    addresses: pl.DataFrame | None
    numbers: pl.DataFrame | None
    cells: dict[str, Cells]


def look_through(frame: pl.DataFrame, grammar: Grammar, watch: WatchList, region: str | None) -> BatchHits:
    """Look for a watch list in a batch.

    Args:
        frame: text cells, a String column per column of the grammar.
        grammar: of the file.
        watch: what to look for.
        region: default region of national phone numbers.
    """
    hits: dict[EntryKind, pl.DataFrame] = {}
    cells: dict[str, Cells] = {}
    addresses = numbers = None
    masks = field_masks.of_rows(frame, grammar)
    for kind in kinds_wanted(watch):
        also = _ABOVE.get(kind)
        values, rows, cells[kind] = _identifiers(frame, grammar, kind, region)
        if not len(rows):
            continue
        if kind in watch.entries:
            entries = watch.entries[kind].find(values)
            hit = np.flatnonzero(entries >= 0)
            found = pl.DataFrame({"entry": entries[hit], "row": rows[hit], "fields": masks[rows[hit]]})
            hits[kind] = _united(found, "entry")
        if also == "domain" and "domain" in watch.entries:
            addresses = _addresses(values, rows, masks, watch)
        if also == "prefix" and "prefix" in watch.entries:
            numbers = _numbers(values, rows, masks, watch)
    return BatchHits(hits, addresses, numbers, cells)


def kinds_wanted(watch: WatchList) -> list[EntryKind]:
    """Kinds of identifiers that are watched for, by themselves or under a domain or prefix."""
    return [kind for kind in IDENTIFIERS if {kind, _ABOVE.get(kind)} & set(watch.entries)]


def _identifiers(
    frame: pl.DataFrame, grammar: Grammar, kind: EntryKind, region: str | None
) -> tuple[pl.Series, NDArray[np.int64], Cells]:
    """Canonical forms of all valid cells of a kind, the row of each, and how many cells there are."""
    found: list[pl.Series] = []
    rows: list[NDArray[np.int64]] = [np.empty(0, np.int64)]
    cells = Cells()
    for column in grammar.columns:
        if column.type.identifier_kind == kind:
            texts = frame.to_series(column.index)
            filled = (texts.str.strip_chars() != "").fill_null(False).arg_true()
            values = canonical(kind, texts.gather(filled), region)
            good = values.is_not_null()
            cells += Cells(filled.len(), values.null_count())
            found.append(values.filter(good).alias("value"))
            rows.append(filled.filter(good).to_numpy().astype(np.int64))
    values = pl.concat(found) if found else pl.Series("value", [], pl.String)
    return values, np.concatenate(rows), cells


def _addresses(
    values: pl.Series, rows: NDArray[np.int64], masks: field_masks.Masks, watch: WatchList
) -> pl.DataFrame:
    domains = domain_of(values)
    watched = watched_above(domains.unique(), watch.entries["domain"])["domain"].unique()
    hit = domains.is_in(watched.implode()).arg_true()
    at = rows[hit.to_numpy()]
    # The texts are copied, so that the batch that they stand in can go.
    copied = (
        pl.DataFrame({"value": values.gather(hit)}).select(pl.concat_str("value", pl.lit(""))).to_series()
    )
    return _united(pl.DataFrame({"identifier": copied, "row": at, "fields": masks[at]}), "identifier")


def _numbers(
    values: pl.Series, rows: NDArray[np.int64], masks: field_masks.Masks, watch: WatchList
) -> pl.DataFrame:
    hit = np.unique(watched_before(values.to_numpy(), watch.entries["prefix"])[0])
    at = rows[hit]
    return _united(pl.DataFrame({"number": values.gather(hit), "row": at, "fields": masks[at]}), "number")


def _united(found: pl.DataFrame, by: str) -> pl.DataFrame:
    """One row per value of `by`; a row of the batch that has it in two columns is one row."""
    united = pl.col("fields").bitwise_or()
    return found.group_by(by).agg(united, pl.col("row").n_unique().cast(pl.Int64).alias("rows"))
