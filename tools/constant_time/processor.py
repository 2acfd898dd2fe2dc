"""The interpreter's state: registers, flags, and the code that is run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from iced_x86 import Decoder, Instruction, Register

from constant_time.c_library import functions
from constant_time.decoded import FLAGS, LOWEST, REGISTERS, Facts, text
from constant_time.findings import CannotFollow, refuse
from constant_time.library import Library
from constant_time.memory import KNOWN, OPEN, SECRET, Memory
from constant_time.mxcsr import AT_FIRST
from constant_time.steps import step_for

STACK = 1 << 20
CANARY = 0x28  # where the stack protector finds its value, from the register FS on
ARGUMENTS = (Register.RDI, Register.RSI, Register.RDX, Register.RCX, Register.R8, Register.R9)
GENERAL = range(Register.RAX, Register.R15 + 1)
VECTORS = range(Register.ZMM0, Register.ZMM31 + 1)
MASKS = range(Register.K0, Register.K7 + 1)
LONGEST = 15  # bytes of an instruction
Step = Callable[[], int]


@dataclass(frozen=True)
class Left:
    """Where secrets are when a call has returned.

    Attributes:
        memory: how many secret bytes a region has, by its name; regions without are not named.
        freed: bytes that were secret when their memory was given back.
        registers: names.
    """

    memory: dict[str, int]
    freed: int
    registers: tuple[str, ...]


class Processor:
    """Registers, flags, and the code of a library.

    Args:
        library: whose functions are called.
        memory: that it and they are in.
        answers: what each marker's value is taken for, by its number; a marker that is not here is a leak.
        vectors: how many vector registers there are: 32 with AVX-512, else 16.
        blocks: how many blocks of memory are given before there is none.

    Attributes:
        level: of each register, by iced-x86's number of the widest; `above` that of bytes 16 to 63 of vectors.
        value: integers, or 64 bytes of a vector; of no meaning where the level is not known.
        mxcsr: the register of that name; `fenced` once it holds for all that follows.
        declared: numbers of the markers that were passed.
        steps: of the instructions that were executed, by address.
        deepest: the lowest address of the stack that ever was secret.
        freed: bytes that were secret when their memory was given back.
    """

    def __init__(
        self,
        library: Library,
        memory: Memory,
        answers: dict[int, int] | None = None,
        *,
        vectors: int = 32,
        blocks: int = 1 << 20,
    ) -> None:
        self.library, self.memory, self.answers, self.blocks = library, memory, answers or {}, blocks
        self.vectors = VECTORS[:vectors]
        size = max(REGISTERS) + 1
        self.level, self.above = [OPEN] * size, [OPEN] * size
        self.level[Register.NONE] = KNOWN
        self.value: list = [0] * size
        self.flag_level, self.flag = [OPEN] * FLAGS, dict.fromkeys(range(FLAGS), 0)
        self.stack = memory.map("the stack", STACK)
        self.thread = memory.map("the thread's own", 256)
        memory.set_known(self.thread.base + CANARY, b"canary!\0")
        self.end = memory.map("the caller", 16).base
        self.bottom = self.deepest = self.stack.base + STACK - 64
        self.mxcsr, self.fenced = AT_FIRST, True
        self.declared: set[int] = set()
        self.freed = 0
        self.steps: dict[int, Step] = {}
        offered = functions(self)
        for address, name in library.outside.items():
            self.steps[address] = offered.get(name, _missing(name))

    def call(self, name: str, *arguments: int) -> int:
        """Call a function of the library with numbers and addresses; its result, an `int` of C.

        Beyond six they come in pairs, so that the stack is aligned as functions expect.

        Raises:
            Leak: time or an address shows a secret.
            CannotFollow: something is not known to this interpreter.
            OutOfBounds: of memory.
        """
        for register in GENERAL:
            self.set(register, 0)
        self.set(Register.RSP, self.bottom)
        for register, argument in zip(ARGUMENTS, arguments, strict=False):
            self.set(register, argument)
        for argument in reversed(arguments[len(ARGUMENTS) :]):
            self.push(argument)
        self.push(self.end)
        ip, steps, end = self.library.address(name), self.steps, self.end
        while ip != end:
            try:
                step = steps[ip]
            except KeyError:
                step = steps[ip] = self.decode(ip)
            ip = step()
        return self.value[Register.RAX] & 0xFFFFFFFF

    def decode(self, ip: int) -> Step:
        """The step for the instruction at an address."""
        end = self.library.base + len(self.library.region.levels)
        if not self.library.base <= ip < end:
            raise CannotFollow(f"a jump out of the library, to {ip:#x}")
        instruction = Decoder(64, self.memory.known(ip, min(LONGEST, end - ip)), ip=ip).decode()
        if instruction.is_invalid:
            raise CannotFollow(f"no instruction that is known at {self.library.place(ip)}")
        return step_for(self, instruction)

    def left(self, *outputs: str) -> Left:
        """Where secrets are now, but for the regions that are named."""
        regions = [r for r in self.memory.regions.values() if r.alive and r.name not in outputs]
        secret = [r for r in (*GENERAL, *VECTORS, *MASKS) if self.level[r] == SECRET]
        secret += [r for r in VECTORS if self.above[r] == SECRET != self.level[r]]
        return Left(
            {region.name: region.secrets() for region in regions if region.secrets()},
            self.freed,
            tuple(REGISTERS[r] for r in secret),
        )

    def depth(self) -> int:
        """How far down the stack, in bytes, secrets ever were."""
        return self.bottom - self.deepest

    def set(self, register: int, value: int) -> None:
        """Give a whole general register a value."""
        self.level[register] = self.level[LOWEST[register]] = KNOWN
        self.value[register] = value

    def push(self, value: int) -> None:
        """Put a value on the stack."""
        top = self.value[Register.RSP] - 8
        self.set(Register.RSP, top)
        self.memory.set_known(top, value.to_bytes(8, "little"))

    def store(self, address: int, size: int, level: int) -> None:
        """Overwrite memory with what is not known."""
        self.memory.set_level(address, size, level)
        if level == SECRET and self.stack.base <= address < self.deepest:
            self.deepest = address

    def mark(self, known: Facts, level: int, addresses: list[int]) -> None:
        """Give all that an instruction writes a level."""
        for register in known.replaces:
            self.level[register] = self.above[register] = level
        for register in known.keeps_above:
            self.level[register] = max(level, self.above[register])
        for register in known.merges:
            self.level[register] = max(level, self.level[register])
            self.above[register] = max(level, self.above[register])
        for flag in known.flags_written:
            self.flag_level[flag] = level
        for place, address in zip(known.stores, addresses, strict=True):
            before = self.memory.level(address, place.size) if known.perhaps else KNOWN
            self.store(address, place.size, max(level, before))

    def shown(self, instruction: Instruction) -> str:
        """An instruction and where it is, for people."""
        return f"{self.library.place(instruction.ip)}: {text(instruction)}"

    def need(self, level: int, what: str, instruction: Instruction) -> None:
        """End the run unless a value is known."""
        if level != KNOWN:
            refuse(level, SECRET, f"{what}: {self.shown(instruction)}")


def _missing(name: str) -> Step:
    def refuse_call() -> int:
        raise CannotFollow(f"a call of {name}, of another library")

    return refuse_call
