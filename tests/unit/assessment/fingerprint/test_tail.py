import math
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.assessment.fingerprint.tail import GRID, LEAST, Tail

CELLS = st.integers(1, 7 * GRID)
ROWS = st.lists(st.lists(CELLS, min_size=1, max_size=3, unique=True), min_size=1, max_size=5)


def scores(cells: list[list[int]]) -> list[tuple[float, ...]]:
    """Scores that lie on the grid, so that nothing is cut."""
    return [tuple((cell + 1e-9) / GRID for cell in sorted(row, reverse=True)) for row in cells]


def exact_tail(rows: list[tuple[float, ...]], cells: int) -> Fraction:
    """The chance of at least so many cells, over all ways in which the rows can match, in fractions until the end."""
    found = Fraction(0)
    for reached in product(*(range(len(row) + 1) for row in rows)):
        chance, total = Fraction(1), 0
        for row, place in zip(rows, reached, strict=True):
            shares = [Fraction(0), *(Fraction(10.0**-score) for score in row), Fraction(1)]
            chance *= shares[place + 1] - shares[place]
            total += int(row[place] * GRID) if place < len(row) else 0
        found += chance if total >= cells else 0
    return found


def erlang(score: float, rows: int) -> float:
    """Common logarithm of P(Gamma(rows) >= score ln 10)."""
    y = Fraction(score * math.log(10))
    terms = sum(y**j / math.factorial(j) for j in range(rows))
    return (math.log(terms.numerator) - math.log(terms.denominator) - float(y)) / math.log(10)


@given(ROWS, st.data())
def test_a_tail_is_the_sum_over_all_ways_in_which_rows_can_match(
    cells: list[list[int]], data: st.DataObject
) -> None:
    rows = scores(cells)
    reached = [data.draw(st.sampled_from(row)) for row in rows]
    expected = exact_tail(rows, sum(int(score * GRID) for score in reached))
    assert 10 ** Tail(rows).log10(reached) == pytest.approx(float(expected), rel=1e-9)


@given(ROWS, st.data())
def test_a_tail_is_never_above_that_of_a_gamma_variable(cells: list[list[int]], data: st.DataObject) -> None:
    rows = scores(cells)
    reached = [data.draw(st.sampled_from(row)) for row in rows]
    assert (
        Tail(rows).log10(reached) <= erlang(sum(int(one * GRID) for one in reached) / GRID, len(rows)) + 1e-6
    )


@given(ROWS)
def test_naming_the_matching_rows_beforehand_would_make_the_chance_no_greater(cells: list[list[int]]) -> None:
    rows = scores(cells)
    strictest = [row[0] for row in rows]
    assert Tail(rows).log10(strictest) >= -sum(strictest) - 1e-6


@pytest.mark.parametrize(
    ("rows", "reached"), [([(1.0, 0.5)] * 30, 7.0), ([(3.0, 1.2)] * 40, 4.0), ([(6.0,)] * 84, 6.0)]
)
def test_sums_that_are_drawn_exceed_a_score_as_often_as_the_tail_says(
    rows: list[tuple[float, ...]], reached: float
) -> None:
    generator = np.random.default_rng(20221124)
    uniform = generator.random((40_000, len(rows)))
    drawn = sum(
        (np.select([uniform[:, place] <= 10.0**-x for x in row], row) for place, row in enumerate(rows))
    )
    hits = int((drawn >= reached - 1e-9).sum())
    expected = 40_000 * 10 ** Tail(rows).log10([reached])
    assert abs(hits - expected) <= 4 * math.sqrt(expected) + 1


def test_more_rows_that_could_have_matched_make_a_match_likelier_by_chance() -> None:
    chances = [Tail([(3.0,)] * rows).log10([3.0, 3.0]) for rows in (2, 3, 10, 100)]
    assert chances == sorted(chances)
    assert chances[0] == pytest.approx(-6)


def test_sums_beyond_the_grid_have_the_chance_of_its_end() -> None:
    tail = Tail([(6.5,)] * 84)
    assert LEAST <= tail.log10([6.5] * 84) == tail.log10([6.5] * 40) < -100


def test_a_thousand_rows_take_no_more_memory_than_a_few() -> None:
    assert Tail([(6.0, 4.0)] * 1000).log10([6.0] * 1000) < -100


@given(ROWS, st.floats(-12, 0))
def test_enough_is_the_least_number_of_rows_whichever_they_be(cells: list[list[int]], log10_p: float) -> None:
    rows = scores(cells)
    tail = Tail(rows)
    weakest = sorted(row[0] for row in rows)
    count = tail.enough(log10_p)
    for rows_matching in range(1, len(rows) + 1):
        is_enough = tail.log10(weakest[:rows_matching]) <= log10_p
        assert is_enough == (count is not None and rows_matching >= count)


def test_no_rows_say_nothing() -> None:
    assert Tail([]).log10([]) == 0
    assert Tail([]).enough(-6.0) is None
