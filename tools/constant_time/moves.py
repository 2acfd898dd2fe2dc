"""Moves of whole registers, whose value is kept where it is known: compilers copy structures by them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iced_x86 import Instruction, OpKind, Register, RegisterExt

from constant_time.addresses import address_of
from constant_time.decoded import LOWEST, facts, widest
from constant_time.memory import KNOWN

if TYPE_CHECKING:
    from constant_time.processor import Processor, Step

KINDS = ("dqa", "dqu", "aps", "apd", "ups", "upd", "q", "d")
MOVES = {
    *["mov" + kind for kind in KINDS],
    *["vmov" + kind for kind in KINDS],
    *["vmovdqa32", "vmovdqa64", "vmovdqu8", "vmovdqu16", "vmovdqu32", "vmovdqu64"],
}


def move(processor: Processor, instruction: Instruction) -> Step:
    """A step for one of these, without a mask."""
    known = facts(instruction)
    registers = [instruction.op_register(k) for k in range(2) if instruction.op_kind(k) == OpKind.REGISTER]
    places = (*known.loads, *known.stores)
    size = min([place.size for place in places] + [RegisterExt.size(register) for register in registers])
    if known.stores:
        return _store(processor, instruction, widest(instruction.op1_register), size)
    after, memory, target = instruction.next_ip, processor.memory, (*known.replaces, *known.keeps_above)[0]
    level, value, above, keeps = processor.level, processor.value, processor.above, bool(known.keeps_above)
    where = address_of(processor, instruction, known.loads[0]) if known.loads else None
    source, lowest = widest(instruction.op1_register), LOWEST.get(target, Register.NONE)

    def load() -> int:
        if where is not None:
            address = where()
            own = memory.level(address, size)
            content = memory.known(address, size) if own == KNOWN else b""
        else:
            own = level[source]
            content = _bytes(value[source], size) if own == KNOWN else b""
        if own == KNOWN:
            filled = content.ljust(64, b"\0")
            value[target] = filled if target >= Register.XMM0 else int.from_bytes(content[:8], "little")
        level[target] = max(own, above[target]) if keeps else own
        if lowest:
            level[lowest] = own
        if not keeps:
            above[target] = own
        return after

    return load


def copies_register(instruction: Instruction) -> bool:
    """Whether it is a `mov` from one general register of 32 or 64 bits to another."""
    kinds = (instruction.op0_kind, instruction.op1_kind)
    size = RegisterExt.size(instruction.op0_register)
    return (
        kinds == (OpKind.REGISTER, OpKind.REGISTER)
        and size >= 4
        and widest(instruction.op1_register) in LOWEST
    )


def copy_register(processor: Processor, instruction: Instruction) -> Step:
    """A step for such a `mov`: the lowest byte may be known where the rest is not, and stays so."""
    target, source, after = (
        widest(instruction.op0_register),
        widest(instruction.op1_register),
        instruction.next_ip,
    )
    low_target, low_source, level, value = LOWEST[target], LOWEST[source], processor.level, processor.value
    own = (1 << 8 * RegisterExt.size(instruction.op0_register)) - 1

    def copy() -> int:
        level[target], level[low_target] = level[source], level[low_source]
        value[target] = value[source] & own
        return after

    return copy


def _store(processor: Processor, instruction: Instruction, source: int, size: int) -> Step:
    where, after = address_of(processor, instruction, facts(instruction).stores[0]), instruction.next_ip
    level, value, memory = processor.level, processor.value, processor.memory

    def store() -> int:
        address, own = where(), level[source]
        if own == KNOWN:
            memory.set_known(address, _bytes(value[source], size))
        else:
            processor.store(address, size, own)
        return after

    return store


def _bytes(value: int | bytes, size: int) -> bytes:
    if isinstance(value, bytes):
        return value[:size]
    return (value & ((1 << 8 * size) - 1)).to_bytes(size, "little")
