"""A chunk of JSON Lines to records: keys of nested objects joined by dots, numbers as they were written."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import polars as pl

from floodmark.dumps.chunks import LINE_LIMIT, find_lines, invalid_lines
from floodmark.dumps.fates import QUARANTINED, SKIPPED, Batch, Fates

MAX_KEYS = 1000


class _Number(str):
    """A number's own text, so that nothing is lost in reading it."""

    __slots__ = ()


def read_object(line: str) -> dict[str, str] | None:
    """Flat text cells of one JSON object, or None when the line is not one object.

    Examples:
        >>> read_object('{"id": 100000000000000000001, "at": {"city": "Rome"}, "tags": ["a"]}')
        {'id': '100000000000000000001', 'at.city': 'Rome', 'tags': '["a"]'}
    """
    try:
        value = json.loads(
            line, parse_int=_Number, parse_float=_Number, parse_constant=_Number, object_pairs_hook=_once
        )
        return _flat(value) if isinstance(value, dict) else None
    except (ValueError, RecursionError):
        return None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose keys occur once; of a repeated key nobody can tell which value counts."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is repeated")
    return found


def _flat(value: dict[str, Any], prefix: str = "", depth: int = 0) -> dict[str, str]:
    cells: dict[str, str] = {}
    for key, inner in value.items():
        name = f"{prefix}{key}".encode("utf-8", "replace").decode()
        if isinstance(inner, dict) and inner and depth < 8:
            cells.update(_flat(inner, f"{name}.", depth + 1))
        elif isinstance(inner, _Number):
            cells[name] = str(inner)
        elif isinstance(inner, str):
            # A lone surrogate has no UTF-8 form.
            cells[name] = inner.encode("utf-8", "replace").decode()
        elif inner is None:
            cells[name] = ""
        else:
            cells[name] = _text(inner).encode("utf-8", "replace").decode()
    return cells


def _text(value: Any) -> str:
    """JSON text of a value, its numbers as they were written."""
    parts: list[str] = []
    _write(value, parts)
    return "".join(parts)


def _write(value: Any, parts: list[str]) -> None:
    """Add the JSON text of a value, without copying it at each level."""
    joint = ""
    if isinstance(value, _Number):
        parts.append(str(value))
    elif isinstance(value, dict):
        parts.append("{")
        for key, inner in value.items():
            parts += (joint, json.dumps(key, ensure_ascii=False), ": ")
            _write(inner, parts)
            joint = ", "
        parts.append("}")
    elif isinstance(value, list):
        parts.append("[")
        for inner in value:
            parts.append(joint)
            _write(inner, parts)
            joint = ", "
        parts.append("]")
    else:
        parts.append(json.dumps(value, ensure_ascii=False))


def split_json(
    data: bytes, start: int, newline: str, names: list[str], keys: list[str] | None = None
) -> Batch:
    """Records of a chunk, one JSON object a line.

    Args:
        data: whole lines.
        start: offset of the chunk in the text, for the spans.
        newline: as in the grammar.
        names: names of the columns.
        keys: their keys, where columns are not called like them. A key that is not among them makes its line
            `repaired` (`unknown-key-dropped`), so that the loss is counted.
    """
    lines = find_lines(data, newline)
    fates = Fates(start, lines)
    bad = invalid_lines(data, lines)
    fates.mark(lines.ends - lines.starts > LINE_LIMIT, QUARANTINED, "line-too-long")
    fates.mark(bad, QUARANTINED, "invalid-utf-8-or-nul")
    columns: dict[str, list[str]] = {key: [] for key in keys or names}
    broken: list[int] = []
    blank: list[int] = []
    extra: list[int] = []
    table = zip(np.flatnonzero(fates.fates == 0).tolist(), *_good(lines, fates), strict=True)
    for number, first, last in table:
        text = data[first:last]
        if not text.strip():
            blank.append(number)
            continue
        cells = read_object(text.decode())
        if cells is None:
            broken.append(number)
            continue
        if not cells.keys() <= columns.keys():
            extra.append(number)
        for name, column in columns.items():
            column.append(cells.get(name, ""))
    fates.mark(np.array(broken, np.int64), QUARANTINED, "not-a-json-object")
    fates.mark(np.array(blank, np.int64), SKIPPED, "blank")
    fates.mark(np.array(extra, np.int64), 1, "unknown-key-dropped")
    frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    frame.columns = names
    return fates.batch(frame)


def _good(lines: Any, fates: Fates) -> tuple[list[int], list[int]]:
    good = fates.fates == 0
    return lines.starts[good].tolist(), lines.ends[good].tolist()


def key_counts(lines: list[str]) -> dict[str, int]:
    """Keys of the objects in a sample, in order of first sight, at most `MAX_KEYS`, with the lines that have each."""
    seen: dict[str, int] = {}
    for line in lines:
        for key in read_object(line) or ():
            if key in seen or len(seen) < MAX_KEYS:
                seen[key] = seen.get(key, 0) + 1
    return seen
