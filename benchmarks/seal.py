"""Sealing a saved leak beside bare libsodium: as many multiplications of group elements, on as many threads.

    python benchmarks/seal.py [ROWS]

The peer hashes nothing and writes nothing: it is what no sealing by libsodium can beat. Prints peak memory, and the
ratio of the times last.
"""

from __future__ import annotations

import os
import resource
import secrets
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import rbcl

from floodmark.register.key_changes import make
from floodmark.register.key_wrap import Bare
from floodmark.register.keys import Keyring
from floodmark.register.saving import save
from floodmark.register.sealing import seal
from floodmark.register.workspace import Workspace
from floodmark.synth import leak

ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
CORES = len(os.sched_getaffinity(0))
PIECE = 256


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


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        leak("facebook-2021", ROWS, 1, folder / "dump.txt")
        make(folder / "keys", Bare, created="2026-01-31T13:05:00Z", workspace=folder / "home")
        workspace = Workspace.open(folder / "home")
        with Keyring.open(folder / "keys", workspace=folder / "home") as keys:
            save(workspace, keys, "bench", [folder / "dump.txt"])
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            start = time.perf_counter()
            row = seal(workspace, keys, "bench", [folder / "dump.txt"])
            sealing = time.perf_counter() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        count = sum(row.members.values())
        bare = multiply(count)
    print(
        f"{count:,} identifiers, {CORES} cores, {row.m} rows a bucket, {row.bytes / count:.2f} bytes an identifier"
    )
    print(
        f"seal {sealing:.1f} s, {count / sealing:,.0f}/s; bare multiplications {bare:.1f} s, {count / bare:,.0f}/s"
    )
    print(f"peak memory after saving {before / 1024:,.0f} MB, after sealing {peak / 1024:,.0f} MB")
    print(f"ratio (sealing to bare multiplications): {sealing / bare:.2f}")


if __name__ == "__main__":
    main()
