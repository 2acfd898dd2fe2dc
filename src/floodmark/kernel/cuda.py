"""The OPRF of RFC 9497 for many inputs under one key on a CUDA device, by the kernels of `c/oprf_cuda.cu`.

Where arrays lie and what runs the kernels is a `Device`: a graphics card (`floodmark.kernel.cupy_device`), or in tests
the same kernels compiled for the processor. This version was never run on a graphics card.

The key goes to the device as an argument, never into a source or a compiler's cache. All that a call puts into the
device's memory is overwritten before the call ends, whatever comes of it; what kernels keep beside that, in registers
and on their stacks, is not within reach.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.kernel.oprf import (
    ELEMENT_BYTES,
    LONGEST_INPUT,
    LONGEST_TAG,
    OUTPUT_BYTES,
    KernelFault,
    NeutralInput,
    Sums,
)

SOURCE: Final = Path(__file__).with_name("c") / "oprf_cuda.cu"
PIECE: Final = 1 << 18
"""Inputs that keep every multiprocessor of a large card busy several times over, in about 300 MB of its memory."""

MEMORY: Final = 1 << 30
"""Bytes of the device's memory that a call takes at most, unless single inputs are longer than that allows."""

AROUND_INPUT: Final = 256  # of c/oprf/hash.h
WORDS_BYTES: Final = 32
ENCODED_TOGETHER: Final = 16  # by one thread, with one inversion
WEIGHTS: Final = 16  # of c/oprf/sums.h
SUMMING: Final = 2048  # threads for each weight, at most
SUMMED_TOGETHER: Final = 16

Buffer = Any  # what a device gives out, and takes back


class Device(Protocol):
    """Memory, and what runs kernels in it, one after another."""

    @property
    def name(self) -> str:
        """What it is, for people."""

    def allocate(self, size: int) -> Buffer:
        """So many bytes, all zero."""

    def upload(self, array: NDArray[Any]) -> Buffer:
        """A copy of an array."""

    def download(self, buffer: Buffer) -> NDArray[np.uint8]:
        """A copy of a buffer's bytes, when everything launched before is done."""

    def wipe(self, buffer: Buffer) -> None:
        """Overwrite with zeros what `allocate` or `upload` gave, after everything launched before."""

    def launch(self, kernel: str, threads: int, *arguments: Buffer | int) -> None:
        """Run a kernel of `c/oprf_cuda.cu` in at least so many threads; integers are arguments of 64 bits."""


def evaluate(
    key: bytes, tag: bytes, texts: pl.Series, *, random: Callable[[int], bytes], device: Device
) -> tuple[NDArray[np.uint8], Sums]:
    """Evaluate texts, in constant time in the key.

    Args:
        key: a scalar, 32 bytes, little-endian, above 0 and below the group's order.
        tag: domain separation of HashToGroup (RFC 9497, section 4.1), up to 45 bytes.
        texts: String, shape (n,), without nulls, each of up to 65,535 bytes of UTF-8.
        random: gives random bytes, for the weights of the sums.
        device: where it is done.

    Returns:
        Outputs, uint8, shape (n, 64), and sums to check them by, one for every part that was evaluated at once.

    Raises:
        TypeError: the texts are of another dtype, or some are null.
        ValueError: the key is not of 32 bytes, or a text or the tag is too long.
        NeutralInput: a text cannot be evaluated.
        KernelFault: a result failed the kernels' own checks.
        DeviceFailed: the device has too little memory, or failed.
    """
    if texts.dtype != pl.String or texts.null_count():
        raise TypeError("texts are of dtype String, without nulls")
    if len(key) != ELEMENT_BYTES or len(tag) > LONGEST_TAG:
        raise ValueError("a key is 32 bytes, and a tag up to 45")
    sizes = texts.str.len_bytes()
    longest = int(sizes.max() or 0)  # type: ignore[arg-type]
    if longest > LONGEST_INPUT:
        raise ValueError(f"an input has up to {LONGEST_INPUT:,} bytes")
    outputs = np.empty((texts.len(), OUTPUT_BYTES), np.uint8)
    part = part_of(longest)
    sums = []
    for start in range(0, texts.len(), part):
        with _memory(device) as memory:
            own = texts[start : start + part]
            try:
                outputs[start : start + part], sum_of_part = _evaluate_part(memory, key, tag, own, random)
            except NeutralInput as neutral:
                raise NeutralInput(start + neutral.position) from None
        sums.append(sum_of_part)
    joined = np.array(sums, np.uint8).reshape(-1, 2, ELEMENT_BYTES)
    return outputs, Sums(joined[:, 0].copy(), joined[:, 1].copy())


def elements(key: bytes, uniform: NDArray[np.uint8], *, device: Device) -> NDArray[np.uint8]:
    """The group's part alone, as `floodmark.kernel.oprf.elements` gives it.

    Args:
        key: as in `evaluate`.
        uniform: uint8, shape (n, 64).
        device: where it is done.

    Raises:
        KernelFault: a result failed the kernels' own checks.
        DeviceFailed: the device has too little memory, or failed.
    """
    with _memory(device) as memory:
        work = _Work(memory, key, b"", len(uniform))
        work.multiply(memory.upload(np.ascontiguousarray(uniform)))
        work.look()
        return memory.device.download(work.words).reshape(-1, ELEMENT_BYTES)


def part_of(longest: int) -> int:
    """How many inputs are evaluated at once, of which the longest has so many bytes."""
    return max(1, MEMORY // (_stride(longest) + longest + 1024))


def _stride(longest: int) -> int:
    """Bytes in which any of the messages that are hashed has room."""
    return -(-(longest + AROUND_INPUT) // 64) * 64


class _Memory:
    """What one call has put into a device's memory."""

    def __init__(self, device: Device) -> None:
        self.device = device
        self.held: list[Buffer] = []

    def allocate(self, size: int) -> Buffer:
        self.held.append(self.device.allocate(size))
        return self.held[-1]

    def upload(self, array: NDArray[Any]) -> Buffer:
        self.held.append(self.device.upload(array))
        return self.held[-1]


@contextmanager
def _memory(device: Device) -> Iterator[_Memory]:
    memory = _Memory(device)
    try:
        yield memory
    finally:
        for buffer in memory.held:
            device.wipe(buffer)


class _Work:
    """One part on its way through the kernels."""

    def __init__(self, memory: _Memory, key: bytes, tag: bytes, count: int) -> None:
        self.memory, self.count = memory, count
        self.launch = memory.device.launch
        self.sizes = self._sizes()
        digits, expander, element, multiple, encoding, _ = self.sizes
        self.digits, self.expander = memory.allocate(digits), memory.allocate(expander)
        self.verdict = memory.allocate(16)
        self.elements = memory.allocate(element * count)
        self.multiples = memory.allocate(multiple * count)
        self.encodings = memory.allocate(encoding * count)
        self.words = memory.allocate(WORDS_BYTES * count)
        own_key, own_tag = (memory.upload(np.frombuffer(one or b"\0", np.uint8)) for one in (key, tag))
        self.launch("fm_prepare", 1, self.digits, self.expander, own_key, own_tag, len(tag))

    def _sizes(self) -> list[int]:
        sizes = self.memory.allocate(8 * 6)
        self.launch("fm_sizes", 1, sizes)
        return _numbers(self.memory.device.download(sizes))

    def multiply(self, uniform: Buffer) -> None:
        """From uniform bytes to the words of evaluated elements."""
        count = self.count
        self.launch("fm_map", count, self.elements, self.verdict, uniform, count)
        self.launch("fm_multiply", count, self.multiples, self.elements, self.digits, count)
        encoders, together = -(-count // ENCODED_TOGETHER), ENCODED_TOGETHER
        self.launch(
            "fm_encode",
            encoders,
            *(self.words, self.encodings, self.verdict, self.multiples, together, count),
        )

    def sum_up(self, random: Callable[[int], bytes]) -> NDArray[np.uint8]:
        """Encodings of the weighted sums of what was asked and of what was answered; uint8, shape (2, 32)."""
        memory, size = self.memory, self.sizes[-1]
        weights = np.frombuffer(random(self.count), np.uint8) % WEIGHTS
        order = memory.upload(np.argsort(weights, kind="stable").astype(np.uint32))
        starts = np.concatenate([[0], np.bincount(weights, minlength=WEIGHTS).cumsum()]).astype(np.uint32)
        threads = SUMMING
        while threads > 1 and threads * WEIGHTS * SUMMED_TOGETHER > self.count:
            threads //= 2
        parts = memory.allocate(size * 2 * WEIGHTS * threads)
        self.launch(
            "fm_sum",
            threads * WEIGHTS,
            *(parts, self.elements, self.encodings, order, memory.upload(starts), threads),
        )
        while threads > 1:
            each = min(threads, SUMMED_TOGETHER)
            threads //= each
            left = 2 * WEIGHTS * threads
            fewer = memory.allocate(size * left)
            self.launch("fm_sum_parts", left, fewer, parts, each, left)
            parts = fewer
        words = memory.allocate(2 * WORDS_BYTES)
        self.launch("fm_close", 1, words, self.verdict, parts)
        return memory.device.download(words).reshape(2, ELEMENT_BYTES)

    def look(self) -> None:
        """Raise what the kernels found."""
        fault, neutral = _numbers(self.memory.device.download(self.verdict))
        if fault:
            raise KernelFault
        if neutral:
            raise NeutralInput(neutral - 1)


def _numbers(words: NDArray[np.uint8]) -> list[int]:
    """Words of 64 bits, in the byte order of this computer, which CUDA shares."""
    found: list[int] = words.view(np.uint64).tolist()
    return found


def _evaluate_part(
    memory: _Memory, key: bytes, tag: bytes, texts: pl.Series, random: Callable[[int], bytes]
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    count, sizes = texts.len(), texts.str.len_bytes()
    stride = _stride(int(sizes.max()))  # type: ignore[arg-type]
    joined = texts.str.join().item().encode()
    work = _Work(memory, key, tag, count)
    bytes_ = memory.upload(np.frombuffer(joined or b"\0", np.uint8))
    ends = memory.upload(sizes.cast(pl.UInt64).cum_sum().to_numpy())
    messages, uniform = memory.allocate(stride * count), memory.allocate(64 * count)
    outputs = memory.allocate(OUTPUT_BYTES * count)
    work.launch("fm_hash", count, uniform, work.expander, bytes_, ends, messages, stride, count)
    work.multiply(uniform)
    work.launch(
        "fm_finalize", count, *(outputs, work.verdict, bytes_, ends, work.words, messages, stride, count)
    )
    sums = work.sum_up(random)
    work.look()
    return memory.device.download(outputs).reshape(-1, OUTPUT_BYTES), sums
