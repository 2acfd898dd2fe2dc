"""What a reader of a table should look at: named by a slug, in words, with the line."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class TableWarning:
    """One thing in a table that may be wrong, or that was left out.

    Attributes:
        slug: what kind, stable.
        words: a sentence with lines and countries in it and no other cell of the table.
        line: of the text, or which entry of a JSON document; None where it is about the whole.
    """

    slug: str
    words: str
    line: int | None = None
