"""Rows of a table in JSON: an object of names and counts, or a list of objects, wherever it is nested.

>>> rows('{"data": {"Egypt": 44823547, "Italy": 35.6}, "total": 487}')
[(1, ('country', 'count')), (1, ('Egypt', '44823547')), (2, ('Italy', '35٫6')), (3, ('total', '487'))]
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from floodmark.assessment.reading.cells import cell, is_total

DEEPEST = 8
MOST_NODES = 100
Rows = list[tuple[int, tuple[str, ...]]]


class _Pairs(list[tuple[str, Any]]):
    """Members of an object in order; a name may stand twice."""


def rows(text: str) -> Rows:
    """Rows with a heading, numbered as entries; none where the text is no JSON or has no table."""
    if not text.lstrip().startswith(("{", "[")):
        return []
    try:
        found = json.loads(
            text, object_pairs_hook=_Pairs, parse_float=_decimal, parse_int=str, parse_constant=str
        )
    except (ValueError, RecursionError):
        return []
    named, totals = _table(found, 0)
    if not named:
        return []
    extra = [
        (len(named) + at, (label, value, *("",) * (len(named[0][1]) - 2)))
        for at, (label, value) in enumerate(totals)
    ]
    return named + extra


def _decimal(text: str) -> str:
    """A number of JSON, whose point is a decimal mark in every country: `٫` is read as nothing else."""
    if len(text) > 40:
        return text
    return format(Decimal(text), "f").replace(".", "٫") if abs(Decimal(text).adjusted()) < 30 else text


def _table(node: Any, depth: int) -> tuple[Rows, list[tuple[str, str]]]:
    """The first table at or below a node, and totals that stand beside it."""
    if depth > DEEPEST or not isinstance(node, list):
        return [], []
    if found := _by_name(node) if isinstance(node, _Pairs) else _of_list(node):
        return found, []
    named = node if isinstance(node, _Pairs) else [("", value) for value in node]
    totals = [(key, value) for key, value in named if is_total(key) and isinstance(value, str)]
    for _, value in named[:MOST_NODES]:
        found, below = _table(value, depth + 1)
        if found:
            return found, below + totals
    return [], []


def _by_name(node: _Pairs) -> Rows:
    """An object whose names are countries: of counts, or of objects that have them."""
    named = [(key, value) for key, value in node if cell(key).kind in ("country", "total", "region")]
    if sum(cell(key).kind == "country" for key, _ in named) < 2 or 2 * len(named) < len(node):
        return []
    if all(isinstance(value, _Pairs) for _, value in named):
        return _of_list(
            [_Pairs([("country", key), *value]) for key, value in node if isinstance(value, _Pairs)]
        )
    found: Rows = [(1, ("country", "count"))]
    return found + [(number, (key, _text(value))) for number, (key, value) in enumerate(node, 1)]


def _of_list(node: list[Any]) -> Rows:
    """A list of objects or of lists, as rows."""
    if len(node) < 2:
        return []
    if all(isinstance(one, _Pairs) for one in node):
        names = list(dict.fromkeys(key for one in node for key, _ in one))[:60]
        return [(1, tuple(names))] + [
            (number, tuple(_text(dict(one).get(name)) for name in names))
            for number, one in enumerate(node, 1)
        ]
    if all(isinstance(one, list) and not isinstance(one, _Pairs) and len(one) > 1 for one in node):
        return [(number, tuple(map(_text, one[:60]))) for number, one in enumerate(node, 1)]
    return []


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
