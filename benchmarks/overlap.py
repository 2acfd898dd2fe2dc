"""Overlap of two saved leaks, checked and with value agreement, beside one pass that only reads the files it reads.

Run: `python benchmarks/overlap.py [IDENTIFIERS] [SHARED]`: identifiers of each leak (10,000,000) and the share of
them that both have (0.5). Both leaks are made of random digests in temporary files, whose pages stay in memory. Five
rounds, each reading and then comparing, which includes the checksums of all arrays; medians, peak memory, and last the
ratio of the times. Mapped pages count as memory of the process, so the peak is taken without them. Comparing takes two
threads: on a machine that is busy with something else the ratio says little, and the processor's time more.
"""

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from floodmark.assessment.overlap import overlap
from floodmark.assessment.saved import ComparedLeak
from floodmark.kernel import compiled
from floodmark.register.array_files import described
from floodmark.register.arrays import LeakArrays
from floodmark.register.leaks import Leak
from floodmark.register.lease import Lease

BUFFER = bytearray(16 << 20)
CHUNK = 1 << 22
TYPES = ("phone", "full_name", "location")
MASKS = (0b001, 0b011, 0b101, 0b111)
ROUNDS = 5


class Made:
    """A saved leak in a folder of its own, as the register has it."""

    def __init__(self, folder, slug):
        self.folder = folder / slug
        (self.folder / "digests").mkdir(parents=True)
        self.leak = Leak(slug=slug, title=slug, synthetic=True, rows=0, saved_at="", field_types=TYPES)
        np.save(self.path("field_sets"), np.array(MASKS, np.uint64))

    def path(self, name):
        return self.folder / "digests" / f"{name}.npy"

    def paths(self):
        return [self.path(name) for name in ("phone", "phone.fields", "phone.values", "field_sets")]

    def describe(self):
        self.files = [described(path, path.stem, len(np.load(path, mmap_mode="r"))) for path in self.paths()]

    def opened(self):
        """The leak as a command opens it, nothing of it checked yet."""
        return ComparedLeak(
            LeakArrays(Lease(self.leak, self.files, self.folder, None)), "key", synthetic=True
        )


def write(leak, digests, rng):
    """The three arrays of a leak; the name of a digest is the same in both leaks, for nine in ten the location too."""
    np.save(leak.path("phone"), digests)
    fields = np.lib.format.open_memmap(leak.path("phone.fields"), "w+", np.uint16, (digests.size,))
    values = np.lib.format.open_memmap(leak.path("phone.values"), "w+", np.uint16, (digests.size, 2))
    for start in range(0, digests.size, CHUNK):
        part = digests[start : start + CHUNK]
        name = (part % np.uint64(65_521)).astype(np.uint16) + np.uint16(1)
        moved = rng.random(part.size) < 0.1
        place = np.where(moved, rng.integers(1, 3000, part.size), part % np.uint64(3000) + np.uint64(1))
        has = rng.random((part.size, 2)) < (0.95, 0.6)
        values[start : start + CHUNK, 0] = name * has[:, 0]
        values[start : start + CHUNK, 1] = place.astype(np.uint16) * has[:, 1]
        fields[start : start + CHUNK] = has[:, 0] + 2 * has[:, 1]


def make(folder, count, shared):
    """Two leaks of `count` identifiers each, of which a share is in both."""
    rng = np.random.default_rng(20_210_403)
    both = round(shared * count)
    either = 2 * count - both
    # Random gaps add up to ascending values over five sixths of the range.
    digests = np.cumsum(rng.integers(1, int(2**65 / (1.2 * either)), either, dtype=np.uint64))
    share = count / digests.size
    draws = rng.random(digests.size, dtype=np.float32)
    a, b = Made(folder, "a"), Made(folder, "b")
    write(a, digests[draws < share], rng)
    write(b, digests[draws > 1 - share], rng)
    return a, b


def read_through(paths):
    """Every byte of the files once, through one buffer."""
    for path in paths:
        with path.open("rb", buffering=0) as file:
            while file.readinto(BUFFER):
                pass


def own_mib():
    """Memory of this process that is not a page of a file."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("RssAnon:")[1].split()[0]) / 1024


def timed(work):
    """Seconds that passed, seconds of processor time of all threads, and the result."""
    started, used = time.perf_counter(), time.process_time()
    result = work()
    return time.perf_counter() - started, time.process_time() - used, result


def main(count=10_000_000, shared=0.5):
    with tempfile.TemporaryDirectory() as folder:
        a, b = make(Path(folder), count, shared)
        paths = [*a.paths(), *b.paths()]
        for one in (a, b):
            one.describe()
        size = sum(path.stat().st_size for path in paths)
        peak = 0.0

        def advance(_):
            nonlocal peak
            peak = max(peak, own_mib())

        read_through(paths)
        before = own_mib()
        reading, comparing = [], []
        for _ in range(ROUNDS):
            reading.append(timed(lambda: read_through(paths)))
            comparing.append(timed(lambda: overlap([a.opened(), b.opened()], advance=advance)))
            found = comparing[-1][2]
    pair = found.kinds[0].pairs[0]
    sizes = [leak.identifiers for leak in found.kinds[0].leaks]
    print(f"{sizes[0]:,} and {sizes[1]:,} identifiers, {pair.shared:,} shared; {size / 1e9:.2f} GB of arrays")
    print(
        f"kernel {'compiled' if compiled else 'NumPy'}; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    )
    for name, rounds in (("read once", reading), ("overlap", comparing)):
        walls, used = ([one[place] for one in rounds] for place in (0, 1))
        rate = size / statistics.median(walls) / 1e9
        print(
            f"{name:10} {statistics.median(walls):7.3f} s  {rate:6.2f} GB/s"
            f"  processor {statistics.median(used):7.3f} s  rounds {' '.join(f'{one:.3f}' for one in walls)}"
        )
    read, compared = (statistics.median(one[0] for one in rounds) for rounds in (reading, comparing))
    print(f"memory beside the mapped files: {peak:.0f} MiB, of which {before:.0f} before")
    print(f"ratio {compared / read:.2f}")


if __name__ == "__main__":
    main(*(kind(given) for kind, given in zip((int, float), sys.argv[1:], strict=False)))
