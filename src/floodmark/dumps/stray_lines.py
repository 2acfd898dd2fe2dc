"""Lines of a UTF-8 file that somebody wrote in an older encoding, told from lines that are damaged.

A file that was put together from several often has both. What is decoded has to read as words, and its neighbours
have to speak for the same encoding; anything else stays damaged, and is quarantined.
"""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from floodmark.dumps.code_pages import code_page, decoded
from floodmark.dumps.legacy import NOISE, bits_by_line, likeliest
from floodmark.dumps.utf8_lines import HighBytes, Offsets

JUDGED = 1 << 16  # bytes of lines by which the encoding is told
FEWEST = 3  # lines that have to speak for it
SURE = 0.8
LIKELY = 0.5
POSSIBLE = 0.02
NOTED = 1 << 24  # bytes
# Controls that no text has, and accents without a letter: what damage decodes to.
STRANGE = frozenset(map(chr, range(0x80, 0xA0))) - {"\x85"} | frozenset("¨¯´¸ÿˆˇ˘˙˚˛˜˝")
BEYOND_ASCII = re.compile(rb"[\x80-\xff]+")
# Surrogates, overlong forms, and bytes that no UTF-8 has after others (RFC 3629, section 10).
BROKEN = re.compile(rb"[\xc0\xc1][\x80-\xbf]|\xed[\xa0-\xbf][\x80-\xbf]|[\xe0-\xef]{2}\xff(?![\xc0-\xff])")
# First bytes of two-byte letters that are in use: Latin, Greek, Cyrillic, Armenian, Hebrew, Arabic.
FIRST_BYTES = frozenset(
    b"\xc2\xc3\xc4\xc5\xc6\xc8\xc9\xce\xcf\xd0\xd1\xd2\xd3\xd4\xd5\xd6\xd7\xd8\xd9\xda\xdb"
)


def written_otherwise(data: bytes, edges: Offsets, usual: frozenset[str] = frozenset()) -> NDArray[np.bool_]:
    """Which lines are not UTF-8, and do not look like UTF-8 that was cut or damaged.

    Args:
        data: some lines.
        edges: where they begin, and last where the data ends.
        usual: characters beyond ASCII of lines that are UTF-8; those that are cut begin as they do.
    """
    high = HighBytes.of(data)
    lines, count = high.lines(edges), len(edges) - 1
    begins = ((high.values & 0xC0) == 0xC0) & ~high.wrong
    good = np.bincount(lines[begins], minlength=count)
    bad = np.bincount(lines[high.wrong], minlength=count)
    cut = np.bincount(lines[_cut(data, high, _first_bytes(usual))], minlength=count)
    # A line with other letters of an older encoding was not cut.
    return np.asarray((bad > 2 * good) & (bad > cut), np.bool_)


@lru_cache(maxsize=4)
def _first_bytes(usual: frozenset[str]) -> frozenset[int]:
    found = frozenset(letter.encode("utf-8", "replace")[0] for letter in usual if ord(letter) < 0x800)
    return found or FIRST_BYTES


def _cut(data: bytes, high: HighBytes, first_bytes: frozenset[int]) -> NDArray[np.bool_]:
    """First halves of two-byte characters that stand alone at the end of a word, where a cell was cut to a size."""
    first = np.zeros(256, np.bool_)
    first[list(first_bytes)] = True
    buffer = np.append(np.frombuffer(data, np.uint8), np.uint8(10))
    after, before = buffer[high.at + 1], buffer[high.at - 1]
    lower = after | 0x20
    ends = (after < 0x80) & ((lower < 0x61) | (lower > 0x7A))
    return np.asarray(high.wrong & first[high.values] & ends & (before < 0x80), np.bool_)


class Strays:
    """Tells the encoding of such lines from those met so far.

    Args:
        name: the encoding where the sample has told it.
    """

    def __init__(self, name: str | None = None) -> None:
        self.name = name
        self._seen: list[bytes] = []
        self._usual: frozenset[str] = frozenset()
        self._noted = 0
        self._size = 0
        self._judged = 0

    def note(self, text: bytes) -> None:
        """Take notice of the letters of lines of the file that are UTF-8; of enough of them, not of all."""
        if self._noted < NOTED:
            self._noted += len(text)
            self._usual |= beyond_ascii(text.decode("utf-8", "ignore"))

    def which(self, data: bytes, edges: Offsets, end: bytes) -> NDArray[np.bool_]:
        """Which lines read as words in the encoding of such lines; none while it is not known.

        Args:
            data: lines that are not UTF-8, without others between them.
            edges: where they begin, and last where the data ends.
            end: the byte that ends them.
        """
        otherwise = written_otherwise(data, edges, self._usual)
        if self.name is None and self._size < JUDGED:
            self._learn(data, edges, otherwise)
        if self.name is None or not otherwise.any():
            return np.zeros(len(otherwise), np.bool_)
        words = bits_by_line(data, edges, self.name, end) < NOISE
        text = decoded(data, code_page(self.name))
        none_strange = _without(STRANGE, text, end)
        return otherwise & none_strange & (words | _of_letters(self._usual, text, end))

    def _learn(self, data: bytes, edges: Offsets, otherwise: NDArray[np.bool_]) -> None:
        for line in np.flatnonzero(otherwise).tolist():
            if self._size >= JUDGED:
                break
            self._seen.append(data[int(edges[line]) : min(int(edges[line + 1]), int(edges[line]) + JUDGED)])
            self._size += len(self._seen[-1])
        # Again only when there is twice as much to go by.
        if len(self._seen) >= max(FEWEST, 2 * self._judged):
            self._judged = len(self._seen)
            self.name = told(self._seen, self._usual)


def _of_letters(letters: frozenset[str], text: str, end: bytes) -> NDArray[np.bool_]:
    """Lines of a text that have no other characters beyond ASCII than these."""
    known = np.zeros(1 << 16, np.bool_)
    known[:0x80] = True
    known[[min(ord(letter), 0xFFFF) for letter in letters]] = True
    return _all_of(known, text, end)


def _without(strange: frozenset[str], text: str, end: bytes) -> NDArray[np.bool_]:
    """Lines of a text that have none of these characters."""
    fine = np.ones(1 << 16, np.bool_)
    fine[[ord(character) for character in strange]] = False
    return _all_of(fine, text, end)


def _all_of(known: NDArray[np.bool_], text: str, end: bytes) -> NDArray[np.bool_]:
    codes = np.minimum(np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32), 0xFFFF)
    ends = np.flatnonzero(codes == end[0]) + 1
    return np.asarray(np.minimum.reduceat(known[codes], np.concatenate([[0], ends[ends < len(codes)]])))


def told(lines: list[bytes], usual: frozenset[str]) -> str | None:
    """The encoding that some lines speak for together, if they do.

    Args:
        lines: lines that are not UTF-8.
        usual: characters of the lines of the file that are. Where several encodings are likely, the right one is the
            only one in which the lines have none but these, or else the likeliest, if most of its letters are among
            these and fewer of those of any other.
    """
    if len(lines) < FEWEST:
        return None
    if is_broken(b"\n".join(lines)):
        return None
    together = b"".join(line if line.endswith(b"\n") else line + b"\n" for line in lines)
    likely = likeliest(together)
    name, confidence = likely.names[0]
    if not likely.is_text or confidence >= SURE:
        return name if likely.is_text else None
    possible = [name for name, confidence in likely.names if confidence >= POSSIBLE]
    letters = {name: beyond_ascii(decoded(together, code_page(name))) for name in possible}
    fitting = [name for name in possible if letters[name] <= usual]
    if len(fitting) == 1:
        return fitting[0]
    # Without such a one, the likeliest whose letters are mostly usual, where those of no other are.
    shared = {name: len(found & usual) for name, found in letters.items()}
    alone = all(shared[other] < shared[name] for other in possible if other != name)
    mostly = not fitting and confidence >= LIKELY and 2 * shared[name] >= len(letters[name])
    return name if mostly and alone else None


def is_broken(lines: bytes) -> bool:
    """Whether most of what is not ASCII is what broken UTF-8 leaves behind, among lines that are few."""
    return 2 * len(BROKEN.findall(lines)) > len(BEYOND_ASCII.findall(lines))


def beyond_ascii(text: str) -> frozenset[str]:
    """The characters of a text that are not ASCII."""
    return frozenset(character for character in set(text) if not character.isascii())
