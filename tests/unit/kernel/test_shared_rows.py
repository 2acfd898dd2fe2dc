"""What shared rows say, counted on every path of the kernel and without it, against plain loops."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark.kernel.shared_rows import VALUES, Agreement, count_joint

value = st.sampled_from([0, 0, 1, 2, 65_535])
row = st.tuples(value, value)


@st.composite
def tables(draw):
    a, b = (draw(st.lists(row, min_size=1, max_size=40)) for _ in "ab")
    pairs = st.tuples(st.integers(0, len(a) - 1), st.integers(0, len(b) - 1))
    return a, b, draw(st.lists(pairs, max_size=60))


def arrays(a, b, pairs):
    places = np.array(pairs, np.int64).reshape(-1, 2)
    in_a, in_b = np.ascontiguousarray(places[:, 0]), np.ascontiguousarray(places[:, 1])
    return np.array(a, np.uint16), np.array(b, np.uint16), in_a, in_b


@settings(deadline=None)
@given(made=tables(), column=st.integers(0, 1))
def test_agreement_is_that_of_a_plain_loop(kernel, made, column):
    a, b, pairs = made
    found = Agreement.empty()
    table_a, table_b, in_a, in_b = arrays(*made)
    found.add(table_a, table_b, column, in_a, in_b, kernel=kernel)
    said = [(a[i][column], b[j][column]) for i, j in pairs]
    both = [(x, y) for x, y in said if x and y]
    assert found.both == len(both)
    assert found.equal == sum(x == y for x, y in both)
    assert found.only_a == sum(x > 0 and y == 0 for x, y in said)
    assert found.only_b == sum(x == 0 and y > 0 for x, y in said)
    for histogram, counted in (
        (found.histogram_a, Counter(x for x, _ in both)),
        (found.histogram_b, Counter(y for _, y in both)),
    ):
        seen = np.flatnonzero(histogram[1:]) + 1
        assert {int(one): int(histogram[one]) for one in seen} == counted


@settings(deadline=None)
@given(made=tables())
@pytest.mark.parametrize("width_a", [np.uint16, np.uint32])
@pytest.mark.parametrize("width_b", [np.uint16, np.uint32])
def test_pairs_of_numbers_are_counted_as_a_plain_loop_does(kernel, width_a, width_b, made):
    a, b, pairs = made
    numbers_a = np.array([x % 5 for x, _ in a], width_a)
    numbers_b = np.array([y % 7 for _, y in b], width_b)
    _, _, in_a, in_b = arrays(*made)
    table = np.zeros((5, 7), np.int64)
    count_joint(table, numbers_a, numbers_b, in_a, in_b, kernel=kernel)
    count_joint(table, numbers_a, numbers_b, in_a, in_b, kernel=kernel)
    counted = Counter((a[i][0] % 5, b[j][1] % 7) for i, j in pairs)
    assert {place: int(count) // 2 for place, count in np.ndenumerate(table) if count} == counted


def test_counts_of_parts_add_up(kernel):
    rng = np.random.default_rng(1)
    a, b = (rng.integers(0, VALUES, (1000, 2)).astype(np.uint16) for _ in "ab")
    b[:500] = a[:500]
    places = np.arange(1000)
    whole, first, second = (Agreement.empty() for _ in range(3))
    whole.add(a, b, 1, places, places, kernel=kernel)
    first.add(a, b, 1, places[:300], places[:300], kernel=kernel)
    second.add(a, b, 1, places[300:], places[300:], kernel=kernel)
    first.merge(second)
    assert first.tally.tolist() == whole.tally.tolist()
    assert (first.histogram_a[1:] == whole.histogram_a[1:]).all()
    assert (first.histogram_b[1:] == whole.histogram_b[1:]).all()


@pytest.mark.parametrize("outside", [-1, 3, 2**62, -(2**63)])
@pytest.mark.parametrize("side", [0, 1])
def test_a_position_outside_its_table_is_refused_and_reads_nothing(kernel, outside, side):
    table = np.ones((3, 2), np.uint16)
    places = [np.zeros(2, np.int64), np.zeros(2, np.int64)]
    places[side][1] = outside
    with pytest.raises(IndexError):
        Agreement.empty().add(table, table, 0, *places, kernel=kernel)
    numbers = np.zeros(3, np.uint16)
    with pytest.raises(IndexError):
        count_joint(np.zeros((1, 1), np.int64), numbers, numbers, *places, kernel=kernel)


def test_a_number_without_a_place_in_the_table_is_refused(kernel):
    places = np.zeros(1, np.int64)
    for a, b in (([2], [0]), ([0], [2])):
        with pytest.raises(IndexError):
            count_joint(
                np.zeros((2, 2), np.int64),
                np.array(a, np.uint16),
                np.array(b, np.uint32),
                places,
                places,
                kernel=kernel,
            )


def test_arrays_of_another_form_are_refused(kernel):
    table, places = np.ones((3, 2), np.uint16), np.zeros(1, np.int64)
    found = Agreement.empty()
    for a, in_a in (
        (table.astype(np.uint32), places),
        (table[:, 0], places),
        (np.ones((6, 4), np.uint16)[::2, ::2], places),
        (table, places.astype(np.int32)),
        (table, np.zeros(2, np.int64)),
    ):
        with pytest.raises(TypeError):
            found.add(a, table, 0, in_a, places, kernel=kernel)
    with pytest.raises(IndexError):
        found.add(table, table, 2, places, places, kernel=kernel)
    with pytest.raises(TypeError):
        count_joint(
            np.zeros((1, 1), np.int64),
            np.zeros(1, np.int64),
            np.zeros(1, np.uint16),
            places,
            places,
            kernel=kernel,
        )
