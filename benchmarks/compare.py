"""Comparing two dumps beside triaging each of them, and beside `sort -u` and `comm`, which tell shared lines alone.

Run: `python benchmarks/compare.py [ROWS] [SHARED]`: rows of each dump (400,000) and the share of them that both have
(0.5). Both are cut from one synthetic twin. Three rounds of each, in turns; medians in seconds passed and seconds of
the processor, the peak memory of a process that only compares, and last the ratio of the processor's time of comparing
to that of the two triages. What is compared is read twice and triaged once, so a ratio of about 2 is what to expect.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from floodmark.synth import leak
from floodmark.triage import compare, triage

ROUNDS = 3
SORT = "LC_ALL=C sort -u a > sa && LC_ALL=C sort -u b > sb && LC_ALL=C comm -12 sa sb | wc -l"


def make(folder, rows, shared):
    """Two dumps in a folder."""
    whole = folder / "whole"
    leak("facebook-2021", rows=round(rows * (2 - shared)), seed=7, out=whole)
    lines = whole.read_bytes().splitlines(keepends=True)
    (folder / "a").write_bytes(b"".join(lines[:rows]))
    (folder / "b").write_bytes(b"".join(lines[-rows:]))
    whole.unlink()


def used():
    """Seconds of the processor, of this process and of those that it started."""
    return sum(os.times()[:4])


def timed(work):
    """Seconds that passed, and seconds of the processor."""
    started, before = time.perf_counter(), used()
    work()
    return time.perf_counter() - started, used() - before


def main(rows=400_000, shared=0.5):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(folder, rows, shared)
        a, b = folder / "a", folder / "b"
        size = (a.stat().st_size + b.stat().st_size) / 1e6
        print(f"two dumps of {rows:,} rows, {size:.0f} MB together, {shared:.0%} shared")
        child = "import sys, resource; from floodmark.triage import compare; compare(*sys.argv[1:]); "
        child += "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
        done = subprocess.run([sys.executable, "-c", child, a, b], capture_output=True, text=True, check=True)
        print(f"peak memory of comparing: {int(done.stdout) / 1024:.0f} MiB")
        works = {
            "compare": lambda: compare(a, b),
            "compare, no rows": lambda: compare(a, b, whole_rows=False),
            "triage of each": lambda: (triage([a]), triage([b])),
            "sort -u, comm": lambda: subprocess.run(
                SORT, shell=True, cwd=folder, check=True, capture_output=True
            ),
        }
        found = {name: [] for name in works}
        for _ in range(ROUNDS):
            for name, work in works.items():
                found[name].append(timed(work))
        medians = {}
        for name, times in found.items():
            passed, worked = (statistics.median(column) for column in zip(*times, strict=True))
            medians[name] = worked
            print(f"{name:18} {passed:7.2f} s passed  {worked:7.2f} s worked  {size / passed:6.1f} MB/s")
        print(f"compare / triage of each: {medians['compare'] / medians['triage of each']:.2f}")


if __name__ == "__main__":
    main(*(kind(text) for kind, text in zip((int, float), sys.argv[1:], strict=False)))
