"""Exact distinct count in bounded memory beside Polars' n_unique in all memory, on the same values.

Run: `python benchmarks/distinct.py [VALUES] [MEMORY_MIB]`. Each counter runs in a process of its own, so that its
peak memory is its own. The last line is the ratio of the times.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl

from floodmark.triage.distinct import DistinctSpool

BATCH = 1_000_000


def peak_mib():
    """Peak resident memory of this program alone; `getrusage` would count that of the one that started it."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def spool(path, memory_mib):
    held = np.load(path, mmap_mode="r")
    before = peak_mib()
    started = time.perf_counter()
    with DistinctSpool(memory_mib << 20) as counter:
        for start in range(0, held.size, BATCH):
            # Read, since pages of a mapped file would count as this process's memory.
            counter.add(np.fromfile(path, np.uint64, BATCH, offset=held.offset + 8 * start))
        added = time.perf_counter()
        distinct = counter.summary().distinct
    return distinct, started, added, before


def polars(path, _):
    before = peak_mib()
    values = pl.Series(np.load(path))
    started = time.perf_counter()
    return values.n_unique(), started, time.perf_counter(), before


def main(count=10_000_000, memory_mib=256):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "values.npy"
        held = np.lib.format.open_memmap(path, mode="w+", dtype=np.uint64, shape=(count,))
        rng = np.random.default_rng(20_210_403)
        for start in range(0, count, 10_000_000):
            part = held[start : start + 10_000_000]
            part[:] = rng.integers(10**11, 10**11 + 2 * count, part.size, dtype=np.uint64)
        held.flush()
        del held
        results = {}
        for name in ("spool", "polars"):
            command = [sys.executable, __file__, "--only", name, str(path), str(memory_mib)]
            results[name] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    for name, result in results.items():
        print(
            f"{name:7} {result['seconds']:7.2f} s  {1e9 * result['seconds'] / count:6.1f} ns/value"
            f"  (add {result['add_seconds']:.2f} s)  peak {result['peak_mib']:.0f} MiB,"
            f" of which {result['before_mib']:.0f} before"
        )
    assert results["spool"]["distinct"] == results["polars"]["distinct"]
    print(f"{count:,} values, {results['spool']['distinct']:,} distinct, bound {memory_mib} MiB")
    print(f"ratio {results['spool']['seconds'] / results['polars']['seconds']:.2f}")


def only(name, path, memory_mib):
    distinct, started, added, before = {"spool": spool, "polars": polars}[name](path, memory_mib)
    done = time.perf_counter()
    print(
        json.dumps(
            {
                "distinct": distinct,
                "seconds": done - started,
                "add_seconds": added - started,
                "peak_mib": peak_mib(),
                "before_mib": before,
            }
        )
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--only"]:
        only(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    else:
        main(*map(int, sys.argv[1:]))
