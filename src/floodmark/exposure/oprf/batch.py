"""Outputs of many inputs at once: the one door to evaluation in bulk, behind which a faster kernel can stand.

>>> from floodmark.exposure.oprf.protocol import derive_key_pair
>>> pair = derive_key_pair(bytes(32), b"example")
>>> outputs = evaluate_texts(pair.private, pl.Series(["phone:+447700900123", "email:ada@example.org"]))
>>> outputs.shape, outputs.dtype.name
((2, 64), 'uint8')
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.exposure.oprf.context import Mode
from floodmark.exposure.oprf.group import Scalar
from floodmark.exposure.oprf.protocol import OUTPUT_BYTES, evaluate

PIECE = 256


def evaluate_texts(
    private: Scalar, texts: pl.Series, *, mode: Mode = Mode.VOPRF, workers: int = 2
) -> NDArray[np.uint8]:
    """The output of every input, as `evaluate` gives it.

    Args:
        private: the private key.
        texts: inputs, String, in UTF-8 as they are hashed, without nulls, shape (n,).
        mode: of the protocol.
        workers: threads; libsodium works outside the interpreter's lock.

    Returns:
        uint8, shape (n, 64).

    Raises:
        BadInput: one of them cannot be evaluated.
    """
    if texts.dtype != pl.String or texts.null_count():
        raise TypeError("inputs are texts, and none is null")

    def piece(start: int) -> bytes:
        return b"".join(evaluate(private, text.encode(), mode) for text in texts[start : start + PIECE])

    with ThreadPoolExecutor(workers) as pool:
        joined = b"".join(pool.map(piece, range(0, texts.len(), PIECE)))
    return np.frombuffer(joined, np.uint8).reshape(-1, OUTPUT_BYTES)
