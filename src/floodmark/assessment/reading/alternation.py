"""One cell a line, with the number above its country or below it: told by what the text begins and ends with.

>>> from floodmark.assessment.reading.freeform import cells_of
>>> turned([cells_of(line) for line in ("44M", "Egypt", "35M", "Italy")]).pairs
((0, 1), (2, 3))
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from floodmark.assessment.reading.cells import Cell

LABELS = ("country", "region", "others", "total", "part")
_NUMBERS = ("number", "price", "percent", "missing")


@dataclass(frozen=True)
class Turned:
    """Lines of numbers above lines of countries.

    Attributes:
        pairs: a line with a number and the line with its country, from 0.
        unclear: whether a number stands above the first country, and what follows does not tell whose it is.
    """

    pairs: tuple[tuple[int, int], ...] = ()
    unclear: bool = False


def turned(cut: Sequence[Sequence[Cell]]) -> Turned:
    """Whether numbers stand above their countries.

    Args:
        cut: cells of each line.
    """
    first = next((at for at, cells in enumerate(cut) if _is_label(cells)), 0)
    if not first or not _is_number(cut[first - 1]):
        return Turned()
    rows = [*range(first - 1, len(cut))]
    while rows and not (_is_label(cut[rows[-1]]) or _is_number(cut[rows[-1]])):
        rows.pop()
    above, below = rows[::2], rows[1::2]
    if (
        len(above) == len(below)
        and all(_is_number(cut[at]) for at in above)
        and all(len(cut[at]) == 1 and not _is_number(cut[at]) for at in below)
    ):
        return Turned(tuple(zip(above, below, strict=True)))
    # 487M records, and below it countries with their numbers: what the first number counts is said.
    if cut[rows[0]][0].of and below and len(above) > len(below) and all(_is_label(cut[at]) for at in below):
        return Turned()
    return Turned(unclear=any(_is_number(cut[at]) for at in rows[2:]))


def _is_label(cells: Sequence[Cell]) -> bool:
    return len(cells) == 1 and cells[0].kind in LABELS


def _is_number(cells: Sequence[Cell]) -> bool:
    return len(cells) == 1 and cells[0].kind in _NUMBERS and cells[0].of != "countries"
