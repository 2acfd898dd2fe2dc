"""HMAC-SHA-256 of many values under one key, cut to 64 bits.

>>> import hmac
>>> found = of_numbers(b"key", b"n:", np.array([7], np.uint64))
>>> int(found[0]) == int.from_bytes(hmac.digest(b"key", b"n:7", "sha256")[:8], "big")
True

Each function gives the first 8 bytes of HMAC-SHA-256(key, prefix ‖ value), big-endian. The state after the key's block
is computed once a call and wiped when it returns; the key itself is the caller's.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.kernel import arrow_strings, library, stdlib_hash
from floodmark.kernel.library import Kernel

MOST_KEY = 64  # bytes; HMAC would hash a longer one first (RFC 2104, section 2)
MOST_PREFIX = 32  # bytes


def of_numbers(
    key: bytes, prefix: bytes, numbers: NDArray[np.uint64], *, kernel: Kernel | None = library.kernel
) -> NDArray[np.uint64]:
    """Hashes of numbers as decimal digits without leading zeros.

    Args:
        key: up to 64 bytes.
        prefix: up to 32 bytes.
        numbers: uint64, shape (n,).
        kernel: the compiled kernel; None for the standard library.

    Returns:
        uint64, shape (n,).

    Raises:
        TypeError: the numbers are of another dtype or shape.
        ValueError: the key or the prefix is too long.
    """
    _check(key, prefix)
    if numbers.dtype != np.uint64 or numbers.ndim != 1:
        raise TypeError("numbers are an array of dtype uint64 and one dimension")
    if kernel is None:
        return stdlib_hash.of_numbers(key, prefix, numbers)
    numbers = np.ascontiguousarray(numbers)
    found = np.empty(numbers.size, np.uint64)
    kernel.functions.fm_hmac_numbers(
        key,
        len(key),
        prefix,
        len(prefix),
        numbers.ctypes.data,
        numbers.size,
        found.ctypes.data,
        kernel.features,
    )
    return found


def of_texts(
    key: bytes, prefix: bytes, texts: pl.Series, *, kernel: Kernel | None = library.kernel
) -> NDArray[np.uint64]:
    """Hashes of texts as UTF-8.

    Args:
        key: up to 64 bytes.
        prefix: up to 32 bytes.
        texts: String, shape (n,), without nulls, in any number of chunks.
        kernel: the compiled kernel; None for the standard library.

    Returns:
        uint64, shape (n,).

    Raises:
        TypeError: the texts are of another dtype, or some are null.
        ValueError: the key or the prefix is too long.
    """
    _check(key, prefix)
    if texts.dtype != pl.String or texts.null_count():
        raise TypeError("texts are of dtype String, without nulls")
    if kernel is None:
        return stdlib_hash.of_texts(key, prefix, texts)
    found = np.empty(texts.len(), np.uint64)
    done = 0
    for count, views, buffers in arrow_strings.chunks(texts):
        out = found[done : done + count]
        kernel.functions.fm_hmac_views(
            key, len(key), prefix, len(prefix), views, buffers, count, out.ctypes.data, kernel.features
        )
        done += count
    return found


def _check(key: bytes, prefix: bytes) -> None:
    if len(key) > MOST_KEY or len(prefix) > MOST_PREFIX:
        raise ValueError(f"a key has up to {MOST_KEY} bytes and a prefix up to {MOST_PREFIX}")
