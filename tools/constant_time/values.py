"""Values of an instruction whose operands are all known, for those that `integers` has."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from iced_x86 import Instruction, OpKind, Register, RegisterExt

from constant_time.addresses import address_of
from constant_time.decoded import LOWEST, Facts
from constant_time.integers import CONDITIONS, NEW, ONE, TWO, Operation, signed
from constant_time.memory import KNOWN
from constant_time.vectors import worked_out

if TYPE_CHECKING:
    from constant_time.processor import Processor

HIGH = {Register.AH, Register.BH, Register.CH, Register.DH}
HALVES = {"cbw": 8, "cwde": 16, "cdqe": 32}
SIGNS = {"cdq": 32, "cqo": 64}
Get = Callable[[], int]
Put = Callable[[int], None]


def valued(processor: Processor, instruction: Instruction, known: Facts) -> Callable[[], None] | None:
    """What writes the results of an instruction, or None where its values are not worked out."""
    name = known.name
    registers = [
        instruction.op_register(k)
        for k in range(instruction.op_count)
        if instruction.op_kind(k) == OpKind.REGISTER
    ]
    if any(not RegisterExt.is_gpr(register) for register in registers):
        return worked_out(processor, instruction, known)
    if name in HALVES or name in SIGNS:
        return _widened(processor, name)
    if name in {"mul", "imul", "mulx"} and (instruction.op_count == 1 or name == "mulx"):
        return None
    if name == "lea":
        return _address(processor, instruction)
    if name == "xchg" or not instruction.op_count:
        return None
    operands = [_operand(processor, instruction, known, k) for k in range(instruction.op_count)]
    if any(operand is None for operand in operands):
        return None
    gets, puts, widths = zip(*operands, strict=True)  # type: ignore[misc]
    if name.startswith("set") and name[3:] in CONDITIONS:
        return lambda: puts[0](int(CONDITIONS[name[3:]](processor.flag)))
    if name.startswith("cmov") and name[4:] in CONDITIONS:
        return lambda: puts[0]((gets[1] if CONDITIONS[name[4:]](processor.flag) else gets[0])())
    if name in {"movsx", "movsxd"}:
        return lambda: puts[0](signed(gets[1](), widths[1]) & ((1 << widths[0]) - 1))
    operation, read, writes = _operation(name, gets)
    if operation is None:
        return None
    return _apply(processor, operation, read, puts[0] if writes else None, widths[0])


def _operation(name: str, gets: tuple[Get, ...]) -> tuple[Operation | None, tuple[Get, ...], bool]:
    if name in TWO:
        return TWO[name], (gets if len(gets) > 1 else (*gets, lambda: 1)), name not in {"cmp", "test", "bt"}
    if name in ONE:
        return ONE[name], gets, True
    return NEW.get(name), gets[1:], True


def _apply(
    processor: Processor, operation: Operation, read: tuple[Get, ...], put: Put | None, bits: int
) -> Callable[[], None]:
    flags, levels = processor.flag, processor.flag_level
    wrap = (1 << bits) - 1

    def work_out() -> None:
        result, changed = operation(bits, [get() & wrap for get in read], flags)
        if put is not None:
            put(result)
        for flag, value in changed.items():
            flags[flag], levels[flag] = value, KNOWN

    return work_out


def _operand(
    processor: Processor, instruction: Instruction, known: Facts, k: int
) -> tuple[Get, Put, int] | None:
    kind = instruction.op_kind(k)
    if kind == OpKind.REGISTER:
        return _register(processor, instruction.op_register(k))
    if kind == OpKind.MEMORY:
        if not (places := (*known.loads, *known.stores)):  # a prefetch
            return None
        place = places[0]
        where, size, memory = address_of(processor, instruction, place), place.size, processor.memory

        def put(value: int) -> None:
            memory.set_known(where(), value.to_bytes(size, "little"))

        return lambda: int.from_bytes(memory.known(where(), size), "little"), put, 8 * size
    try:
        constant = instruction.immediate(k)
    except ValueError:
        return None
    return lambda: constant, lambda value: None, 64


def _register(processor: Processor, register: int) -> tuple[Get, Put, int]:
    full, size = RegisterExt.full_register(register), RegisterExt.size(register)
    bits, shift, value, level = 8 * size, 8 if register in HIGH else 0, processor.value, processor.level
    own, lowest = (1 << bits) - 1, LOWEST[full]

    def put(new: int) -> None:
        if bits >= 32:
            value[full], level[full] = new, KNOWN
        if bits >= 32 or register == lowest:
            level[lowest] = KNOWN
        if bits < 32:  # the rest stays, and its level with it
            value[full] = value[full] & ~(own << shift) | new << shift

    return lambda: value[full] >> shift & own, put, bits


def _address(processor: Processor, instruction: Instruction) -> Callable[[], None]:
    base, index, scale = instruction.memory_base, instruction.memory_index, instruction.memory_index_scale
    displacement, value = instruction.memory_displacement, processor.value
    target = _register(processor, instruction.op0_register)
    own = (1 << target[2]) - 1

    def work_out() -> None:
        found = displacement
        if base not in (Register.NONE, Register.RIP):
            found += value[RegisterExt.full_register(base)]
        if index != Register.NONE:
            found += value[RegisterExt.full_register(index)] * scale
        target[1](found & own)

    return work_out


def _widened(processor: Processor, name: str) -> Callable[[], None]:
    value, level = processor.value, processor.level

    def work_out() -> None:
        if name in SIGNS:
            bits = SIGNS[name]
            value[Register.RDX] = -(value[Register.RAX] >> (bits - 1) & 1) & ((1 << bits) - 1)
            level[Register.RDX] = level[Register.DL] = KNOWN
        else:
            bits = HALVES[name]
            wide = signed(value[Register.RAX] & ((1 << bits) - 1), bits) & ((1 << 2 * bits) - 1)
            above = ~((1 << 2 * bits) - 1) if name == "cbw" else 0
            value[Register.RAX] = value[Register.RAX] & above | wide

    return work_out
