"""Many identifiers looked up in the rows of one bucket, which is all that a client has of a leak.

>>> answers_of(np.array([7], np.uint64), [bytes(range(64))])["bucket"].tolist()
[1]
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from floodmark.exposure.sealed.rows import OUTPUT_BYTES, TAG_BYTES, derive
from floodmark.exposure.snapshots import SnapshotLeak

SLICE = 256  # identifiers that are compared with a bucket's rows at once

ANSWER = np.dtype([("digest", "<u8"), ("bucket", "<u2"), ("secret", "u1", 32)])
"""An identifier's digest, and of its output what a look-up needs: its bucket, and bytes 32 to 63."""

HIT = np.dtype([("digest", "<u8"), ("leak", "<u2"), ("number", "<u4")])
"""An identifier's digest, the place of a leak in the snapshot, and the field set that it holds."""


def answers_of(digests: NDArray[np.uint64], outputs: Sequence[bytes]) -> NDArray[np.void]:
    """What is kept of outputs of the evaluation: `ANSWER`, shape (n,).

    Args:
        digests: of the identifiers, uint64, shape (n,).
        outputs: of their evaluation, 64 bytes each.
    """
    found = np.empty(len(digests), ANSWER)
    table = np.frombuffer(b"".join(outputs), np.uint8).reshape(-1, OUTPUT_BYTES)
    found["digest"] = digests
    found["bucket"] = np.ascontiguousarray(table[:, :2]).view(">u2").reshape(-1)
    found["secret"] = table[:, 32:]
    return found


def hits_in(
    leaks: Sequence[SnapshotLeak], rows: Sequence[bytes], answers: NDArray[np.void]
) -> NDArray[np.void]:
    """What the rows of one bucket hold of the identifiers in it.

    Args:
        leaks: of the snapshot.
        rows: of the bucket, for every leak.
        answers: of the identifiers, `ANSWER`, shape (n,).

    Returns:
        `HIT`, one for each identifier and leak that holds it.
    """
    outputs = np.zeros((len(answers), OUTPUT_BYTES), np.uint8)
    outputs[:, 32:] = answers["secret"]
    found = [np.empty(0, HIT)]
    for at, (leak, leak_rows) in enumerate(zip(leaks, rows, strict=True)):
        numbers = numbers_in(leak, leak_rows, outputs)
        which = np.flatnonzero(numbers >= 0)
        hits = np.empty(len(which), HIT)
        hits["digest"], hits["leak"], hits["number"] = answers["digest"][which], at, numbers[which]
        found.append(hits)
    return np.concatenate(found)


def numbers_in(leak: SnapshotLeak, rows: bytes, outputs: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Field set that a leak holds of each identifier, -1 where it does not hold it; int64, shape (n,).

    Args:
        leak: of the snapshot.
        rows: of the bucket, which all of the identifiers are in.
        outputs: of their evaluation, uint8, shape (n, 64), of which bytes 32 to 63 are looked at.
    """
    manifest = leak.manifest
    places = derive(outputs, bytes.fromhex(manifest.seal_id), manifest.cell_bytes)
    table = np.frombuffer(rows, np.uint8).reshape(-1, manifest.row_bytes)
    wide = np.zeros((len(table), 8), np.uint8)
    wide[:, 8 - TAG_BYTES :] = table[:, :TAG_BYTES]
    tags = wide.view(">u8").reshape(-1)
    cells = (
        np.ascontiguousarray(table[:, TAG_BYTES:])
        .view(f">u{manifest.cell_bytes}")
        .reshape(-1)
        .astype(np.int64)
    )
    found = [np.empty(0, np.int64)]
    for start in range(0, len(outputs), SLICE):
        part = slice(start, start + SLICE)
        numbers = cells ^ places.pads[part, None].astype(np.int64)
        good = (tags == places.tags[part, None]) & (numbers < len(manifest.field_sets))
        first = numbers[np.arange(len(numbers)), good.argmax(axis=1)]
        found.append(np.where(good.any(axis=1), first, -1))
    return np.concatenate(found)
