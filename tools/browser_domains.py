"""Tables of UTS-46 for the browser: the mapping of the pinned `idna`, and what its rules ask of characters."""

from __future__ import annotations

import bisect
import re
import unicodedata
from functools import cache

from browser_characters import CODE_POINTS, SURROGATES, characters, known
from browser_packing import pack, pack_runs, signed
from idna import idnadata, uts46data
from idna.intranges import intranges_contain

STD3_REFUSED = re.compile(r"[\x00-\x2c\x2f\x3a-\x60\x7b-\x7f]")
DIRECTIONS = {"L": 1, "R": 2, "AL": 3, "AN": 4, "EN": 5, "NSM": 6} | dict.fromkeys(
    ("ES", "CS", "ET", "ON", "BN"), 7
)
OTHER_DIRECTION, LATER = 8, 0
JOINING = {"T": 1, "L": 2, "R": 3, "D": 4}

Mapping = str | None  # "V" valid, "X" refused, "I" dropped, "M…" replaced by what follows, None of no account


@cache
def mappings() -> list[Mapping]:
    """What UTS-46 (non-transitional, UseSTD3ASCIIRules) makes of every code point.

    A code point that NFC changes is of no account: addresses are in NFC first, and an `xn--` label with one is refused
    whatever it maps to, since it differs from what UTS-46 makes of it.
    """
    stable = (characters().str.normalize("NFC") == characters()).to_list()
    return [_mapping(code) if stable[code] else None for code in CODE_POINTS]


def _mapping(code: int) -> Mapping:
    at = code if code < 256 else bisect.bisect_right(uts46data.uts46_starts, code) - 1
    status = chr(uts46data.uts46_statuses[at])
    if code in SURROGATES or status not in "VDIM":
        return "X"
    if status == "I":
        return "I"
    replacement = (uts46data.uts46_replacements[at] or "") if status == "M" else chr(code)
    if STD3_REFUSED.search(replacement):
        return "X"
    return "V" if status in "VD" else f"M{replacement}"


def domain_mappings() -> dict[str, str]:
    """The mappings in runs.

    `runs`: `8 × (length - 1) + what`, where what is 0 refused, 1 valid, 2 dropped, 3 moved by one distance, 4 in turn
    moved by 1 and valid (upper and lower case side by side), 5 replaced by a text each. `distances`: one for each run
    that is moved. `lengths`, `points`: of the texts; a first code point relative to the first of the text before, the
    others to the code point before.
    """
    table = mappings()
    packed, distances, texts = [], [], []
    at = 0
    while at < len(table):
        what, length = _run(table, at)
        packed.append(8 * (length - 1) + what)
        if what == 3:
            distances.append(signed(_distance(table, at) or 0))
        elif what == 5:
            texts += [(table[code] or "")[1:] for code in range(at, at + length)]
        at += length
    lengths, points, first = [], [], 0
    for text in texts:
        lengths.append(len(text) - 1)
        steps = zip([first, *map(ord, text)], map(ord, text), strict=False)
        points += [signed(point - before) for before, point in steps]
        first = ord(text[0])
    return {
        "runs": pack(packed),
        "distances": pack(distances),
        "lengths": pack(lengths),
        "points": pack(points),
    }


def _distance(table: list[Mapping], code: int) -> int | None:
    one = table[code] if code < len(table) else None
    return ord(one[1]) - code if one is not None and len(one) == 2 else None


def _run(table: list[Mapping], at: int) -> tuple[int, int]:
    """What the run that begins here is, and how long."""
    end = at
    if table[at] is None or len(table[at] or "") == 1:
        while end < len(table) and table[end] is None:
            end += 1
        value = table[end] if end < len(table) and len(table[end] or "") == 1 else "V"
        while end < len(table) and table[end] in (None, value):
            end += 1
        return "XVI".index(value or "V"), end - at
    distance = _distance(table, at)
    while distance is not None and _distance(table, end) == distance:
        end += 1
    if end - at > 1:
        return 3, end - at
    end = at
    while distance == 1 and _distance(table, end) == 1 and table[end + 1 : end + 2] == ["V"]:
        end += 2
    if end - at > 3:
        return 4, end - at
    end = at + 1
    while (table[end] or "").startswith("M") and _distances_differ(table, end):
        end += 1
    return 5, end - at


def _distances_differ(table: list[Mapping], at: int) -> bool:
    three = {_distance(table, code) for code in range(at, at + 3)}
    return len(three) > 1 or None in three


def domain_characters() -> tuple[str, str]:
    """Runs of classes of the characters that a mapped name can have, and what each class is.

    Returns:
        The runs; for each class `direction joining mark` as three digits: `DIRECTIONS` (0 for a character after Unicode
        14.0), `JOINING` (0 for none), 1 for a combining mark.
    """
    classes: dict[str, int] = {}
    joining = {
        code: number
        for kind, number in JOINING.items()
        for code in _members(idnadata.joining_types.get(kind))
    }
    values: list[int | None] = []
    for code, mapping in enumerate(mappings()):
        if mapping != "V":
            values.append(None)
            continue
        direction, mark = LATER, 0
        if known()[code]:
            direction = DIRECTIONS.get(unicodedata.bidirectional(chr(code)), OTHER_DIRECTION)
            mark = int(unicodedata.category(chr(code)).startswith("M"))
        one = f"{direction}{joining.get(code, 0)}{mark}"
        values.append(classes.setdefault(one, len(classes)))
    return pack_runs(values), " ".join(classes)


def _members(ranges: tuple[int, ...] | None) -> list[int]:
    return [code for code in CODE_POINTS if ranges is not None and intranges_contain(code, ranges)]
