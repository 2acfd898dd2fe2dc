"""Statements about one thing that cannot all be true, side by side."""

from __future__ import annotations

from dataclasses import dataclass

from floodmark.assessment.statements.assertion import Assertion
from floodmark.assessment.statements.statement import Statement

HOW = ("disagree", "changed", "within", "claimed")
"""Different speakers; one speaker at different times; one statement in itself; several claim one attack, which does not
exclude that they made it together."""


@dataclass(frozen=True)
class Said:
    """Who says it.

    Attributes:
        statement: where it is said.
        assertion: what of it says so.
        words: what it says of the thing, as precisely as it was said.
    """

    statement: Statement
    assertion: Assertion | None
    words: str

    @property
    def quote(self) -> str:
        """The words that say it; empty where they were not kept."""
        return self.assertion.quote if self.assertion else ""


@dataclass(frozen=True)
class Side:
    """One value of the thing, and all who say it, in the order in which they did.

    Attributes:
        words: the value as the most precise of them said it: `487 million phone numbers`.
        said: at least one.
    """

    words: str
    said: tuple[Said, ...]


@dataclass(frozen=True)
class Contradiction:
    """What is said of one thing, where not all of it can be true; it does not say who is wrong.

    Where several claim one attack alone, all of it may be true, and `how` has nothing but `claimed`.

    Attributes:
        about: slug of the leak or incident.
        thing: what they disagree on: `total`, `countries`, `table`, `amount`, `dated`, `age`, `cause`, `origin`
            or `visibility`.
        scope: what part of it, as the assertions say; empty: the whole.
        how: which of `HOW` occur, at least one, in that order.
        sides: at least two, the one that was said first before the others.
        pairs: indices of sides that cannot both be true, the lower first; none where several claim one attack.
        between: what fits several sides, such as a rounding.
        changed: speakers who said one thing and then another, or both in one statement.
        words: all of it in one or two sentences.
    """

    about: str
    thing: str
    scope: str
    how: tuple[str, ...]
    sides: tuple[Side, ...]
    pairs: tuple[tuple[int, int], ...]
    between: tuple[Side, ...]
    changed: tuple[str, ...]
    words: str

    @property
    def statements(self) -> tuple[str, ...]:
        """Ids of the statements on its sides, each once, side by side."""
        return tuple(dict.fromkeys(one.statement.id for side in self.sides for one in side.said))
