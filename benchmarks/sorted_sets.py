"""What two sorted arrays share, by the compiled kernel beside `numpy.intersect1d`, on the same digests.

Run: `python benchmarks/sorted_sets.py [VALUES]`. Best of five, in nanoseconds an element of all arrays together. The
last line is the ratio of NumPy to one thread of the kernel, for two arrays of one size that share half.
"""

import sys
import time

import numpy as np

from floodmark.kernel import library, sorted_sets
from floodmark.kernel.library import Features


def best(work, *values, times=5, **options):
    seconds = []
    for _ in range(times):
        started = time.perf_counter()
        work(*values, **options)
        seconds.append(time.perf_counter() - started)
    return min(seconds)


def in_blocks(a, b):
    return sum(in_a.size for in_a, _ in sorted_sets.common_blocks(a, b))


def digests(rng, count):
    return np.unique(rng.integers(0, 2**64, count, dtype=np.uint64))


def overlapping(rng, count, share):
    pool = digests(rng, int(count * (2 - share)))
    marks = rng.random(pool.size) * (2 - share)
    return pool[marks < 1].copy(), pool[marks >= 1 - share].copy()


def two_arrays(rng, count, share):
    """Prints what each way takes, and gives NumPy's time over the kernel's."""
    a, b = overlapping(rng, count, share)
    portable = library.kernel.using(Features.PORTABLE)
    both, pairs = sorted_sets.common, sorted_sets.count_common
    timed = {
        "numpy.intersect1d": best(np.intersect1d, a, b, times=1, assume_unique=True, return_indices=True),
        "without the kernel": best(both, a, b, times=1, kernel=None),
        "common, portable": best(both, a, b, kernel=portable),
        "common": best(both, a, b),
        "common, two threads": best(both, a, b, workers=2),
        "common in blocks": best(in_blocks, a, b),
        "count, portable": best(pairs, a, b, kernel=portable),
        "count": best(pairs, a, b),
        "count, two threads": best(pairs, a, b, workers=2),
        "is_ascending": best(sorted_sets.is_ascending, a) + best(sorted_sets.is_ascending, b),
    }
    print(f"two arrays of {count:,}, {share:.0%} shared")
    for name, seconds in timed.items():
        print(f"  {name:22} {1e9 * seconds / (a.size + b.size):7.2f} ns an element")
    return timed["numpy.intersect1d"] / timed["common"]


def one_far_larger(rng, count):
    large = digests(rng, count)
    print(f"one of {count:,}, the other smaller")
    for times in (10, 30, 100, 300, 1000, 10_000):
        few = np.unique(np.concatenate([large[:: times * 2], digests(rng, count // (2 * times))]))
        seconds = 1e9 * best(sorted_sets.count_common, few, large)
        print(f"  {times:6} times: {seconds / few.size:7.1f} ns a value of the smaller,", end=" ")
        print(f"{seconds / (few.size + large.size):.3f} ns an element")


def many_arrays(rng, count):
    for many in (3, 6, 12):
        arrays = [digests(rng, count // many) for _ in range(many - 1)]
        arrays.append(np.unique(np.concatenate([array[::3] for array in arrays])))
        total = sum(array.size for array in arrays)
        one, two = (best(sorted_sets.patterns, arrays, workers=workers) for workers in (1, 2))
        print(f"patterns of {many} arrays: {1e9 * one / total:.2f} ns an element,", end=" ")
        print(f"on two threads {1e9 * two / total:.2f}")


def main(count=10_000_000):
    if library.kernel is None:
        sys.exit("The kernel is not compiled: nothing to compare.")
    print("the kernel may use:", library.kernel.features.name)
    rng = np.random.default_rng(20_210_403)
    ratio = {share: two_arrays(rng, count, share) for share in (0.0, 0.5, 1.0)}[0.5]
    one_far_larger(rng, count)
    many_arrays(rng, count)
    print(f"ratio {ratio:.1f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
