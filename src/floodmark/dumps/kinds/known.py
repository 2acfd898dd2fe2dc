"""The kinds of records that are looked for before a text is taken for delimited, or for JSON Lines."""

from __future__ import annotations

from collections.abc import Callable

from floodmark.dumps.kinds.kind import Kind, TableReader

KINDS: tuple[Kind, ...] = ()
# By kind of source, as containers tell it.
WORKBOOKS: dict[str, Callable[[], TableReader]] = {}
