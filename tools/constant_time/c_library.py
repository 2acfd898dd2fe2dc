"""The few functions of the C library that the kernel calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iced_x86 import Register

from constant_time.findings import refuse
from constant_time.memory import KNOWN, SECRET

if TYPE_CHECKING:
    from constant_time.processor import Processor, Step

RDI, RSI, RDX, RCX = Register.RDI, Register.RSI, Register.RDX, Register.RCX


def functions(processor: Processor) -> dict[str, Step]:
    """Each by its name; arguments that decide how long it takes must not be secret."""
    memory = processor.memory

    def argument(register: int) -> int:
        if processor.level[register] != KNOWN:
            refuse(processor.level[register], SECRET, "an argument of a function of the C library")
        return processor.value[register]

    def returns(value: int) -> int:
        processor.set(Register.RAX, value)
        top = processor.value[Register.RSP]
        processor.set(Register.RSP, top + 8)
        return int.from_bytes(memory.known(top, 8), "little")

    def memset() -> int:
        to, byte, size = argument(RDI), argument(RSI), argument(RDX)
        memory.set_known(to, bytes([byte & 0xFF]) * size)
        return returns(to)

    def memcpy() -> int:
        to, source, size = argument(RDI), argument(RSI), argument(RDX)
        if size and memory.level(source, size) == SECRET:  # which may stay in any vector register
            for register in processor.vectors:
                processor.level[register] = processor.above[register] = SECRET
        if size:
            memory.copy(to, source, size)
        return returns(to)

    def allocate(size: int, content: bytes | None) -> int:
        if processor.blocks == 0:
            return returns(0)
        processor.blocks -= 1
        return returns(memory.map("a block", size, content).base)

    def free() -> int:
        address = argument(RDI)
        if address:
            region, _ = memory.find(address, 0)
            processor.freed += region.secrets()
            region.alive = False
        return returns(0)

    return {
        "memset": memset,
        "__memset_chk": memset,
        "memcpy": memcpy,
        "__memcpy_chk": memcpy,
        "memmove": memcpy,
        "__memmove_chk": memcpy,
        "malloc": lambda: allocate(argument(RDI), None),
        "calloc": lambda: allocate(argument(RDI) * argument(RSI), bytes(argument(RDI) * argument(RSI))),
        "aligned_alloc": lambda: allocate(argument(RSI), None),
        "free": free,
    }
