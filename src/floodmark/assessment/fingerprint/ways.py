"""In which ways two numbers can match, and how many other numbers would match as well.

A way counts the numbers of all stricter ways too. So there is nothing to choose between ways: the chance that an
unrelated number matches this well or better is the chance of the way's numbers together.

>>> for way in ways(100_000, exactly(28_804_686))[:2]:
...     print(way.how, round(way.share, 6), round(way.breadth, 5))
exact 0.1 0.00347
cut off 0.2 0.00693
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from floodmark.assessment.fingerprint.typing_errors import longer, near, shorter
from floodmark.assessment.statements.quantity import Quantity, exactly

__all__ = [
    "Chance",
    "Quantity",
    "Way",
    "bounded",
    "by_digits",
    "by_noise",
    "exactly",
    "first",
    "nearest",
    "ways",
]

ENDS = ("at-least", "at-most")
LEADING = 2  # leading digits that agree because a country is of one size in both tables
FEWEST_FIRST = 4  # leading digits that have to be the same where the others are not


@dataclass(frozen=True)
class Way:
    """One way to match.

    Attributes:
        how: `exact` (the number, or its nearest rounding), `cut off` (the rounding down or up), `typed` (one digit
            wrong, or two neighbours swapped), `slipped` (one digit too few or too many), `first 6` and so on down to
            `first 4` (as long, and so many leading digits the same), or `bound`.
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


def step_there(said: Quantity, known: Quantity) -> int:
    """What the last digit that was said would count in a number as long as the known one.

    Whether a number is as long is part of the result, and may not decide how finely it is looked at.
    """
    if said.step == 1:
        return 1
    return int(10 ** max(0, len(str(known.value)) - said.digits))


@lru_cache(maxsize=1 << 15)
def ways(said_step: int, known: Quantity) -> tuple[Way, ...]:
    """All ways in which a number could match, from the strictest to the widest; slips only where they would tell.

    They do not depend on what is said but on how finely, so that they are the same whether it matches or not.

    Args:
        said_step: what the last digit of the advert's number counts.
        known: the known number. Not zero.
    """
    step = max(said_step, known.step)
    middle = max(1, nearest(known.value, step) // step)
    unit = 10.0 ** (LEADING - len(str(middle)))
    found = [Way("exact", unit, _breadth([middle]))]
    if said_step != known.step:
        least = known.value // step if said_step > known.step else middle - 1
        found.append(Way("cut off", 2 * unit, max(_breadth([least, least + 1]), found[0].breadth)))
    slips = _slips(middle)
    if found[-1].share + slips.typed * unit < 1:
        share, breadth = found[-1].share + slips.typed * unit, found[-1].breadth + slips.typed_breadth
        found.append(Way("typed", share, breadth))
        if share + slips.slipped_share < 1:
            share, breadth = share + slips.slipped_share, breadth + slips.slipped_breadth
            found.append(Way("slipped", share, breadth))
    stricter = found[-1]
    for digits in range(
        len(str(middle)) - 2, FEWEST_FIRST - 1, -1
    ):  # with one digit less it is a digit typed wrong
        share = stricter.share + 10.0 ** (LEADING - digits)
        found.append(Way(first(digits), share, stricter.breadth + _breadth_of_first(middle, digits)))
    return tuple(found)


def first(digits: int) -> str:
    """The name of the way in which so many leading digits are the same."""
    return f"first {digits}"


def _breadth_of_first(number: int, digits: int) -> float:
    """Of all numbers that begin with the same digits, which are next to each other."""
    width = int(10 ** (len(str(number)) - digits))
    return math.log1p(width / (number // width * width - 0.5))


class _Slips(NamedTuple):
    typed: int
    typed_breadth: float
    slipped_share: float
    slipped_breadth: float


@lru_cache(maxsize=1 << 15)
def _slips(number: int) -> _Slips:
    """How many numbers are a slip away; of the longer ones each is a smaller share, of the shorter ones a greater."""
    typed, fewer, more = near(number), shorter(number), longer(number)
    unit = 10.0 ** (LEADING - len(str(number)))
    return _Slips(
        len(typed),
        _breadth(typed),
        (10 * len(fewer) + len(more) / 10) * unit,
        _breadth(fewer) + _breadth(more),
    )


def bounded(said: Quantity, known: Quantity) -> Way:
    """The way in which an end such as `>6M` matches what is beyond it by less than ten of its last digit.

    Args:
        said: the advert's number.
        known: the known one. One of the two is an end.
    """
    said_is_end = said.bound in ENDS
    end = said if said_is_end else known
    width = 10 * step_there(end, known)
    lower = known.value - width if said_is_end == (end.bound == "at-least") else known.value
    breadth = math.log1p(width / lower) if lower > 0 else math.inf
    return Way("bound", width * 10.0 ** (LEADING - len(str(known.value))), breadth)


def nearest(value: int, step: int) -> int:
    """The multiple of `step` that is nearest; of two the greater."""
    return (2 * value + step) // (2 * step) * step


def _breadth(numbers: Iterable[int]) -> float:
    """Sum of ln((v + 1/2) / (v - 1/2)), in which what the last digit counts cancels out; without end from zero on."""
    return sum(math.log1p(1 / (one - 0.5)) if one > 0 else math.inf for one in numbers)
