"""Readings of a column: the types that it may have, with a confidence between 0 and 1 each."""

from __future__ import annotations

from floodmark.identifiers import FieldType

Readings = dict[FieldType, float]
NEARLY_ALL = 0.9  # share of a column's cells that makes a property the column's


def ranked(readings: Readings) -> Readings:
    """Readings, best first."""
    return dict(sorted(readings.items(), key=lambda item: (-item[1], item[0])))
