"""Tables made up with a seed, by which the rates of the fingerprint are measured: unrelated ones, and copies.

Nothing here is of any country: 200 places have populations that fall with their rank, and a table has a share of each,
times noise exp(N(0, sigma²)). Tables that are made apart agree in nothing but the places.

>>> generator = np.random.default_rng(1)
>>> one = made_table(generator, 5, sigma=0.25)
>>> [said(count, 3) for count in one.values()][:2]
[Quantity(value=2630000, digits=3, bound=''), Quantity(value=121000, digits=3, bound='')]
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from floodmark.assessment.fingerprint.known import KnownTable
from floodmark.assessment.statements.country_table import CountryRow, CountryTable
from floodmark.assessment.statements.quantity import Quantity, exactly

PLACES = 200
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_CODES = tuple(one + other for one in _LETTERS for other in _LETTERS)[:PLACES]
_POPULATIONS = 1.4e9 / np.arange(1, PLACES + 1) ** 1.3
_SHARES = (-2.5, -0.3)  # common logarithms of the share of a population that a table has


def made_table(generator: np.random.Generator, rows: int, *, sigma: float) -> dict[str, int]:
    """Counts by code of so many places, the greatest population first."""
    places = np.sort(generator.choice(PLACES, rows, replace=False))
    noise = np.exp(generator.normal(generator.uniform(*_SHARES) * np.log(10), sigma, rows))
    counts = np.maximum(1, np.round(_POPULATIONS[places] * noise)).astype(np.int64)
    return {_CODES[place]: int(count) for place, count in zip(places, counts, strict=True)}


def said(count: int, digits: int | None) -> Quantity:
    """A count as it is printed: rounded to so many digits, or in full where that is None."""
    if digits is None:
        return Quantity(count, max(1, len(str(count).rstrip("0"))))
    step = 10 ** max(0, len(str(count)) - digits)
    rounded = (2 * count + step) // (2 * step) * step
    return Quantity(rounded, len(str(rounded)) - len(str(step)) + 1)


def as_advert(counts: Mapping[str, int], digits: int | None) -> CountryTable:
    """A table as an advert prints it."""
    return CountryTable(tuple(CountryRow(code, said(count, digits)) for code, count in counts.items()))


def as_known(name: str, counts: Mapping[str, int], digits: int | None = None) -> KnownTable:
    """A table that is known, counted where `digits` is None."""
    quantities = {
        code: exactly(count) if digits is None else said(count, digits) for code, count in counts.items()
    }
    return KnownTable(id=name, about=name, title=name, dated="", counts=quantities)


def mistyped(generator: np.random.Generator, counts: Mapping[str, int], share: float) -> dict[str, int]:
    """A copy in which that share of the counts has one digit wrong or two neighbours swapped."""
    wrong = generator.random(len(counts)) < share
    return {
        code: _slip(generator, count) if one else count
        for (code, count), one in zip(counts.items(), wrong, strict=True)
    }


def thinned(generator: np.random.Generator, counts: Mapping[str, int], share: float) -> dict[str, int]:
    """A copy without that share of its rows."""
    kept = set(generator.choice(len(counts), round(len(counts) * (1 - share)), replace=False).tolist())
    return {code: count for place, (code, count) in enumerate(counts.items()) if place in kept}


def altered(generator: np.random.Generator, counts: Mapping[str, int], share: float) -> dict[str, int]:
    """A copy in which that share of the counts is another one of about the size."""
    factors = np.exp(generator.normal(0, 0.25, len(counts)))
    other = generator.permutation(len(counts)) < share * len(counts)
    return {
        code: max(1, round(count * factor)) if one else count
        for (code, count), factor, one in zip(counts.items(), factors, other, strict=True)
    }


def _slip(generator: np.random.Generator, count: int) -> int:
    digits = list(str(count))
    place = int(generator.integers(len(digits)))
    if (
        place
        and digits[place - 1] not in ("0", digits[place])
        and digits[place] != "0"
        and generator.random() < 1 / 2
    ):
        digits[place - 1], digits[place] = digits[place], digits[place - 1]
    else:
        digits[place] = str(int(generator.integers(1, 10)))
    return int("".join(digits))
