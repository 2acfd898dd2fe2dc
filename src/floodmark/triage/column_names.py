"""Column names that may be published: a header that is really somebody's record names nobody."""

from __future__ import annotations

from dataclasses import replace

from floodmark.dumps import Grammar


def published(grammar: Grammar) -> Grammar:
    """The grammar, with numbers instead of names where the header is a record.

    The reader covers a name that is shaped like a number or an address: the column is then called `column_1`, by
    its place. Where that is a column of phone numbers or addresses, the header was a record of its own, and the
    names beside it may be somebody's.
    """
    if not grammar.header or not any(
        column.type.identifier_kind in ("phone", "email") and column.name == _numbered(column.index)
        for column in grammar.columns
    ):
        return grammar
    return replace(
        grammar, columns=tuple(replace(column, name=_numbered(column.index)) for column in grammar.columns)
    )


def _numbered(index: int) -> str:
    return f"column_{index + 1}"
