"""Saving a grammar to TOML and reading it back, so that a file that came out wrong can be put right by hand."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import tomli_w

from floodmark.dumps.grammar import Grammar
from floodmark.dumps.overrides import BY_PLACE, Overrides, StatedTable
from floodmark.errors import UsageError
from floodmark.identifiers import FieldType

FORMAT = 1
KNOWN = {
    "format",
    "record",
    "delimiter",
    "quote",
    "escape",
    "rest",
    "after_site",
    "header",
    "preamble",
    "newline",
    "encoding",
    "protected",
    "columns",
    "tables",
}
TABLE_KEYS = {"name", "columns"}


def to_toml(*grammars: Grammar) -> str:
    """Grammars of the tables of one text as TOML text.

    Args:
        *grammars: what was inferred or set, at least one; what tables have in common is that of the first.
    """
    first = grammars[0]
    parts: dict[str, Any] = {
        "format": FORMAT,
        "record": first.record,
        "delimiter": first.delimiter,
        "quote": first.quote or "",
        "escape": first.escape or "",
        "rest": first.rest,
        "header": first.header,
        "preamble": first.preamble,
        "newline": first.newline,
        "encoding": first.encoding,
        "protected": list(first.protected),
    }
    if first.after_site:
        parts["after_site"] = first.after_site
    if first.record not in BY_PLACE:
        # The rest follows from the kind of record, and cannot be stated otherwise.
        kept = ("format", "record", "newline", "encoding")
        parts = {name: value for name, value in parts.items() if name in kept and value}
    if len(grammars) == 1 and not first.table:
        return tomli_w.dumps(parts | {"columns": _columns(first)})
    return tomli_w.dumps(
        parts | {"tables": [{"name": one.table, "columns": _columns(one)} for one in grammars]}
    )


def _columns(grammar: Grammar) -> list[dict[str, Any]]:
    return [{"name": column.name, "type": column.type.label} for column in grammar.columns]


def load_overrides(path: Path) -> tuple[Overrides, dict[int, FieldType]]:
    """What a grammar file states: overrides for inference, and column types by index.

    Columns of records that are cut at fixed places are stated by their index; those of records that name their cells,
    and of the tables of a text that has several, by their name (`Overrides.tables`).

    Raises:
        UsageError: the file cannot be read, is not TOML, or names something that does not exist.
    """
    data = _read(path)
    columns = _checked(data.get("columns", []))
    tables = tuple(_table(entry) for entry in _entries(data))
    names = tuple(str(c.get("name", c["type"])) for c in columns)
    types = {i: _type(column, i) for i, column in enumerate(columns)}
    record = data.get("record")
    if isinstance(record, str) and record not in BY_PLACE and columns:
        tables = (StatedTable("", tuple(zip(names, types.values(), strict=True))), *tables)
        names, types = (), {}
    elif data.get("rest") is True:
        # Which column takes the rest depends on what the columns are, whatever they are called.
        tables = (StatedTable("", tuple(zip(names, types.values(), strict=True))),)
    overrides = Overrides(
        delimiter=data.get("delimiter"),
        quote=data.get("quote"),
        header=data.get("header"),
        preamble=data.get("preamble"),
        encoding=data.get("encoding"),
        newline=data.get("newline"),
        record=record,
        columns=names or None,
        protected=tuple(data["protected"]) if isinstance(data.get("protected"), list) else None,
        tables=tables,
        rest=data.get("rest"),
        escape=data.get("escape"),
        after_site=data.get("after_site"),
    )
    return overrides, types


def _read(path: Path) -> dict[str, Any]:
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise UsageError(f"Cannot read the grammar file: {error.strerror}", "Check the path.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(
            "The grammar file is not TOML", "Write one with floodmark grammar learn and edit that."
        ) from error
    if unknown := sorted(set(data) - KNOWN):
        raise UsageError(
            f"The grammar file names unknown parts: {', '.join(unknown[:5])}", "Compare the reference."
        )
    if data.get("format", FORMAT) != FORMAT:
        raise UsageError(
            "The grammar file is of a newer format", "Use the version that wrote it, or a newer one."
        )
    return data


def _entries(data: dict[str, Any]) -> list[dict[str, Any]]:
    entries = data.get("tables", [])
    if not isinstance(entries, list) or not all(
        isinstance(one, dict) and isinstance(one.get("name"), str) and not set(one) - TABLE_KEYS
        for one in entries
    ):
        raise UsageError("Each [[tables]] entry has a name and columns", "Compare the reference.")
    if len({one["name"] for one in entries}) < len(entries):
        raise UsageError("Two [[tables]] entries have one name", "State each table once.")
    return entries


def _table(entry: dict[str, Any]) -> StatedTable:
    columns = _checked(entry.get("columns", []))
    return StatedTable(
        entry["name"], tuple((str(c.get("name", c["type"])), _type(c, i)) for i, c in enumerate(columns))
    )


def _checked(columns: Any) -> list[dict[str, Any]]:
    if not isinstance(columns, list) or not all(isinstance(c, dict) and "type" in c for c in columns):
        raise UsageError("Each [[columns]] entry needs a type", "For example: name = 'mail', type = 'email'.")
    return columns


def _type(column: dict[str, Any], index: int) -> FieldType:
    label = str(column["type"]).upper()
    if label not in FieldType.__members__:
        raise UsageError(
            f"Column {index + 1} of the grammar file has an unknown type", "See the field types page."
        )
    return FieldType[label]
