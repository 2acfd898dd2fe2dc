from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.assessment.proportions import _wilson, clopper_pearson


def at_most(most: int, trials: int, share: float) -> float:
    """Probability of at most so many successes, in whole numbers until the end."""
    p = Fraction(share)
    return float(sum(comb(trials, k) * p**k * (1 - p) ** (trials - k) for k in range(most + 1)))


@given(st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_each_end_is_where_the_binomial_leaves_half_of_five_percent(case: tuple[int, int]) -> None:
    successes, trials = case
    low, high = clopper_pearson(successes, trials)
    assert low <= successes / trials <= high
    if successes:
        assert 1 - at_most(successes - 1, trials, low) == pytest.approx(0.025, rel=1e-6)
    else:
        assert low == 0
    if successes < trials:
        assert at_most(successes, trials, high) == pytest.approx(0.025, rel=1e-6)
    else:
        assert high == 1


@pytest.mark.parametrize("trials", [1, 7, 30, 183])
@pytest.mark.parametrize("share", [0.001, 0.02, 0.3, 0.5, 0.97, 0.99, 0.9995])
def test_the_interval_covers_at_least_as_often_as_it_says(trials: int, share: float) -> None:
    covered = sum(
        comb(trials, k) * share**k * (1 - share) ** (trials - k)
        for k in range(trials + 1)
        if clopper_pearson(k, trials)[0] <= share <= clopper_pearson(k, trials)[1]
    )
    assert covered >= 0.95


@pytest.mark.parametrize("trials", [20_000, 300_000, 500_000_000])
def test_the_stand_in_for_large_counts_is_close_to_the_exact_interval(trials: int) -> None:
    low, high = clopper_pearson(10_000, trials)
    near_low, near_high = _wilson(10_000, trials, 0.025)
    assert abs(near_low - low) < 0.002 * (high - low)
    assert abs(near_high - high) < 0.002 * (high - low)


def test_no_trials_leave_all_open_and_impossible_counts_are_refused() -> None:
    assert clopper_pearson(0, 0) == (0.0, 1.0)
    with pytest.raises(ValueError, match="between"):
        clopper_pearson(3, 2)


def test_the_interval_of_failures_mirrors_that_of_successes() -> None:
    low, high = clopper_pearson(20_000, 100_000)
    other_low, other_high = clopper_pearson(80_000, 100_000)
    assert (other_low, other_high) == pytest.approx((1 - high, 1 - low))
