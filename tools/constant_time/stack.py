"""`push`, `pop` and `leave`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iced_x86 import Instruction, OpKind, Register

from constant_time.addresses import address_of
from constant_time.decoded import LOWEST, facts
from constant_time.findings import CannotFollow
from constant_time.memory import KNOWN

if TYPE_CHECKING:
    from constant_time.processor import Processor, Step


def on_the_stack(processor: Processor, instruction: Instruction, name: str) -> Step:
    """A step for one of these, of whole registers."""
    level, value, memory, after = processor.level, processor.value, processor.memory, instruction.next_ip
    if name == "push" and instruction.op0_kind == OpKind.MEMORY:
        return _push_memory(processor, instruction)
    register = Register.RBP if name == "leave" else instruction.op0_register
    if not Register.RAX <= register <= Register.R15:
        raise CannotFollow(processor.shown(instruction))

    def push() -> int:
        own = level[register]
        processor.push(value[register] if own == KNOWN else 0)
        if own != KNOWN:
            processor.store(value[Register.RSP], 8, own)
        return after

    def pop() -> int:
        if name == "leave":
            processor.set(Register.RSP, value[Register.RBP])
        top = value[Register.RSP]
        level[register] = level[LOWEST[register]] = memory.level(top, 8)
        value[register] = int.from_bytes(memory.known(top, 8), "little")
        processor.set(Register.RSP, top + 8)
        return after

    return push if name == "push" else pop


def _push_memory(processor: Processor, instruction: Instruction) -> Step:
    place = facts(instruction).loads[0]
    where, memory, after = (
        address_of(processor, instruction, place),
        processor.memory,
        instruction.next_ip,
    )

    def push() -> int:
        source = where()
        processor.push(0)
        memory.copy(processor.value[Register.RSP], source, 8)
        return after

    return push
