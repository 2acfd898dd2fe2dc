"""What a saved leak keeps of its identifiers: digests, field sets and a few values' digests, never a text.

A `Keeper` is handed to `triage`, whose workers fill it batch by batch; afterwards it gives every kind's digests in
ascending order, each once, with the field types and values of all its rows united. Whoever stores them (the
register) reads `blocks` and `domain_blocks` before the keeper is closed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.dumps import Grammar
from floodmark.identifiers import KINDS, FieldType, digests
from floodmark.identifiers.digests import DigestKey
from floodmark.triage.radix import RadixSpool, Records, distinct_records, key_starts, sum_payloads

VALUES = ("name", "location")
TYPES = tuple(FieldType)  # bit i of a mask stands for the i-th; masks live no longer than a run
PARENT_LABELS = 8  # longer domains are counted by themselves, and under those of so many labels above them
_LAST_LABELS = rf"^(?:[^.]+\.)+((?:[^.]+\.){{{PARENT_LABELS - 1}}}[^.]+)$"
_BIT = {kind: bit for bit, kind in enumerate(TYPES)}
_NAME_TYPES = (FieldType.FIRST_NAME, FieldType.LAST_NAME)


@dataclass(frozen=True)
class Block:
    """Distinct identifiers of one kind, ascending by digest.

    Attributes:
        digests: uint64, shape (n,).
        masks: bits of `TYPES` that any row of the identifier had filled, uint64, shape (n,).
        values: 16-bit digests of `VALUES`, 0 where no row has one, else the largest, uint16, shape (n, 2).
    """

    digests: NDArray[np.uint64]
    masks: NDArray[np.uint64]
    values: NDArray[np.uint16]


@dataclass(frozen=True)
class RowFacts:
    """What every row of a batch has beside its identifiers.

    Attributes:
        masks: bits of `TYPES` that the row has filled, uint64, shape (rows,).
        values: packed digests of `VALUES`, uint64, shape (rows,).
    """

    masks: NDArray[np.uint64]
    values: NDArray[np.uint64]


class Keeper:
    """Collects the digests of one leak; safe for several threads while they add.

    Args:
        key: the digest key.
        directory: folder for temporary space; by default as for every spool.
    """

    def __init__(self, key: DigestKey, directory: Path | None = None) -> None:
        self.key = key
        self._directory = directory
        self._spools: dict[str, RadixSpool] = {
            kind: RadixSpool(unite_rows, 4 if kind == "email" else 3, directory=directory) for kind in KINDS
        }
        self._domains = RadixSpool(sum_payloads, 2, directory=directory)
        self._parents = RadixSpool(distinct_records, 2, directory=directory)

    def add(self, kind: str, canonical: pl.Series, rows: NDArray[np.intp], facts: RowFacts) -> None:
        """Keep a column's valid identifiers of one batch.

        Args:
            kind: kind of identifier.
            canonical: canonical forms, String; phones and profile ids may be UInt64; no nulls, shape (n,).
            rows: row of each in the batch, shape (n,).
            facts: of the batch's rows.

        Raises:
            SpoolFailed: temporary space is missing, read-only or full.
        """
        if not canonical.len():
            return
        found = digests.of(kind, canonical, self.key)
        columns = [found, facts.masks[rows], facts.values[rows]]
        if kind == "email":
            columns.append(self._domain_digests(canonical))
        self._spools[kind].add(np.column_stack(columns))

    def facts(self, frame: pl.DataFrame, present: pl.DataFrame, grammar: Grammar) -> RowFacts:
        """What the rows of a batch have filled, and the digests of their values.

        Args:
            frame: text cells, a column per column of the grammar.
            present: which of them are not empty, Boolean.
            grammar: of the file.
        """
        by_type: dict[FieldType, list[str]] = {}
        for column, name in zip(grammar.columns, present.columns, strict=True):
            if column.type is not FieldType.UNKNOWN:
                by_type.setdefault(column.type, []).append(name)
        masks = np.zeros(frame.height, np.uint64)
        for kind, names in by_type.items():
            filled = present.select(pl.any_horizontal(names)).to_series().to_numpy()
            masks |= filled.astype(np.uint64) << np.uint64(_BIT[kind])
        packed = np.zeros(frame.height, np.uint64)
        for name, texts in zip(VALUES, (_names(frame, grammar), _locations(frame, grammar)), strict=True):
            packed <<= np.uint64(16)
            if texts is not None:
                packed |= digests.value_digests(name, texts, self.key).astype(np.uint64)
        return RowFacts(masks, packed)

    def blocks(self, kind: str) -> Iterator[Block]:
        """All identifiers of a kind; those of e-mail addresses are counted by domain on the way.

        Call it to its end for `email` before `domain_blocks`, and once.
        """
        for records in self._spools[kind].blocks():
            if kind == "email":
                domains, counts = np.unique(records[:, 3], return_counts=True)
                self._domains.add(np.column_stack([domains, counts.astype(np.uint64)]))
            halves = (records[:, 2:3] >> np.array([16, 0], np.uint64)).astype(np.uint16)
            yield Block(np.ascontiguousarray(records[:, 0]), np.ascontiguousarray(records[:, 1]), halves)

    def domain_blocks(self) -> Iterator[tuple[NDArray[np.uint64], NDArray[np.uint64]]]:
        """Digests of e-mail domains and of the domains above them, and the distinct addresses under each.

        Yields:
            Digests in ascending order, uint64, shape (n,), and counts, uint64, shape (n,).
        """
        with RadixSpool(sum_payloads, 2, directory=self._directory) as totals:
            above = self._parents.blocks()
            waiting = np.empty((0, 2), np.uint64)
            for counts in self._domains.blocks():
                totals.add(counts)
                # Parents of the domains in this block: relations are in the same order, so they stream beside it.
                last = counts[-1, 0]
                while not len(waiting) or waiting[-1, 0] <= last:
                    more = next(above, None)
                    if more is None:
                        break
                    waiting = np.concatenate([waiting, more])
                here = int(np.searchsorted(waiting[:, 0], last, side="right"))
                relations, waiting = waiting[:here], waiting[here:]
                found = np.searchsorted(counts[:, 0], relations[:, 0])
                totals.add(np.column_stack([relations[:, 1], counts[found, 1]]))
            for records in totals.blocks():
                yield records[:, 0], records[:, 1]

    def close(self) -> None:
        """Forget everything that was kept in memory and temporary space."""
        for spool in (*self._spools.values(), self._domains, self._parents):
            spool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _domain_digests(self, addresses: pl.Series) -> NDArray[np.uint64]:
        """Digest of each address's domain; which domains lie above which is kept on the way."""
        domains = addresses.str.split_exact("@", 1).struct.field("field_1").alias("domain")
        distinct = domains.unique()
        found = digests.of_texts("domain", distinct, self.key)
        self._add_parents(distinct, found)
        table = pl.DataFrame({"domain": distinct, "digest": found})
        joined = domains.to_frame().join(table, on="domain", how="left", maintain_order="left")
        return joined["digest"].to_numpy()

    def _add_parents(self, domains: pl.Series, found: NDArray[np.uint64]) -> None:
        """Relate domains to every domain of two to `PARENT_LABELS` labels above them."""
        above, below = domains, pl.Series(found)
        while True:
            # From a deep one straight to those that are kept: an address has room for 120 labels.
            near = above.str.extract(_LAST_LABELS)
            above = near.fill_null(above.str.replace(r"^[^.]*\.", ""))
            deep = above.str.contains(".", literal=True)
            above, below = above.filter(deep), below.filter(deep)
            if not above.len():
                return
            parents = digests.of_texts("domain", above, self.key)
            self._parents.add(np.column_stack([below.to_numpy(), parents]))


def unite_rows(records: Records) -> Records:
    """Rows of one identifier as one: field types united, of every value the largest digest.

    Args:
        records: ascending by digest; words digest, mask, packed values, and of addresses the domain.
    """
    starts = key_starts(records)
    if len(starts) == len(records):
        return records
    united = records[starts]
    united[:, 1] = np.bitwise_or.reduceat(records[:, 1], starts)
    low = np.uint64(0xFFFF)
    names = np.maximum.reduceat(records[:, 2] >> np.uint64(16), starts)
    united[:, 2] = (names << np.uint64(16)) | np.maximum.reduceat(records[:, 2] & low, starts)
    return united


def _names(frame: pl.DataFrame, grammar: Grammar) -> pl.Series | None:
    """Full names as they are compared: of one cell, or given and family name with a space between."""
    columns = [_first(grammar, kind) for kind in _NAME_TYPES]
    whole = _first(grammar, FieldType.FULL_NAME)
    if whole is not None:
        text = pl.col(frame.columns[whole])
    elif None not in columns:
        first, last = (pl.col(frame.columns[index]) for index in columns if index is not None)
        text = pl.when((first != "") & (last != "")).then(pl.concat_str(first, pl.lit(" "), last))
    else:
        return None
    return frame.select(_compared(text)).to_series()


def _locations(frame: pl.DataFrame, grammar: Grammar) -> pl.Series | None:
    """Location cells as they are compared."""
    index = _first(grammar, FieldType.LOCATION)
    if index is None:
        return None
    return frame.select(_compared(pl.col(frame.columns[index]))).to_series()


def _compared(text: pl.Expr) -> pl.Expr:
    """Text of which two leaks agree though one was reformatted: lower case, words with one space between."""
    return text.str.to_lowercase().str.replace_all(r"[^\p{L}\p{M}\p{N}]+", " ").str.strip_chars()


def _first(grammar: Grammar, kind: FieldType) -> int | None:
    return next((column.index for column in grammar.columns if column.type is kind), None)
