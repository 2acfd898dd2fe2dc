"""Frequent keys: exact while they fit, within the stated error beyond."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark.triage.frequent import FrequentCounter

batches = st.lists(
    st.dictionaries(st.sampled_from("abcdefghijkl"), st.integers(0, 30), max_size=8), max_size=10
)


def feed(counter, batches):
    for batch in batches:
        keys = pl.Series(list(batch), dtype=pl.String)
        counter.add(keys, pl.Series(list(batch.values()), dtype=pl.Int64))
    return counter


@given(batches)
def test_counts_are_exact_while_all_keys_fit(batches):
    counter = feed(FrequentCounter(capacity=12), batches)
    truth = sum((Counter(batch) for batch in batches), Counter())
    ranked = sorted(
        ((key, count, 0) for key, count in truth.items() if count), key=lambda row: (-row[1], row[0])
    )
    assert counter.top(20).rows() == ranked
    assert counter.top(2).rows() == ranked[:2]
    assert (counter.distinct, counter.exact, counter.error) == (len(ranked), True, 0)
    assert counter.total == sum(truth.values())


@settings(max_examples=200)
@given(batches, st.integers(1, 6))
def test_beyond_capacity_every_count_lies_within_its_stated_error(batches, capacity):
    counter = feed(FrequentCounter(capacity=capacity), batches)
    truth = sum((Counter(batch) for batch in batches), Counter())
    top = counter.top(100)
    assert top.height <= capacity
    assert counter.error <= sum(truth.values()) / (capacity + 1)
    for key, count, error in top.iter_rows():
        assert count <= truth[key] <= count + error
        assert error <= counter.error
    forgotten = set(truth) - set(top["key"].to_list())
    assert all(truth[key] <= counter.error for key in forgotten)
    assert counter.distinct <= sum(1 for count in truth.values() if count)
    assert counter.exact == (counter.error == 0)


def test_heavy_keys_survive_a_long_tail_exactly():
    rng = np.random.default_rng(11)
    counter = FrequentCounter(capacity=1000)
    for start in range(0, 100_000, 5000):
        tail = pl.Series([f"rare-{n}" for n in range(start, start + 5000)])
        keys = pl.concat([pl.Series(["gmail.com", "mail.ru"]), tail])
        counter.add(keys, pl.Series(np.concatenate([[700, 300], rng.integers(1, 3, 5000)])))
    assert counter.top(2).rows() == [("gmail.com", 14_000, 0), ("mail.ru", 6000, 0)]
    assert not counter.exact
    assert 5000 <= counter.distinct <= 100_002


def test_threads_may_add_at_once():
    counter = FrequentCounter(capacity=64)
    batch = pl.Series(["a", "b"]), pl.Series([1, 2], dtype=pl.UInt32)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: counter.add(*batch), range(500)))
    assert counter.top(2).rows() == [("b", 1000, 0), ("a", 500, 0)]


def test_keys_beyond_the_longest_are_counted_apart_and_nulls_not_at_all():
    counter = FrequentCounter(longest_key=4)
    counter.add(pl.Series(["abcd", "abcde", None, "ééé"]), pl.Series([1, 2, 4, 8]))
    assert counter.top(5).rows() == [("abcd", 1, 0)]
    assert (counter.total, counter.oversized) == (11, 10)


def test_nothing_added_is_empty_and_exact():
    counter = FrequentCounter()
    assert (counter.top(3).rows(), counter.distinct, counter.exact) == ([], 0, True)


def test_a_capacity_of_nothing_is_refused():
    with pytest.raises(ValueError, match="capacity"):
        FrequentCounter(capacity=0)
