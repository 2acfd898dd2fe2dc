"""Rows of a table in JSON: an object of names and counts, or a list of objects, wherever it is nested.

>>> rows('{"data": {"Egypt": 44823547, "Italy": 35.6}, "total": 487}')
[(1, ('country', 'count')), (1, ('Egypt', '44823547')), (2, ('Italy', '35٫6')), (3, ('total', '487'))]
"""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from typing import Any

from floodmark.assessment.reading.cells import cell, is_total
from floodmark.assessment.reading.headings import heading
from floodmark.assessment.reading.table_errors import UnclearColumns
from floodmark.reports.labels import column_name

DEEPEST = 8
MOST_NODES = 100
MOST_NAMES = 8
MEANT = ("price", "percent", "rank", "year", "code")
"""What the name of an object says of its values, if not that they are counts."""
Rows = list[tuple[int, tuple[str, ...]]]


class _Pairs(list[tuple[str, Any]]):
    """Members of an object in order; a name may stand twice."""


def rows(text: str) -> Rows:
    """Rows with a heading, numbered as entries; none where the text is no JSON or has no table."""
    if not text.lstrip().startswith(("{", "[")):
        return []
    found = _document(text)
    if found is None:
        return []
    named, totals = _table(found, 0)
    if not named:
        return []
    extra = [
        (len(named) + at, (label, value, *("",) * (len(named[0][1]) - 2)))
        for at, (label, value) in enumerate(totals)
    ]
    return named + extra


def _document(text: str) -> Any:
    """What a text of JSON says; of a document a line, all of them; None where it is neither."""
    try:
        return _loaded(text)
    except RecursionError:
        return None
    except ValueError:
        lines = [line for line in text.splitlines() if line.strip()]
    try:
        return [_loaded(line) for line in lines] if len(lines) > 1 else None
    except (ValueError, RecursionError):
        return None


def _loaded(text: str) -> Any:
    return json.loads(text, object_pairs_hook=_Pairs, parse_float=_decimal, parse_int=str, parse_constant=str)


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
    columns = [one for one in named[:MOST_NODES] if isinstance(one[1], _Pairs) and _is_column(one[1])]
    beside = [one for one in named[:MOST_NODES] if not any(one is other for other in columns)]
    tables: list[tuple[str, Rows, list[tuple[str, str]]]] = []
    if columns:
        tables.append((columns[0][0], _side_by_side(columns), []))
    tables += [
        (key, found, below)
        for key, value in beside
        for found, below in [_table(value, depth + 1)]
        if any(cell(text).kind == "country" for _, row in found for text in row)
    ]
    if len(tables) > 1:
        names = ", ".join(column_name(key) for key, _, _ in tables[:MOST_NAMES] if key)
        raise UnclearColumns(
            f"{len(tables)} tables of countries stand in this JSON{f': {names}' if names else ''}.",
            "Give one of them.",
        )
    return (tables[0][1], tables[0][2] + totals) if tables else ([], [])


def _is_column(node: _Pairs) -> bool:
    """Whether an object has a value of each country."""
    return bool(_by_name(node)) and not any(isinstance(value, _Pairs) for _, value in node)


def _side_by_side(columns: list[tuple[str, _Pairs]]) -> Rows:
    """Objects of values by country as columns under the names that they have."""
    keys: dict[tuple[str, int], None] = {}
    values: list[dict[tuple[str, int], str]] = []
    for _, node in columns[:60]:
        seen: Counter[str] = Counter()
        values.append({})
        for key, value in node:
            values[-1][key, seen[key]] = _text(value)
            seen[key] += 1
        keys |= dict.fromkeys(values[-1])
    known = [heading(name) for name, _ in columns]
    names = [
        name if len(columns) > 1 or one.role in MEANT or one.factor > 1 else "count"
        for (name, _), one in zip(columns, known, strict=True)
    ]
    rows: Rows = [(1, ("country", *names[:60]))]
    return rows + [
        (number, (key[0], *(column.get(key, "") for column in values))) for number, key in enumerate(keys, 1)
    ]


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
