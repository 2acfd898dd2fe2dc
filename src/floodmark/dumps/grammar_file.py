"""Saving a grammar to TOML and reading it back, so that a file that came out wrong can be put right by hand."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import tomli_w

from floodmark.dumps.grammar import Column, Grammar
from floodmark.dumps.overrides import Overrides
from floodmark.errors import UsageError
from floodmark.identifiers import FieldType

FORMAT = 1
KNOWN = {
    "format",
    "record",
    "delimiter",
    "quote",
    "header",
    "preamble",
    "newline",
    "encoding",
    "protected",
    "columns",
}


def to_toml(grammar: Grammar) -> str:
    """A grammar as TOML text.

    Args:
        grammar: what was inferred or set.
    """
    return tomli_w.dumps(
        {
            "format": FORMAT,
            "record": grammar.record,
            "delimiter": grammar.delimiter,
            "quote": grammar.quote or "",
            "header": grammar.header,
            "preamble": grammar.preamble,
            "newline": grammar.newline,
            "encoding": grammar.encoding,
            "protected": list(grammar.protected),
            "columns": [_column(column) for column in grammar.columns],
        }
    )


def _column(column: Column) -> dict[str, Any]:
    return {"name": column.name, "type": column.type.label}


def load_overrides(path: Path) -> tuple[Overrides, dict[int, FieldType]]:
    """What a grammar file states: overrides for inference, and column types by index.

    Raises:
        UsageError: the file cannot be read, is not TOML, or names something that does not exist.
    """
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise UsageError(f"Cannot read the grammar file: {error.strerror}", "Check the path.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(
            "The grammar file is not TOML", "Write one with --save-grammar and edit that."
        ) from error
    if unknown := sorted(set(data) - KNOWN):
        raise UsageError(
            f"The grammar file names unknown parts: {', '.join(unknown[:5])}", "Compare the reference."
        )
    if data.get("format", FORMAT) != FORMAT:
        raise UsageError(
            "The grammar file is of a newer format", "Use the version that wrote it, or a newer one."
        )
    columns = data.get("columns", [])
    if not isinstance(columns, list) or not all(isinstance(c, dict) and "type" in c for c in columns):
        raise UsageError("Each [[columns]] entry needs a type", "For example: name = 'mail', type = 'email'.")
    types: dict[int, FieldType] = {}
    for i, column in enumerate(columns):
        label = str(column["type"]).upper()
        if label not in FieldType.__members__:
            raise UsageError(
                f"Column {i + 1} of the grammar file has an unknown type", "See the field types page."
            )
        types[i] = FieldType[label]
    names = tuple(str(c.get("name", c["type"])) for c in columns)
    overrides = Overrides(
        delimiter=data.get("delimiter"),
        quote=data.get("quote"),
        header=data.get("header"),
        preamble=data.get("preamble"),
        encoding=data.get("encoding"),
        newline=data.get("newline"),
        record=data.get("record"),
        columns=names or None,
        protected=tuple(data["protected"]) if isinstance(data.get("protected"), list) else None,
    )
    return overrides, types
