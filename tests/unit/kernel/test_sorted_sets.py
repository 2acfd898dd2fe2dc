"""Sorted sets against Python's sets and NumPy, on every path of the kernel and without it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark.kernel import sorted_sets

HIGHEST = 2**64 - 1
values = st.one_of(st.integers(0, 60), st.integers(HIGHEST - 3, HIGHEST), st.integers(0, HIGHEST))
ascending = st.sets(values, max_size=80).map(lambda found: np.array(sorted(found), np.uint64))


def random_set(rng, most, spread):
    return np.unique(rng.integers(0, spread, rng.integers(0, most, endpoint=True), dtype=np.uint64))


def patterns_by_sets(arrays):
    counts = [0] * (1 << len(arrays))
    sets = [set(array.tolist()) for array in arrays]
    for value in set().union(*sets):
        counts[sum(1 << i for i, one in enumerate(sets) if value in one)] += 1
    return counts


@settings(deadline=None)
@given(a=ascending, b=ascending, workers=st.integers(1, 4))
def test_positions_of_common_values_are_those_of_a_set_in_ascending_order(kernel, a, b, workers):
    in_a, in_b = sorted_sets.common(a, b, workers=workers, kernel=kernel)
    shared = sorted(set(a.tolist()) & set(b.tolist()))
    assert a[in_a].tolist() == b[in_b].tolist() == shared
    assert in_a.dtype == in_b.dtype == np.int64
    assert sorted_sets.count_common(a, b, workers=workers, kernel=kernel) == len(shared)


@settings(deadline=None)
@given(a=ascending, b=ascending, block=st.integers(1, 9))
def test_blocks_are_the_same_pairs_and_none_is_empty_or_too_large(kernel, a, b, block):
    blocks = list(sorted_sets.common_blocks(a, b, block, kernel=kernel))
    assert all(1 <= in_a.size == in_b.size <= block for in_a, in_b in blocks)
    none = np.empty(0, np.int64)
    pairs = [np.concatenate([none, *(pair[side] for pair in blocks)]) for side in (0, 1)]
    assert [pair.tolist() for pair in pairs] == [
        pair.tolist() for pair in sorted_sets.common(a, b, kernel=None)
    ]


@pytest.mark.parametrize("spread", [4_000, 40_000, 2**63])
@pytest.mark.parametrize(("most", "times"), [(3000, 1), (2000, 7), (40, 300), (1, 5000), (0, 10)])
def test_sizes_that_differ_by_any_factor_give_what_numpy_gives(kernel, spread, most, times):
    rng = np.random.default_rng([spread, most, times])
    for _ in range(5):
        few, many = random_set(rng, most, spread), random_set(rng, most * times + 50, spread)
        few = np.unique(np.concatenate([few, many[:: 4 * times]]))
        _, in_few, in_many = np.intersect1d(few, many, assume_unique=True, return_indices=True)
        for workers in (1, 3):
            found = sorted_sets.common(few, many, workers=workers, kernel=kernel)
            assert np.array_equal(found, [in_few, in_many])
            found = sorted_sets.common(many, few, workers=workers, kernel=kernel)
            assert np.array_equal(found, [in_many, in_few])
            assert sorted_sets.count_common(many, few, workers=workers, kernel=kernel) == in_few.size


@settings(deadline=None)
@given(arrays=st.lists(ascending, min_size=1, max_size=5), workers=st.integers(1, 3))
def test_patterns_count_every_value_once_under_the_arrays_that_hold_it(kernel, arrays, workers):
    found = sorted_sets.patterns(arrays, workers=workers, kernel=kernel)
    assert found.dtype == np.int64
    assert found.tolist() == patterns_by_sets(arrays)


@pytest.mark.parametrize("count", range(1, 13))
def test_patterns_of_one_to_twelve_arrays_of_very_different_sizes(kernel, count):
    rng = np.random.default_rng(count)
    arrays = [random_set(rng, 2 ** (i % 11), 3000) for i in range(count)]
    found = sorted_sets.patterns(arrays, kernel=kernel)
    assert found.tolist() == patterns_by_sets(arrays)
    assert found.sum() == np.unique(np.concatenate(arrays)).size


def test_arrays_mapped_from_a_file_are_read_in_place(kernel, tmp_path):
    a, b = np.arange(0, 30_000, 2, dtype=np.uint64), np.arange(0, 30_000, 3, dtype=np.uint64)
    for name, array in (("a", a), ("b", b)):
        np.save(tmp_path / f"{name}.npy", array)
    mapped = [np.load(tmp_path / f"{name}.npy", mmap_mode="r") for name in "ab"]
    in_a, in_b = sorted_sets.common(*mapped, workers=2, kernel=kernel)
    assert np.array_equal(a[in_a], np.arange(0, 30_000, 6))
    assert np.array_equal(b[in_b], np.arange(0, 30_000, 6))
    assert sorted_sets.patterns(mapped, workers=2, kernel=kernel).tolist() == [0, 10_000, 5_000, 5_000]
    assert sorted_sets.is_ascending(mapped[0], kernel=kernel) == -1


@given(numbers=st.lists(values, max_size=40))
def test_the_first_value_that_is_not_greater_than_the_one_before_is_named(kernel, numbers):
    array = np.array(numbers, np.uint64)
    expected = next((i for i in range(1, len(numbers)) if numbers[i] <= numbers[i - 1]), -1)
    assert sorted_sets.is_ascending(array, kernel=kernel) == expected


@pytest.mark.parametrize("at", [1, 2, 1023, 1024, 1025, 2048, 2049, 4999])
def test_one_wrong_value_is_found_wherever_it_stands(kernel, at):
    array = np.arange(5000, dtype=np.uint64)
    array[at] = array[at - 1]
    assert sorted_sets.is_ascending(array, kernel=kernel) == at


@settings(deadline=None)
@given(
    arrays=st.lists(
        st.lists(values, max_size=60).map(lambda found: np.array(found, np.uint64)), min_size=2, max_size=4
    )
)
def test_arrays_in_no_order_end_with_positions_inside_them(kernel, arrays):
    a, b = arrays[:2]
    for workers in (1, 3):
        in_a, in_b = sorted_sets.common(a, b, workers=workers, kernel=kernel)
        assert in_a.size == in_b.size
        assert ((in_a >= 0) & (in_a < a.size) & (in_b >= 0) & (in_b < b.size)).all()
        assert sorted_sets.count_common(a, b, workers=workers, kernel=kernel) >= 0
        assert sorted_sets.patterns(arrays, workers=workers, kernel=kernel).size == 1 << len(arrays)


WRONG = {
    "signed": np.arange(4, dtype=np.int64),
    "narrower": np.arange(4, dtype=np.uint32),
    "other byte order": np.arange(4).astype(">u8"),
    "two dimensions": np.zeros((2, 2), np.uint64),
    "not contiguous": np.arange(8, dtype=np.uint64)[::2],
    "not aligned": np.frombuffer(bytes(33), np.uint8)[1:].view(np.uint64),
    "a list": [1, 2, 3],
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_anything_but_a_contiguous_array_of_uint64_is_refused(kernel, wrong):
    good = np.arange(4, dtype=np.uint64)
    for call in (sorted_sets.common, sorted_sets.common_blocks, sorted_sets.count_common):
        for pair in ((good, wrong), (wrong, good)):
            with pytest.raises(TypeError, match="uint64"):
                call(*pair, kernel=kernel)
    with pytest.raises(TypeError, match="uint64"):
        sorted_sets.patterns([good, wrong], kernel=kernel)
    with pytest.raises(TypeError, match="uint64"):
        sorted_sets.is_ascending(wrong, kernel=kernel)


def test_a_block_of_no_pairs_and_patterns_of_no_or_of_thirteen_arrays_are_refused():
    one = np.arange(4, dtype=np.uint64)
    with pytest.raises(ValueError, match="at least one pair"):
        sorted_sets.common_blocks(one, one, 0)
    for count in (0, 13):
        with pytest.raises(ValueError, match="1 to 12"):
            sorted_sets.patterns([one] * count)


@pytest.mark.parametrize("kept", [lambda pair: pair, lambda pair: (pair[0][::2][1:], memoryview(pair[1]))])
def test_a_block_that_somebody_keeps_or_sees_a_part_of_is_not_written_again(kernel, kept):
    rng = np.random.default_rng(12)
    a, b = random_set(rng, 4000, 4000), random_set(rng, 4000, 4000)
    parts, copies = [], []
    for number, pair in enumerate(sorted_sets.common_blocks(a, b, 50, kernel=kernel)):
        if number % 3:
            parts.append(kept(pair))
            copies.append([np.array(part) for part in parts[-1]])
    assert len(parts) > 5
    for part, copied in zip(parts, copies, strict=True):
        assert all(np.array_equal(one, other) for one, other in zip(part, copied, strict=True))


def test_two_walks_at_once_do_not_share_their_blocks(kernel):
    a = np.arange(0, 3000, 2, dtype=np.uint64)
    b = np.arange(0, 3000, 3, dtype=np.uint64)
    for one, other in zip(
        sorted_sets.common_blocks(a, b, 20, kernel=kernel),
        sorted_sets.common_blocks(b, a, 20, kernel=kernel),
        strict=True,
    ):
        assert np.array_equal(a[one[0]], b[one[1]])
        assert np.array_equal(b[other[0]], a[other[1]])
