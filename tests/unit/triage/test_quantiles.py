"""Quantiles against published tables."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.triage.quantiles import binomial_limits, student_t


@pytest.mark.parametrize(
    ("degrees", "quantile"),
    [
        (1, 12.706),
        (2, 4.303),
        (3, 3.182),
        (4, 2.776),
        (5, 2.571),
        (10, 2.228),
        (29, 2.045),
        (30, 2.042),
        (120, 1.980),
    ],
)
def test_students_t_agrees_with_the_printed_table(degrees, quantile):
    assert round(student_t(0.975, degrees), 3) == quantile


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [(0, 10, 0.0, 0.3085), (1, 10, 0.0025, 0.4450), (5, 10, 0.1871, 0.8129), (10, 10, 0.6915, 1.0)],
)
def test_binomial_limits_agree_with_the_printed_table(successes, trials, low, high):
    assert [round(limit, 4) for limit in binomial_limits(successes, trials)] == [low, high]


@given(st.integers(1, 300), st.data())
def test_limits_of_successes_mirror_those_of_failures(trials, data):
    successes = data.draw(st.integers(0, trials))
    low, high = binomial_limits(successes, trials)
    mirrored = binomial_limits(trials - successes, trials)
    assert low <= successes / trials <= high
    assert math.isclose(low, 1 - mirrored[1], abs_tol=1e-9)
    assert math.isclose(high, 1 - mirrored[0], abs_tol=1e-9)
