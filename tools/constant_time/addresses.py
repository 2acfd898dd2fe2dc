"""Addresses, of which no part may be secret."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from iced_x86 import Instruction, Register

from constant_time.decoded import Place, widest

if TYPE_CHECKING:
    from constant_time.processor import Processor

WORD = (1 << 64) - 1


def address_of(processor: Processor, instruction: Instruction, place: Place) -> Callable[[], int]:
    """A function that works an address out when the instruction is executed."""
    level, value, scale = processor.level, processor.value, place.scale
    base, index, displacement = place.base, place.index, place.displacement
    if place.segment == Register.FS:
        displacement += processor.thread.base
    parts = [part for part in (base, index) if part != Register.NONE]
    if any(part not in range(Register.RAX, Register.R15 + 1) for part in parts):
        return _by_vectors(processor, instruction, [widest(part) for part in parts])
    if not parts:
        return lambda: displacement & WORD
    if index == Register.NONE:

        def by_base() -> int:
            if level[base]:
                processor.need(level[base], "an address", instruction)
            return value[base] + displacement & WORD

        return by_base
    if base == Register.NONE:
        base, value_of_base = index, 0
    else:
        value_of_base = 1

    def by_both() -> int:
        if level[base] or level[index]:
            processor.need(max(level[base], level[index]), "an address", instruction)
        return value[base] * value_of_base + value[index] * scale + displacement & WORD

    return by_both


def _by_vectors(processor: Processor, instruction: Instruction, parts: list[int]) -> Callable[[], int]:
    """Gathers and scatters, whose many addresses are not worked out, and parts of registers."""

    def refuse() -> int:
        worst = max(1, *[processor.level[part] for part in parts])
        processor.need(worst, "an address", instruction)
        return 0

    return refuse
