"""How a number of an advert and one that is known match.

>>> one = match_row(exactly(44_833_547), exactly(44_823_547))
>>> one.how, round(one.score(by_digits), 2)
('one digit', 4.11)
>>> match_row(Quantity(28_800_000, 3), exactly(28_804_686)).how
'rounded'
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from floodmark.assessment.fingerprint.typing_errors import FAR, NEAR, slip
from floodmark.assessment.fingerprint.ways import (
    ENDS,
    Chance,
    Way,
    bounded,
    by_digits,
    first,
    nearest,
    step_there,
    ways,
)
from floodmark.assessment.statements.quantity import Quantity, exactly

__all__ = ["DIFFERS", "FIRST", "HOW", "Quantity", "RowMatch", "by_digits", "exactly", "match_row"]

FIRST, DIFFERS = "first digits", "differs"
HOW = ("exact", "rounded", "cut off", "bound", *NEAR, *FAR, FIRST, DIFFERS)


@dataclass(frozen=True)
class RowMatch:
    """A row that both tables have.

    Attributes:
        said: as the advert has it.
        known: as the known table has it; times the factor, where tables are compared up to a factor.
        how: one of `HOW`; `first digits`: four leading digits or more are the same, and two or more of the others not.
        ways: in which it could have matched, each wider than the one before; none where the row is not scored.
        reached: the place in `ways` of the one in which it did; None where it differs or is not scored.
        country: ISO 3166-1 alpha-2; empty for the total.
        known_country: of the known row, where that is another one.
        source: where the known one was read, where it has a source of its own.
        said_source: where the advert's was read, where it has one.
        original: the known number as it was read, where `known` is it times a factor; None where it is not.
        unscored: why a row that is shown does not count, in words; empty where it does.
    """

    said: Quantity
    known: Quantity
    how: str
    ways: tuple[Way, ...] = ()
    reached: int | None = None
    country: str = ""
    known_country: str = ""
    source: str = ""
    said_source: str = ""
    unscored: str = ""
    original: Quantity | None = None

    @property
    def matches(self) -> bool:
        """Whether it does not differ."""
        return self.how != DIFFERS

    def score(self, chance: Chance) -> float:
        """Decimal digits of surprise: minus the common logarithm of the chance; 0 where the row differs."""
        return 0.0 if self.reached is None else max(0.0, -math.log10(chance(self.ways[self.reached])))

    def attainable(self, chance: Chance) -> tuple[float, ...]:
        """Scores above zero that the row could have had, the greatest first."""
        return tuple([-math.log10(one) for one in map(chance, self.ways) if one < 1])


def match_row(said: Quantity, known: Quantity) -> RowMatch:
    """Compare one number of an advert with the known one; which of them is the rounder makes no difference."""
    if not said.value or not known.value:
        return RowMatch(said, known, "exact" if said.value == known.value else DIFFERS, unscored="a zero")
    if said.bound in ENDS or known.bound in ENDS:
        return _match_end(said, known)
    coarse, fine = (said, known) if said.step >= known.step else (known, said)
    if nearest(fine.value, coarse.step) == coarse.value:
        how = "exact" if said.value == known.value else "rounded"
        return RowMatch(said, known, how, ways(said.step, known), 0)
    if coarse.step > fine.step and -coarse.step < coarse.value - fine.value < coarse.step:
        how = "cut off" if coarse.value < fine.value else "rounded"
        return RowMatch(said, known, how, ways(said.step, known), 1)
    possible = ways(step_there(said, known), known)
    places = {way.how: place for place, way in enumerate(possible)}
    how = slip(str(said.value // coarse.step), str(known.value // coarse.step))
    if _way_of(how) in places:
        return RowMatch(said, known, how, possible, places[_way_of(how)])
    same = _first_digits(said.value // coarse.step, nearest(known.value, coarse.step) // coarse.step)
    place = next((places[first(digits)] for digits in range(same, 0, -1) if first(digits) in places), None)
    return RowMatch(said, known, DIFFERS if place is None else FIRST, possible, place)


def _match_end(said: Quantity, known: Quantity) -> RowMatch:
    """An end says little: that a number is not far beyond it, with one digit less than it has."""
    if said.bound in ENDS and known.bound in ENDS:
        how = "bound" if said.agrees(known) else DIFFERS
        return RowMatch(said, known, how, unscored="both are ends")
    end, other = (said, known) if said.bound in ENDS else (known, said)
    if not said.agrees(known):
        return RowMatch(said, known, DIFFERS, (bounded(said, known),))
    close = abs(other.value - end.value) < 10 * step_there(end, known)
    return RowMatch(said, known, "bound", (bounded(said, known),), 0 if close else None)


def _first_digits(one: int, other: int) -> int:
    """How many leading digits are the same, of numbers that are as long as each other; otherwise none."""
    pairs = list(zip(str(one), str(other), strict=False)) if len(str(one)) == len(str(other)) else []
    return next((place for place, (mine, theirs) in enumerate(pairs) if mine != theirs), len(pairs))


def _way_of(how: str) -> str:
    return "typed" if how in NEAR else "slipped" if how in FAR else ""
