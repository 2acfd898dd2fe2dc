"""Which encoding of before Unicode a text is in, by how its letters follow one another.

Each encoding is tried with each language that was written in it: the text as that language would have it costs so many
bits, and the cheapest reading wins. Only letters beside those that are not ASCII count, so that tables of people, which
are mostly ASCII, are told by the few short names that are not. benchmarks/encoding_detection.py measures it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from floodmark.dumps.code_pages import code_page, decoded
from floodmark.dumps.ideographs import bits_of
from floodmark.dumps.letters import letters_of
from floodmark.dumps.utf8_lines import Offsets, line_edges

WEST = "ca da de es et fi fr is it nb nl pt sq sv"
CENTRE = "cs hr hu pl ro sk sl"
CYRILLIC = "be bg kk mk ru sr uk"
# Encodings with their languages, and how many bits rarer than the others they are; of two that read a text alike, the
# first is named.
SINGLE: tuple[tuple[str, str, float], ...] = (
    ("windows-1252", WEST, 0),
    ("windows-1251", CYRILLIC, 0),
    ("windows-1250", CENTRE, 0),
    ("windows-1253", "el", 0),
    ("windows-1254", "tr az", 0),
    ("windows-1255", "he", 0),
    ("windows-1256", "ar fa ur", 0),
    ("windows-1257", "et lt lv", 0),
    ("windows-1258", "vi", 0),
    ("windows-874", "th", 0),
    ("koi8-r", "bg ru", 1),
    ("koi8-u", "be ru uk", 2),
    ("iso-8859-2", CENTRE, 1),
    ("iso-8859-15", WEST, 2),
    ("iso-8859-5", CYRILLIC, 2),
    ("iso-8859-7", "el", 1),
    ("iso-8859-6", "ar", 2),
    ("iso-8859-13", "et lt lv", 2),
    ("iso-8859-4", "et lt lv", 3),
    ("iso-8859-16", "ro", 3),
    ("ibm866", "be bg ru uk", 3),
    ("ibm850", WEST, 6),
    ("ibm852", CENTRE, 6),
    ("ibm857", "tr az", 6),
    ("ibm775", "et lt lv", 7),
    ("ibm855", CYRILLIC, 7),
    ("ibm737", "el", 7),
    ("ibm862", "he", 7),
    ("macintosh", WEST, 7),
    ("x-mac-ce", CENTRE, 9),
    ("x-mac-cyrillic", CYRILLIC, 8),
    ("kz-1048", "kk", 4),
)
DOUBLE: tuple[tuple[str, str, float], ...] = (
    ("gb18030", "zh-Hans", 0),
    ("big5", "zh-Hant", 0),
    ("shift_jis", "ja", 0),
    ("euc-kr", "ko", 0),
    ("euc-jp", "ja", 1),
    ("gb18030", "zh-Hant", 2),
)
# What delimits here may be the second byte of a letter there, so words end at bytes below 0x40 only.
WORD = re.compile(rb"[\x40-\x7e\x80-\xff]+")
WORDS = 1000
LONGEST = 64
LISTED = 5
NOISE = 14.0
TEMPER = 4.0
SUREST = 0.99
CASE = 9.0  # bits of a capital after a small letter
SWITCH = 2.0  # bits of a word of another language than most
JUMP = 8.0  # bits of an ASCII letter beside an ideograph


@dataclass(frozen=True)
class Likely:
    """What a text could be.

    Attributes:
        names: encodings with their confidence between 0 and 1, the likeliest first; of those that read the text alike
            only the first of `SINGLE` and `DOUBLE`.
        bits: what the likeliest reading costs for each byte that is not ASCII. Names in any language cost 4 to 13,
            noise costs 14 and more.
    """

    names: tuple[tuple[str, float], ...]
    bits: float

    @property
    def is_text(self) -> bool:
        """Whether the likeliest reading is one of words at all."""
        return self.bits < NOISE


def words_beyond_ascii(text: bytes) -> list[bytes]:
    r"""The words of a text that are not ASCII; in one go, however long its words are.

    >>> words_beyond_ascii("Zoë, Ada; André".encode("cp1252"))
    [b'Zo\xeb', b'Andr\xe9']
    """
    return [word for word in WORD.findall(text) if not word.isascii()]


def likeliest(text: bytes) -> Likely:
    """Encodings that a text could be in.

    Args:
        text: lines that are not UTF-8.

    Examples:
        >>> likeliest("Здравствуйте, Наталья Сергеевна".encode("koi8-r")).names[0][0]
        'koi8-r'
    """
    words = list(dict.fromkeys(word[:LONGEST] for word in words_beyond_ascii(text)))[:WORDS]
    sample = b"".join(word + b"\n" for word in words) or b"\n"
    edges = line_edges(sample)
    bits: dict[str, float] = {}
    for name, languages, rarer in (*SINGLE, *DOUBLE):
        cost = rarer + float(_costs(sample, edges, name, tuple(languages.split()), b"\n").sum())
        bits[name] = min(cost, bits.get(name, cost))
    cheapest: dict[str, tuple[str, float]] = {}
    for name, cost in bits.items():
        first, least = cheapest.setdefault(decoded(sample, code_page(name)), (name, cost))
        if cost < least:
            cheapest[decoded(sample, code_page(name))] = (first, cost)
    order = sorted(cheapest.values(), key=lambda found: found[1])[:LISTED]
    each = order[0][1] / max(len(sample.translate(None, bytes(range(128)))), 1)
    return Likely(_confidence(order, each), each)


def _confidence(order: list[tuple[str, float]], each: float) -> tuple[tuple[str, float], ...]:
    """Shares of likelihood, tempered, since words of one table are not independent, and less where none is words."""
    weights = [2.0 ** (-(bits - order[0][1]) / TEMPER) for _, bits in order]
    sure = SUREST * min(max((NOISE + 1 - each) / 2, 0.05), 1.0)
    return tuple(
        (name, round(sure * weight / sum(weights), 4))
        for (name, _), weight in zip(order, weights, strict=True)
    )


def bits_by_line(data: bytes, edges: Offsets, name: str, end: bytes) -> NDArray[np.float64]:
    """What each line costs in an encoding for each of its bytes that are not ASCII; 0 for a line of ASCII.

    Args:
        data: some lines.
        edges: where they begin, and last where the data ends.
        name: one of `SINGLE` or `DOUBLE`.
        end: the byte that ends lines.
    """
    high = np.add.reduceat(np.frombuffer(data, np.uint8) >= 0x80, edges[:-1], dtype=np.int64)
    languages = next(languages for of, languages, _ in (*SINGLE, *DOUBLE) if of == name)
    return _costs(data, edges, name, tuple(languages.split()), end) / np.maximum(high, 1)


def _costs(
    data: bytes, edges: Offsets, name: str, languages: tuple[str, ...], end: bytes
) -> NDArray[np.float64]:
    """Bits of each line."""
    if code_page(name).family == "double":
        return _of_ideographs(data, name, languages[0], end)
    values = np.frombuffer(b"\n" + data, np.uint8)
    upper, lower, classes = _classes(name, languages)
    case = CASE * (lower[values[:-1]] & upper[values[1:]])
    costs = np.empty((len(languages), len(edges) - 1), np.float64)
    for language, table, row in zip(languages, classes, costs, strict=True):
        found = table[values]
        row[:] = np.add.reduceat(letters_of(language).surprise[found[:-1], found[1:]] + case, edges[:-1])
    # Tables of people have names of other languages too.
    main = costs[costs.sum(axis=1).argmin()]
    return np.asarray(np.minimum(main, costs.min(axis=0) + SWITCH))


@cache
def _classes(
    name: str, languages: tuple[str, ...]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], list[NDArray[np.uint8]]]:
    """Of each byte in an encoding: whether it is a capital or a small letter, and its class in each language."""
    characters = decoded(bytes(range(256)), code_page(name))
    upper = np.array([character.isupper() for character in characters])
    lower = np.array([character.islower() for character in characters])
    return upper, lower, [letters_of(language).classes(characters) for language in languages]


def _of_ideographs(data: bytes, name: str, language: str, end: bytes) -> NDArray[np.float64]:
    text = decoded(data, code_page(name))
    plain = np.minimum(np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32), 0xFFFF)
    letter = ((plain | 0x20) >= 0x61) & ((plain | 0x20) <= 0x7A)
    high = plain >= 0x80
    bits = bits_of(language)[plain].astype(np.float64)
    bits[1:] += JUMP * (letter[1:] & high[:-1] | letter[:-1] & high[1:])
    ends = np.flatnonzero(plain == end[0]) + 1
    return np.asarray(np.add.reduceat(bits, np.concatenate([[0], ends[ends < len(plain)]])))
