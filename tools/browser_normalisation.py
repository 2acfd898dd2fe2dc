"""Tables of Normalisation Form C for the browser: those of Polars, which normalises an address first.

Characters up to Unicode 14.0 are taken from Python, which never change; what Polars does to later ones tells theirs.
"""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import polars as pl
from browser_characters import CODE_POINTS, characters, known
from browser_packing import pack, signed

HANGUL = range(0xAC00, 0xD7A4)


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
    classes = {code: unicodedata.combining(chr(code)) for code in CODE_POINTS if known()[code]}
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
    frame = pl.DataFrame({"code": CODE_POINTS, "mark": characters(), "known": known()})
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
