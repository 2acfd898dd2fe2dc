"""Records whose cells have keys of their own: which columns a table of them has, and its frame."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from floodmark.dumps.fates import QUARANTINED, REPAIRED, Fates
from floodmark.dumps.jsonl import MAX_KEYS
from floodmark.dumps.sample_lines import FEW_LINES

Cells = dict[str, str]
Read = Cells | str  # the cells of a record by key, or why there are none


@dataclass(frozen=True)
class Shape:
    """Columns of one table.

    Attributes:
        keys: keys of the cells, in order.
        labels: what the columns are called.
        named: whether these are names that the text gives.
    """

    keys: tuple[str, ...]
    labels: tuple[str, ...]
    named: bool

    @property
    def empty(self) -> pl.DataFrame:
        """No records."""
        return pl.DataFrame(schema=dict.fromkeys(self.labels, pl.String))


def shape_of(records: Sequence[Cells], nameless: frozenset[str] = frozenset()) -> Shape | None:
    """Columns of records; None where there is no record.

    A key that one record alone has can be somebody's name (`{"ada": …}`): it is read, and not repeated.

    Args:
        records: cells of some records.
        nameless: keys that the text does not give; those that are numbers are none either.

    Examples:
        >>> shape_of([{"id": "1", "name": "Ada"}, {"id": "2"}])
        Shape(keys=('id', 'name'), labels=('id', 'name'), named=True)
    """
    counts: dict[str, int] = {}
    for record in records:
        for key in record:
            if key in counts or len(counts) < MAX_KEYS:
                counts[key] = counts.get(key, 0) + 1
    if not counts:
        return None
    labels: dict[str, None] = {}
    for number, (key, count) in enumerate(counts.items(), 1):
        label = key.lstrip("\0")
        if not label or (count == 1 and len(records) >= FEW_LINES):
            label = f"column_{number}"
        while label in labels:
            label += "_2"
        labels[label] = None
    named = any(key not in nameless and not key.isdecimal() for key in counts)
    return Shape(tuple(counts), tuple(labels), named)


def gather(records: Iterable[Read], places: Sequence[int], fates: Fates, shape: Shape) -> pl.DataFrame:
    """The frame of some records; those that are none are set aside.

    Args:
        records: the records.
        places: number of each among the lines of the fates.
        fates: takes the fates of records that are none, or have keys that the table has not.
        shape: columns of the table.
    """
    columns: dict[str, list[str]] = {key: [] for key in shape.keys}
    aside: dict[str, list[int]] = {}
    extra: list[int] = []
    for place, cells in zip(places, records, strict=True):
        if isinstance(cells, str):
            aside.setdefault(cells, []).append(place)
            continue
        if not cells.keys() <= columns.keys():
            extra.append(place)
        for key, column in columns.items():
            column.append(cells.get(key, ""))
    for reason, which in aside.items():
        fates.mark(np.array(which, np.int64), QUARANTINED, reason)
    fates.mark(np.array(extra, np.int64), REPAIRED, "unknown-key-dropped")
    frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    frame.columns = list(shape.labels)
    return frame
