"""What is computed in bulk, checked by libsodium before anybody uses it.

Two checks, which a kernel cannot pass by being wrong in its own way. Its sums: the key times what was asked is what
was answered, for all multiplications of a lane at once (`floodmark.kernel.oprf.Sums`). And a few inputs of every piece,
chosen at random, evaluated once more from their text to their result, bit for bit.

One wrong multiplication never passes the sums. What only the sample sees, a wrong hash or a damaged copy, passes it
until it is frequent: docs/explanation/kernel.md has the table.

>>> from floodmark.exposure.oprf.protocol import derive_key_pair, evaluate
>>> pair, text = derive_key_pair(bytes(32), b"example"), "phone:+447700900123"
>>> output = np.frombuffer(evaluate(pair.private, text.encode()), np.uint8).reshape(1, 64)
>>> asked = group.times_base(pair.private)
>>> sums = Sums(*[np.frombuffer(one, np.uint8).reshape(1, 32) for one in (asked, group.times(pair.private, asked))])
>>> verify(pair.private, pl.Series([text]), output, sums)
>>> verify(pair.private, pl.Series([text]), output ^ 1, sums)
Traceback (most recent call last):
floodmark.exposure.oprf.checked.EvaluationFault: An output is not what libsodium computes.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import ClassVar

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.errors import FloodmarkError
from floodmark.exposure.oprf import group
from floodmark.exposure.oprf.context import Mode
from floodmark.exposure.oprf.group import Element, Scalar
from floodmark.exposure.oprf.protocol import OUTPUT_BYTES, evaluate
from floodmark.exposure.sealed.rows import Places, derive_one_by_one
from floodmark.kernel.oprf import Seal, Sums

SAMPLE = 4
"""Inputs of a piece that are evaluated once more: about 0.4 milliseconds, of the 55 that 16,384 take on a fast core."""


_OF_A_SAMPLE = (
    "Only a sample is compared, so what was kept of earlier pieces may be wrong as well: remove the folder sealing of "
    "the leak, in the workspace. Run floodmark doctor, then seal again with --device libsodium, or on another machine."
)


class EvaluationFault(FloodmarkError):
    """A check of an evaluation failed: this computer, or this build, computes wrongly."""

    slug: ClassVar[str] = "evaluation-fault"
    hint = (
        "Nothing of it was kept. Run floodmark doctor; then go on with --device libsodium, or on another machine: "
        "a processor or memory that errs once will err again."
    )


def verify(
    private: Scalar,
    texts: pl.Series,
    outputs: NDArray[np.uint8],
    sums: Sums,
    *,
    mode: Mode = Mode.VOPRF,
    random: Callable[[int], bytes] = os.urandom,
) -> None:
    """See that outputs are those of their inputs.

    Args:
        private: the key that they were evaluated with.
        texts: the inputs, shape (n,).
        outputs: uint8, shape (n, 64).
        sums: that came with them.
        mode: of the protocol.
        random: chooses the sample, afresh for each piece.

    Raises:
        EvaluationFault: they are not.
    """
    _check_sums(private, sums, texts.len())
    if outputs.shape != (texts.len(), OUTPUT_BYTES):
        raise EvaluationFault("There is not one output for each input.")
    at = _sample(texts.len(), random)
    if not np.array_equal(outputs[at], _outputs(private, texts, at, mode)):
        raise EvaluationFault("An output is not what libsodium computes.", _OF_A_SAMPLE)


def verify_places(
    private: Scalar,
    texts: pl.Series,
    places: Places,
    seal: Seal,
    sums: Sums,
    *,
    mode: Mode = Mode.VOPRF,
    random: Callable[[int], bytes] = os.urandom,
) -> None:
    """See that places in a sealed leak are those of their inputs, as `verify` sees of outputs.

    Args:
        private: the key that they were evaluated with.
        texts: the inputs, shape (n,).
        places: of shape (n,).
        seal: of the sealed leak.
        sums: that came with them.
        mode: of the protocol.
        random: chooses the sample, afresh for each piece.

    Raises:
        EvaluationFault: they are not.
    """
    _check_sums(private, sums, texts.len())
    at = _sample(texts.len(), random)
    expected = derive_one_by_one(_outputs(private, texts, at, mode), seal.seal_id, seal.cell_bytes)
    for name in ("buckets", "tags", "pads"):
        found = getattr(places, name)
        if found.shape != (texts.len(),):
            raise EvaluationFault("There is not one place for each input.")
        if not np.array_equal(found[at], getattr(expected, name)):
            raise EvaluationFault("A place is not what libsodium computes.", _OF_A_SAMPLE)


def _check_sums(private: Scalar, sums: Sums, count: int) -> None:
    if sums.asked.shape != sums.answered.shape or (count > 0) != (len(sums.asked) > 0):
        raise EvaluationFault("Outputs came without the sums to check them by.")
    for asked, answered in zip(sums.asked, sums.answered, strict=True):
        try:
            expected = group.times(private, Element(asked.tobytes()))
        except RuntimeError:  # no element, or the neutral one, which no sum of inputs is
            expected = Element(b"")
        if expected != answered.tobytes():
            raise EvaluationFault("The sum of a lane's evaluations is not what libsodium computes.")


def _sample(count: int, random: Callable[[int], bytes]) -> NDArray[np.intp]:
    """Random positions, all of them where there are few; int64, shape (up to SAMPLE,)."""
    if count <= SAMPLE:
        return np.arange(count)
    return (np.frombuffer(random(8 * SAMPLE), np.uint64) % np.uint64(count)).astype(np.intp)


def _outputs(private: Scalar, texts: pl.Series, at: NDArray[np.intp], mode: Mode) -> NDArray[np.uint8]:
    joined = b"".join(evaluate(private, text.encode(), mode) for text in texts.gather(at))
    return np.frombuffer(joined, np.uint8).reshape(-1, OUTPUT_BYTES)
