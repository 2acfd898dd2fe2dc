"""Names of tables as the text has them, made fit to be shown."""

from __future__ import annotations

from floodmark.dumps.typing_columns import REVEALING

LONGEST = 80


def table_name(name: str) -> str:
    """A table's name without what cannot be printed, and not one that could be an identifier.

    >>> table_name("public.users"), table_name("447700900123"), table_name("")
    ('public.users', 'table', '')
    """
    clean = "".join(c for c in name.strip() if c.isprintable())[:LONGEST]
    return "table" if name and (not clean or REVEALING.search(clean)) else clean
