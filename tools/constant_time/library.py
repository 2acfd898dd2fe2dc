"""A shared library as the system's loader would place it, for x86-64."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path

from elftools.elf.elffile import ELFFile
from elftools.elf.relocation import RelocationSection
from elftools.elf.sections import SymbolTableSection

from constant_time.memory import Memory

NONE, ABSOLUTE, GLOBAL, SLOT, RELATIVE = (
    0,
    1,
    6,
    7,
    8,
)  # R_X86_64_…, of the ABI's supplement for this processor


@dataclass(frozen=True)
class Function:
    """One function of the library: its name, where it begins, and its size in bytes."""

    name: str
    start: int
    size: int


class Library:
    """The code and the data of a library, in memory.

    Args:
        path: of the shared library, with its table of symbols.
        memory: where it is placed.

    Attributes:
        outside: functions of other libraries, by the address that stands for each.
    """

    def __init__(self, path: Path, memory: Memory) -> None:
        with path.open("rb") as file:
            elf = ELFFile(file)
            segments = [s for s in elf.iter_segments() if s["p_type"] == "PT_LOAD"]
            end = max(s["p_vaddr"] + s["p_memsz"] for s in segments)
            image = bytearray(end)
            for s in segments:
                image[s["p_vaddr"] : s["p_vaddr"] + s["p_filesz"]] = s.data()
            self.region = memory.map("the library", end, bytes(image))
            self.base = self.region.base
            tables = [s for s in elf.iter_sections() if isinstance(s, SymbolTableSection)]
            self._functions = sorted(
                {
                    (symbol["st_value"], symbol.name, symbol["st_size"])
                    for table in tables
                    for symbol in table.iter_symbols()
                    if symbol["st_info"]["type"] == "STT_FUNC" and symbol["st_value"]
                }
            )
            self._starts = [start for start, _, _ in self._functions]
            self._outside = memory.map("other libraries", 1 << 16)
            self.outside: dict[int, str] = {}
            self._relocate(elf, memory)

    def _relocate(self, elf: ELFFile, memory: Memory) -> None:
        for section in elf.iter_sections():
            if not isinstance(section, RelocationSection):
                continue
            symbols = elf.get_section(section["sh_link"])
            for r in section.iter_relocations():
                kind, target = r["r_info_type"], self.base + r["r_offset"]
                if kind == NONE:
                    continue
                if kind == RELATIVE:
                    value = self.base + r["r_addend"]
                elif kind in (ABSOLUTE, GLOBAL, SLOT):
                    symbol = symbols.get_symbol(r["r_info_sym"])
                    value = self._address_of(symbol) + (r["r_addend"] if kind == ABSOLUTE else 0)
                else:
                    raise ValueError(f"relocation {kind} of x86-64 is not known here")
                memory.set_known(target, value.to_bytes(8, "little"))

    def _address_of(self, symbol) -> int:
        if symbol["st_value"]:
            return self.base + symbol["st_value"]
        if symbol.name.startswith(("_ITM_", "__gmon_start__", "__cxa_finalize")):
            return 0  # weak, and used only when the library is loaded and left
        for address, name in self.outside.items():
            if name == symbol.name:
                return address
        address = self._outside.base + 16 * (len(self.outside) + 1)
        self.outside[address] = symbol.name
        return address

    def address(self, name: str) -> int:
        """Where a function begins."""
        return self.base + next(start for start, own, _ in self._functions if own == name)

    def function(self, address: int) -> Function | None:
        """The function that an address is in."""
        at = bisect_right(self._starts, address - self.base) - 1
        if at < 0:
            return None
        start, name, size = self._functions[at]
        inside = address - self.base < start + max(size, 1)
        return Function(name, self.base + start, size) if inside else None

    def place(self, address: int) -> str:
        """An address for people: the function, and how far into it."""
        found = self.function(address)
        return f"{found.name}+{address - found.start:#x}" if found else f"{address - self.base:#x}"
