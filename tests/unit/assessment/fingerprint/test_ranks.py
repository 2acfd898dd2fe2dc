from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.assessment.fingerprint.ranks import DRAWS, rank_agreement
from floodmark.assessment.fingerprint.rows import RowMatch, match_row
from floodmark.assessment.fingerprint.simulated import made_table
from floodmark.assessment.statements.quantity import exactly


def rows(pairs: list[tuple[int, int]]) -> list[RowMatch]:
    return [
        replace(match_row(exactly(said), exactly(known)), country=str(place))
        for place, (said, known) in enumerate(pairs)
    ]


@given(st.lists(st.tuples(st.integers(1, 99), st.integers(1, 99)), min_size=3, max_size=12))
def test_tau_counts_pairs_that_differ_in_both(pairs: list[tuple[int, int]]) -> None:
    signs = [np.sign((one[0] - other[0]) * (one[1] - other[1])) for one, other in combinations(pairs, 2)]
    found = rank_agreement(rows(pairs))
    assert found is not None
    assert found.tau == pytest.approx(sum(signs) / max(1, np.abs(signs).sum()), abs=1e-6)
    assert all(1 / (DRAWS + 1) <= chance <= 1 for chance in found.tau_chance.values())


def test_the_same_order_is_no_surprise_where_tables_are_much_alike() -> None:
    counts = made_table(np.random.default_rng(1), 20, sigma=0.5).values()
    found = rank_agreement(rows([(count, count) for count in counts]))
    assert found is not None
    assert (found.tau, found.first) == (1.0, 12)
    assert found.tau_chance[0.05] > 20 * found.tau_chance[1.0]


def test_the_first_places_end_where_the_order_does() -> None:
    found = rank_agreement(rows([(90, 90), (80, 80), (60, 70), (70, 60), (50, 50)]))
    assert found is not None
    assert found.first == 2


def test_two_countries_have_no_order_worth_telling() -> None:
    assert rank_agreement(rows([(2, 2), (1, 1)])) is None


def test_a_seed_gives_the_same_chances_again() -> None:
    pairs = [(90, 91), (80, 79), (60, 70), (70, 60), (50, 50)]
    assert rank_agreement(rows(pairs), seed=3) == rank_agreement(rows(pairs), seed=3)


def test_ranks_of_unrelated_tables_are_as_rare_as_is_said() -> None:
    generator, small = np.random.default_rng(4), 0
    known = np.array(list(made_table(generator, 15, sigma=0.5).values()))
    for _ in range(200):
        said = np.maximum(1, np.round(known * np.exp(generator.normal(0, 0.5, 15)))).astype(int)
        found = rank_agreement(rows(list(zip(said.tolist(), known.tolist(), strict=True))), seed=5)
        assert found is not None
        small += found.tau_chance[0.5] <= 0.1
    assert 8 <= small <= 32
