"""Rows of two dumps by the columns that both have: in one alone, or in both; exact, in bounded memory.

A row is compared by a keyed 64-bit hash of what its cells say, so that a number, an address or a date counts as the
same however it is written. The hashes lie in encrypted temporary space and their key in memory alone.
"""

from __future__ import annotations

import threading
from typing import Self

import polars as pl

from floodmark.dumps import Grammar, identify
from floodmark.identifiers import dates, digests
from floodmark.identifiers.digests import DigestKey
from floodmark.kernel import sorted_sets
from floodmark.triage.comparing.aligned import aligned
from floodmark.triage.comparing.columns import is_named, layout_of
from floodmark.triage.comparing.comparable import DATE, Plan
from floodmark.triage.comparing.comparison import RowPair
from floodmark.triage.distinct import DistinctSpool

SPOOL_BYTES = 160 << 20
BETWEEN, ESCAPE = "\x1f", "\x1e"


class RowSpool:
    """Hashes of the rows of one dump; several threads may add at once.

    Attributes:
        plan: how they are compared.
        blank: rows with nothing in the columns that are compared, which are not.
        lacking: rows of tables that lack one of these columns, which are not compared either.

    Args:
        plan: the same for both dumps.
        key: of this run, the same for both dumps.
        region: country of phone numbers written without country code.
    """

    def __init__(self, plan: Plan, key: DigestKey, region: str | None = None) -> None:
        self.plan = plan
        self._region = region
        self._key = key
        self.spool = DistinctSpool(SPOOL_BYTES)
        self.blank = self.lacking = 0
        self._lock = threading.Lock()

    def add(self, frame: pl.DataFrame, grammar: Grammar) -> None:
        """Take up the rows of a batch.

        Args:
            frame: text cells, a String column per column of the grammar.
            grammar: of the table that they are of.

        Raises:
            SpoolFailed: temporary space is missing, read-only or full.
        """
        columns = grammar.columns
        layout = layout_of([column.type.label for column in columns], grammar.names, is_named(grammar))
        places = self.plan.places.get(layout)
        if places is None:
            with self._lock:
                self.lacking += frame.height
            return
        rows = pl.DataFrame(
            [
                said(
                    frame.to_series(columns[place].index), form, columns[place].date_order, self._region
                ).alias(str(slot))
                for slot, (place, form) in enumerate(zip(places, self.plan.forms, strict=True))
            ]
        )
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
        columns=len(a.plan.joints),
        a=total[0],
        b=total[1],
        distinct_a=distinct[0],
        distinct_b=distinct[1],
        distinct_both=both,
        a_in_b=known[0],
        b_in_a=known[1],
        blank_a=a.blank,
        blank_b=b.blank,
        lacking_a=a.lacking,
        lacking_b=b.lacking,
    )
