"""Many inputs at once: by the compiled kernel where this processor has a path for it, else by libsodium.

Both give the same, bit for bit, and nothing of the kernel's is given before libsodium has checked it (`checked`).

>>> from floodmark.exposure.oprf.protocol import derive_key_pair
>>> pair = derive_key_pair(bytes(32), b"example")
>>> outputs = evaluate_texts(pair.private, pl.Series(["phone:+447700900123", "email:ada@example.org"]))
>>> outputs.shape, outputs.dtype.name
((2, 64), 'uint8')
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.exposure.oprf import checked
from floodmark.exposure.oprf.checked import EvaluationFault
from floodmark.exposure.oprf.context import Mode, context
from floodmark.exposure.oprf.group import Scalar
from floodmark.exposure.oprf.protocol import LONGEST_INPUT, OUTPUT_BYTES, BadInput, evaluate
from floodmark.exposure.sealed.rows import Places, derive
from floodmark.kernel import library, oprf
from floodmark.kernel.library import Kernel
from floodmark.kernel.oprf import Seal

PIECE = 1 << 14
"""Inputs of one call: checking them takes libsodium 0.7 milliseconds, however many they are."""

PIECE_BY_LIBSODIUM = 1 << 8

Random = Callable[[int], bytes]


def evaluate_texts(
    private: Scalar,
    texts: pl.Series,
    *,
    mode: Mode = Mode.VOPRF,
    workers: int = 2,
    kernel: Kernel | None = library.kernel,
    random: Random = os.urandom,
) -> NDArray[np.uint8]:
    """The output of every input, as `evaluate` gives it.

    Args:
        private: the private key.
        texts: inputs, String, in UTF-8 as they are hashed, without nulls, shape (n,).
        mode: of the protocol.
        workers: threads, which need no lock of the interpreter.
        kernel: the compiled kernel; None for libsodium.
        random: gives the weights and the sample that the kernel's work is checked with.

    Returns:
        uint8, shape (n, 64).

    Raises:
        BadInput: one of them cannot be evaluated.
        EvaluationFault: the kernel's work failed a check.
    """
    _check_type(texts)
    with ThreadPoolExecutor(workers) as pool:
        found = pool.map(
            lambda piece: evaluate_piece(private, piece, mode=mode, kernel=kernel, random=random),
            _pieces(texts, kernel),
        )
        return np.concatenate([np.empty((0, OUTPUT_BYTES), np.uint8), *found])


def evaluate_places(
    private: Scalar,
    texts: pl.Series,
    seal: Seal,
    *,
    workers: int = 2,
    kernel: Kernel | None = library.kernel,
    random: Random = os.urandom,
) -> Places:
    """Where every input stands in one sealed leak, in the mode of the protocol.

    Args:
        private: the private key.
        texts: inputs, as in `evaluate_texts`.
        seal: of the sealed leak.
        workers: threads, which need no lock of the interpreter.
        kernel: the compiled kernel; None for libsodium.
        random: gives the weights and the sample that the kernel's work is checked with.

    Raises:
        BadInput: one of them cannot be evaluated.
        EvaluationFault: the kernel's work failed a check.
    """
    _check_type(texts)
    with ThreadPoolExecutor(workers) as pool:
        found = list(
            pool.map(
                lambda piece: place_piece(private, piece, seal, kernel=kernel, random=random),
                _pieces(texts, kernel),
            )
        )
    return Places(
        np.concatenate([np.empty(0, np.uint16), *[one.buckets for one in found]]),
        np.concatenate([np.empty(0, np.uint64), *[one.tags for one in found]]),
        np.concatenate([np.empty(0, np.uint32), *[one.pads for one in found]]),
    )


def evaluate_piece(
    private: Scalar,
    texts: pl.Series,
    *,
    mode: Mode = Mode.VOPRF,
    kernel: Kernel | None = library.kernel,
    random: Random = os.urandom,
) -> NDArray[np.uint8]:
    """`evaluate_texts` of one piece, in the calling thread: for whoever has threads, and an idea of pieces, already."""
    _check_type(texts)
    if kernel is None or not oprf.lanes(kernel):
        return _by_libsodium(private, texts, mode)
    found = _by_kernel(private, texts, mode, None, kernel, random)
    checked.verify(private, texts, found.outputs, found.sums, mode=mode, random=random)
    return found.outputs


def place_piece(
    private: Scalar,
    texts: pl.Series,
    seal: Seal,
    *,
    kernel: Kernel | None = library.kernel,
    random: Random = os.urandom,
) -> Places:
    """`evaluate_places` of one piece, in the calling thread."""
    _check_type(texts)
    if kernel is None or not oprf.lanes(kernel):
        outputs = _by_libsodium(private, texts, Mode.VOPRF)
        return derive(outputs, seal.seal_id, seal.cell_bytes, kernel=kernel)
    found = _by_kernel(private, texts, Mode.VOPRF, seal, kernel, random)
    places = Places(found.buckets, found.tags, found.pads)
    checked.verify_places(private, texts, places, seal, found.sums, random=random)
    return places


def _by_kernel(
    private: Scalar, texts: pl.Series, mode: Mode, seal: Seal | None, kernel: Kernel, random: Random
) -> oprf.Evaluated:
    """What the kernel gives, its own checks passed and libsodium's not yet made."""
    if (texts.str.len_bytes() > LONGEST_INPUT).any():
        raise BadInput("An input is longer than 65,535 bytes.")
    try:
        return oprf.evaluate(
            private, b"HashToGroup-" + context(mode), texts.rechunk(), seal, random=random, kernel=kernel
        )
    except oprf.KernelFault:
        raise EvaluationFault("The kernel's own checks of an evaluation failed.") from None
    except oprf.NeutralInput as neutral:
        evaluate(private, texts[neutral.position].encode(), mode)  # says so, too
        raise EvaluationFault("An input cannot be evaluated that libsodium evaluates.") from None


def _by_libsodium(private: Scalar, texts: pl.Series, mode: Mode) -> NDArray[np.uint8]:
    joined = b"".join(evaluate(private, text.encode(), mode) for text in texts)
    return np.frombuffer(joined, np.uint8).reshape(-1, OUTPUT_BYTES)


def _pieces(texts: pl.Series, kernel: Kernel | None) -> Iterator[pl.Series]:
    size = PIECE if oprf.lanes(kernel) else PIECE_BY_LIBSODIUM
    return (texts[start : start + size] for start in range(0, texts.len(), size))


def _check_type(texts: pl.Series) -> None:
    if texts.dtype != pl.String or texts.null_count():
        raise TypeError("inputs are texts, and none is null")
