"""`rep stos` and `rep movs`, which compilers make of short loops and structures. How often must not be secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iced_x86 import Instruction, Register

from constant_time.decoded import NAMES
from constant_time.findings import CannotFollow
from constant_time.memory import KNOWN

if TYPE_CHECKING:
    from constant_time.processor import Processor, Step

SIZES = {"b": 1, "w": 2, "d": 4, "q": 8}


def repeated(processor: Processor, instruction: Instruction) -> Step:
    """A step for all repetitions of one of these."""
    name, after = NAMES[instruction.mnemonic], instruction.next_ip
    if name[:4] not in {"stos", "movs"} or not instruction.has_rep_prefix:
        raise CannotFollow(f"a string instruction: {processor.shown(instruction)}")
    each, memory, level, value = SIZES[name[4]], processor.memory, processor.level, processor.value
    pointers = [Register.RDI, Register.RCX] + ([Register.RSI] if name[:4] == "movs" else [])

    def repeat() -> int:
        worst = max(level[register] for register in pointers)
        processor.need(worst, "an address", instruction)
        to, size = value[Register.RDI], value[Register.RCX] * each
        if name[:4] == "movs":
            memory.copy(to, value[Register.RSI], size)
            value[Register.RSI] += size
        elif level[Register.RAX] == KNOWN:
            content = value[Register.RAX] & ((1 << 8 * each) - 1)
            memory.set_known(to, content.to_bytes(each, "little") * value[Register.RCX])
        else:
            processor.store(to, size, level[Register.RAX])
        value[Register.RDI] += size
        value[Register.RCX] = 0
        return after

    return repeat
