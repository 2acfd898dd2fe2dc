"""Rows of two dumps by the columns that both have: in one alone, or in both; exact, in bounded memory.

A row is compared by a keyed 64-bit hash of what its cells say, so that a number, an address or a date counts as the
same however it is written. The hashes lie in encrypted temporary space and their key in memory alone.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Self

import polars as pl

from floodmark.dumps import Grammar, identify
from floodmark.identifiers import FieldType, dates, digests
from floodmark.identifiers.digests import DigestKey
from floodmark.kernel import sorted_sets
from floodmark.triage.comparing.aligned import aligned
from floodmark.triage.comparing.columns import Key, Pair, is_named, keys_of
from floodmark.triage.comparing.comparison import RowPair
from floodmark.triage.distinct import DistinctSpool

SPOOL_BYTES = 160 << 20
DATE = "date"
BETWEEN, ESCAPE = "\x1f", "\x1e"


def forms_of(pairs: Sequence[Pair]) -> list[str]:
    """In what form each shared column is compared: a kind of identifier, `date`, or text where it is empty."""
    return [_form(pair.a.type) if _form(pair.a.type) == _form(pair.b.type) else "" for pair in pairs]


def _form(label: str) -> str:
    kind = FieldType.from_label(label)
    return kind.identifier_kind or (DATE if kind.is_date else "")


class RowSpool:
    """Hashes of the rows of one dump; several threads may add at once.

    Attributes:
        columns: how many columns are compared.
        blank: rows with nothing in them, which are not.

    Args:
        columns: of this dump, one for each that is compared, in an order that both dumps share.
        forms: how each is compared (`forms_of`).
        key: of this run, the same for both dumps.
        region: country of phone numbers written without country code.
    """

    def __init__(
        self, columns: Sequence[Key], forms: Sequence[str], key: DigestKey, region: str | None = None
    ) -> None:
        self.columns = len(columns)
        self._slots = {column: slot for slot, column in enumerate(columns)}
        self._forms = forms
        self._region = region
        self._key = key
        self.spool = DistinctSpool(SPOOL_BYTES)
        self.blank = 0
        self._lock = threading.Lock()

    def add(self, frame: pl.DataFrame, grammar: Grammar) -> None:
        """Take up the rows of a batch.

        Args:
            frame: text cells, a String column per column of the grammar.
            grammar: of the table that they are of.

        Raises:
            SpoolFailed: temporary space is missing, read-only or full.
        """
        types = [column.type.label for column in grammar.columns]
        cells = [pl.repeat("", frame.height, dtype=pl.String, eager=True)] * len(self._forms)
        for column, key in zip(
            grammar.columns, keys_of(types, grammar.names, is_named(grammar)), strict=True
        ):
            slot = self._slots.get(key)
            if slot is not None:
                found = frame.to_series(column.index)
                cells[slot] = said(found, self._forms[slot], column.date_order, self._region)
        rows = pl.DataFrame([one.alias(str(slot)) for slot, one in enumerate(cells)])
        filled = rows.select(pl.any_horizontal(pl.all() != "")).to_series()
        self.spool.add(digests.of_texts("row", _joined(rows.filter(filled)), self._key))
        with self._lock:
            self.blank += int(rows.height - filled.sum())

    def close(self) -> None:
        """Forget the rows."""
        self.spool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def said(cells: pl.Series, form: str, order: str | None, region: str | None = None) -> pl.Series:
    """What cells say, as text: identifiers in canonical form, dates to the day; all else without blanks around it.

    >>> said(pl.Series(["+44 20 7946 0000", " x "]), "phone", None).to_list()
    ['442079460000', 'x']
    >>> said(pl.Series(["5/8/2018 12:00:00 AM", "02/29", "soon"]), "date", "mdy").to_list()
    ['2018-5-8', '-2-29', 'soon']

    Args:
        cells: String, shape (rows,).
        form: a kind of identifier, `date`, or empty for text.
        order: in which dates are written (`identifiers.dates`).
        region: as for `RowSpool`.
    """
    text = cells.str.strip_chars()
    if form == DATE:
        return _days(text, order)
    if form:
        found = identify(form, cells, region)
        for canonical, rows in found.canonical:
            if canonical.len():
                text = text.scatter(rows, canonical.cast(pl.String))
    return text


def _days(text: pl.Series, order: str | None) -> pl.Series:
    parts = dates.parse_series(text, dates.DateOrder(order or "ymd")).struct.unnest()
    numbers = [pl.col(part).cast(pl.String).fill_null("") for part in ("year", "month", "day")]
    written = pl.concat_str(numbers, separator="-")
    return parts.with_columns(text=text).select(pl.when("ok").then(written).otherwise("text")).to_series()


def _joined(rows: pl.DataFrame) -> pl.Series:
    """The cells of each row as one text, which no other row has."""
    marks = pl.col(pl.String).str.contains(f"[{BETWEEN}{ESCAPE}]").any()
    odd = [name for name, has in rows.select(marks).to_dicts()[0].items() if has]
    escaped = (
        pl.col(odd)
        .str.replace_all(ESCAPE, ESCAPE + "0", literal=True)
        .str.replace_all(BETWEEN, ESCAPE + "1", literal=True)
    )
    return rows.with_columns(escaped).select(pl.concat_str(pl.all(), separator=BETWEEN)).to_series()


def compare_rows(a: RowSpool, b: RowSpool) -> RowPair:
    """What the rows of two dumps come to; nothing can be added to either afterwards."""
    total, distinct, known = [0, 0], [0, 0], [0, 0]
    both = 0
    for first, second in aligned(a.spool.finish(), b.spool.finish()):
        for side, part in enumerate((first, second)):
            if part:
                distinct[side] += len(part[0])
                total[side] += int(part[1].sum())
        if first and second:
            in_a, in_b = sorted_sets.common(first[0], second[0])
            both += in_a.size
            known[0] += int(first[1][in_a].sum())
            known[1] += int(second[1][in_b].sum())
    return RowPair(
        columns=a.columns,
        a=total[0],
        b=total[1],
        distinct_a=distinct[0],
        distinct_b=distinct[1],
        distinct_both=both,
        a_in_b=known[0],
        b_in_a=known[1],
        blank_a=a.blank,
        blank_b=b.blank,
    )
