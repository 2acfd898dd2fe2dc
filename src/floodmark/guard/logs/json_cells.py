"""JSON texts to columns: at once where they are as expected, one by one where they are not.

>>> tree = tree_of([("a",), ("b", None, "c")])
>>> cells = decoded(pl.Series(['{"a": 1, "b": [{"c": "x"}]}', '{"a": {}}', '{"a"']), tree)
>>> at(cells, ("a",)).to_list(), spread(cells, ("b", None, "c")).rows()
(['1', None, None], [(0, 'x')])
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import polars as pl

from floodmark.guard.reduction import HALF

Steps = tuple[str | None, ...]
Tree = dict[str | None, Any]
ONE_BY_ONE = 16  # rows among which one that is not as expected is no longer looked for


def tree_of(paths: Iterable[Steps]) -> Tree:
    """What is wanted of a JSON text: keys, and None for the members of a list, down to {} for a text."""
    tree: Tree = {}
    for steps in paths:
        node = tree
        for step in steps:
            node = node.setdefault(step, {})
    return tree


def decoded(texts: pl.Series, tree: Tree) -> pl.Series:
    """Columns of JSON texts, in nested form.

    Args:
        texts: String, shape (n,).
        tree: what is wanted of each.

    Returns:
        Struct, List or String as the tree is, shape (n,); null where the text is no JSON or something else stands
        where a part is wanted. Numbers are texts.
    """
    dtype = _dtype(tree)
    if not texts.len():
        return pl.Series(texts.name, [], dtype=dtype)
    try:
        found = texts.str.json_decode(dtype)
        if found.len() == texts.len():
            return found
    except pl.exceptions.PolarsError:
        pass
    if texts.len() <= ONE_BY_ONE:
        return pl.Series(texts.name, [_read(text, tree) for text in texts], dtype=dtype)
    half = texts.len() // 2
    return pl.concat([decoded(texts[:half], tree), decoded(texts[half:], tree)], rechunk=False)


def at(cells: pl.Series, steps: Steps) -> pl.Series:
    """The texts at the end of steps that go into no list; null where what is wanted has parts itself."""
    for step in steps:
        if cells.dtype != pl.Struct:
            break
        cells = cells.struct.field(str(step))
    if cells.dtype != pl.String:
        return pl.Series([], dtype=pl.String).extend_constant(None, cells.len())
    return cells


def spread(cells: pl.Series, steps: Steps) -> pl.DataFrame:
    """All texts at the end of steps, in order.

    Returns:
        Columns `row` (UInt32, into the cells) and `text` (String); nulls and empty texts are left out.
    """
    frame = cells.to_frame("text").with_row_index("row")
    for step in steps:
        if step is None:
            frame = frame.filter(pl.col("text").list.len() > 0).explode("text")
        else:
            frame = frame.with_columns(pl.col("text").struct.field(step).alias("text"))
    if frame.schema["text"] != pl.String:
        frame = frame.clear().with_columns(pl.lit(None, pl.String).alias("text"))
    return frame.filter(pl.col("text") != "")


def text_of(value: Any) -> str | None:
    """A JSON value as a cell has it; None of one that has parts or is null."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    return HALF.sub("\ufffd", value) if isinstance(value, str) else None


def _dtype(tree: Tree) -> pl.DataType:
    if not tree:
        return pl.String()
    if None in tree:
        return pl.List(_dtype(tree[None]))
    return pl.Struct({str(key): _dtype(inner) for key, inner in tree.items()})


def _read(text: str | None, tree: Tree) -> Any:
    try:
        value = json.loads(text or "")
    except (ValueError, RecursionError):
        return None
    return _shaped(value, tree)


def _shaped(value: Any, tree: Tree) -> Any:
    if not tree:
        return text_of(value)
    if None in tree:
        return [_shaped(member, tree[None]) for member in value] if isinstance(value, list) else None
    if not isinstance(value, dict):
        return None
    return {key: _shaped(value.get(key), inner) for key, inner in tree.items()}


def listed(cells: pl.Series, steps: Steps) -> pl.Series:
    """The texts at the end of steps, as one list a row."""
    found = spread(cells, steps).group_by("row", maintain_order=True).agg("text")
    rows = pl.DataFrame({"row": pl.int_range(cells.len(), dtype=pl.UInt32, eager=True)})
    return rows.join(found, on="row", how="left", maintain_order="left")["text"]
