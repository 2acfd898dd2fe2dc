"""What each instruction does, decided once when it is first reached: a step gives the address of the next."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from iced_x86 import FlowControl, Instruction, OpKind, Register, RegisterExt

from constant_time.addresses import address_of
from constant_time.decoded import FLAGS, NAMES, Facts, facts, is_zero_idiom, widest
from constant_time.findings import Leak
from constant_time.integers import PF, ZF
from constant_time.memory import KNOWN, OPEN, SECRET
from constant_time.moves import MOVES, copies_register, copy_register, move
from constant_time.mxcsr import MOVES as MXCSR_MOVES
from constant_time.mxcsr import fence, move_mxcsr, under_mxcsr
from constant_time.stack import on_the_stack
from constant_time.steady import is_steady, needs_mxcsr
from constant_time.strings import repeated
from constant_time.turns import turn
from constant_time.values import valued

if TYPE_CHECKING:
    from constant_time.processor import Processor, Step

MARKER = 0x464D  # the upper half of the displacement of the `nop` that FM_PUBLIC is (c/oprf.h)
MOST = 4
NOTHING = {"nop", "endbr64", "pause", "mfence", "sfence"}


def step_for(processor: Processor, instruction: Instruction) -> Step:
    """The step for an instruction."""
    name = NAMES[instruction.mnemonic]
    if instruction.flow_control != FlowControl.NEXT:
        return turn(processor, instruction)
    if name in NOTHING:
        return _nothing(processor, instruction, name)
    if name == "lfence":
        return fence(processor, instruction)
    if name in MXCSR_MOVES:
        return move_mxcsr(processor, instruction, name)
    if name in {"push", "pop", "leave"}:
        return on_the_stack(processor, instruction, name)
    if name == "vzeroupper":
        return _zero_upper(processor, instruction)
    if name in MOVES and not instruction.has_op_mask:
        return move(processor, instruction)
    if name == "mov" and copies_register(instruction):
        return copy_register(processor, instruction)
    if is_zero_idiom(instruction, name) and RegisterExt.size(instruction.op0_register) >= 4:
        return _zero(processor, instruction)
    if instruction.is_string_instruction:
        return repeated(processor, instruction)
    if name == "bt" and instruction.op0_kind == OpKind.MEMORY and instruction.op1_kind == OpKind.REGISTER:
        return _bit_in_memory(processor, instruction)
    step = _compute(processor, instruction, facts(instruction))
    return under_mxcsr(processor, instruction, step) if needs_mxcsr(name) else step


def _nothing(processor: Processor, instruction: Instruction, name: str) -> Step:
    after, marked = instruction.next_ip, instruction.memory_displacement
    if name != "nop" or marked >> 16 != MARKER:
        return lambda: after
    number, register = marked & 0xFFFF, instruction.memory_base

    def declare() -> int:
        if number not in processor.answers:
            raise Leak(f"{number} is not declared to be public: {processor.shown(instruction)}")
        processor.declared.add(number)
        processor.set(register, processor.answers[number])
        return after

    return declare


def _zero_upper(processor: Processor, instruction: Instruction) -> Step:
    after, above = instruction.next_ip, processor.above

    def zero_upper() -> int:
        for register in range(Register.ZMM0, Register.ZMM15 + 1):
            above[register] = KNOWN
        return after

    return zero_upper


def _zero(processor: Processor, instruction: Instruction) -> Step:
    after, known = instruction.next_ip, facts(instruction)
    targets = (*known.replaces, *known.keeps_above, *known.merges)
    zero = bytes(64) if targets[0] >= Register.XMM0 else 0
    flags = {**dict.fromkeys(range(FLAGS), 0), ZF: 1, PF: 1}

    def clear() -> int:
        processor.mark(known, KNOWN, [])
        for register in targets:
            processor.value[register] = zero
        for flag in known.flags_written:
            processor.flag[flag] = flags[flag]
        return after

    return clear


def _bit_in_memory(processor: Processor, instruction: Instruction) -> Step:
    """The number of a bit in memory is a part of its address, and may reach beyond the operand."""

    def refuse() -> int:
        processor.need(
            max(OPEN, processor.level[widest(instruction.op1_register)]), "an address", instruction
        )
        return 0

    return refuse


def _compute(processor: Processor, instruction: Instruction, known: Facts) -> Step:
    """All other instructions: a level by what is read, and a value where all of that is known."""
    after, memory, level, above = instruction.next_ip, processor.memory, processor.level, processor.above
    loads = [(address_of(processor, instruction, place), place.size) for place in known.loads]
    stores = [address_of(processor, instruction, place) for place in known.stores]
    reads, flags_read, flag_level = known.reads, known.flags_read, processor.flag_level
    steady, work_out = is_steady(known.name), valued(processor, instruction, known)
    mask = instruction.op_mask if known.stores and instruction.has_op_mask else Register.NONE
    only = known.replaces[0] if len(known.replaces) == 1 else Register.NONE
    simple = only and not (known.keeps_above or known.merges or known.flags_written or stores)
    if simple and not flags_read and len(reads) <= MOST and len(loads) <= 1 and steady:
        return _quickly(processor, known, only, after, loads, work_out)

    def compute() -> int:
        found = KNOWN
        for register in reads:
            found |= level[register]
        for where, size in loads:
            found |= memory.level(where(), size)
        for flag in flags_read:
            found |= flag_level[flag]
        if found == SECRET:
            if not steady:
                raise Leak(f"time that data may decide: {processor.shown(instruction)}")
            if mask and level[mask] == SECRET:
                raise Leak(f"a store under a secret mask: {processor.shown(instruction)}")
        elif found == KNOWN:
            if work_out is not None:
                work_out()
                return after
            found = OPEN
        if simple:
            level[only] = above[only] = found
        else:
            processor.mark(known, found, [where() for where in stores])
        return after

    return compute


def _quickly(
    processor: Processor,
    known: Facts,
    only: int,
    after: int,
    loads: list[tuple[Callable[[], int], int]],
    work_out: Callable[[], None] | None,
) -> Step:
    """The same for what nine in ten instructions are: steady, with one whole register as their result."""
    a, b, c, d = (*known.reads, *[Register.NONE] * (MOST - len(known.reads)))
    level, above, level_of = processor.level, processor.above, processor.memory.level
    where, size = loads[0] if loads else (None, 0)

    def compute() -> int:
        found = level[a] | level[b] | level[c] | level[d]
        if where is not None:
            found |= level_of(where(), size)
        if not found:
            if work_out is not None:
                work_out()
                return after
            found = OPEN
        level[only] = above[only] = found
        return after

    return compute
