"""Totals of a whole file from chunks read at random offsets, with intervals that respect clustering.

Rows next to each other in a dump are alike: files are sorted by country, merged from parts, written in runs. So
the chunk is the unit of sampling, never the row: 20 chunks of 100 rows, taken for 2,000 rows, gave 32 %
coverage of a nominal 95 % interval.

The estimate is the ratio of counts to bytes times the bytes of the file (Cochran, "Sampling Techniques",
chapter 6). Its interval is the union of three, since each fails where another holds:

- Student's t on the residuals between chunks, for what most chunks have;
- the same, corrected for skewness (Hall, JRSS B 54, 1992), for what some chunks have much more of;
- exact binomial limits on the share of chunks that have any at all, times the rate in those that do, for what is
  in few chunks; with none, the "rule of three" on chunks. The same for what nearly all rows have, through the
  rows that lack it.

What no sample can see: a country that is thin everywhere read and fills a stretch that was not.
`Estimate.unseen` is the most that such a stretch can add. The operating characteristics are measured by
`benchmarks/quick_coverage.py`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from floodmark.triage.quantiles import binomial_limits, student_t

Counts = NDArray[np.int64]
Reals = NDArray[np.float64]
TWO_SIDED = 0.975


@dataclass(frozen=True)
class Estimate:
    """A total over the whole file.

    Attributes:
        value: the estimate.
        low: lower limit at 95 %; never below what was counted in the sample.
        high: upper limit at 95 %.
        unseen: what may lie beyond `high` in a stretch of which no chunk was read: with 97.5 % confidence
            such
            stretches hold no more in all.
    """

    value: int
    low: int
    high: int
    unseen: int = 0


def draw_offsets(size: int, chunk: int, chunks: int, rng: np.random.Generator) -> Counts:
    """Offsets of different chunks of a file, drawn evenly without replacement from its grid of chunks.

    A chunk stands for the lines whose first byte lies in it; its size is the bytes of those lines.

    Args:
        size: bytes of the file.
        chunk: bytes of a chunk.
        chunks: chunks wanted; all of them where the file has no more.
        rng: source of randomness.

    Returns:
        Ascending offsets, shape (min(chunks, ceil(size / chunk)),).
    """
    available = -(-size // chunk)
    return np.sort(rng.choice(available, min(chunks, available), replace=False)).astype(np.int64) * chunk


def estimate_total(
    counts: Counts, sizes: Counts, total_size: int, population: int, rows: Counts | None = None
) -> Estimate:
    """Total of a count over the file, from its counts in sampled chunks.

    Args:
        counts: count per chunk, shape (n,), n >= 2 unless all chunks were read.
        sizes: bytes per chunk, shape (n,).
        total_size: bytes of the file.
        population: chunks in the file.
        rows: rows per chunk, shape (n,), when `counts` counts rows and so cannot exceed them.

    Returns:
        The estimate; exact, with equal limits, when all chunks were read.
    """
    counted = int(counts.sum())
    if counts.size >= population:
        return Estimate(counted, counted, counted)
    if counts.size < 2 or not sizes.sum():
        raise ValueError("an interval needs two chunks with bytes in them")
    sample = _Sample(sizes.astype(np.float64), 1 - counts.size / population)
    # Chunks that nobody read, at the densest rate that those read show possible.
    densest = float(((counts if rows is None else rows) / np.maximum(sizes, 1)).max())
    stretch = binomial_limits(0, counts.size)[1] * densest
    ratio, low, high = sample.ratio(counts.astype(np.float64))
    if rows is not None:
        ratio, low, high = _within_rows(sample, _Limits(ratio, low, high), counts, rows, stretch)
    return Estimate(
        value=round(ratio * total_size),
        low=max(math.floor(low * total_size), counted),
        high=max(math.ceil(high * total_size), counted),
        unseen=math.ceil(stretch * total_size),
    )


def distinct_bounds(distinct_in_sample: int, valid: Estimate) -> tuple[int, int]:
    """What a sample says of distinct values in the file: bounds, and no estimate.

    Repeats within a sample of chunks do not tell how often values repeat across the file, so the upper bound is
    that no value repeats.

    Args:
        distinct_in_sample: distinct valid values in the chunks.
        valid: the estimate of rows with a valid value.
    """
    return distinct_in_sample, max(valid.high, distinct_in_sample)


class _Limits(NamedTuple):
    ratio: float
    low: float
    high: float


def _within_rows(sample: _Sample, found: _Limits, counts: Counts, rows: Counts, stretch: float) -> _Limits:
    """Limits of a count of rows, which may be none in a chunk and cannot be more than there are."""
    ratio, low, high = found
    if not counts.any():
        high = max(high, stretch)
    _, row_low, row_high = sample.ratio(rows.astype(np.float64))
    _, lack_low, lack_high = sample.ratio((rows - counts).astype(np.float64))
    if not (rows - counts).any():
        lack_high = max(lack_high, stretch)
    # What most rows have is seen through those that lack it, which are the ones that may be in few chunks.
    if lack_high < ratio:
        low = min(low, row_low - lack_high)
        high = min(max(high, row_high - lack_low), row_high)
    return _Limits(ratio, low, high)


@dataclass(frozen=True)
class _Sample:
    """Sizes of the chunks read, and the share of the file's chunks that were not (finite population correction)."""

    sizes: Reals
    unread: float

    def ratio(self, counts: Reals) -> _Limits:
        """Counts per byte, with the union of the limits."""
        ratio, low, high = _ratio_limits(counts, self.sizes, self.unread)
        any_there = counts > 0
        having = int(any_there.sum())
        if 0 < having < counts.size:
            share_low, share_high = binomial_limits(having, counts.size)
            held, sizes = counts[any_there], self.sizes[any_there]
            rates = held / sizes
            sparsest, densest = float(rates.min()), float(rates.max())
            if having > 1:
                _, dense_low, dense_high = _ratio_limits(held, sizes, self.unread)
                sparsest, densest = max(sparsest, dense_low), min(densest, dense_high)
            low = min(low, share_low * sparsest)
            high = max(high, share_high * densest)
        return _Limits(ratio, max(low, 0.0), high)


def _ratio_limits(counts: Reals, sizes: Reals, unread: float) -> _Limits:
    """Student's t limits of a ratio, and Hall's, which correct them for skewness: the union of both."""
    n = counts.size
    ratio = float(counts.sum() / sizes.sum())
    residuals = counts - ratio * sizes
    deviation = math.sqrt(float(residuals @ residuals) / (n - 1))
    if not deviation:
        return _Limits(ratio, ratio, ratio)
    error = math.sqrt(unread / n) * deviation / float(sizes.mean())
    t = student_t(TWO_SIDED, n - 1)
    skewness = float((residuals**3).mean()) / deviation**3
    from_low, from_high = _hall(t, skewness, n), _hall(-t, skewness, n)
    return _Limits(ratio, ratio - error * max(t, from_low), ratio + error * max(t, -from_high))


def _hall(t: float, skewness: float, n: int) -> float:
    """Hall's inverse cubic: where a skewed studentised mean has the tail that `t` has without skewness."""
    g = skewness / math.sqrt(n)
    if abs(g) < 1e-6:
        return t
    return 3 / g * (math.cbrt(1 + g * (t - g / 6)) - 1)
