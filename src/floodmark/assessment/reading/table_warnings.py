"""What a reader of a table should look at: named by a slug, in words, with the line.

>>> warned = Warnings()
>>> warned.add("zero", "The count of Malta in line 3 is zero.", 3)
>>> warned.sorted()
(TableWarning(slug='zero', words='The count of Malta in line 3 is zero.', line=3),)
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

MOST_OF_A_KIND = 20


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


@dataclass
class Warnings:
    """Warnings as they come up; of a kind that comes up again and again, the first and how many more."""

    found: list[TableWarning] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)

    def add(self, slug: str, words: str, line: int | None = None) -> None:
        """One more."""
        self.seen[slug] += 1
        if self.seen[slug] <= MOST_OF_A_KIND:
            self.found.append(TableWarning(slug, words, line))

    def wants(self, slug: str) -> bool:
        """Whether one more of this kind would still be listed."""
        return self.seen[slug] < MOST_OF_A_KIND

    def sorted(self) -> tuple[TableWarning, ...]:
        """By line; what is about the whole comes last."""
        more = [
            TableWarning(
                slug, f"{many - MOST_OF_A_KIND:,} more warnings of this kind ({slug}) are not listed."
            )
            for slug, many in self.seen.items()
            if many > MOST_OF_A_KIND
        ]
        return (*sorted(self.found, key=lambda one: (one.line is None, one.line or 0)), *more)
