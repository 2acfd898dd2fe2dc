"""What Unicode 14.0 says of characters, whichever version the interpreter has.

The table ships as data (`data/unassigned-14.0.tsv`, from `tools/compile_characters.py`): canon 1 is of Unicode 14.0,
and nothing of it may change with a newer Python.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cache
from importlib.resources import files

UNICODE = "14.0"


def is_assigned(character: str) -> bool:
    """Whether Unicode 14.0 has it.

    Examples:
        >>> is_assigned("я"), is_assigned(chr(0x1FAE8))  # a face of Unicode 15.0
        (True, False)
    """
    if character.isascii():
        return True
    starts, ends = _unassigned()
    at = bisect_right(starts, ord(character)) - 1
    return ord(character) > ends[at]


@cache
def _unassigned() -> tuple[list[int], list[int]]:
    """First and last code point of every run that has no character."""
    text = files("floodmark.identifiers").joinpath("data", f"unassigned-{UNICODE}.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    return [0, *(int(first, 16) for first, _ in rows)], [0, *(int(last, 16) for _, last in rows)]
