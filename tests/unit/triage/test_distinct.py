"""Exact distinct counts against numpy.unique, with memory bounds so small that spills merge in levels."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark.dumps import secret_file
from floodmark.dumps.secret_file import SpoolFailed
from floodmark.errors import FloodmarkError
from floodmark.triage import distinct
from floodmark.triage.distinct import DistinctSpool, DistinctSummary
from floodmark.triage.merge import count_sorted

TINY = 2048  # buffers of 64 values


def collect(spool):
    blocks = list(spool.finish())
    values = np.concatenate([np.empty(0, np.uint64), *(block[0] for block in blocks)])
    counts = np.concatenate([np.empty(0, np.uint64), *(block[1] for block in blocks)])
    return values, counts


def agrees(values, parts, **options):
    expected, copies = np.unique(values, return_counts=True)
    with DistinctSpool(**options) as spool:
        for part in np.array_split(values, parts):
            spool.add(part)
        for _ in range(2):
            found, counts = collect(spool)
            assert np.array_equal(found, expected)
            assert np.array_equal(counts, copies.astype(np.uint64))
            assert found.dtype == counts.dtype == np.uint64
        most = int(copies.max()) if copies.size else 0
        assert spool.summary() == DistinctSummary(values.size, expected.size, most)
        return spool.spilled


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    size=st.integers(0, 3000),
    spread=st.sampled_from([1, 3, 100, 5000, 2**40, 2**64 - 1]),
    parts=st.integers(1, 9),
    fan_in=st.sampled_from([2, 3, 128]),
)
def test_values_and_counts_equal_those_of_numpy_unique_at_any_memory_bound(seed, size, spread, parts, fan_in):
    values = np.random.default_rng(seed).integers(0, spread, size, dtype=np.uint64, endpoint=True)
    spilled = agrees(values, parts, memory_bytes=TINY, fan_in=fan_in)
    assert spilled == (size >= 64)


def test_many_spills_are_merged_in_levels():
    values = np.random.default_rng(7).integers(0, 2**14, 64 * 140, dtype=np.uint64)
    assert agrees(values[:5000], 3, memory_bytes=TINY, fan_in=3)
    assert agrees(values, 3, memory_bytes=TINY)  # 140 spills, more than the default fan-in


def test_open_spills_stay_few_however_much_is_added():
    values = np.random.default_rng(8).integers(0, 2**60, 64 * 100, dtype=np.uint64)
    with DistinctSpool(memory_bytes=TINY, fan_in=4) as spool:
        most = 0
        for part in np.array_split(values, 100):
            spool.add(part)
            most = max(most, len(spool._spills))
        assert most <= 6
        assert collect(spool)[0].size == values.size


def test_one_value_repeated_beyond_every_buffer_is_one_value():
    assert agrees(np.full(5000, 2**64 - 1, np.uint64), 4, memory_bytes=TINY, fan_in=2)


def test_sorted_and_reversed_input_count_alike():
    values = np.arange(4000, dtype=np.uint64) // np.uint64(3)
    assert agrees(values, 5, memory_bytes=TINY)
    assert agrees(values[::-1], 5, memory_bytes=TINY)


def test_small_input_never_touches_the_disk(tmp_path):
    missing = tmp_path / "missing"
    assert not agrees(np.arange(1000, dtype=np.uint64), 3, directory=missing)


def test_nothing_added_has_no_values():
    assert not agrees(np.empty(0, np.uint64), 1)


def test_blocks_ascend_and_stay_within_the_bound():
    values = np.random.default_rng(3).integers(0, 2**63, 100_000, dtype=np.uint64)
    memory = 1 << 16
    with DistinctSpool(memory_bytes=memory) as spool:
        spool.add(values)
        last = -1
        for block, counts in spool.finish():
            assert block.nbytes + counts.nbytes <= memory
            assert int(block[0]) > last
            assert np.all(block[1:] > block[:-1])
            last = int(block[-1])


def test_several_threads_may_add_at_once():
    values = np.random.default_rng(5).integers(0, 30_000, 60_000, dtype=np.uint64)
    expected, copies = np.unique(values, return_counts=True)
    with DistinctSpool(memory_bytes=1 << 14, fan_in=5) as spool:
        with ThreadPoolExecutor(6) as pool:
            list(pool.map(spool.add, np.array_split(values, 500)))
        found, counts = collect(spool)
    assert np.array_equal(found, expected)
    assert np.array_equal(counts, copies.astype(np.uint64))


def test_the_caller_may_reuse_its_array():
    values = np.arange(10, dtype=np.uint64)
    with DistinctSpool() as spool:
        spool.add(values)
        values[:] = 0
        assert spool.summary().distinct == 10


def test_spilled_bytes_have_no_name_and_show_no_value(tmp_path):
    values = np.arange(447_700_900_000, 447_700_902_000, dtype=np.uint64)
    with DistinctSpool(memory_bytes=TINY, directory=tmp_path) as spool:
        spool.add(values)
        assert spool.spilled
        assert list(tmp_path.iterdir()) == []
        raw = b"".join(os.pread(item._file._file.fileno(), 1 << 20, 0) for item in spool._spills)
        assert all(os.fstat(item._file._file.fileno()).st_mode & 0o777 == 0o600 for item in spool._spills)
    assert len(raw) >= values.nbytes - 64 * 8
    assert not any(value.tobytes() in raw for value in values)


@pytest.mark.parametrize("place", ["missing", "file"])
def test_a_temporary_folder_that_cannot_be_used_is_an_error_with_a_hint(tmp_path, place):
    (tmp_path / "file").write_bytes(b"")
    with DistinctSpool(memory_bytes=TINY, directory=tmp_path / place) as spool:
        with pytest.raises(FloodmarkError) as caught:
            spool.add(np.arange(100, dtype=np.uint64))
        assert "FLOODMARK_TMP" in caught.value.hint
        assert "\n" not in caught.value.message
        with pytest.raises(FloodmarkError):
            spool.add(np.arange(100, dtype=np.uint64))
        with pytest.raises(FloodmarkError):
            spool.finish()


def test_a_full_disk_is_an_error_with_a_hint_in_every_thread(tmp_path, monkeypatch):
    def full():
        raise OSError(28, os.strerror(28))

    real = secret_file.tempfile.TemporaryFile

    class FullDisk:
        def __init__(self, **options):
            self._file = real(**options)

        def write(self, _):
            full()

        def close(self):
            self._file.close()

    monkeypatch.setattr(secret_file.tempfile, "TemporaryFile", lambda **options: FullDisk(**options))
    failures = []

    def worker(spool):
        try:
            for _ in range(50):
                spool.add(np.arange(50, dtype=np.uint64))
        except FloodmarkError as error:
            failures.append(error)

    with DistinctSpool(memory_bytes=TINY, directory=tmp_path) as spool:
        threads = [threading.Thread(target=worker, args=(spool,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=30)
    assert len(failures) == 4
    assert any("No space left" in failure.message for failure in failures)
    assert {failure.slug for failure in failures} == {"spool-failed"}


def test_the_folder_for_spills_comes_from_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("FLOODMARK_TMP", str(tmp_path / "nowhere"))
    with DistinctSpool(memory_bytes=TINY) as spool, pytest.raises(SpoolFailed):
        spool.add(np.arange(100, dtype=np.uint64))


def test_misuse_is_refused():
    with pytest.raises(ValueError, match="memory_bytes"):
        DistinctSpool(memory_bytes=distinct.LEAST_MEMORY_BYTES - 1)
    with DistinctSpool() as spool:
        with pytest.raises(TypeError, match="uint64"):
            spool.add(np.arange(3))
        spool.finish()
        with pytest.raises(RuntimeError, match="finish"):
            spool.add(np.arange(3, dtype=np.uint64))


def test_counts_of_a_sorted_array():
    values, counts = count_sorted(np.empty(0, np.uint64))
    assert values.size == counts.size == 0


def test_a_thread_that_waits_to_add_is_told_when_the_spool_is_closed() -> None:
    spool = DistinctSpool(memory_bytes=2048)
    spool._filling = None  # as while both buffers are being written
    failures: list[BaseException] = []

    def add() -> None:
        try:
            spool.add(np.arange(10, dtype=np.uint64))
        except SpoolFailed as error:
            failures.append(error)

    waiting = threading.Thread(target=add, daemon=True)
    waiting.start()
    spool.close()
    waiting.join(timeout=30)
    assert not waiting.is_alive()
    assert len(failures) == 1
