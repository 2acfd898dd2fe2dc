"""Lists of integers as short text, which the browser's `packing.ts` reads back.

An integer is one or more characters of 6 bits, the lowest 5 bits first; a character of 32 or more says that another
follows. Compression by the web server takes the redundancy out, which it could not do of packed bits.
"""

from __future__ import annotations

from collections.abc import Iterable

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def pack(numbers: Iterable[int]) -> str:
    """Text for integers from 0.

    >>> pack([0, 31, 32, 1000])
    'AfgBof'
    """
    characters = []
    for number in numbers:
        rest = number
        if rest < 0:
            raise ValueError("only integers from 0 can be packed")
        while rest > 31:
            characters.append(ALPHABET[32 + rest % 32])
            rest //= 32
        characters.append(ALPHABET[rest])
    return "".join(characters)


def signed(number: int) -> int:
    """An integer of either sign as one from 0: 0, -1, 1, -2, …"""
    return 2 * number if number >= 0 else -2 * number - 1


def runs(values: list[int | None]) -> list[tuple[int, int]]:
    """Value and length of each run of one value; None is whatever its neighbours are."""
    found: list[list[int]] = []
    leading = 0
    for value in values:
        if found and (value is None or value == found[-1][0]):
            found[-1][1] += 1
        elif value is None:
            leading += 1
        else:
            found.append([value, 1 + leading])
            leading = 0
    return [(value, length) for value, length in found]


def pack_runs(values: list[int | None]) -> str:
    """Runs of small integers (below 32), as `32 × (length - 1) + value`."""
    return pack(32 * (length - 1) + value for value, length in runs(values))
