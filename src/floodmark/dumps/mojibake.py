"""UTF-8 that was read as windows-1252 or ISO 8859-1 and written as UTF-8 again, once or twice: `MÃ¼ller` for `Müller`.

A line is repaired only where all of it can be undone, where what comes out is letters, and where at least one place
of it cannot have been meant: a mark within a word, a capital after a small letter, a control character. `É»` at the end
of a quotation could be undone as well, and stays.
"""

from __future__ import annotations

import codecs
import string
import unicodedata
from functools import cache

import numpy as np
from numpy.typing import NDArray

from floodmark.dumps.measures import by_table
from floodmark.dumps.utf8_lines import Offsets, high_and_valid, line_edges
from floodmark.dumps.ways import Way

REASON = "mojibake-repaired"
Flags = NDArray[np.bool_]

# Bytes that windows-1252 has no character for stay control characters, as all software has it.
WINDOWS = "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(256))
LATIN = "".join(map(chr, range(256)))
# How the characters begin in UTF-8 that windows-1252 has for the bytes from 0x80 to 0xBF.
SECOND_BYTES = np.isin(np.arange(256), (0xC2, 0xC5, 0xC6, 0xCB, 0xE2))
# Marks that may well follow a capital letter at the end of a word, and what may well follow it within a word.
CARONS = "ŠŽšž"
CLOSING = "’‘“”„»«›‹–—…™®©ºª°·•´¡¿§¹²³\u00a0\u00ad" + CARONS
APOSTROPHES = "’‘´ªº°·" + CARONS
GOES_ON, CLOSES, APOSTROPHE, LETTER, SMALL, CAPITAL, BEGINS, LONELY = (1 << bit for bit in range(8))
# Letters of the International Phonetic Alphabet without Azerbaijan's schwa, and of scripts from Syriac to N'Ko.
UNUSUAL = ((0x0250, 0x0258), (0x025A, 0x02FF), (0x0700, 0x07FF))
MARKS = "ªº°·•«»›‹’‘“”„–—…€№™®©´¡¿§¹²³½\u00a0\u00ad"


def suspects(data: bytes) -> Offsets:
    """Offsets where a character between `Â` and `ô` is followed by one that stands for a second byte."""
    if b"\xc3" not in data:
        return np.zeros(0, np.int64)
    buffer = np.frombuffer(data, np.uint8)
    at = np.flatnonzero(buffer[:-2] == 0xC3)
    second = buffer[at + 1]
    return at[(second >= 0x82) & (second <= 0xB4) & SECOND_BYTES[buffer[at + 2]]]


def _undone(table: str, times: int) -> Way:
    mapping = codecs.charmap_build(table)

    def convert(data: bytes) -> bytes:
        for _ in range(times):
            data = codecs.charmap_encode(data.decode("utf-8", "replace"), "floodmark-unrepairable", mapping)[
                0
            ]
        return data

    sizes = np.ones(256, np.int64)
    for _ in range(times):
        sizes = np.array([sum(sizes[byte] for byte in character.encode()) for character in table])
    return Way(convert, by_table(sizes.astype(np.uint8)), REASON)


WAYS = tuple(_undone(table, times) for times in (1, 2) for table in (WINDOWS, LATIN))


def repairs(data: bytes, count: int, end: bytes) -> NDArray[np.uint8]:
    """For each line the number in `WAYS` of its repair, counted from 1; 0 for none.

    Args:
        data: lines of valid UTF-8.
        count: how many.
        end: the byte that ends them.
    """
    found = np.zeros(count, np.uint8)
    for number, table in enumerate((WINDOWS, LATIN)):
        once, text = _undone_once(data, table, end)
        if not once.any():
            continue
        twice, more = _undone_once(text, table, end)
        for times, which, result in ((2, once & twice, more), (1, once, text)):
            fine = which & (found == 0) & ~_has(~_letters(), result.decode("utf-8", "replace"), end, count)
            found[fine] = number + 2 * times - 1
    return found


def _undone_once(data: bytes, table: str, end: bytes) -> tuple[Flags, bytes]:
    """Lines that can be undone, and cannot have been meant; and all lines undone, those that cannot as no UTF-8."""
    text = data.decode("utf-8", "replace")
    undone = codecs.charmap_encode(text, "floodmark-unrepairable", codecs.charmap_build(table))[0]
    high, valid = high_and_valid(undone, line_edges(undone, end))
    which = high & valid
    return which & _unmeant(text, end, table, len(which)) if which.any() else which, undone


def _codes(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le"), np.uint32)


def _lines(at: Offsets, codes: NDArray[np.uint32], end: bytes, count: int) -> Flags:
    """Lines in which one of some characters is."""
    found = np.zeros(count, np.bool_)
    found[np.searchsorted(np.flatnonzero(codes == end[0]), at)] = True
    return found


def _has(wanted: Flags, text: str, end: bytes, count: int) -> Flags:
    codes = _codes(text)
    return _lines(np.flatnonzero(wanted[np.minimum(codes, 0xFFFF)]), codes, end, count)


@cache
def _letters() -> Flags:
    """Which characters of the basic plane are letters of a living script, marks of ordinary writing, or ASCII."""
    fine = np.zeros(1 << 16, np.bool_)
    fine[[code for code in range(1 << 16) if unicodedata.category(chr(code))[0] == "L"]] = True
    for first, last in UNUSUAL:
        fine[first : last + 1] = False
    fine[[ord(mark) for mark in MARKS]] = True
    fine[:0x80] = True
    # Vowels and tones of Arabic and of the scripts of India and South-East Asia; punctuation of East Asia; beyond.
    for first, last in ((0x064B, 0x0652), (0x0900, 0x0EFF), (0x3000, 0x303F), (0xFF00, 0xFFFE)):
        fine[first : last + 1] = True
    fine[0xFFFD] = False
    fine[0xFFFF] = True
    return fine


def _unmeant(text: str, end: bytes, table: str, count: int) -> Flags:
    """Lines with a pair of characters that nobody writes.

    What follows a first byte is no closing mark, or is followed by a letter, or the first byte is a capital after a
    small letter; and no language has `Ã` or `Å` before `š` and the like.
    """
    codes = _codes(text)
    kinds = np.concatenate([[0], _kinds(table)[np.minimum(codes, 0xFFFF)], [0, 0]]).astype(np.uint8)
    before, at, after = kinds[:-2], kinds[1:-1], kinds[2:]
    odd = (at & GOES_ON > 0) & (before & (GOES_ON | BEGINS) > 0)
    odd &= (at & CLOSES == 0) | (after & LETTER > 0) & (at & APOSTROPHE == 0)
    odd |= (at & GOES_ON > 0) & (at & LETTER > 0) & (before & LONELY > 0)
    odd |= (at & CAPITAL > 0) & (before & SMALL > 0) & (after & GOES_ON > 0)
    return _lines(np.flatnonzero(odd[: len(codes)]), codes, end, count)


@cache
def _kinds(table: str) -> NDArray[np.uint8]:
    """What a character of the basic plane may be in a text that was read by a table, as flags."""
    kinds = np.zeros(1 << 16, np.uint8)
    for flag, letters in (
        (GOES_ON, table[0x80:0xC0]),
        (CLOSES, CLOSING),
        (APOSTROPHE, APOSTROPHES),
        (LETTER, string.ascii_letters + LATIN[0xC0:] + CARONS),
        (SMALL, string.ascii_lowercase),
        (CAPITAL, LATIN[0xC2:0xDF]),
        (BEGINS, LATIN[0xC2:0xF5]),
        (LONELY, "ÃÅ"),
    ):
        kinds[[ord(letter) for letter in letters]] |= flag
    return kinds


def _unrepairable(error: UnicodeError) -> tuple[bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return b"\xff", error.end  # a byte that no UTF-8 has


codecs.register_error("floodmark-unrepairable", _unrepairable)
