"""Sets of field types as bits of a 64-bit integer, for columns of them; they live no longer than a run.

>>> labels_of(mask_of(["phone", "birth_date"]))
['phone', 'birth_date']
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.dumps import Grammar
from floodmark.errors import UnreadableInput
from floodmark.identifiers import FieldType

TYPES = tuple(kind for kind in FieldType if kind is not FieldType.UNKNOWN)
_BITS = {kind.label: bit for bit, kind in enumerate(TYPES)}
Masks = NDArray[np.uint64]


def mask_of(labels: Iterable[str]) -> int:
    """The set of these field types.

    Raises:
        UnreadableInput: a label that this version does not know.
    """
    try:
        return sum(1 << _BITS[label] for label in set(labels) - {FieldType.UNKNOWN.label})
    except KeyError as error:
        raise UnreadableInput(
            "A saved leak has field types that this version does not know",
            "Use the version that saved it, or newer.",
        ) from error


def labels_of(mask: int) -> list[str]:
    """Labels of the field types of a set, in the order of their numbers."""
    return [kind.label for bit, kind in enumerate(TYPES) if mask >> bit & 1]


def texts_of(masks: pl.Series) -> pl.Series:
    """Labels of every set, joined by blanks; String, shape (n,)."""
    distinct = masks.unique()
    texts = pl.Series([" ".join(labels_of(mask)) for mask in distinct.to_list()], dtype=pl.String)
    return masks.replace_strict(distinct, texts, return_dtype=pl.String)


def counts_of(masks: Masks) -> dict[str, int]:
    """In how many of the sets each field type is, most frequent first; those in none are left out."""
    counts = {
        kind.label: int(np.count_nonzero(masks & np.uint64(1 << bit))) for bit, kind in enumerate(TYPES)
    }
    return dict(sorted(((label, n) for label, n in counts.items() if n), key=lambda pair: -pair[1]))


def of_rows(frame: pl.DataFrame, grammar: Grammar) -> Masks:
    """Field types that each row of a batch has filled; uint64, shape (rows,)."""
    masks = np.zeros(frame.height, np.uint64)
    by_type: dict[FieldType, list[str]] = {}
    for column, name in zip(grammar.columns, frame.columns, strict=True):
        if column.type is not FieldType.UNKNOWN:
            by_type.setdefault(column.type, []).append(name)
    for kind, names in by_type.items():
        filled = frame.select(pl.any_horizontal(pl.col(names) != "")).to_series().fill_null(False).to_numpy()
        masks |= filled.astype(np.uint64) << np.uint64(_BITS[kind.label])
    return masks


def of_sets(field_sets: Sequence[Sequence[str]]) -> Masks:
    """Masks of a leak's table of field sets, by number."""
    return np.array([mask_of(labels) for labels in field_sets], np.uint64)
