"""Keyed hashes with the standard library, one by one: what `kernel.keyed_hash` does without the compiled kernel."""

from __future__ import annotations

import hmac
from collections.abc import Iterable

import numpy as np
import polars as pl
from numpy.typing import NDArray


def of_numbers(key: bytes, prefix: bytes, numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """As `keyed_hash.of_numbers`, on arguments that were checked."""
    return _of_messages(key, (b"%b%d" % (prefix, number) for number in numbers.tolist()), numbers.size)


def of_texts(key: bytes, prefix: bytes, texts: pl.Series) -> NDArray[np.uint64]:
    """As `keyed_hash.of_texts`, on arguments that were checked."""
    return _of_messages(key, (prefix + text.encode() for text in texts), texts.len())


def _of_messages(key: bytes, messages: Iterable[bytes], count: int) -> NDArray[np.uint64]:
    found = b"".join(hmac.digest(key, message, "sha256")[:8] for message in messages)
    return np.frombuffer(found, ">u8", count).astype(np.uint64)
