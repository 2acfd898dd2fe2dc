"""How a number of an advert and one that is known match, and how rarely they would by chance.

>>> one = match_row(exactly(44_833_547), exactly(44_823_547))
>>> one.how, round(one.score(by_digits), 2)
('one digit', 4.11)
>>> match_row(Quantity(28_800_000, 3), exactly(28_804_686)).how
'rounded'

A number can match in several ways, each wider than the one before: it is the known one or its rounding; the known
one cut off or rounded up; the known one with a digit typed wrong; with a digit too few or too many. A way's share of
chance counts all numbers of the ways before it, so that there is nothing to choose: the chance that a number matches
this well or better is the share.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from floodmark.assessment.fingerprint.typing_errors import FAR, NEAR, far, near, slip
from floodmark.assessment.statements.quantity import Quantity, exactly

__all__ = ["by_digits", "Quantity", "RowMatch", "Way", "by_noise", "exactly", "match_row"]

DIFFERS = "differs"
LEADING = 2  # leading digits that agree because the countries are the same size in both tables


@dataclass(frozen=True)
class Way:
    """One way to match: the numbers of this way and of all stricter ones together.

    Attributes:
        how: `exact`, `rounded`, `cut off`, `bound`, `typed` or `slipped`.
        share: of numbers with the same two leading digits, were all further digits random.
        breadth: of those numbers on the scale of natural logarithms.
    """

    how: str
    share: float
    breadth: float


Chance = Callable[[Way], float]
"""The chance that two unrelated numbers match in a way or a stricter one, under some null hypothesis."""


def by_digits(way: Way) -> float:
    """Two leading digits agree because populations do; the others are random (METHODS, A3)."""
    return min(1.0, way.share)


def by_noise(sigma: float) -> Chance:
    """The number is the known one times a factor common to all rows and noise exp(N(0, sigma²)), at the worst factor.

    The density of a normal distribution is nowhere above 1 / (sigma sqrt(2 pi)), whatever its mean.
    """
    densest = 1 / (sigma * math.sqrt(2 * math.pi))
    return lambda way: min(1.0, way.breadth * densest)


@dataclass(frozen=True)
class RowMatch:
    """A row that both tables have.

    Attributes:
        country: ISO 3166-1 alpha-2; empty for the total.
        said: as the advert has it.
        known: as the known table has it.
        how: `exact`, `rounded`, `cut off`, `bound`, `one digit`, `transposed`, `digit missing`, `digit added` or
            `differs`.
        ways: in which it could have matched, each wider than the one before.
        reached: the place in `ways` of the one in which it did; None where it differs or was not scored.
        source: where the known one was read, where that has a source of its own.
    """

    said: Quantity
    known: Quantity
    how: str
    ways: tuple[Way, ...]
    reached: int | None
    country: str = ""
    source: str = ""

    def score(self, chance: Chance) -> float:
        """Decimal digits of surprise: minus the common logarithm of the chance; 0 where the row differs."""
        if self.reached is None:
            return 0.0
        return -math.log10(chance(self.ways[self.reached])) or 0.0

    def attainable(self, chance: Chance) -> tuple[float, ...]:
        """Scores above zero that the row could have had, the greatest first."""
        scores = (-math.log10(chance(way)) for way in self.ways)
        return tuple(score for score in scores if score > 0)


def match_row(said: Quantity, known: Quantity, *, country: str = "", source: str = "") -> RowMatch:
    """Compare one number of an advert with the known one.

    Args:
        said: the advert's.
        known: what was published or counted; which of the two is the rounder makes no difference.
        country: goes into the result.
        source: goes into the result.
    """

    def found(how: str, ways: tuple[Way, ...], reached: int | None) -> RowMatch:
        return RowMatch(said, known, how, ways, reached, country, source)

    if not said.value or not known.value:
        return found("exact" if said.value == known.value else DIFFERS, (), None)
    if {said.bound, known.bound} & {"at-least", "at-most"}:
        return found(*_bounded(said, known))
    coarse, fine = (said, known) if said.step >= known.step else (known, said)
    ways = _ways(coarse, fine)
    if _rounded(fine.value, coarse.step) == coarse.value:
        return found("exact" if said.value == known.value else "rounded", ways, 0)
    if coarse.step > 1 and coarse.agrees(fine):
        return found("cut off", ways, 1)
    slipped = slip(str(said.value // coarse.step), str(known.value // coarse.step))
    place = next((place for place, way in enumerate(ways) if way.how == _kind(slipped)), None)
    if place is None or ways[place].share >= 1:
        return found(DIFFERS, ways, None)
    return found(slipped, ways, place)


def _ways(coarse: Quantity, fine: Quantity) -> tuple[Way, ...]:
    """All ways in which two numbers of these digits could match."""
    step, places = coarse.step, coarse.digits
    unit = 10.0 ** (LEADING - places)  # share of one number, of those with its two leading digits
    nearest = max(1, _rounded(fine.value, step) // step)
    ways = [Way("exact", unit, _breadth([nearest]))]
    if step > 1:
        neighbours = (
            [nearest - 1, nearest, nearest + 1] if fine.step > 1 else _floor_and_ceiling(fine.value, step)
        )
        ways.append(Way("cut off", len(neighbours) * unit, _breadth(neighbours)))
    meant = str(nearest)
    typed, slipped = near(meant), far(meant)
    share = ways[-1].share + len(typed) * unit
    breadth = ways[-1].breadth + _breadth(map(int, typed))
    ways.append(Way("typed", share, breadth))
    # Of numbers that are longer or shorter, one is a smaller or a greater share.
    share += sum(10.0 ** (LEADING - len(text)) for text in slipped)
    ways.append(Way("slipped", share, breadth + _breadth(map(int, slipped))))
    return tuple(ways)


def _bounded(said: Quantity, known: Quantity) -> tuple[str, tuple[Way, ...], int | None]:
    """An end such as `>6M` matches what lies beyond it by less than ten of its last digit: one digit less is said."""
    if not said.agrees(known):
        return DIFFERS, (), None
    end, other = (said, known) if said.bound in ("at-least", "at-most") else (known, said)
    away = abs(other.value - end.value)
    width = 10 * end.step
    if other.bound in ("at-least", "at-most") or away >= width or other.step > width:
        return "bound", (), None
    ends = math.log1p(width / max(1, end.value - (width if end.bound == "at-most" else 0)))
    return "bound", (Way("bound", 10.0 ** (LEADING - end.digits + 1), ends),), 0


def _rounded(value: int, step: int) -> int:
    return (2 * value + step) // (2 * step) * step


def _floor_and_ceiling(value: int, step: int) -> list[int]:
    return sorted({value // step, -(-value // step)})


def _breadth(numbers: Iterable[int]) -> float:
    """Sum of ln((v + 1/2) / (v − 1/2)); the scale of the last digit cancels out."""
    return sum(math.log((2 * number + 1) / (2 * number - 1)) for number in numbers if number > 0)


def _kind(slipped: str) -> str:
    return "typed" if slipped in NEAR else "slipped" if slipped in FAR else ""
