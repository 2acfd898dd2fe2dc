"""Values of a few vector instructions: those by which compilers take the largest of a few sizes, or copy structures.

Everything else that is done to vectors has a result that is open; no loop or address of this kernel depends on it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from iced_x86 import Instruction, OpKind, RegisterExt

from constant_time.addresses import address_of
from constant_time.decoded import Facts
from constant_time.integers import signed
from constant_time.memory import KNOWN

if TYPE_CHECKING:
    from constant_time.processor import Processor

WIDTHS = {"d": 4, "q": 8}
LANE_BY_LANE: dict[str, Callable[[int, int, int], int]] = {
    "add": lambda a, b, bits: (a + b) & ((1 << bits) - 1),
    "sub": lambda a, b, bits: (a - b) & ((1 << bits) - 1),
    "maxu": lambda a, b, bits: max(a, b),
    "minu": lambda a, b, bits: min(a, b),
    "maxs": lambda a, b, bits: max(a, b, key=lambda x: signed(x, bits)),
    "mins": lambda a, b, bits: min(a, b, key=lambda x: signed(x, bits)),
    "cmpeq": lambda a, b, bits: (1 << bits) - 1 if a == b else 0,
    "cmpgt": lambda a, b, bits: (1 << bits) - 1 if signed(a, bits) > signed(b, bits) else 0,
}
BIT_BY_BIT: dict[str, Callable[[int, int], int]] = {
    "and": lambda a, b: a & b,
    "or": lambda a, b: a | b,
    "xor": lambda a, b: a ^ b,
    "andn": lambda a, b: ~a & b,
}
LANES = re.compile(rf"v?p({'|'.join(LANE_BY_LANE)})([dq])")
BITS = re.compile(r"v?p(andn|and|or|xor)[dq]?")
EXTRACTS = re.compile(r"vextract[if](128|64x2|32x4|64x4|32x8)")
Read = Callable[[], bytes]


def worked_out(processor: Processor, instruction: Instruction, known: Facts) -> Callable[[], None] | None:
    """What writes the result of a vector instruction, or None where its value is not worked out."""
    if instruction.has_op_mask or instruction.is_broadcast or known.stores:
        return None
    target = instruction.op0_register
    full, size = RegisterExt.full_register(target), RegisterExt.size(target)
    if not RegisterExt.is_vector_register(target):
        return None
    reads = [
        read
        for k in range(instruction.op_count)
        if (read := _operand(processor, instruction, known, k, size)) is not None
    ]
    combine = _combination(known.name, instruction, size)
    if combine is None:
        return None
    above, level, value = processor.above, processor.level, processor.value
    keeps = bool(known.keeps_above)

    def work_out() -> None:
        value[full] = combine([read() for read in reads])[:size].ljust(64, b"\0")
        level[full] = above[full] if keeps else KNOWN
        if not keeps:
            above[full] = KNOWN

    return work_out


def _combination(name: str, instruction: Instruction, size: int) -> Callable[[list[bytes]], bytes] | None:
    """The result from the operands, of which the last two are read (and the first, too, by older instructions)."""
    if lanes := LANES.fullmatch(name):
        operation, width = LANE_BY_LANE[lanes[1]], WIDTHS[lanes[2]]
        return lambda v: b"".join(
            operation(_number(v[-2], at, width), _number(v[-1], at, width), 8 * width).to_bytes(
                width, "little"
            )
            for at in range(0, size, width)
        )
    if bits := BITS.fullmatch(name):
        joined = BIT_BY_BIT[bits[1]]
        wrap = (1 << 8 * size) - 1
        return lambda v: (joined(_number(v[-2], 0, size), _number(v[-1], 0, size)) & wrap).to_bytes(
            size, "little"
        )
    if name == "vpblendvb":
        return lambda v: bytes(b if m >> 7 else a for a, b, m in zip(v[-3], v[-2], v[-1], strict=True))
    if name in {"vpunpcklqdq", "punpcklqdq"} and size == 16:
        return lambda v: v[-2][:8] + v[-1][:8]
    if name in {"vpsrldq", "psrldq"} and size == 16:
        count = min(instruction.immediate(instruction.op_count - 1), 16)
        return lambda v: v[-1][count:16] + bytes(count)
    if name in {"vpinsrq", "pinsrq"}:
        at = 8 * (instruction.immediate(instruction.op_count - 1) & 1)
        return lambda v: v[-2][:at] + v[-1][:8] + v[-2][at + 8 : 16]
    if name in {"vpshufd", "pshufd"} and size == 16:
        order = instruction.immediate(instruction.op_count - 1)
        at = [4 * (order >> 2 * lane & 3) for lane in range(4)]
        return lambda v: b"".join(v[-1][one : one + 4] for one in at)
    if halves := EXTRACTS.fullmatch(name):
        half = {"128": 16, "64x2": 16, "32x4": 16, "64x4": 32, "32x8": 32}[halves[1]]
        at = half * instruction.immediate(2) % 64
        return lambda v: v[-1][at : at + half]
    return None


def _operand(processor: Processor, instruction: Instruction, known: Facts, k: int, size: int) -> Read | None:
    value, memory = processor.value, processor.memory
    if instruction.op_kind(k) == OpKind.REGISTER:
        full = RegisterExt.full_register(instruction.op_register(k))
        if RegisterExt.is_gpr(full):
            return lambda: value[full].to_bytes(8, "little")
        return lambda: value[full] if isinstance(value[full], bytes) else bytes(64)
    if instruction.op_kind(k) == OpKind.MEMORY and known.loads:
        where, own = address_of(processor, instruction, known.loads[0]), known.loads[0].size
        return lambda: memory.known(where(), own).ljust(64, b"\0")
    return None


def _number(content: bytes, at: int, width: int) -> int:
    return int.from_bytes(content[at : at + width], "little")
