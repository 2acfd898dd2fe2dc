"""The rates of the advert fingerprint: false finds at most as often as is said, and the power that its page states.

With fixed seeds. `benchmarks/fingerprint_rates.py` does the same with more tables, and prints what the page has.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest

from floodmark.assessment.fingerprint import simulated
from floodmark.assessment.fingerprint.compare import compare
from floodmark.assessment.fingerprint.known import KnownTable
from floodmark.assessment.proportions import clopper_pearson

PAIRS = 1000
CHANCES = 500
KNOWN = 2
DIGITS = (None, 3, 2, 1)
Change = Callable[[np.random.Generator, dict[str, int]], dict[str, int]]


def known_tables(generator: np.random.Generator, sigma: float) -> list[KnownTable]:
    sizes = generator.integers(10, 121, KNOWN)
    return [
        simulated.as_known(
            f"known-{place}", simulated.made_table(generator, int(size), sigma=sigma), DIGITS[place % 3]
        )
        for place, size in enumerate(sizes)
    ]


def test_a_thousand_unrelated_adverts_are_not_found() -> None:
    generator = np.random.default_rng(1)
    counted: Counter[str] = Counter()
    for place in range(PAIRS):
        sigma = (0.05, 0.25, 0.5, 1.0)[place % 4]
        if place % 100 == 0:
            known = {one: known_tables(generator, one) for one in (0.05, 0.25, 0.5, 1.0)}
        made = simulated.made_table(generator, int(generator.integers(1, 121)), sigma=sigma)
        matches = compare(simulated.as_advert(made, DIGITS[place // 4 % 4]), None, known[sigma])
        counted[matches[0].conclusion if matches else "cannot-tell"] += 1
    assert counted["not-found"] + counted["cannot-tell"] == PAIRS
    assert counted["not-found"] > PAIRS * 0.8


@pytest.mark.parametrize(("sigma", "digits"), [(None, 3), (0.05, 3), (0.25, 2), (1.0, 2)])
def test_chances_are_as_small_as_they_say_no_oftener_than_they_say(sigma: float | None, digits: int) -> None:
    generator = np.random.default_rng(2)
    logs = [_one_chance(generator, sigma, digits) for _ in range(CHANCES)]
    for nominal in (0.05, 0.01):
        small = sum(log <= math.log10(nominal) for log in logs)
        assert clopper_pearson(small, CHANCES, 0.9)[0] <= nominal
    assert clopper_pearson(sum(log <= math.log10(0.05) for log in logs), CHANCES, 0.9)[1] <= 0.05


def _one_chance(generator: np.random.Generator, sigma: float | None, digits: int) -> float:
    """The chance that is given of a table that is unrelated under the null hypothesis by which it is given."""
    known = simulated.made_table(generator, int(generator.integers(5, 61)), sigma=1.0)
    if sigma is None:
        said = {code: _redrawn(generator, count) for code, count in known.items()}
    else:
        noise = np.exp(generator.normal(0, sigma, len(known)))
        said = {code: max(1, round(known[code] * one)) for code, one in zip(known, noise, strict=True)}
    match = compare(simulated.as_advert(said, digits), None, [simulated.as_known("known", known)])[0]
    return match.log10_p if sigma is None else match.sensitivity[sigma]


def _redrawn(generator: np.random.Generator, count: int) -> int:
    """A count with the same two leading digits."""
    step = 10 ** max(0, len(str(count)) - 2)
    return max(1, count // step * step + int(generator.integers(step)))


def _as_it_was(_: np.random.Generator, counts: dict[str, int]) -> dict[str, int]:
    return counts


def _mistyped(generator: np.random.Generator, counts: dict[str, int]) -> dict[str, int]:
    return simulated.mistyped(generator, counts, 0.2)


def _all_mistyped(generator: np.random.Generator, counts: dict[str, int]) -> dict[str, int]:
    return simulated.mistyped(generator, counts, 1.0)


def _halved(generator: np.random.Generator, counts: dict[str, int]) -> dict[str, int]:
    return simulated.thinned(generator, counts, 0.5)


def _half_altered(generator: np.random.Generator, counts: dict[str, int]) -> dict[str, int]:
    return simulated.altered(generator, counts, 0.5)


def _times(_: np.random.Generator, counts: dict[str, int]) -> dict[str, int]:
    return {code: round(count * 1.1) for code, count in counts.items()}


def _shuffled(generator: np.random.Generator, counts: dict[str, int]) -> dict[str, int]:
    return dict(zip(counts, generator.permutation(list(counts.values())).tolist(), strict=True))


@pytest.mark.parametrize(
    ("change", "digits", "rows", "conclusions", "power"),
    [
        (_as_it_was, None, 3, ("found",), 0.85),
        (_mistyped, None, 5, ("found",), 0.95),
        (_all_mistyped, None, 10, ("found",), 0.85),
        (_halved, None, 10, ("found",), 0.95),
        (_half_altered, None, 20, ("found",), 0.95),
        (_shuffled, None, 10, ("found",), 0.95),
        (_times, None, 10, ("found",), 0.95),
        (_as_it_was, 3, 10, ("found",), 0.95),
        (_halved, 3, 20, ("found",), 0.95),
        (_as_it_was, 3, 5, ("found", "found-if"), 0.95),
        (_as_it_was, 2, 10, ("found-if",), 0.95),
        (_halved, 2, 20, ("found-if",), 0.95),
        (_mistyped, 2, 20, ("found-if",), 0.95),
        (_as_it_was, 1, 84, ("found-if",), 0.95),
    ],
)
def test_copies_are_found_again_at_the_stated_power(
    change: Change, digits: int | None, rows: int, conclusions: tuple[str, ...], power: float
) -> None:
    generator = np.random.default_rng(3)
    others = [
        simulated.as_known(f"other-{place}", simulated.made_table(generator, 60, sigma=0.5))
        for place in range(2)
    ]
    found = 0
    for _ in range(40):
        original = simulated.made_table(generator, rows, sigma=0.5)
        advert = simulated.as_advert(change(generator, original), digits)
        match = compare(advert, None, [*others, simulated.as_known("original", original)])[0]
        found += match.known.id == "original" and match.conclusion in conclusions
    assert found >= 40 * power


@pytest.mark.parametrize(
    ("sigma", "digits", "least", "most"),
    [
        # With two digits whatever is of one platform is "found, if": its condition does not hold there.
        (0.01, 2, {"found-if": 0.95}, {"found": 0}),
        (0.02, 3, {}, {"found": 0, "found-if": 0}),
        (0.003, None, {}, {"found": 0, "found-if": 0}),
        # Nearer than half a hundredth, three digits cannot tell a copy from a later count either.
        (0.003, 3, {"found": 0.9}, {}),
        (0.1, 2, {}, {"found": 0, "found-if": 0}),
    ],
)
def test_tables_of_one_platform_are_taken_for_copies_where_the_page_says_so(
    sigma: float, digits: int | None, least: dict[str, float], most: dict[str, float]
) -> None:
    generator = np.random.default_rng(4)
    counted: Counter[str] = Counter()
    for _ in range(20):
        known = simulated.made_table(generator, 84, sigma=0.5)
        noise = np.exp(generator.normal(0, sigma, len(known)))
        said = {code: max(1, round(known[code] * one)) for code, one in zip(known, noise, strict=True)}
        match = compare(simulated.as_advert(said, digits), None, [simulated.as_known("known", known)])[0]
        counted[match.conclusion] += 1
    assert all(counted[name] >= 20 * share for name, share in least.items())
    assert all(counted[name] <= 20 * share for name, share in most.items())


def test_a_few_copied_numbers_in_a_long_advert_are_never_called_a_table() -> None:
    generator = np.random.default_rng(5)
    for _ in range(40):
        known = simulated.made_table(generator, 30, sigma=0.5)
        own = {f"{code[0]}{place}": 3 * count for place, (code, count) in enumerate(known.items())}
        copied = dict(list(known.items())[: int(generator.integers(3, 10))])
        matches = compare(
            simulated.as_advert(own | copied, None), None, [simulated.as_known("known", copied)]
        )
        assert matches[0].conclusion == "partly"
