"""E-values against a reference, and e-BH."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.guard.evidence.conformal import e_bh, e_value, reachable, weigh

scores = st.lists(st.floats(-800.0, 800.0), min_size=1, max_size=30)


@pytest.mark.parametrize("how", [e_value, weigh])
@given(drawn=scores)
def test_e_values_are_1_on_average_over_whichever_of_exchangeable_actors_is_the_new_one(
    how: Callable[..., np.ndarray], drawn: list[float]
) -> None:
    found = [float(how(one, np.array(drawn[:at] + drawn[at + 1 :]), 0.0)) for at, one in enumerate(drawn)]
    assert np.mean(found) == pytest.approx(1.0)


@pytest.mark.parametrize("how", [e_value, weigh])
@given(drawn=scores, bad=st.lists(st.floats(-800.0, 800.0), max_size=10))
def test_bad_reference_actors_never_raise_the_average_above_1_while_they_are_at_most_a_share_epsilon(
    how: Callable[..., np.ndarray], drawn: list[float], bad: list[float]
) -> None:
    others = len(drawn) - 1 + len(bad)
    epsilon = len(bad) / others if others else 0.0
    found = [
        float(how(one, np.array(drawn[:at] + drawn[at + 1 :] + bad), epsilon)) for at, one in enumerate(drawn)
    ]
    assert np.mean(found) <= 1.0 + 1e-9


@given(st.floats(-800.0, 800.0), scores, st.floats(0.0, 0.9))
def test_an_e_value_is_between_0_and_one_more_than_the_reference(
    score: float, others: list[float], epsilon: float
) -> None:
    most = (1.0 - epsilon) * (len(others) + 1)
    assert 0.0 <= float(e_value(score, np.array(others), epsilon)) <= most * (1 + 1e-12)


def test_an_actor_beyond_every_reference_actor_is_flagged_just_where_it_says_that_one_can_be() -> None:
    sizes, weights = [400, 200, 100], [0.25, 0.25, 0.25]
    m = sum(w * float(e_value(5000.0, np.zeros(n), 0.1)) for n, w in zip(sizes, weights, strict=True))
    alpha = reachable(sizes, weights, 0.1)
    assert m == pytest.approx(1.0 / alpha)


def test_one_bad_actor_in_the_reference_does_not_hide_others_with_lower_scores() -> None:
    others = np.append(np.zeros(400), 1600.0)
    assert float(e_value(200.0, others, 0.0)) < 1e-9
    assert float(weigh(200.0, others, 0.0)) > 100.0


def test_scores_too_large_for_a_number_are_compared_all_the_same() -> None:
    assert float(e_value(5000.0, np.array([5000.0, 4000.0]), 0.0)) == pytest.approx(1.5)


@given(
    st.lists(st.floats(0.0, 500.0) | st.sampled_from([0.0, 20.0, 40.0]), max_size=40), st.floats(0.01, 1.0)
)
def test_e_bh_rejects_what_its_definition_says(found: list[float], alpha: float) -> None:
    total = len(found)
    enough = [k for k in range(1, total + 1) if sorted(found, reverse=True)[k - 1] * k * alpha >= total]
    rejected = e_bh(np.array(found), alpha)
    # Equal e-values are rejected together, which the definition leaves open.
    at_least = sorted(found, reverse=True)[max(enough) - 1] if enough else np.inf
    assert rejected.tolist() == [one >= at_least for one in found]


def test_e_bh_keeps_false_discoveries_below_its_rate_when_all_e_values_lean_on_one_reference() -> None:
    rng = np.random.default_rng(8)
    shares = []
    for _ in range(300):
        reference = rng.exponential(size=300)
        ordinary, bad = rng.exponential(size=200), rng.exponential(size=20) + 12.0
        found = e_value(np.concatenate((ordinary, bad)) * 2.0, reference * 2.0, 0.0)
        rejected = e_bh(found, 0.2)
        shares.append(rejected[:200].sum() / max(rejected.sum(), 1))
    assert 0.0 < np.mean(shares) + 3 * np.std(shares) / np.sqrt(len(shares)) <= 0.2
