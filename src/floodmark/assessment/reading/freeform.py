"""A line of a pasted table, cut into cells: `Egypt - 44,823,547`, `1. Egypt 44M $500`, `44 million Egypt`.

>>> [one.text for one in cells_of("1. Egypt: 44.8M - $500")]
['Egypt', '44.8M', '$500']
>>> [one.kind for one in cells_of("Saudi Arabia 28 804 686   Italy 35,677,323")]
['country', 'number', 'country', 'number']
"""

from __future__ import annotations

import re
from dataclasses import replace

from floodmark.assessment.reading.calling_codes import calling_codes
from floodmark.assessment.reading.cells import Cell, cell
from floodmark.assessment.reading.numerals import plain

LONGEST_LINE = 8_000
MOST_WORDS = 8
MOST_PAIRS = 300
_PAIRS = re.compile(r"[,;]\s+|;|\s+/\s+|\s+(?:and|und|et|y|e)\s+")
_BULLET = re.compile(r"(?:[-*•·▪►●○‣➤✅✔️>#]+\s+|\(?[0-9]{1,4}[.):]\s+(?=\D))+")
_RANK = re.compile(r"[0-9]{1,3}\s+(?=[^\W\d_].*[0-9])")
_SEGMENTS = re.compile(r"\t|\s{2,}|\s*[|¦]\s*")
_PIECES = re.compile(r"\s+[-–—:=/]+>?\s+|\s*[:=→;()\[\]]\s*|\s*->\s*|,\s+|\s+(?:for|at|from|of|in|=>)\s+")
# A hyphen parts a label from its number, unless something else has parted them and it is a minus.
_SEPARATOR = re.compile(
    r"\A(?:(?<!\s)[-–—]+>?\s*(?=\S)|[-–—]+>?\s+(?=\S)|->\s*|[:=→,;.|·…_\s]+(?:[-–—]+>?\s+)?)"
)
_MINUS = re.compile(r"\s+[-–—](?=[0-9])")
_OF = re.compile(r"\A(?:of|von|de|di|do|des)\s+(?=\S*[0-9])", re.IGNORECASE)
# What stands between a country and its count and is neither: its calling code, or a year.
_CALLING = re.compile(r"\A(?:\(\s*\+?([0-9]{1,4})\s*\)|\+([0-9]{1,3})(?=\s))\s*[-–—:=]?\s*(?=\S)")
_YEAR = re.compile(r"\A(?:\((?:19|20)[0-9]{2}\)\s*[-–—:=]?|(?:19|20)[0-9]{2}\s*:)\s*(?=\S)")
_BRACKETED = re.compile(r"\([^()]*\)")
_MOST_SPACED = 100_000
_EDGES = " -–—:=→>,;.|·…_(["
_SIGNS = tuple("~≈∼><≥≤$€£¥₹+")
LABELS = ("country", "region", "others", "total", "part")
_NUMBERS = ("number", "price", "percent", "missing")


def cells_of(line: str) -> tuple[Cell, ...]:
    """Cells of a line, without its bullet or rank and without separators; none of a line that is too long."""
    if len(line) > LONGEST_LINE:
        return ()
    line = "\t".join(map(plain, line.split("\t"))).strip()
    line = _BULLET.sub("", line, count=1)
    if match := _RANK.match(line):
        line = line[match.end() :]
    found: list[Cell] = []
    for at, segment in enumerate(_pairs(line) or _SEGMENTS.split(line)):
        found += _of_segment(_without_rank(segment) if at else segment)
    return tuple(found)


def _without_rank(segment: str) -> str:
    segment = _BULLET.sub("", segment, count=1)
    match = _RANK.match(segment)
    return segment[match.end() :] if match else segment


def _pairs(line: str) -> list[str]:
    """Parts of `Egypt: 44M, Italy: 35M; US 32M`, each a country with its number."""
    parts = [part for part in _PAIRS.split(line) if part.strip()]
    if len(parts) < 2 or len(parts) > MOST_PAIRS:
        return []
    cut = [_labelled(part) for part in parts]
    return parts if all(len(one) > 1 and one[1].kind in _NUMBERS for one in cut) else []


def _of_segment(segment: str) -> list[Cell]:
    whole = cell(segment)
    if whole.kind == "empty":
        return []
    if whole.kind != "text":
        return [whole]
    return _labelled(segment) or _number_first(segment) or _unknown(segment) or [whole]


def _labelled(segment: str) -> list[Cell]:
    """A label that is known, in the first words, and the numbers behind it."""
    words = list(re.finditer(r"\S+", segment))[: MOST_WORDS + 1]
    ends = [word.end() for word in words[:MOST_WORDS]]
    # The label may end within a word: `Egypt:44M`, `Egypt-44M`.
    ends += [match.start() for match in re.finditer(r"[:=(\[→-]|(?<=\D)(?=[0-9])", segment[:80])]
    for end in sorted({*ends}, reverse=True):
        name = segment[:end].strip(_EDGES)
        if name.endswith(_SIGNS) or any(map(str.isdecimal, name)):
            continue
        label = cell(name)
        if label.kind in LABELS:
            return [label, *_values(segment[segment.index(name) + len(name) :])]
    return []


def _number_first(segment: str) -> list[Cell]:
    words = segment.split(" ")
    for end in range(min(len(words) - 1, MOST_WORDS), 0, -1):
        number = cell(" ".join(words[:end]).strip(_EDGES))
        if number.kind in ("number", "price"):
            label = re.sub(r"(?:from|in|of|for|de|aus|von)\s+", "", " ".join(words[end:]).strip(_EDGES))
            named = cell(label)
            return [named, number] if named.kind in LABELS else []
    return []


def _unknown(segment: str) -> list[Cell]:
    """A label that is not known, where a number alone stands behind it."""
    match = re.search(r"(?<=[\s:=(\[→-])[~<>≈$€£]?[0-9]", segment)
    if match is None or not match.start():
        return []
    label = segment[: match.start()].strip(_EDGES)
    if len(label.split()) > MOST_WORDS:
        return []
    values = _values(segment[match.start() :])
    return (
        [Cell("text", plain(label)), *values] if label and all(one.kind in _NUMBERS for one in values) else []
    )


def _values(rest: str) -> list[Cell]:
    """Cells behind a label, without its calling code and without a year before a colon."""
    below_zero = _MINUS.match(rest)
    rest = rest.strip() if below_zero else _SEPARATOR.sub("", rest.strip(), count=1).strip()
    for pattern in (_CALLING, _YEAR):
        match = pattern.match(rest)
        if match is None or (pattern is _CALLING and int(match[1] or match[2]) not in calling_codes()):
            continue
        behind = _cut_values(rest[match.end() :])
        if any(one.kind == "number" for one in behind):
            return behind
    return _cut_values(rest)


def _cut_values(rest: str) -> list[Cell]:
    bracketed = bool(_BRACKETED.fullmatch(rest))
    rest = _OF.sub("", rest.strip("()") if bracketed else rest)
    if not rest:
        return []
    whole = cell(rest)
    if _may_be_two(whole):
        return [Cell("text", rest)]
    if whole.kind in _NUMBERS:
        return [replace(whole, bracketed=bracketed)]
    found = [cell(piece.strip(" –—")) for piece in _PIECES.split(rest) if piece]
    if not any(one.kind in _NUMBERS for one in found):
        found = _worded(rest)
    return [one for one in found if one.kind != "empty"]


def _may_be_two(one: Cell) -> bool:
    """Whether a price is so parted by spaces that a count may stand before it: `44 823 547 100$`."""
    return (
        one.kind == "price"
        and one.said is not None
        and any(each.group == " " and each.value >= _MOST_SPACED for each in one.said.candidates)
    )


def _worded(rest: str) -> list[Cell]:
    """Numbers parted by single spaces: `44M $500`."""
    words = [cell(word) for word in rest.split()[:MOST_WORDS]]
    return words if all(one.kind in _NUMBERS for one in words) else [cell(rest)]
