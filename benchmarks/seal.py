"""Sealing a saved leak from end to end beside bare libsodium: as many group multiplications, on as many threads.

    python benchmarks/seal.py [ROWS [cpu|libsodium|cuda]]

The peer reads nothing, hashes nothing and writes nothing: it is what no sealing by libsodium can beat. It runs before
and after the seal, on up to 100,000 elements each time. Prints seconds and processor time by phase, the peak memory of
the process that seals (a leak of these rows is saved by another), and the ratio of the rates last.
"""

from __future__ import annotations

import os
import secrets
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

import rbcl

from floodmark.exposure.oprf import engine
from floodmark.register.key_changes import make
from floodmark.register.key_wrap import Bare
from floodmark.register.keys import Keyring
from floodmark.register.saving import save
from floodmark.register.sealing import seal
from floodmark.register.workspace import Workspace
from floodmark.synth import leak

ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000_000
DEVICE = sys.argv[2] if len(sys.argv) > 2 else "cpu"
CORES = len(os.sched_getaffinity(0))
PIECE = 256
MOST_BARE = 100_000


def multiply(count: int) -> float:
    """Seconds that so many multiplications take on all cores."""
    key = rbcl.crypto_core_ristretto255_scalar_random()
    point = rbcl.crypto_core_ristretto255_from_hash(secrets.token_bytes(64))

    def piece(size: int) -> None:
        for _ in range(size):
            rbcl.crypto_scalarmult_ristretto255(key, point)

    start = time.perf_counter()
    with ThreadPoolExecutor(CORES) as pool:
        list(pool.map(piece, [PIECE] * (count // PIECE)))
    return time.perf_counter() - start


def prepare(folder: Path) -> None:
    """Make a leak and save it."""
    leak("facebook-2021", ROWS, 1, folder / "dump.txt")
    make(folder / "keys", Bare, created="2026-01-31T13:05:00Z", workspace=folder / "home")
    with Keyring.open(folder / "keys", workspace=folder / "home") as keys:
        save(Workspace.open(folder / "home"), keys, "bench", [folder / "dump.txt"])


def peak() -> int:
    """Most memory that this process has had, bytes."""
    [line] = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) << 10


class Clock:
    """Seconds and processor time of each phase."""

    def __init__(self) -> None:
        self.found: dict[str, tuple[float, float]] = {}

    @contextmanager
    def phase(self, name: str, total: int = 0) -> Iterator[Callable[[int], None]]:
        """Measure the block."""
        wall, used = time.perf_counter(), time.process_time()
        yield lambda done: None
        self.found[name] = time.perf_counter() - wall, time.process_time() - used


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        child = get_context("spawn").Process(target=prepare, args=(folder,))
        child.start()
        child.join()
        by, clock = engine(DEVICE), Clock()
        bare_count = min(MOST_BARE, ROWS)
        bare = multiply(bare_count)
        with Keyring.open(folder / "keys", workspace=folder / "home") as keys, clock.phase("all"):
            row = seal(
                Workspace.open(folder / "home"),
                keys,
                "bench",
                [folder / "dump.txt"],
                by=by,
                phase=clock.phase,
            )
        most = peak()
        bare = bare_count * 2 / (bare + multiply(bare_count))
    count = sum(row.members.values())
    print(
        f"{count:,} identifiers of {ROWS:,} rows, {CORES} cores, {by.name}; {row.m} rows a bucket, "
        f"{row.bytes / count:.2f} bytes an identifier"
    )
    for name, (wall, used) in clock.found.items():
        print(
            f"{name}: {wall:.2f} s, {used / count * 1e6:.2f} core-microseconds an identifier, "
            f"{used / wall:.2f} cores busy"
        )
    rate = count / clock.found["all"][0]
    print(f"peak memory: {most / 1e6:,.0f} MB")
    print(f"seal: {rate:,.0f} identifiers/s; bare libsodium: {bare:,.0f} multiplications/s")
    print(f"ratio (identifiers sealed to bare multiplications): {rate / bare:.2f}")


if __name__ == "__main__":
    main()
