"""Runs, last digits and block occupancy against a plain count, however the input is cut into blocks."""

from collections import Counter
from itertools import groupby

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.triage.runs import BlockOccupancy, RunCounter, TerminalDigits

numbers = st.lists(
    st.one_of(st.integers(0, 60), st.integers(2**64 - 40, 2**64 - 1), st.integers(19_990, 20_010)),
    unique=True,
    max_size=120,
).map(sorted)
cuts = st.lists(st.integers(0, 120), max_size=6).map(sorted)


def feed(counter, values, cuts):
    for part in np.split(np.array(values, dtype=np.uint64), cuts):
        counter.add(part)
    return counter


def run_lengths(values):
    keyed = groupby(enumerate(values), key=lambda pair: pair[1] - pair[0])
    return [len(list(group)) for _, group in keyed]


@given(numbers, cuts, st.integers(1, 5))
def test_runs_do_not_depend_on_where_blocks_end(values, cuts, shortest):
    profile = feed(RunCounter(shortest), values, cuts).finish()
    lengths = [length for length in run_lengths(values) if length >= shortest]
    assert profile.numbers == len(values)
    assert profile.shortest == shortest
    assert (profile.runs, profile.in_runs, profile.longest) == (
        len(lengths),
        sum(lengths),
        max(lengths, default=0),
    )
    for bar in profile.lengths:
        inside = [length for length in lengths if bar["low"] <= length <= bar["high"]]
        assert (bar["runs"], bar["numbers"]) == (len(inside), sum(inside))
    assert sum(bar["runs"] for bar in profile.lengths) == profile.runs


@pytest.mark.parametrize("length", [3, 4, 7, 8, 255, 256])
def test_a_run_counts_in_the_bar_of_its_power_of_two(length):
    profile = feed(RunCounter(), range(1000, 1000 + length), [2]).finish()
    bar = profile.lengths[-1]
    assert bar["low"] <= length <= bar["high"]
    assert bar["high"] + 1 == 2 ** length.bit_length()
    assert bar["runs"] == 1
    assert profile.lengths[0]["low"] == 3


def test_bars_follow_each_other_without_a_gap():
    profile = feed(RunCounter(), [*range(10, 13), *range(100, 120)], []).finish()
    assert [(bar["low"], bar["high"], bar["runs"]) for bar in profile.lengths] == [
        (3, 3, 1),
        (4, 7, 0),
        (8, 15, 0),
        (16, 31, 1),
    ]


def test_no_numbers_have_no_runs():
    profile = RunCounter().finish()
    assert (profile.numbers, profile.runs, profile.longest, profile.lengths) == (0, 0, 0, [])


@given(numbers, cuts)
def test_last_digits_are_counted(values, cuts):
    digits = feed(TerminalDigits(), values, cuts)
    assert digits.counts.sum() == len(values)
    two, one = Counter(value % 100 for value in values), Counter(value % 10 for value in values)
    assert digits.counts.tolist() == [two[digit] for digit in range(100)]
    assert digits.last_digit.tolist() == [one[digit] for digit in range(10)]


@given(numbers, cuts)
def test_occupancy_does_not_depend_on_where_blocks_end(values, cuts):
    occupancy = feed(BlockOccupancy(), values, cuts)
    expected = Counter(Counter(value // 10_000 for value in values).values())
    assert {size: n for size, n in enumerate(occupancy.counts.tolist()) if n} == dict(expected)
    assert occupancy.counts.shape == (10_001,)


def test_a_full_block_is_counted_as_full():
    occupancy = feed(BlockOccupancy(), range(30_000, 50_000), [5000])
    assert occupancy.counts[10_000] == 2
    assert occupancy.counts.sum() == 2
