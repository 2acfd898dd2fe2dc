"""Records whose cells have keys of their own: which columns a table of them has, and its frame."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from floodmark.dumps.columns import infer_header
from floodmark.dumps.fates import QUARANTINED, REPAIRED, SKIPPED, Fates
from floodmark.dumps.jsonl import MAX_KEYS
from floodmark.dumps.sample_lines import FEW_LINES

Cells = dict[str, str]
BLANK = "blank"  # the reason of a record without a cell, which is skipped
Reading = Cells | str  # the cells of a record by key, or why there are none


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


def shape_of(records: Sequence[Cells]) -> Shape | None:
    """Columns of records; None where there is no record.

    A key that begins with a NUL is one of ours: the text does not call it so. A key that one record alone has can be
    somebody's name (`{"ada": …}`): it is read, and not repeated.

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
    shown = [
        "" if count == 1 and len(records) >= FEW_LINES else key.lstrip("\0") for key, count in counts.items()
    ]
    named = any(not key.startswith("\0") and not key.isdecimal() for key in counts)
    return Shape(tuple(counts), labels_of(shown), named)


def labels_of(names: Iterable[str]) -> tuple[str, ...]:
    """Names of columns, none empty and none twice.

    >>> labels_of(["id", "", "id"])
    ('id', 'column_2', 'id_2')
    """
    labels: dict[str, None] = {}
    for number, name in enumerate(names, 1):
        label = name.strip() or f"column_{number}"
        while label in labels:
            label += "_2"
        labels[label] = None
    return tuple(labels)


def has_header(records: Sequence[Cells], shape: Shape) -> bool:
    """Whether the first record names the columns, where the text numbers its cells only."""
    if not all(key.isdecimal() for key in shape.keys):
        return False
    others = {key: [record.get(key, "") for record in records[1:]] for key in shape.keys}
    first = [records[0].get(key, "") for key in shape.keys]
    return infer_header(first, pl.DataFrame(others, schema=dict.fromkeys(others, pl.String)))


def gather(records: Iterable[Reading], places: Sequence[int], fates: Fates, shape: Shape) -> pl.DataFrame:
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
        fates.mark(np.array(which, np.int64), SKIPPED if reason == BLANK else QUARANTINED, reason)
    fates.mark(np.array(extra, np.int64), REPAIRED, "unknown-key-dropped")
    frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    frame.columns = list(shape.labels)
    return frame
