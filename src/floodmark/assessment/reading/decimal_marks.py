"""Which mark parts groups of digits in a table and which is decimal, by the cells that leave no doubt.

>>> from floodmark.assessment.reading.cells import cell
>>> marks = marks_of([cell("44.8M"), cell("1.234M")])
>>> marks.quantities(cell("1.234M").said, 1)
(Quantity(value=1234000, digits=4, bound=''),)
>>> marks.words
'A number that can be read in two ways was read with "." as decimal mark, as other cells have it.'
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from floodmark.assessment.reading.cells import Cell
from floodmark.assessment.reading.numbers import Candidate, Said
from floodmark.assessment.statements.quantity import Quantity


@dataclass(frozen=True)
class Marks:
    """Marks that cells without doubt have, and a sentence where they decided on others."""

    decimal: frozenset[str] = frozenset()
    group: frozenset[str] = frozenset()
    words: str = ""

    def quantities(self, said: Said, factor: int) -> tuple[Quantity, ...]:
        """Readings of a number that are whole and fit the marks, in ascending order."""
        return Said(self.fitting(said), said.bound, scaled=said.scaled).quantities(factor)

    def fitting(self, said: Said) -> tuple[Candidate, ...]:
        """Readings that no other cell speaks against."""
        if len(said.candidates) < 2:
            return said.candidates
        found = tuple(one for one in said.candidates if self._fits(one))
        return found or said.candidates

    def _fits(self, one: Candidate) -> bool:
        return not (
            (one.decimal and one.decimal in self.group - self.decimal)
            or (one.group and one.group in self.decimal - self.group)
            or (not one.decimal and not one.group)
        )


def marks_of(cells: Sequence[Cell]) -> Marks:
    """Marks of a table's numbers."""
    said = [one.said for one in cells if one.said is not None]
    decimal, group = set(), set()
    for one in said:
        readings = {(candidate.decimal, candidate.group) for candidate in one.candidates}
        if len(readings) == 1:
            mark, parts = next(iter(readings))
            decimal |= {mark} - {""}
            group |= {parts} - {""}
    # What parts groups is not the decimal mark, and one table has one of each.
    if decimal == {"."} or (group == {","} and not decimal):
        group.add(",") if decimal == {"."} else decimal.add(".")
    elif decimal == {","} or (group == {"."} and not decimal):
        group.add(".") if decimal == {","} else decimal.add(",")
    marks = Marks(frozenset(decimal), frozenset(group))
    decided = [
        one for one in said if len(one.candidates) > 1 and (one.scaled) and len(marks.fitting(one)) == 1
    ]
    if not decided:
        return marks
    used = sorted({one.decimal or one.group for each in decided for one in marks.fitting(each)})
    what = "decimal mark" if marks.fitting(decided[0])[0].decimal else "mark between groups of digits"
    words = (
        f'A number that can be read in two ways was read with "{used[0]}" as {what}, as other cells have it.'
    )
    return Marks(marks.decimal, marks.group, words)
