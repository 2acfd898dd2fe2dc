"""The OPRF of RFC 9497 (ristretto255-SHA512) for many inputs under one key, where this processor has a path for it.

>>> lanes(None)
0

Whoever calls this checks the sums that come with the outputs by other means (`floodmark.exposure.oprf.batch`).
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.kernel import arrow_strings, library
from floodmark.kernel.library import Kernel

ELEMENT_BYTES = 32
UNIFORM_BYTES = 64
OUTPUT_BYTES = 64
LONGEST_INPUT = 0xFFFF
LONGEST_TAG = 45  # FM_OPRF_MOST_TAG of c/kernel.h
STAGES = ("hash", "map", "multiply", "encode", "finalize", "place", "check")


class _Result(IntEnum):
    """What came of a call: FM_OPRF_DONE and what follows it in c/kernel.h."""

    DONE = 0
    NO_PATH = 1
    BAD_KEY = 2
    NO_MEMORY = 3
    NEUTRAL = 4
    FAULT = 5


class _Batch(ctypes.Structure):
    """`fm_oprf` of c/kernel.h."""

    _fields_ = (
        ("key", ctypes.c_char_p),
        ("tag", ctypes.c_char_p),
        ("tag_size", ctypes.c_size_t),
        ("views", ctypes.c_void_p),
        ("buffers", ctypes.c_void_p),
        ("uniform", ctypes.c_void_p),
        ("count", ctypes.c_size_t),
        ("seal_id", ctypes.c_char_p),
        ("cell_bytes", ctypes.c_size_t),
        ("weights", ctypes.c_void_p),
        ("outputs", ctypes.c_void_p),
        ("elements", ctypes.c_void_p),
        ("buckets", ctypes.c_void_p),
        ("tags", ctypes.c_void_p),
        ("pads", ctypes.c_void_p),
        ("asked", ctypes.c_void_p),
        ("answered", ctypes.c_void_p),
        ("ticks", ctypes.c_uint64 * len(STAGES)),
        ("failed", ctypes.c_size_t),
    )


class KernelFault(Exception):  # the caller makes an error for people of it
    """A result failed the kernel's own checks: this processor, or the kernel, computes wrongly."""


class NeutralInput(Exception):
    """An input hashes to the neutral element, and cannot be evaluated.

    Attributes:
        position: of the input, from 0.
    """

    def __init__(self, position: int) -> None:
        super().__init__()
        self.position = position


def lanes(kernel: Kernel | None = library.kernel) -> int:
    """How many inputs are evaluated side by side; 0 where there is no path for this processor."""
    return kernel.functions.fm_oprf_lanes(kernel.features) if kernel is not None else 0


@dataclass(frozen=True)
class Sums:
    """Weighted sums of the elements that inputs hash to, and of the evaluated ones, one a lane and Arrow chunk.

    One wrong multiplication makes its lane's sums differ, whatever its weight; two or more in a lane cancel each other
    with a chance of 1 in 16 at most (c/oprf/sums.h).

    Attributes:
        asked: encodings, uint8, shape (s, 32).
        answered: the key times each, when all is right; uint8, shape (s, 32).
    """

    asked: NDArray[np.uint8]
    answered: NDArray[np.uint8]


@dataclass(frozen=True)
class Evaluated:
    """What one call gave.

    Attributes:
        outputs: uint8, shape (n, 64); empty when places were asked for.
        buckets: uint16, shape (n,); empty when outputs were asked for, as the next two.
        tags: uint64, shape (n,).
        pads: uint32, shape (n,).
        sums: to check it all by.
        ticks: of the processor's clock, by stage.
    """

    outputs: NDArray[np.uint8]
    buckets: NDArray[np.uint16]
    tags: NDArray[np.uint64]
    pads: NDArray[np.uint32]
    sums: Sums
    ticks: dict[str, int]


@dataclass(frozen=True)
class Seal:
    """What hides identifiers in one sealed leak: its name, 16 bytes, and the bytes of a cell, 2 or 4."""

    seal_id: bytes
    cell_bytes: int

    def __post_init__(self) -> None:
        """See that the kernel can read it."""
        if len(self.seal_id) != 16 or self.cell_bytes not in (2, 4):
            raise ValueError("a seal_id is 16 bytes, and a cell 2 or 4")


def evaluate(
    key: bytes,
    tag: bytes,
    texts: pl.Series,
    seal: Seal | None = None,
    *,
    random: Callable[[int], bytes],
    kernel: Kernel,
) -> Evaluated:
    """Evaluate texts, without the interpreter's lock; constant time in the key.

    Args:
        key: a scalar, 32 bytes, little-endian, above 0 and below the group's order.
        tag: domain separation of HashToGroup (RFC 9497, section 4.1), up to 45 bytes.
        texts: String, shape (n,), without nulls, each of up to 65,535 bytes of UTF-8.
        seal: where places in a sealed leak are wanted, and not outputs.
        random: gives random bytes, for the weights of the sums.
        kernel: with a path for this processor.

    Raises:
        TypeError: the texts are of another dtype, or some are null.
        ValueError: the key is none, or a text or the tag is too long.
        NeutralInput: a text cannot be evaluated.
        KernelFault: a result failed the kernel's own checks.
        MemoryError: there is none for what is worked on, below a megabyte.
    """
    if texts.dtype != pl.String or texts.null_count():
        raise TypeError("texts are of dtype String, without nulls")
    if len(key) != ELEMENT_BYTES or len(tag) > LONGEST_TAG:
        raise ValueError("a key is 32 bytes, and a tag up to 45")
    if texts.len() and texts.str.len_bytes().max() > LONGEST_INPUT:  # type: ignore[operator]
        raise ValueError(f"an input has up to {LONGEST_INPUT:,} bytes")
    count, side_by_side = texts.len(), lanes(kernel)
    outputs = np.empty((0 if seal else count, OUTPUT_BYTES), np.uint8)
    placed = count if seal else 0
    buckets, tags, pads = (
        np.empty(placed, np.uint16),
        np.empty(placed, np.uint64),
        np.empty(placed, np.uint32),
    )
    sums, ticks, done = [], np.zeros(len(STAGES), np.uint64), 0
    for size, views, buffers in arrow_strings.chunks(texts):
        weights = np.frombuffer(random(-(-size // max(side_by_side, 1))), np.uint8) % 16 + 1
        part = np.empty((2, side_by_side, ELEMENT_BYTES), np.uint8)
        batch = _Batch(key, tag, len(tag), views, buffers, None, size)
        if seal is None:
            batch.outputs = outputs[done:].ctypes.data
        else:
            batch.seal_id, batch.cell_bytes = seal.seal_id, seal.cell_bytes
            batch.buckets, batch.tags = buckets[done:].ctypes.data, tags[done:].ctypes.data
            batch.pads = pads[done:].ctypes.data
        batch.weights, batch.asked, batch.answered = (
            weights.ctypes.data,
            part[0].ctypes.data,
            part[1].ctypes.data,
        )
        _call(kernel, batch, done)
        sums.append(part)
        ticks += np.array(batch.ticks, np.uint64)
        done += size
    joined = np.concatenate([np.empty((2, 0, ELEMENT_BYTES), np.uint8), *sums], axis=1)
    return Evaluated(
        outputs,
        buckets,
        tags,
        pads,
        Sums(joined[0], joined[1]),
        dict(zip(STAGES, ticks.tolist(), strict=True)),
    )


def elements(key: bytes, uniform: NDArray[np.uint8], *, kernel: Kernel) -> NDArray[np.uint8]:
    """The group's part alone: uniform bytes to an element (RFC 9496, section 4.3.4), and that times the key.

    Args:
        key: as in `evaluate`.
        uniform: uint8, shape (n, 64).
        kernel: with a path for this processor.

    Returns:
        Encodings, uint8, shape (n, 32); zeros for the neutral element.
    """
    if uniform.dtype != np.uint8 or uniform.ndim != 2 or uniform.shape[1] != UNIFORM_BYTES:
        raise TypeError("uniform bytes are rows of 64")
    uniform = np.ascontiguousarray(uniform)
    found = np.empty((len(uniform), ELEMENT_BYTES), np.uint8)
    batch = _Batch(key, b"", 0, None, None, uniform.ctypes.data, len(uniform))
    batch.elements = found.ctypes.data
    _call(kernel, batch)
    return found


def places(
    outputs: NDArray[np.uint8], seal: Seal, *, kernel: Kernel
) -> tuple[NDArray[np.uint16], NDArray[np.uint64], NDArray[np.uint32]]:
    """Buckets, tags and pads of outputs in one sealed leak (protocol 1, section 3), each of shape (n,)."""
    if outputs.dtype != np.uint8 or outputs.ndim != 2 or outputs.shape[1] != OUTPUT_BYTES:
        raise TypeError("outputs are rows of 64 bytes")
    outputs, count = np.ascontiguousarray(outputs), len(outputs)
    found = np.empty(count, np.uint16), np.empty(count, np.uint64), np.empty(count, np.uint32)
    kernel.functions.fm_oprf_places(
        outputs.ctypes.data,
        count,
        seal.seal_id,
        seal.cell_bytes,
        *[array.ctypes.data for array in found],
        kernel.features,
    )
    return found


def _call(kernel: Kernel, batch: _Batch, before: int = 0) -> None:
    """Evaluate a chunk of texts that has so many before it."""
    result = kernel.functions.fm_oprf_evaluate(ctypes.byref(batch), kernel.features)
    if result == _Result.BAD_KEY:
        raise ValueError("a key is above 0 and below the group's order")
    if result == _Result.NEUTRAL:
        raise NeutralInput(before + batch.failed)
    if result == _Result.NO_MEMORY:
        raise MemoryError
    if result == _Result.FAULT:
        raise KernelFault
    if result != _Result.DONE:
        raise RuntimeError("this processor has no path")
