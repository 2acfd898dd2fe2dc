"""Hits among an actor's identifiers."""

from math import comb, exp, lgamma

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.guard.evidence.hits import Hits, fit, log_likelihood


@given(st.integers(0, 540), st.integers(0, 540), st.floats(0.05, 200.0), st.floats(0.05, 200.0))
def test_the_likelihood_is_that_of_the_beta_function(hits: int, misses: int, a: float, b: float) -> None:
    beta = lgamma(a + hits) + lgamma(b + misses) - lgamma(a + b + hits + misses)
    expected = beta - lgamma(a) - lgamma(b) + lgamma(a + b)
    found = log_likelihood(np.array([hits]), np.array([hits + misses]), a, b)
    assert found[0] == pytest.approx(expected, abs=1e-6)


def test_probabilities_of_all_numbers_of_hits_are_1_in_sum() -> None:
    hits = np.arange(21)
    found = log_likelihood(hits, np.full(21, 20), 3.0, 2.0)
    assert sum(comb(20, h) * exp(one) for h, one in zip(hits, found, strict=True)) == pytest.approx(1.0)


def test_a_fit_finds_the_rates_that_actors_were_drawn_with() -> None:
    rng = np.random.default_rng(2)
    known = rng.integers(20, 540, 4000)
    a, b = fit(rng.binomial(known, rng.beta(12.0, 8.0, 4000)), known).ordinary
    assert a / (a + b) == pytest.approx(0.6, abs=0.02)
    assert a + b == pytest.approx(20.0, rel=0.25)


def test_far_fewer_and_far_more_hits_than_ordinary_both_count() -> None:
    ordinary = fit(np.array([60] * 50 + [55] * 50 + [65] * 50), np.full(150, 100))
    few, usual, many = ordinary.log_factor(np.array([3, 60, 99]), np.full(3, 100))
    assert few > np.log(1000.0) and many > np.log(1000.0) and usual < 0.0


def test_where_nobody_says_what_a_hit_was_hits_say_nothing() -> None:
    none = fit(np.zeros(5, np.int64), np.zeros(5, np.int64))
    assert none == Hits()
    assert none.log_factor(np.array([0, 20]), np.array([0, 20])).tolist() == [0.0, 0.0]
