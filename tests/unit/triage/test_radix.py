"""The external radix sort against Python dictionaries, with bounds so small that partitions split again."""

import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark.dumps.secret_file import SpoolFailed
from floodmark.triage.keeping import unite_rows
from floodmark.triage.radix import RadixSpool, distinct_records, sum_payloads

KEYS = st.one_of(
    st.integers(0, 2**64 - 1),
    st.integers(0, 40),
    st.integers(0, 3).map(lambda low: (0xAB << 56) | (0xCD << 48) | low),
)


def collect(spool, words):
    return np.concatenate([np.empty((0, words), np.uint64), *spool.blocks()])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(KEYS, st.integers(0, 1000)), max_size=300),
    st.integers(1, 50),
    st.integers(1, 40),
    st.integers(1, 30),
)
def test_sums_by_key_equal_a_dictionary(pairs, buffer_records, partition_records, size):
    expected = {}
    for key, value in pairs:
        expected[key] = expected.get(key, 0) + value
    options = {"buffer_records": buffer_records, "partition_records": partition_records}
    with RadixSpool(sum_payloads, 2, **options) as spool:
        for at in range(0, len(pairs), size):
            spool.add(np.array(pairs[at : at + size], np.uint64).reshape(-1, 2))
        found = collect(spool, 2)
        again = collect(spool, 2)
    assert found.tolist() == [[key, expected[key]] for key in sorted(expected)]
    assert again.tolist() == found.tolist()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(KEYS, st.integers(0, 3)), max_size=200), st.integers(1, 30), st.integers(1, 20))
def test_distinct_pairs_equal_a_set(pairs, buffer_records, partition_records):
    options = {"buffer_records": buffer_records, "partition_records": partition_records}
    with RadixSpool(distinct_records, 2, **options) as spool:
        for pair in pairs:
            spool.add(np.array([pair], np.uint64))
        found = collect(spool, 2)
    assert [tuple(row) for row in found.tolist()] == sorted(set(pairs))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(KEYS, st.integers(0, 255), st.integers(0, 2**16 - 1), st.integers(0, 2**16 - 1)),
        max_size=200,
    ),
    st.integers(1, 30),
    st.integers(1, 20),
)
def test_rows_of_one_identifier_unite_their_fields_and_keep_the_largest_values(
    rows, buffer_records, partition
):
    expected: dict[int, list[int]] = {}
    for key, mask, name, place in rows:
        kept = expected.setdefault(key, [0, 0, 0])
        kept[:] = [kept[0] | mask, max(kept[1], name), max(kept[2], place)]
    records = np.array([[k, m, n << 16 | p] for k, m, n, p in rows], np.uint64).reshape(-1, 3)
    with RadixSpool(unite_rows, 3, buffer_records=buffer_records, partition_records=partition) as spool:
        for at in range(0, len(rows), 7):
            spool.add(records[at : at + 7])
        found = collect(spool, 3)
    assert found.tolist() == [
        [k, mask, name << 16 | place] for k, (mask, name, place) in sorted(expected.items())
    ]


def test_many_copies_of_one_key_never_fill_a_partition():
    largest = 0

    def watched(records):
        nonlocal largest
        largest = max(largest, len(records))
        return sum_payloads(records)

    with RadixSpool(watched, 2, buffer_records=64, partition_records=128) as spool:
        for _ in range(400):
            spool.add(np.full((64, 2), [5, 1], np.uint64))
        found = collect(spool, 2)
    assert found.tolist() == [[5, 64 * 400]]
    assert largest <= 128


def test_threads_may_add_at_once(tmp_path):
    def add(spool, start):
        for at in range(start, start + 5000, 50):
            spool.add(np.column_stack([np.arange(at, at + 50, dtype=np.uint64), np.ones(50, np.uint64)]))

    with RadixSpool(sum_payloads, 2, buffer_records=200, partition_records=500, directory=tmp_path) as spool:
        threads = [threading.Thread(target=add, args=(spool, 2500 * n)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        found = collect(spool, 2)
        assert list(tmp_path.iterdir()) == []
    assert found[:, 0].tolist() == list(range(12_500))
    assert found[:, 1].sum() == 20_000


def test_temporary_space_that_is_missing_is_named(tmp_path):
    with (
        RadixSpool(sum_payloads, 2, buffer_records=1, directory=tmp_path / "nowhere") as spool,
        pytest.raises(SpoolFailed),
    ):
        spool.add(np.ones((2, 2), np.uint64))


def test_records_of_another_shape_are_refused():
    with RadixSpool(sum_payloads, 2) as spool:
        for wrong in (np.ones((2, 3), np.uint64), np.ones(2, np.uint64), np.ones((2, 2), np.int64)):
            with pytest.raises(TypeError, match="64-bit"):
                spool.add(wrong)
