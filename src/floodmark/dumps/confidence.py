"""Confidences of column types as shares of right answers: a small monotone map, fitted on held-out columns.

Rules rank types by numbers of their own. How often a type with such a number is right was measured on columns that no
rule was written from (`benchmarks/column_types.py`, docs/explanation/column-types.md); the map puts one for the other.
Which type is best, and which stays unknown, does not change.

>>> round(calibrated(0.58), 2), calibrated(1.0)
(0.7, 1.0)
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from floodmark.dumps.grammar import Column

# The rules' number, and the share of types with it that were right.
_MAP = np.array(
    [
        (0.0, 0.0),
        (0.5, 0.55),
        (0.58, 0.70),
        (0.64, 0.85),
        (0.76, 0.92),
        (0.87, 0.94),
        (0.93, 0.95),
        (0.97, 0.985),
        (0.99, 0.995),
        (1.0, 1.0),
    ]
)


def calibrated(confidence: float) -> float:
    """The share of right answers that a confidence of the rules stands for."""
    return float(np.interp(confidence, _MAP[:, 0], _MAP[:, 1]))


def calibrated_column(column: Column) -> Column:
    """A column with its confidence calibrated; its alternatives keep their order and their numbers."""
    return replace(column, confidence=round(calibrated(column.confidence), 3))
