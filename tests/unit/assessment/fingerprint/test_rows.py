import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from floodmark.assessment.fingerprint.rows import RowMatch, match_row
from floodmark.assessment.fingerprint.simulated import said
from floodmark.assessment.fingerprint.typing_errors import longer, near, shorter, slip
from floodmark.assessment.fingerprint.ways import Chance, by_digits, by_noise, ways
from floodmark.assessment.statements.quantity import BOUNDS, Quantity, exactly

COUNTS = st.integers(1, 10**9)
DIGITS = st.none() | st.integers(1, 9)


def cut(count: int, digits: int) -> Quantity:
    """A count whose last digits were dropped."""
    step = 10 ** max(0, len(str(count)) - digits)
    return Quantity(count // step * step, len(str(count)) - len(str(step)) + 1)


@pytest.mark.parametrize(
    ("advert", "known", "how"),
    [
        (exactly(44_823_547), exactly(44_823_547), "exact"),
        (Quantity(44_800_000, 3), exactly(44_823_547), "rounded"),
        (Quantity(19_800_000, 3), exactly(19_848_559), "rounded"),
        (Quantity(19_900_000, 3), exactly(19_848_559), "rounded"),
        (Quantity(28_800_000, 3), exactly(28_897_000), "cut off"),
        (exactly(28_897_000), Quantity(28_800_000, 3), "cut off"),
        (Quantity(10_000_000, 2, "about"), exactly(9_996_405), "rounded"),
        (Quantity(6_000_000, 1, "at-least"), exactly(6_162_450), "bound"),
        (Quantity(6_000_000, 1, "at-least"), exactly(5_900_000), "differs"),
        (Quantity(7_000_000, 1, "at-most"), exactly(6_162_450), "bound"),
        (exactly(44_833_547), exactly(44_823_547), "one digit"),
        (exactly(8_064_916), exactly(8_064_946), "one digit"),
        (exactly(44_283_547), exactly(44_823_547), "transposed"),
        (exactly(44_832_574), exactly(44_823_547), "differs"),
        (exactly(44_829_999), exactly(44_823_547), "first digits"),
        (exactly(35_677_323), exactly(35_677_377), "first digits"),
        (exactly(44_820_009), exactly(44_829_991), "first digits"),
        (Quantity(44_829_990, 7), exactly(44_823_547), "first digits"),
        (exactly(44_829_990), Quantity(44_823_500, 6), "first digits"),
        (exactly(44_799_999), exactly(44_823_547), "differs"),
        (exactly(448_299_999), exactly(44_823_547), "differs"),
        (exactly(44_899), exactly(44_823), "differs"),
        (exactly(4_482_357), exactly(44_823_547), "digit missing"),
        (exactly(4_482_574), exactly(44_823_547), "differs"),
        (exactly(4_482_354), exactly(44_823_547), "digit missing"),
        (exactly(448_823_547), exactly(44_823_547), "digit added"),
        (exactly(2_938), exactly(2_838), "one digit"),
        (exactly(293), exactly(283), "differs"),
        (Quantity(28_900_000, 3), Quantity(28_800_000, 3), "differs"),
        (exactly(0), exactly(0), "exact"),
        (exactly(0), exactly(5), "differs"),
    ],
)
def test_how_numbers_match(advert: Quantity, known: Quantity, how: str) -> None:
    assert match_row(advert, known).how == how


def test_two_leading_digits_are_no_evidence() -> None:
    for digits in (1, 2):
        row = match_row(said(44_823_547, digits), exactly(44_823_547))
        assert (row.how, row.score(by_digits), row.attainable(by_digits)) == ("rounded", 0, ())


def test_each_further_digit_is_one_digit_of_evidence() -> None:
    scores = [
        match_row(said(44_823_547, digits), exactly(44_823_547)).score(by_digits) for digits in range(3, 9)
    ]
    assert scores == pytest.approx([1, 2, 3, 4, 5, 6])


def test_a_slip_costs_the_number_of_slips_there_are() -> None:
    row = match_row(exactly(44_833_547), exactly(44_823_547))
    slips = near(44_823_547)
    assert row.score(by_digits) == pytest.approx(6 - math.log10(1 + len(slips)))
    assert (
        len(slips) == 77
    )  # nine other digits in each place, no zero in the first, and six neighbours that differ


def test_each_leading_digit_that_was_kept_is_one_digit_of_evidence() -> None:
    known = exactly(4_482_354_712)
    typed = [4_482_999_999, 4_482_399_999, 4_482_359_999, 4_482_354_999]
    rows = [match_row(exactly(one), known) for one in typed]
    assert [row.how for row in rows] == ["first digits"] * 4
    assert [row.score(by_digits) for row in rows] == pytest.approx([2, 3, 4, 5], abs=0.1)
    assert match_row(exactly(4_482_354_713), known).score(by_digits) > rows[-1].score(by_digits)


@given(st.integers(100_000, 10**12), st.integers(4, 10), st.data())
def test_whatever_begins_with_the_same_four_digits_agrees(
    known: int, digits: int, data: st.DataObject
) -> None:
    width = 10 ** max(0, len(str(known)) - digits)
    said = known // width * width + data.draw(st.integers(0, width - 1))
    row = match_row(exactly(said), exactly(known))
    assert row.how in ("exact", "one digit", "transposed", "first digits")
    assert row.score(by_digits) > 0


@given(COUNTS, DIGITS, st.integers(0, 9))
def test_each_way_counts_all_stricter_ones(count: int, digits: int | None, zeros: int) -> None:
    possible = ways(10**zeros, said(count, digits))
    assert list(possible) == sorted(possible, key=lambda way: (way.share, way.breadth))
    assert len({way.how for way in possible}) == len(possible)


@given(COUNTS, DIGITS)
def test_every_rounding_of_a_number_matches_it(count: int, digits: int | None) -> None:
    assert match_row(said(count, digits), exactly(count)).how in ("exact", "rounded")
    assert match_row(exactly(count), said(count, digits)).how in ("exact", "rounded")


@given(COUNTS, st.integers(1, 9))
def test_every_number_that_is_cut_off_matches(count: int, digits: int) -> None:
    assert match_row(cut(count, digits), exactly(count)).how in ("exact", "rounded", "cut off")


@given(st.integers(100_000, 10**9))
def test_every_slip_of_a_long_number_matches(count: int) -> None:
    for typed in {*near(count), *shorter(count), *longer(count)} - {count}:
        row = match_row(exactly(typed), exactly(count))
        assert row.how == slip(str(typed), str(count)) != ""
        assert row.score(by_digits) >= 0


@given(st.integers(1, 10**9), st.integers(1, 10**9))
def test_slips_are_those_that_are_counted(typed: int, meant: int) -> None:
    assert (slip(str(typed), str(meant)) != "") == (typed in [*near(meant), *shorter(meant), *longer(meant)])


@pytest.mark.parametrize("meant", [1, 10, 99, 501, 1042, 1100])
def test_all_numbers_that_are_a_slip_away_are_counted(meant: int) -> None:
    away = {number for number in range(1, 10 * 10 ** len(str(meant))) if slip(str(number), str(meant))}
    assert away == {*near(meant), *shorter(meant), *longer(meant)} - {meant}
    assert len(near(meant)) == len(set(near(meant)))


@given(COUNTS, COUNTS, DIGITS, DIGITS, st.sampled_from(BOUNDS), st.sampled_from(BOUNDS))
def test_any_two_numbers_can_be_compared(
    one: int, other: int, digits: int | None, others: int | None, bound: str, other_bound: str
) -> None:
    advert, known = said(one, digits), said(other, others)
    row = match_row(
        Quantity(advert.value, advert.digits, bound), Quantity(known.value, known.digits, other_bound)
    )
    for chance in (by_digits, by_noise(0.05), by_noise(1.0)):
        attainable = row.attainable(chance)
        assert list(attainable) == sorted(attainable, reverse=True)
        assert row.score(chance) == 0 or row.score(chance) in attainable
    if row.how == "differs":
        assert row.reached is None


@given(COUNTS, st.sampled_from(("at-least", "at-most")), st.integers(3, 9))
def test_an_end_says_one_digit_less(count: int, bound: str, digits: int) -> None:
    assume(len(str(count)) > digits)
    end = cut(count, digits)
    value = end.value if bound == "at-least" else end.value + end.step
    assume(len(str(value)) == len(str(count)))
    row = match_row(Quantity(value, digits, bound), exactly(count))
    assert (row.how, row.score(by_digits)) == ("bound", pytest.approx(digits - 3, abs=1e-9))


def drawn(known: int, sigma: float | None, draws: int, generator: np.random.Generator) -> np.ndarray:
    """Unrelated numbers under a null hypothesis."""
    if sigma is None:
        step = 10 ** (len(str(known)) - 2)
        return known // step * step + generator.integers(0, step, draws)
    return np.maximum(1, np.round(known * np.exp(generator.normal(0, sigma, draws))))


@pytest.mark.parametrize("sigma", [None, 0.05, 0.25, 1.0])
@pytest.mark.parametrize("bound", ["", "at-least", "at-most"])
def test_numbers_that_are_drawn_match_no_oftener_than_is_said(sigma: float | None, bound: str) -> None:
    generator = np.random.default_rng(2022)
    chance: Chance = by_digits if sigma is None else by_noise(sigma)
    for known, digits, known_digits in [
        (44_823_547, None, None),
        (1_042, None, None),
        (10_996_405, 3, None),
        (99_841_220, 3, None),
        (130_331, 2, None),
        (28_804_686, None, 3),
        (10_996_405, None, 1),
        (558_393, 3, 4),
        (4_482_354_712, None, None),
        (100_000_123, None, None),
        (44_823_547, None, 6),
    ]:
        rows = [
            _with_bound(int(one), digits, bound, said(known, known_digits))
            for one in drawn(known, sigma, 1500, generator)
        ]
        # A zero at the end of a number in full may be meant or not, so how finely it was said is taken as given.
        full = {row.said.step for row in rows} if digits is None else {0}
        for step in full:
            alike = [row for row in rows if step in (0, row.said.step)]
            scores = [row.score(chance) for row in alike]
            for least in {score for score in scores if score > 0}:
                hits, expected = sum(score >= least for score in scores), len(alike) * 10**-least
                assert hits <= expected + 4 * math.sqrt(expected) + 3, (known, digits, known_digits, step)


def _with_bound(count: int, digits: int | None, bound: str, known: Quantity) -> RowMatch:
    number = said(count, digits)
    return match_row(Quantity(number.value, number.digits, bound), known)
