"""Look-ups in a sealed leak, beside what people would take instead, on the same rows and one core.

Run: `python benchmarks/sealed_lookups.py [IDENTIFIERS]`, 100 million when not said; needs about 30 bytes of memory and
10 of /tmp for each. Half of the look-ups are of identifiers that are there. Best of three, warm. Peers in the same run:
`numpy.searchsorted` over all rows as one flat sorted array of 64 bits (bucket and tag), in the order asked and sorted
first; and SQLite, a table WITHOUT ROWID of a hundredth of the rows. The last line is the ratio of the faster way of
NumPy to ours.
"""

import hashlib
import os
import sqlite3
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from floodmark.exposure.oprf import derive_key_pair
from floodmark.exposure.sealed.bucket_rows import look_up_one
from floodmark.exposure.sealed.manifest import CONTEXT, Manifest
from floodmark.exposure.sealed.matrix import header
from floodmark.exposure.sealed.rows import BUCKETS
from floodmark.exposure.sealed.sealed_leak import SealedLeak
from floodmark.kernel import library, sealed_rows
from floodmark.signatures import signature_file

ASKED = 5_000_000
FIELD_SETS = (("phone",), ("phone", "first_name"), ("phone", "email"))
SLICE = 1024  # buckets made at once


def rows_needed(rng, count):
    """Rows of the largest bucket, when so many identifiers fall into buckets at random."""
    counts = np.zeros(BUCKETS, np.int64)
    for start in range(0, count, 10_000_000):
        drawn = rng.integers(0, BUCKETS, min(10_000_000, count - start), dtype=np.uint16)
        counts += np.bincount(drawn, minlength=BUCKETS)
    return max(16, int(counts.max()))


def sealed(rng, folder, count):
    """A sealed leak of random rows, as those of identifiers are; and its heads, sorted, as one array for the peers."""
    m = rows_needed(rng, count)
    found, heads = hashlib.sha256(header(8 * m)), np.empty((BUCKETS, m), np.uint64)
    with (folder / "rows.npy").open("wb") as file:
        file.write(header(8 * m))
        for first in range(0, BUCKETS, SLICE):
            part = np.sort(rng.integers(0, 2**64, (SLICE, m), dtype=np.uint64), axis=1)
            heads[first : first + SLICE] = part
            data = part.astype(">u8").data
            file.write(data)
            found.update(data)
        size = file.tell()
    manifest = Manifest(
        seal_id="00" * 16,
        slug="made-up",
        synthetic=True,
        sealed_at="2026-01-31T13:05:00Z",
        epoch=1,
        public_key=derive_key_pair(bytes(32), b"floodmark/epoch/1").public,
        members={"phone": count},
        field_sets=FIELD_SETS,
        cell_bytes=2,
        m=m,
        rows_bytes=size,
        rows_sha256=found.hexdigest(),
    )
    key, data = Ed25519PrivateKey.from_private_bytes(bytes(32)), manifest.to_bytes()
    root = key.public_key().public_bytes_raw()
    (folder / "manifest.json").write_bytes(data)
    (folder / "manifest.json.sig").write_bytes(signature_file(root, key.sign(CONTEXT + data)))
    return heads, root


def questions(rng, heads):
    """Buckets, tags, pads, and the right answers."""
    buckets = rng.integers(0, BUCKETS, ASKED).astype(np.uint16)
    there = heads[buckets, rng.integers(0, heads.shape[1], ASKED)]
    numbers = rng.integers(0, len(FIELD_SETS), ASKED)
    pads = (there & np.uint64(0xFFFF)).astype(np.uint32) ^ numbers.astype(np.uint32)
    absent = rng.random(ASKED) < 0.5
    tags = np.where(absent, rng.integers(0, 2**48, ASKED, dtype=np.uint64), there >> np.uint64(16))
    return (buckets, tags, pads), np.where(absent, -1, numbers)


def best(work, expected, times=3):
    seconds = []
    for _ in range(times):
        started = time.perf_counter()
        answers = work()
        seconds.append(time.perf_counter() - started)
        if not np.array_equal(answers, expected):
            sys.exit("another answer than the right one")
    return len(expected) / min(seconds)


def flat(heads):
    """The rows as two arrays: bucket and tag in one number, ascending, and the cells in their order."""
    cells = (heads & np.uint64(0xFFFF)).astype(np.uint16).reshape(-1)
    heads >>= np.uint64(16)
    heads |= np.arange(BUCKETS, dtype=np.uint64)[:, None] << np.uint64(48)
    return heads.reshape(-1), cells


def by_searchsorted(keys, cells, asked, *, in_order):
    buckets, tags, pads = asked
    wanted = buckets.astype(np.uint64) << np.uint64(48) | tags
    order = np.argsort(wanted) if in_order else slice(None)
    at = np.empty(len(wanted), np.int64)
    at[order] = np.searchsorted(keys, wanted[order])
    at = np.minimum(at, len(keys) - 1)
    numbers = cells[at].astype(np.uint32) ^ pads
    return np.where((keys[at] == wanted) & (numbers < len(FIELD_SETS)), numbers.astype(np.int64), -1)


def by_sqlite(keys, cells, asked, count=100_000):
    """Look-ups a second, one by one, in a hundredth of the rows, in memory."""
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE rows (key INTEGER PRIMARY KEY, cell INTEGER) WITHOUT ROWID")
    some = slice(0, len(keys) // 100)
    signed = keys[some].view(np.int64).tolist()
    connection.executemany(
        "INSERT OR IGNORE INTO rows VALUES (?, ?)", zip(signed, cells[some].tolist(), strict=True)
    )
    rng = np.random.default_rng(1)
    wanted = [(signed[i],) for i in rng.integers(0, len(signed), count)]
    started = time.perf_counter()
    for key in wanted:
        connection.execute("SELECT cell FROM rows WHERE key = ?", key).fetchone()
    return count / (time.perf_counter() - started)


def main(count=100_000_000):
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    rng = np.random.default_rng(20_210_403)
    with tempfile.TemporaryDirectory(prefix="floodmark-sealed-") as folder:
        folder = Path(folder)
        heads, root = sealed(rng, folder, count)
        started = time.perf_counter()
        with SealedLeak.open(folder, root=root) as leak:
            opened = time.perf_counter() - started
            manifest, asked = leak.manifest, None
            print(f"{count:,} identifiers: m = {manifest.m:,}, {manifest.rows_bytes:,} bytes,", end=" ")
            print(f"{manifest.rows_bytes / count:.3f} bytes an identifier; opened in {1e3 * opened:.1f} ms")
            started = time.perf_counter()
            leak.verify()
            print(f"verified in {time.perf_counter() - started:.2f} s")
            asked, expected = questions(rng, heads)
            speed = {"a sealed leak": best(lambda: leak.look_up(*asked), expected)}
            few = tuple(array[:500_000] for array in asked)
            mapped = np.memmap(folder / "rows.npy", np.uint8, "r", 128, (BUCKETS, manifest.stride))
            speed["without the kernel"] = best(
                lambda: sealed_rows.look_up(mapped, 8, *few, len(FIELD_SETS), kernel=None),
                expected[: len(few[0])],
            )
            one = [array[:20_000].tolist() for array in asked]

            def as_a_client():
                found = [
                    look_up_one(leak.bucket(b), 8, tag, pad, len(FIELD_SETS))
                    for b, tag, pad in zip(*one, strict=True)
                ]
                return np.array([-1 if number is None else number for number in found])

            speed["one by one, as a client"] = best(as_a_client, expected[:20_000])
        keys, cells = flat(heads)
        speed["searchsorted, as asked"] = best(
            lambda: by_searchsorted(keys, cells, asked, in_order=False), expected
        )
        speed["searchsorted, sorted first"] = best(
            lambda: by_searchsorted(keys, cells, asked, in_order=True), expected
        )
        speed["SQLite, a hundredth of it"] = by_sqlite(keys, cells, asked)
    print(
        "the kernel is", "compiled" if library.kernel else "not compiled", "- look-ups a second on one core:"
    )
    for name, rate in speed.items():
        print(f"  {name:27} {rate:14,.0f}")
    peer = max(speed["searchsorted, as asked"], speed["searchsorted, sorted first"])
    print(f"ratio {speed['a sealed leak'] / peer:.1f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
