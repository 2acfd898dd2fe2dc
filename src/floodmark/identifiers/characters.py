"""What Unicode 14.0 says of characters, whichever version the interpreter has.

The table ships as data (`data/characters-14.0.tsv`, from `tools/compile_characters.py`): canon 1 is of Unicode 14.0,
and nothing of it may change with a newer Python.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cache
from importlib.resources import files
from typing import Literal

UNICODE = "14.0"

Kind = Literal["unassigned", "unwritten"]


def is_assigned(character: str) -> bool:
    """Whether Unicode 14.0 has it.

    Examples:
        >>> is_assigned("я"), is_assigned(chr(0x1FAE8))  # a face of Unicode 15.0
        (True, False)
    """
    return character.isascii() or _kind(character) != "unassigned"


def is_unwritten(character: str) -> bool:
    """Whether it is beyond ASCII and nobody's address is written with it, though canon 1 takes it.

    That is punctuation and signs, other looks of letters and digits (full-width, circled, ligatures of Latin letters)
    and what cannot be seen. It comes with text that was pasted: a quotation mark, a bullet, a picture.

    Examples:
        >>> [is_unwritten(one) for one in "“•…ａﬁ"], [is_unwritten(one) for one in "éя漢ำ"]
        ([True, True, True, True, True], [False, False, False, False])
    """
    return not character.isascii() and _kind(character) == "unwritten"


def _kind(character: str) -> Kind | None:
    starts, ends, kinds = _runs()
    at = bisect_right(starts, ord(character)) - 1
    return kinds[at] if at >= 0 and ord(character) <= ends[at] else None


@cache
def _runs() -> tuple[list[int], list[int], list[Kind]]:
    text = files("floodmark.identifiers").joinpath("data", f"characters-{UNICODE}.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    kinds: list[Kind] = ["unassigned" if kind == "unassigned" else "unwritten" for _, _, kind in rows]
    return [int(first, 16) for first, _, _ in rows], [int(last, 16) for _, last, _ in rows], kinds
