"""Joining a sealed leak into buckets.bin beside a plain copy of as many bytes with a hash, in the same run.

    python benchmarks/snapshots.py [MILLIONS_OF_ROWS] [FOLDER]

The leak is random rows under a signed manifest, as `write_buckets` gets it. Files may be in the page cache, and each
side ends when the disk has what it wrote; they take turns. The peer is `shutil.copyfile` of buckets.bin and SHA-256 of
the copy: it hashes once, where `write_buckets` hashes the leak's file, the leaves and its own file. Prints times, peak
memory, and the ratio of the times last.
"""

from __future__ import annotations

import hashlib
import os
import resource
import shutil
import sys
import tempfile
import time
from itertools import chain
from pathlib import Path
from statistics import median

import numpy as np
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from floodmark.exposure.oprf import derive_key_pair
from floodmark.exposure.sealed.manifest import CONTEXT, Manifest
from floodmark.exposure.sealed.matrix import header
from floodmark.exposure.sealed.rows import BUCKETS
from floodmark.exposure.snapshots import Source, open_source, write_buckets
from floodmark.signatures import signature_file

ROWS = round(float(sys.argv[1]) * 1e6) if len(sys.argv) > 1 else 100_000_000
WHERE = sys.argv[2] if len(sys.argv) > 2 else None
REPEATS = 3
ROW_BYTES = 8
PIECE_BUCKETS = 1024


def sealed(folder: Path, m: int) -> Source:
    """A sealed leak of random rows."""
    drawn, found, stride = np.random.default_rng(4), hashlib.sha256(), m * ROW_BYTES
    with (folder / "rows.npy").open("wb") as file:
        pieces = (drawn.bytes(PIECE_BUCKETS * stride) for _ in range(BUCKETS // PIECE_BUCKETS))
        for piece in chain([header(stride)], pieces):
            file.write(piece)
            found.update(piece)
    root = Ed25519PrivateKey.generate()
    manifest = Manifest(
        seal_id="0a" * 16,
        slug="bench",
        synthetic=True,
        sealed_at="2026-01-31T13:05:00Z",
        epoch=1,
        public_key=derive_key_pair(bytes(32), b"floodmark/epoch/1").public,
        members={"phone": BUCKETS * m},
        field_sets=(("phone",),),
        cell_bytes=2,
        m=m,
        rows_bytes=(folder / "rows.npy").stat().st_size,
        rows_sha256=found.hexdigest(),
    )
    data, public = manifest.to_bytes(), root.public_key().public_bytes_raw()
    (folder / "manifest.json").write_bytes(data)
    (folder / "manifest.json.sig").write_bytes(signature_file(public, root.sign(CONTEXT + data)))
    return open_source(folder, "bench", public)


def joined(source: Source, path: Path) -> float:
    """Seconds that writing buckets.bin takes."""
    start = time.perf_counter()
    with path.open("w+b") as file:
        write_buckets(file, [source])
        os.fsync(file.fileno())
    return time.perf_counter() - start


def copied(path: Path, copy: Path) -> float:
    """Seconds that a copy and its SHA-256 take."""
    start = time.perf_counter()
    shutil.copyfile(path, copy)
    with copy.open("r+b") as file:
        os.fsync(file.fileno())
        hashlib.file_digest(file, "sha256")
    return time.perf_counter() - start


def main() -> None:
    m = max(16, -(-ROWS // BUCKETS))
    walls: dict[str, list[float]] = {"write_buckets": [], "copy": []}
    with tempfile.TemporaryDirectory(dir=WHERE) as place:
        folder = Path(place)
        source = sealed(folder, m)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for _ in range(REPEATS):
            walls["write_buckets"].append(joined(source, folder / "buckets.bin"))
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            walls["copy"].append(copied(folder / "buckets.bin", folder / "copy"))
            (folder / "copy").unlink()
        size = (folder / "buckets.bin").stat().st_size
    print(f"{BUCKETS * m:,} rows, {size / 1e9:.2f} GB in buckets.bin")
    for name, found in walls.items():
        wall = median(found)
        print(
            f"  {name:14} {wall:6.1f} s  {size / wall / 1e6:6,.0f} MB/s  ({min(found):.1f} to {max(found):.1f})"
        )
    print(f"peak memory before {before / 1024:,.0f} MB, after {peak / 1024:,.0f} MB")
    print(
        f"ratio (write_buckets to a copy with a hash): {median(walls['write_buckets']) / median(walls['copy']):.2f}"
    )


if __name__ == "__main__":
    main()
