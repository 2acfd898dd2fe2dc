"""Intervals from chunks: coverage by simulation, reduced here from benchmarks/quick_coverage.py."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.triage.sampling import Estimate, distinct_bounds, draw_offsets, estimate_total

POPULATION = 2000
CHUNKS = 64
SIZE = 1 << 16
REPLICATES = 400
# Nominal coverage less three standard errors of 400 replicates.
LEAST = 0.95 - 3 * (0.95 * 0.05 / REPLICATES) ** 0.5


def sorted_by_country(share):
    def make(rng, rows):
        first = rng.integers(POPULATION - int(share * POPULATION) + 1)
        counts = np.zeros(POPULATION, np.int64)
        counts[first : first + int(share * POPULATION)] = rows[first : first + int(share * POPULATION)]
        return counts

    return make


def correlated(rng, rows):
    return rng.binomial(rows, rng.beta(0.12, 2.2, POPULATION))


CELLS = {
    "mixed, common": lambda rng, rows: rng.binomial(rows, 0.5),
    "mixed, rare": lambda rng, rows: rng.binomial(rows, 1e-4),
    "sorted, nearly all": sorted_by_country(0.98),
    "sorted, half": sorted_by_country(0.5),
    "sorted, some": sorted_by_country(0.05),
    "sorted, rare": sorted_by_country(0.004),
    "correlated": correlated,
    "rows": lambda _, rows: rows,
}


def sample(make, rng):
    rows = rng.poisson(np.linspace(460, 340, POPULATION))
    counts = make(rng, rows)
    drawn = rng.choice(POPULATION, CHUNKS, replace=False)
    sizes = np.full(CHUNKS, SIZE)
    found = estimate_total(counts[drawn], sizes, POPULATION * SIZE, POPULATION, rows[drawn])
    return int(counts.sum()), int(rows.sum()), found


@pytest.mark.parametrize("cell", CELLS)
def test_intervals_hold_the_truth_as_often_as_they_say_over_clustered_files(cell):
    rng = np.random.default_rng(20_210_403)
    results = [sample(CELLS[cell], rng) for _ in range(REPLICATES)]
    held = np.mean([found.low <= truth <= found.high for truth, _, found in results])
    assert held >= LEAST
    assert all(found.low <= found.value <= found.high <= 1.2 * rows for _, rows, found in results)


def test_estimates_are_right_on_average():
    rng = np.random.default_rng(4)
    results = [sample(CELLS["sorted, some"], rng) for _ in range(REPLICATES)]
    error = np.mean([found.value / truth for truth, _, found in results]) - 1
    assert abs(error) < 0.1


def test_rows_of_one_chunk_are_not_taken_for_independent():
    counts = np.array([100] * 20 + [0] * 20)
    clustered = estimate_total(counts, np.full(40, SIZE), 4000 * SIZE, 4000, np.full(40, 100))
    assert clustered.high - clustered.low > 0.3 * clustered.value


def test_a_stretch_that_no_chunk_hit_is_bounded_and_not_ruled_out():
    rows = np.full(128, 400)
    nothing = estimate_total(np.zeros(128, np.int64), np.full(128, SIZE), 5000 * SIZE, 5000, rows)
    assert (nothing.value, nothing.low) == (0, 0)
    assert nothing.high == nothing.unseen
    assert 3 / 128 < nothing.high / (5000 * 400) < 4 / 128
    everything = estimate_total(rows, np.full(128, SIZE), 5000 * SIZE, 5000, rows)
    assert everything.high == everything.value == 5000 * 400
    assert 3 / 128 < 1 - everything.low / everything.value < 4 / 128


def test_a_file_read_whole_is_exact():
    counts = np.array([3, 0, 5])
    assert estimate_total(counts, np.array([10, 10, 4]), 24, 3) == Estimate(8, 8, 8)


@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=2, max_size=80),
    st.integers(81, 10**6),
)
def test_limits_surround_the_estimate_and_never_fall_below_what_was_counted(pairs, population):
    rows = np.array([max(pair) for pair in pairs])
    counts = np.array([min(pair) for pair in pairs])
    sizes = rows * 37 + (rows > 0) * 5
    sizes[0] += 1
    found = estimate_total(counts, sizes, population * 1000, population, rows)
    assert counts.sum() <= found.low <= max(found.value, counts.sum()) <= found.high
    assert found.unseen >= 0


def test_one_chunk_gives_no_interval():
    with pytest.raises(ValueError, match="two chunks"):
        estimate_total(np.array([1]), np.array([10]), 1000, 100)


@given(st.integers(1, 10**7), st.integers(1, 10**5), st.integers(1, 300), st.integers(0, 2**32))
def test_drawn_offsets_are_different_chunks_of_the_file(size, chunk, chunks, seed):
    if size // chunk > 10**6:
        chunk = size
    offsets = draw_offsets(size, chunk, chunks, np.random.default_rng(seed))
    assert offsets.size == min(chunks, -(-size // chunk))
    assert np.all(np.diff(offsets) >= chunk)
    assert np.all(offsets % chunk == 0)
    assert offsets[0] >= 0 and offsets[-1] < size


def test_distinct_values_get_bounds_and_no_estimate():
    assert distinct_bounds(900, Estimate(10_000, 9_000, 11_000)) == (900, 11_000)
