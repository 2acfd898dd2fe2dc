"""Digests by the compiled kernel beside the standard library's HMAC in a loop, on the same identifiers.

Run: `python benchmarks/digests.py [IDENTIFIERS]`. Best of seven. Prints nanoseconds an identifier on one thread and on
two, on each path of the kernel; the last line is the ratio of the loop to one thread of the kernel, for phone numbers.
"""

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
import polars as pl

from floodmark.kernel import keyed_hash, library, stdlib_hash
from floodmark.kernel.library import Features

KEY = bytes(range(32))
LOOP = 300_000


def best(work, values, threads=1, times=7):
    """Nanoseconds a value, best of some times."""
    parts = [values[len(values) * n // threads : len(values) * (n + 1) // threads] for n in range(threads)]
    seconds = []
    for _ in range(times):
        with ThreadPoolExecutor(threads) as pool:
            started = time.perf_counter()
            list(pool.map(work, parts))
            seconds.append(time.perf_counter() - started)
    return 1e9 * min(seconds) / len(values)


def compare(what, values, of, loop, prefix):
    """Prints what each way takes, and gives the loop's time over the kernel's."""
    peer = best(partial(loop, KEY, prefix), values[:LOOP])
    print(f"{what:20} {'loop of hmac.digest':22} {peer:8.1f} ns")
    one = two = peer
    for name, allowed in (
        ("portable", Features.PORTABLE),
        ("avx2", Features.AVX2),
        ("best", ~Features.PORTABLE),
    ):
        kernel = library.kernel.using(allowed)
        one, two = (best(partial(of, KEY, prefix, kernel=kernel), values, threads) for threads in (1, 2))
        print(
            f"{what:20} {name:22} {one:8.1f} ns, on two threads {two:6.1f} ns; {peer / one:.1f} times as fast"
        )
    return peer / one


def main(count=5_000_000):
    if library.kernel is None:
        sys.exit("The kernel is not compiled: nothing to compare.")
    print("the kernel may use:", library.kernel.features.name)
    rng = np.random.default_rng(20_210_403)
    phones = rng.integers(10**11, 10**12, count, dtype=np.uint64)
    people = pl.Series(rng.integers(10**6, 10**10, count)).cast(pl.String)
    emails = pl.select(pl.lit("someone.") + people + pl.lit("@example.org")).to_series()
    places = pl.select(pl.lit("a text that needs a second block, and a number: ") + people).to_series()
    ratio = compare("phones", phones, keyed_hash.of_numbers, stdlib_hash.of_numbers, b"phone:+")
    compare("e-mail addresses", emails, keyed_hash.of_texts, stdlib_hash.of_texts, b"email:")
    compare("texts of two blocks", places, keyed_hash.of_texts, stdlib_hash.of_texts, b"value/location:")
    print(f"ratio {ratio:.1f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
