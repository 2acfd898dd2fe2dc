"""Neighbours among what an actor asks for."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.guard.evidence.gaps import Gaps, nearest_earlier

SIZE = 10**6


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 50)), max_size=60))
def test_the_nearest_earlier_position_is_that_of_looking_at_every_pair(asked: list[tuple[int, int]]) -> None:
    groups = np.array([group for group, _ in asked], np.int64)
    positions = np.array([position for _, position in asked], np.int64)
    distances, earlier = nearest_earlier(groups, positions)
    for at, (group, position) in enumerate(asked):
        before = [abs(position - other) for same, other in asked[:at] if same == group]
        assert earlier[at] == len(before)
        assert distances[at] == min(before, default=0)


def test_random_positions_make_v_uniform_so_that_bets_on_it_are_fair() -> None:
    rng = np.random.default_rng(5)
    groups = np.repeat(np.arange(20_000), 5)
    distances, earlier = nearest_earlier(groups, rng.integers(0, SIZE, len(groups)))
    some = earlier > 0
    sizes = np.full(some.sum(), SIZE)
    factors = np.exp(Gaps(cap=1e9).log_factors(distances[some], earlier[some], sizes))
    # Its variance is infinite for s <= 0.5, so the cap is what makes a mean that can be measured.
    assert factors[2].mean() == pytest.approx(1.0, abs=0.05)
    capped = np.exp(Gaps().log_factors(distances[some], earlier[some], sizes))
    assert (capped.mean(axis=1) <= 1.02).all()


@pytest.mark.parametrize("order", ["ascending", "descending", "shuffled"])
def test_a_range_is_seen_in_any_order(order: str) -> None:
    positions = np.arange(5000, 5100)
    if order == "descending":
        positions = positions[::-1].copy()
    if order == "shuffled":
        positions = np.random.default_rng(1).permutation(positions)
    distances, earlier = nearest_earlier(np.zeros(100, np.int64), positions)
    assert (Gaps().log_factors(distances, earlier, np.full(100, SIZE)).sum(axis=1) > np.log(1e50)).all()


def test_the_first_of_a_block_says_nothing_and_the_same_position_again_is_worth_the_cap_at_most() -> None:
    factors = Gaps().log_factors(np.array([0, 0]), np.array([0, 7]), np.array([SIZE, SIZE]))
    assert (factors[:, 0] == 0.0).all()
    assert np.exp(factors[:, 1]) == pytest.approx(20.0)


def test_a_distance_beyond_half_the_block_is_as_ordinary_as_can_be() -> None:
    factors = Gaps().log_factors(np.array([SIZE - 1]), np.array([3]), np.array([SIZE]))
    assert np.exp(factors[:, 0]).tolist() == pytest.approx([0.1, 0.3, 0.5])
