"""Numbers under a prefix, against asking for each number whether it is valid and what it is today."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.exposure.number_ranges import NumbersUnder, has_numbers
from floodmark.exposure.under import watched_before
from floodmark.exposure.watch_index import PrefixIndex
from floodmark.identifiers import phones
from floodmark.identifiers.phones_renumbered import renumberings


@pytest.mark.parametrize("prefix", [442070313, 35312345, 4930123456, 12025550, 37060012])
def test_they_are_the_valid_ones_and_all_of_them(prefix):
    wanted = []
    for free in range(7):
        numbers = np.arange(prefix * 10**free, (prefix + 1) * 10**free, dtype=np.uint64)
        typed = pl.select(pl.concat_str(pl.lit("+"), pl.Series(numbers).cast(pl.String))).to_series()
        found = phones.resolve(typed)
        good = found["valid"].fill_null(False).to_numpy() & (
            found["number"].fill_null(0).to_numpy() == numbers
        )
        wanted += numbers[good].tolist()
    under = NumbersUnder.of([prefix])
    made = [
        number
        for block in under.blocks(size=997)
        for number in block.tolist()
        if number < (prefix + 1) * 10**6
    ]
    assert made == sorted(wanted)


def test_blocks_have_the_size_asked_for_and_add_up():
    under = NumbersUnder.of([4420703])
    sizes = [len(block) for block in under.blocks(size=1000)]
    assert sum(sizes) == under.count
    assert set(sizes[:-1]) <= {1000}


def test_a_prefix_without_numbers_has_none():
    assert NumbersUnder.of([999]).count == 0
    assert list(NumbersUnder.of([999]).blocks()) == []


OLD = st.sampled_from(renumberings()).flatmap(
    lambda one: st.integers(0, 10 ** (one.digits - len(one.old)) - 1).map(
        lambda rest: int(one.old) * 10 ** (one.digits - len(one.old)) + rest
    )
)
WRITTEN = OLD | st.integers(10**9, 10**13)


def today(number):
    """The valid number that a number in a dump is read as; None where it is none."""
    row = phones.current(pl.Series([f"+{number}"])).row(0, named=True)
    return row["number"] if row["valid"] else None


def covers(prefix, number):
    index, _ = PrefixIndex.of(pl.Series([prefix], dtype=pl.UInt64), np.array([1]))
    found = bool(len(watched_before(np.array([number], np.uint64), index)[0]))
    under = NumbersUnder.of([prefix])
    rows = np.searchsorted(under.starts, np.uint64(number), side="right") - 1
    listed = bool(rows >= 0 and np.uint64(number) - under.starts[rows] < under.sizes[rows])
    assert found == listed
    return found


@given(OLD, st.integers(1, 13))
def test_a_prefix_finds_what_the_number_that_begins_with_it_finds(old, length):
    number, prefix = today(old), int(str(old)[:length])
    if number is not None:
        assert has_numbers(np.array([prefix], np.uint64))[0] and covers(prefix, number)


@given(WRITTEN, WRITTEN, st.integers(1, 13))
def test_a_prefix_covers_nothing_that_never_began_with_it(written, other, length):
    number, prefix = today(written), str(other)[:length]
    if number is None or not covers(int(prefix), number):
        return
    ways = [str(number)]
    for one in renumberings():
        if str(number).startswith(one.new) and len(str(number)) == one.digits - len(one.old) + len(one.new):
            ways.append(one.old + str(number)[len(one.new) :])
    assert any(way.startswith(prefix) and today(way) == number for way in ways)


@given(st.lists(st.integers(1, 99_999), max_size=6))
def test_a_prefix_has_numbers_or_none_as_they_are_counted(prefixes):
    counts = [NumbersUnder.of([prefix]).count for prefix in prefixes]
    assert has_numbers(np.array(prefixes, np.uint64)).tolist() == [count > 0 for count in counts]
    assert max(counts, default=0) <= NumbersUnder.of(prefixes).count <= sum(counts)


def test_two_prefixes_that_came_to_cover_the_same_numbers_try_them_once():
    assert NumbersUnder.of([52155, 5255]).count == NumbersUnder.of([5255]).count == 10**8
