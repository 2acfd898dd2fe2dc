"""From outputs of the evaluation to rows of a sealed leak (protocol 1, section 3).

>>> import numpy as np
>>> places = derive(np.arange(128, dtype=np.uint8).reshape(2, 64), bytes(16), 2)
>>> places.buckets.tolist(), places.tags.shape, places.pads.shape
([1, 16449], (2,), (2,))
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from floodmark.kernel import library, oprf
from floodmark.kernel.library import Kernel

BUCKETS = 1 << 16
LEAST_ROWS = 16  # of a bucket
TAG_BYTES = 6
SEAL_ID_BYTES = 16
OUTPUT_BYTES = 64
CONTEXT = b"floodmark/seal/1"
CELL_BYTES = (2, 4)


@dataclass(frozen=True)
class Places:
    """Where identifiers stand in one sealed leak, and what hides their cells.

    Attributes:
        buckets: uint16, shape (n,).
        tags: 48 bits, big-endian, so that their order is that of their bytes; uint64, shape (n,).
        pads: what cells are XOR-ed with, uint32, shape (n,).
    """

    buckets: NDArray[np.uint16]
    tags: NDArray[np.uint64]
    pads: NDArray[np.uint32]


def derive(
    outputs: NDArray[np.uint8], seal_id: bytes, cell_bytes: int, *, kernel: Kernel | None = library.kernel
) -> Places:
    """The places of identifiers in a sealed leak.

    Args:
        outputs: of the evaluation, uint8, shape (n, 64).
        seal_id: of the sealed leak, 16 bytes.
        cell_bytes: 2 or 4.
        kernel: the compiled kernel; None for the standard library.
    """
    if kernel is None:
        return derive_one_by_one(outputs, seal_id, cell_bytes)
    return Places(*oprf.places(outputs, oprf.Seal(seal_id, cell_bytes), kernel=kernel))


def derive_one_by_one(outputs: NDArray[np.uint8], seal_id: bytes, cell_bytes: int) -> Places:
    """The same by the standard library: where the kernel was not compiled, and to check it by."""
    if outputs.dtype != np.uint8 or outputs.ndim != 2 or outputs.shape[1] != OUTPUT_BYTES:
        raise TypeError("outputs are rows of 64 bytes")
    if len(seal_id) != SEAL_ID_BYTES or cell_bytes not in CELL_BYTES:
        raise ValueError("a seal_id is 16 bytes, and a cell 2 or 4")
    message = CONTEXT + seal_id
    secret = np.ascontiguousarray(outputs[:, 32:]).tobytes()
    joined = b"".join(
        hmac.digest(secret[at : at + 32], message, "sha256") for at in range(0, len(secret), 32)
    )
    derived = np.frombuffer(joined, np.uint8).reshape(-1, 32)
    return Places(
        buckets=np.ascontiguousarray(outputs[:, :2]).view(">u2").reshape(-1).astype(np.uint16),
        tags=_number(derived[:, :TAG_BYTES]).astype(np.uint64),
        pads=_number(derived[:, TAG_BYTES : TAG_BYTES + cell_bytes]).astype(np.uint32),
    )


def _number(columns: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """Bytes of each row as one big-endian number."""
    wide = np.zeros((len(columns), 8), np.uint8)
    wide[:, 8 - columns.shape[1] :] = columns
    return wide.view(">u8").reshape(-1).astype(np.uint64)
