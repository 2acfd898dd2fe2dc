"""Calls of the batch OPRF with a key, or outputs, that nobody knows."""

from __future__ import annotations

import ctypes
import struct
from dataclasses import dataclass
from pathlib import Path

from constant_time.library import Library
from constant_time.memory import SECRET, Memory
from constant_time.processor import Left, Processor
from floodmark.kernel.library import Features
from floodmark.kernel.oprf import _Batch

KEY_FITS, NEUTRAL, FAULT = 1, 2, 3  # FM_PUBLIC_… of c/oprf.h
HOLDS = {KEY_FITS: 1, NEUTRAL: 0, FAULT: 0}
"""What may be known, and what it is when all is well."""

INSIDE = 12  # bytes of a string that Arrow has in the view itself
RESULTS = {"outputs": 64, "elements": 32, "buckets": 2, "tags": 8, "pads": 4, "asked": 32, "answered": 32}


@dataclass(frozen=True)
class Run:
    """What came of one call.

    Attributes:
        result: FM_OPRF_… of c/kernel.h.
        declared: which of the answers that may be known were asked for.
        left: secrets that are still there, beside the key and the results that were asked for.
        depth: how far down the stack secrets were, in bytes.
        mxcsr: what the register holds afterwards.
    """

    result: int
    declared: frozenset[int]
    left: Left
    depth: int
    mxcsr: int


def evaluate(
    path: Path,
    features: Features,
    sizes: list[int],
    answers: dict[int, int] | None = None,
    blocks: int = 1 << 20,
) -> Run:
    """Outputs, elements, places and sums of inputs of these sizes, whose bytes do not matter.

    Args:
        path: of the compiled kernel.
        features: instruction sets to use.
        sizes: of inputs, bytes.
        answers: to what may be known, where they are other than `HOLDS`.
        blocks: how many blocks of memory are given before there is none.
    """
    memory = Memory()
    vectors = 32 if features & (Features.IFMA | Features.AVX512) else 16
    library = Library(path, memory)
    processor = Processor(library, memory, HOLDS | (answers or {}), vectors=vectors, blocks=blocks)
    content = memory.map("the inputs", sum(sizes) + 1)
    buffers = memory.map("the buffers", 8, content.base.to_bytes(8, "little"))
    views = b""
    for number, size in enumerate(sizes):
        where = bytes(INSIDE) if size <= INSIDE else struct.pack("<III", 0, 0, sum(sizes[:number]))
        views += struct.pack("<I", size) + where
    tag = b"HashToGroup-" + bytes(27)
    fields = {
        "key": memory.map("the key", 32, level=SECRET).base,
        "tag": memory.map("the tag", len(tag), tag).base,
        "tag_size": len(tag),
        "views": memory.map("the views", len(views), views).base,
        "buffers": buffers.base,
        "count": len(sizes),
        "seal_id": memory.map("the seal", 16, bytes(16)).base,
        "cell_bytes": 4,
        "weights": memory.map("the weights", len(sizes), bytes([3]) * len(sizes)).base,
        **{name: memory.map(name, width * max(len(sizes), 8)).base for name, width in RESULTS.items()},
    }
    batch = memory.map("the call", ctypes.sizeof(_Batch), bytes(ctypes.sizeof(_Batch)))
    for name, value in fields.items():
        memory.set_known(batch.base + getattr(_Batch, name).offset, value.to_bytes(8, "little"))
    result = processor.call("fm_oprf_evaluate", batch.base, int(features))
    left = processor.left("the key", *RESULTS)
    return Run(result, frozenset(processor.declared), left, processor.depth(), processor.mxcsr)


def places(path: Path, features: Features, count: int) -> Run:
    """Places in a sealed leak, of outputs that are secret."""
    memory = Memory()
    library = Library(path, memory)
    processor = Processor(library, memory, vectors=16)
    outputs = memory.map("the outputs", 64 * count, level=SECRET)
    seal = memory.map("the seal", 16, bytes(16))
    found = [memory.map(name, RESULTS[name] * count).base for name in ("buckets", "tags", "pads")]
    processor.call("fm_oprf_places", outputs.base, count, seal.base, 2, *found, int(features))
    left = processor.left("the outputs", "buckets", "tags", "pads")
    return Run(0, frozenset(processor.declared), left, processor.depth(), processor.mxcsr)
