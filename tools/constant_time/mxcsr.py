"""MXCSR: the register that rules floating point numbers, and on some processors the time of products (`steady`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iced_x86 import Instruction

from constant_time.addresses import address_of
from constant_time.decoded import facts
from constant_time.findings import Leak
from constant_time.memory import SECRET
from constant_time.steady import STEADY_MXCSR

if TYPE_CHECKING:
    from constant_time.processor import Processor, Step

AT_FIRST = 0x1FA0
"""As a thread may have it: nothing stops it, and a result was rounded."""
MOVES = {"ldmxcsr", "vldmxcsr", "stmxcsr", "vstmxcsr"}


def move_mxcsr(processor: Processor, instruction: Instruction, name: str) -> Step:
    """A step for a load or a store of it. A value that is loaded is not taken to hold before an `lfence`."""
    known, memory, after = facts(instruction), processor.memory, instruction.next_ip
    place = (*known.loads, *known.stores)[0]
    where = address_of(processor, instruction, place)

    def load() -> int:
        address = where()
        processor.need(memory.level(address, 4), "MXCSR", instruction)
        processor.mxcsr = int.from_bytes(memory.known(address, 4), "little")
        processor.fenced = False
        return after

    def store() -> int:
        memory.set_known(where(), processor.mxcsr.to_bytes(4, "little"))
        return after

    return load if name.endswith("ldmxcsr") else store


def fence(processor: Processor, instruction: Instruction) -> Step:
    """A step for `lfence`."""
    after = instruction.next_ip

    def wait() -> int:
        processor.fenced = True
        return after

    return wait


def under_mxcsr(processor: Processor, instruction: Instruction, step: Step) -> Step:
    """The step of a product, which must not have a secret for its result while MXCSR may let time depend on it."""
    known, level = facts(instruction), processor.level
    results = (*known.replaces, *known.keeps_above, *known.merges)

    def multiply() -> int:
        after = step()
        held = processor.fenced and processor.mxcsr == STEADY_MXCSR
        if not held and any(level[register] == SECRET for register in results):
            raise Leak(f"time that data may decide, for what MXCSR is: {processor.shown(instruction)}")
        return after

    return multiply
