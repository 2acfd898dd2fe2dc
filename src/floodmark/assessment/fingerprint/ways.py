"""In which ways two numbers can match, and how many other numbers would match as well.

A way counts the numbers of all stricter ways too. So there is nothing to choose between ways: the chance that an
unrelated number matches this well or better is the chance of the way's numbers together.

>>> for way in ways(Quantity(28_800_000, 3), exactly(28_804_686))[:2]:
...     print(way.how, round(way.share, 6), round(way.breadth, 5))
exact 0.1 0.00347
cut off 0.2 0.00693
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from floodmark.assessment.fingerprint.typing_errors import far, near
from floodmark.assessment.statements.quantity import Quantity, exactly

__all__ = ["Chance", "Quantity", "Way", "bounded", "by_digits", "by_noise", "exactly", "nearest", "ways"]

LEADING = 2  # leading digits that agree because a country is of one size in both tables


@dataclass(frozen=True)
class Way:
    """One way to match.

    Attributes:
        how: `exact` (the number, or its nearest rounding), `cut off` (the rounding down or up), `typed` (one digit
            wrong, or two neighbours swapped), `slipped` (one digit too few or too many) or `bound`.
        share: of the numbers with the same two leading digits, were all further digits random.
        breadth: of those numbers on the scale of natural logarithms, where they are the smallest that they may be.
    """

    how: str
    share: float
    breadth: float


Chance = Callable[[Way], float]
"""The chance that two unrelated numbers match in a way or in a stricter one."""


def by_digits(way: Way) -> float:
    """Two leading digits agree because populations do, and all others are random (METHODS, A3)."""
    return min(1.0, way.share)


def by_noise(sigma: float) -> Chance:
    """A number is the known one times a factor common to all rows and noise exp(N(0, sigma²)), at the worst factor.

    The density of a normal distribution is nowhere above 1 / (sigma sqrt(2 pi)), whatever its mean.
    """
    densest = 1 / (sigma * math.sqrt(2 * math.pi))
    return lambda way: min(1.0, way.breadth * densest)


def ways(coarse: Quantity, fine: Quantity) -> tuple[Way, ...]:
    """All ways in which a number could match, from the strictest to the widest.

    Args:
        coarse: the one whose last digit counts more: its digits are what can match. Not zero.
        fine: the other one.
    """
    step, unit = coarse.step, 10.0 ** (LEADING - coarse.digits)
    middle = max(1, nearest(fine.value, step) // step)
    found = [Way("exact", unit, _breadth([middle]))]
    if step > fine.step:
        beside = [fine.value // step, fine.value // step + 1]
        found.append(Way("cut off", len(beside) * unit, max(_breadth(beside), found[0].breadth)))
    typed, slipped = near(str(middle)), far(str(middle))
    share, breadth = found[-1].share, found[-1].breadth
    share, breadth = share + len(typed) * unit, breadth + _breadth(map(int, typed))
    found.append(Way("typed", share, breadth))
    # Of the longer numbers one is a smaller share, of the shorter ones a greater.
    share += sum(10.0 ** (LEADING - len(text)) for text in slipped)
    found.append(Way("slipped", share, breadth + _breadth(map(int, slipped))))
    return tuple(found)


def bounded(end: Quantity) -> Way:
    """The way in which an end such as `>6M` matches what is beyond it by less than ten of its last digit."""
    width = 10 * end.step
    least = max(end.step, end.value - width if end.bound == "at-most" else end.value)
    return Way("bound", 10.0 ** (LEADING + 1 - end.digits), math.log1p(width / least))


def nearest(value: int, step: int) -> int:
    """The multiple of `step` that is nearest; of two the greater."""
    return (2 * value + step) // (2 * step) * step


def _breadth(numbers: Iterable[int]) -> float:
    """Sum of ln((v + 1/2) / (v - 1/2)), in which what the last digit counts cancels out."""
    return sum(math.log((2 * number + 1) / (2 * number - 1)) for number in numbers if number > 0)
