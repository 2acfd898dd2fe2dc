"""What an instruction reads and writes, by the tables of iced-x86, in the form that the interpreter works with."""

from __future__ import annotations

from dataclasses import dataclass

from iced_x86 import (
    Formatter,
    FormatterSyntax,
    Instruction,
    InstructionInfoFactory,
    MemorySizeExt,
    Mnemonic,
    OpAccess,
    Register,
    RegisterExt,
)

NAMES = {number: name.lower() for name, number in vars(Mnemonic).items() if isinstance(number, int)}
REGISTERS = {number: name.lower() for name, number in vars(Register).items() if isinstance(number, int)}
READS = {OpAccess.READ, OpAccess.COND_READ, OpAccess.READ_WRITE, OpAccess.READ_COND_WRITE}
WRITES = {OpAccess.WRITE, OpAccess.COND_WRITE, OpAccess.READ_WRITE, OpAccess.READ_COND_WRITE}
PERHAPS = {OpAccess.COND_WRITE, OpAccess.READ_COND_WRITE}
FLAGS = 6  # of, sf, zf, af, cf, pf, in the order of the bits that iced-x86 has for them
ZERO_IDIOMS = {
    *["xor", "sub", "pxor", "vpxor", "vpxord", "vpxorq", "xorps", "vxorps", "xorpd", "vxorpd"],
    *["kxorb", "kxorw", "kxord", "kxorq"],  # which iced-x86 has no exception for
}

_infos = InstructionInfoFactory()
_formatter = Formatter(FormatterSyntax.GAS)


@dataclass(frozen=True)
class Place:
    """An address: base + index * scale + displacement; a register is 0 where there is none."""

    segment: int
    base: int
    index: int
    scale: int
    displacement: int
    size: int


@dataclass(frozen=True)
class Facts:
    """One instruction.

    Attributes:
        name: its mnemonic, lower case.
        reads: registers, those of addresses included, each as the widest that holds it, or as its lowest byte.
        replaces: registers that hold nothing else afterwards, as the widest, and their lowest bytes.
        keeps_above: vector registers whose low 16 bytes are written and the rest kept.
        merges: registers that are written in part, or perhaps.
        loads, stores: memory; `perhaps` where a mask decides.
        flags_read, flags_written: numbers of flags.
    """

    name: str
    reads: tuple[int, ...]
    replaces: tuple[int, ...]
    keeps_above: tuple[int, ...]
    merges: tuple[int, ...]
    loads: tuple[Place, ...]
    stores: tuple[Place, ...]
    perhaps: bool
    flags_read: tuple[int, ...]
    flags_written: tuple[int, ...]


LOWEST = {
    getattr(Register, full): getattr(Register, low)
    for full, low in zip(
        "RAX RCX RDX RBX RSP RBP RSI RDI R8 R9 R10 R11 R12 R13 R14 R15".split(),
        "AL CL DL BL SPL BPL SIL DIL R8L R9L R10L R11L R12L R13L R14L R15L".split(),
        strict=True,
    )
}
"""The lowest byte of each general register, which has a level of its own: compilers keep conditions there."""


def widest(register: int) -> int:
    """The register that a part belongs to: `rax` for `al`, `zmm1` for `xmm1`."""
    return RegisterExt.full_register(register)


def text(instruction: Instruction) -> str:
    """As `objdump` shows it."""
    return _formatter.format(instruction)


def facts(instruction: Instruction) -> Facts:
    """What an instruction reads and writes."""
    name, info = NAMES[instruction.mnemonic], _infos.info(instruction)
    loads, stores, perhaps = [], [], False
    for used in info.used_memory():
        place = Place(
            used.segment,
            used.base,
            used.index,
            used.scale,
            used.displacement,
            MemorySizeExt.size(used.memory_size),
        )
        if used.access in READS:
            loads.append(place)
        if used.access in WRITES:
            stores.append(place)
            perhaps |= used.access in PERHAPS
    reads, replaces, keeps_above, merges = set(), [], [], []
    for used in info.used_registers():
        full = widest(used.register)
        if RegisterExt.is_segment_register(used.register):
            continue
        lowest = LOWEST.get(full)
        if used.access in READS:
            reads.add(lowest if used.register == lowest else full)
        if used.access in WRITES:
            if used.register == lowest and used.access not in PERHAPS:
                replaces.append(lowest)
                merges.append(full)
            elif used.access in PERHAPS or (used.register != full and lowest):
                merges += [full, lowest] if lowest else [full]
            elif lowest:
                replaces += [full, lowest]
            elif used.register != full:
                keeps_above.append(full)
            else:
                replaces.append(full)
    less_itself = name == "sbb" and instruction.op0_register == instruction.op1_register
    if less_itself or is_zero_idiom(instruction, name):
        reads = set()  # at most the borrow is left
    return Facts(
        name,
        tuple(reads),
        tuple(replaces),
        tuple(keeps_above),
        tuple(merges),
        tuple(loads),
        tuple(stores),
        perhaps,
        _bits(instruction.rflags_read),
        _bits(instruction.rflags_modified),
    )


def is_zero_idiom(instruction: Instruction, name: str) -> bool:
    """Whether it sets a whole register to zero, whatever was in there; under a mask, parts stay."""
    if instruction.has_op_mask:
        return False
    count = instruction.op_count
    registers = {instruction.op_register(k) for k in range(count)}
    return name in ZERO_IDIOMS and count > 1 and len(registers) == 1 and registers != {Register.NONE}


def _bits(flags: int) -> tuple[int, ...]:
    return tuple(k for k in range(FLAGS) if flags >> k & 1)
