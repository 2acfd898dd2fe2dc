"""Memory whose every byte has a level: known, open or secret."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Level(IntEnum):
    """How much is known of a value; what is computed of several has the highest of their levels.

    Attributes:
        KNOWN: its value is followed.
        OPEN: it does not come from the key, and its value is not worked out.
        SECRET: it was computed from the key.
    """

    KNOWN = 0
    OPEN = 1
    SECRET = 3  # so that the highest of some is their bitwise or


KNOWN, OPEN, SECRET = (int(level) for level in Level)  # an attribute of an enum costs a tenth of the run
SPACING = 32  # bits: each region has an address space of its own, so that no pointer leaves one for another
WITHIN = (1 << SPACING) - 1
FULL = {level: [bytes([level]) * size for size in range(65)] for level in (KNOWN, OPEN, SECRET)}


class OutOfBounds(Exception):
    """An access beyond what was allocated, or after it was freed."""


@dataclass
class Region:
    """A part of memory.

    Attributes:
        name: for people.
        base: its first address.
        values: its bytes; of no meaning where they are not known.
        levels: one for each.
        alive: whether it may be used: not after it was freed.
    """

    name: str
    base: int
    values: bytearray
    levels: bytearray
    alive: bool = True

    def secrets(self) -> int:
        """How many bytes of it are secret."""
        return self.levels.count(SECRET)


class Memory:
    """All that a program can reach."""

    def __init__(self) -> None:
        self.regions: dict[int, Region] = {}

    def map(self, name: str, size: int, content: bytes | None = None, level: int = OPEN) -> Region:
        """A new region, of these bytes, or of none that is known."""
        number = len(self.regions) + 1
        values = bytearray(size) if content is None else bytearray(content)
        levels = bytearray([level if content is None else KNOWN]) * size
        region = Region(name, number << SPACING, values, levels)
        self.regions[number] = region
        return region

    def find(self, address: int, size: int) -> tuple[Region, int]:
        """The region of an address, and where it is in there."""
        region = self.regions.get(address >> SPACING)
        offset = address & WITHIN
        if region is None or not region.alive or offset + size > len(region.levels):
            name = region.name if region else "nothing"
            raise OutOfBounds(f"{size} bytes at {offset:#x} of {name}")
        return region, offset

    def level(self, address: int, size: int) -> int:
        """The highest level of these bytes; asked for every load, so `find` is written out here."""
        region, offset = self.regions.get(address >> SPACING), address & WITHIN
        if region is None or not region.alive or offset + size > len(region.levels):
            self.find(address, size)
        levels = region.levels[offset : offset + size]
        return SECRET if SECRET in levels else OPEN if OPEN in levels else KNOWN

    def known(self, address: int, size: int) -> bytes:
        """These bytes, which have to be known."""
        region, offset = self.find(address, size)
        return bytes(region.values[offset : offset + size])

    def set_level(self, address: int, size: int, level: int) -> None:
        """Overwrite with what is not known."""
        region, offset = self.find(address, size)
        region.levels[offset : offset + size] = FULL[level][size] if size <= 64 else bytes([level]) * size

    def set_known(self, address: int, content: bytes) -> None:
        """Overwrite with bytes."""
        region, offset = self.find(address, len(content))
        region.values[offset : offset + len(content)] = content
        region.levels[offset : offset + len(content)] = bytes(len(content))

    def copy(self, to: int, source: int, size: int) -> None:
        """Copy bytes with their levels; the two may overlap."""
        region, offset = self.find(source, size)
        target, at = self.find(to, size)
        values, levels = region.values[offset : offset + size], region.levels[offset : offset + size]
        target.values[at : at + size], target.levels[at : at + size] = values, levels
