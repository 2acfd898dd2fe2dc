"""Tables of Unicode for the browser, which must not depend on the version that a browser has.

The mapping of domain names is that of the pinned `idna`. All else is Unicode 14.0, whatever Python compiles it: a
later character has no category and no direction, as for the Python that canon 1 was made with. Only the first
normalisation of an address is done by Polars, so the browser's table of it has what Polars' has.
"""

from __future__ import annotations

import bisect
import re
import unicodedata
from functools import cache
from itertools import pairwise

import polars as pl
from browser_packing import pack, pack_runs, signed
from idna import idnadata, uts46data
from idna.intranges import intranges_contain

from floodmark.identifiers import emails

CODE_POINTS = range(0x110000)
SURROGATES = range(0xD800, 0xE000)
HANGUL = range(0xAC00, 0xD7A4)
STD3_REFUSED = re.compile(r"[\x00-\x2c\x2f\x3a-\x60\x7b-\x7f]")
DIRECTIONS = {
    "L": 1,
    "R": 2,
    "AL": 3,
    "AN": 4,
    "EN": 5,
    "NSM": 6,
    "ES": 7,
    "CS": 7,
    "ET": 7,
    "ON": 7,
    "BN": 7,
}
OTHER_DIRECTION, LATER = 8, 0
JOINING = {"T": 1, "L": 2, "R": 3, "D": 4}

Mapping = str | None  # "V" valid, "X" refused, "I" dropped, "M…" replaced by what follows, None of no account


@cache
def characters() -> pl.Series:
    """Every code point as text; a surrogate is none and stands as `a`."""
    return pl.Series(["a" if code in SURROGATES else chr(code) for code in CODE_POINTS])


def local_parts() -> str:
    """Runs: 0 later than Unicode 14.0, 1 fit for a local part, 2 older but not fit (white space, controls)."""
    known = characters().str.contains(r"^\p{Age:14.0}$")
    fit = characters().str.contains(emails._INTERNATIONAL_LOCAL)
    return pack_runs([int(fit) or 2 * int(known) for known, fit in zip(known, fit, strict=True)])


def decimal_digits() -> str:
    """A pattern's class of the decimal digits that Polars knows and `phones_text` does not fold, with ASCII's."""
    later = characters().str.contains(r"^\d$") & ~characters().str.contains(r"^\p{Age:14.0}$")
    found = later.arg_true().to_list()
    starts = [code for code in found if code - 1 not in found]
    ends = [code for code in found if code + 1 not in found]
    return "0-9" + "".join(f"\\u{{{a:x}}}-\\u{{{b:x}}}" for a, b in zip(starts, ends, strict=True))


def decompositions() -> tuple[str, str]:
    """Code points with a canonical decomposition into one or two, and which of the pairs do not compose again.

    Returns:
        For each: step from the code point before, first (relative to the code point, signed), second + 1 or 0; and the
        code points whose pair does not compose, each as its step from the one before.
    """
    full = characters().str.normalize("NFD")
    stable = characters().str.normalize("NFC") == characters()
    changed = [code for code in (full != characters()).arg_true().to_list() if code not in HANGUL]
    by_full = {full[code]: code for code in changed if stable[code]}
    rows, apart, before, before_apart = [], [], 0, 0
    for code in changed:
        first, second = _one_step(code, full[code], by_full)
        rows += [code - before, signed(first - code), second + 1 if second else 0]
        before = code
        if second and not stable[code]:
            apart.append(code - before_apart)
            before_apart = code
    return pack(rows), pack(apart)


def _one_step(code: int, full: str, by_full: dict[str, int]) -> tuple[int, int]:
    known = unicodedata.decomposition(chr(code))
    if known:
        first, *second = (int(one, 16) for one in known.split())
        return first, second[0] if second else 0
    if len(full) == 1:
        return ord(full), 0
    return by_full[full[:-1]] if len(full) > 2 else ord(full[0]), ord(full[-1])


def combining_classes() -> str:
    """Step, length and class of each run of code points with a combining class other than 0."""
    classes = {code: unicodedata.combining(chr(code)) for code in CODE_POINTS if _is_known(code)}
    examples = {classes[code]: chr(code) for code in classes if not unicodedata.decomposition(chr(code))}
    classes.update(_later_classes({number: examples[number] for number in sorted(examples) if number}))
    codes = sorted(code for code, number in classes.items() if number)
    starts = [codes[0], *(b for a, b in pairwise(codes) if b != a + 1 or classes[a] != classes[b])]
    packed, after = [], 0
    for start in starts:
        end = start
        while classes.get(end) == classes[start]:
            end += 1
        packed += [start - after, end - start - 1, classes[start]]
        after = end
    return pack(packed)


def _later_classes(examples: dict[int, str]) -> dict[int, int]:
    """Classes of marks after Unicode 14.0, by where Polars puts them beside marks of every class, lowest first."""
    frame = pl.DataFrame({"code": CODE_POINTS, "mark": characters(), "known": _known()})
    frame = frame.filter(~pl.col("known") & (pl.col("mark").str.normalize("NFD") == pl.col("mark")))
    numbers = list(examples)

    def overtakes(number: int) -> pl.Expr:
        behind = pl.concat_str(pl.lit(f"a{examples[number]}"), "mark")
        return behind.str.normalize("NFD") != behind

    ahead = pl.concat_str(pl.lit("a"), "mark", pl.lit(examples[numbers[0]]))
    marks = frame.filter(overtakes(numbers[-1]) | (ahead.str.normalize("NFD") != ahead))
    # A mark's class is the highest of those that it does not overtake.
    number = pl.max_horizontal(pl.when(~overtakes(one)).then(one) for one in numbers)
    return dict(marks.select("code", number).iter_rows())


def _is_known(code: int) -> bool:
    return bool(_known()[code])


@cache
def _known() -> list[bool]:
    return characters().str.contains(r"^\p{Age:14.0}$").to_list()


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
        if _is_known(code):
            direction = DIRECTIONS.get(unicodedata.bidirectional(chr(code)), OTHER_DIRECTION)
            mark = int(unicodedata.category(chr(code)).startswith("M"))
        one = f"{direction}{joining.get(code, 0)}{mark}"
        values.append(classes.setdefault(one, len(classes)))
    return pack_runs(values), " ".join(classes)


def _members(ranges: tuple[int, ...] | None) -> list[int]:
    return [code for code in CODE_POINTS if ranges is not None and intranges_contain(code, ranges)]
