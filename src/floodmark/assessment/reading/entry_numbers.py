"""The count and the price of an entry, or a warning why there is none."""

from __future__ import annotations

from floodmark.assessment.reading.cells import Cell
from floodmark.assessment.reading.decimal_marks import Marks
from floodmark.assessment.reading.entries import Entry
from floodmark.assessment.reading.money import price_of_said
from floodmark.assessment.reading.numbers import ABSURD, Ambiguous
from floodmark.assessment.reading.table_warnings import Warnings
from floodmark.assessment.statements.country_table import Price
from floodmark.assessment.statements.quantity import Quantity


def count_of(entry: Entry, marks: Marks, name: str, warned: Warnings) -> Quantity | None:
    """The count; None where there is none, which is warned of unless its cell says so or is empty.

    Args:
        entry: what was read of a line.
        marks: of the table's numbers.
        name: of whom, for warnings.
        warned: takes the warning.
    """
    one = entry.count
    if one is None or one.kind == "missing":
        return None
    of = f"The count of {name} in line {entry.line}"
    quantities: tuple[Quantity, ...] = ()
    slug, what = _no_count(entry, one)
    if not slug and one.said is not None:
        if one.said.noted:
            warned.add("footnote", f"{of} has a footnote, which was not read.", entry.line)
        quantities = marks.quantities(one.said, 1 if one.said.scaled else entry.factor)
        slug, what = _unfit(quantities)
    if slug:
        warned.add(slug, f"{of} {what}; it is left out.", entry.line)
        return None
    return quantities[0]


def _no_count(entry: Entry, one: Cell) -> tuple[str, str]:
    """Why a cell is no count, as a warning's slug and words; empty where it is one."""
    if entry.unclear:
        return "further-numbers" if entry.more else "unclear-number", entry.unclear
    if one.said is None:
        return "no-number", "is no number"
    if one.said.negative:
        return "negative", "is below zero"
    if one.said.percent:
        return "percent", "is a share"
    return ("no-number", "is a sum of money") if one.kind == "price" else ("", "")


def _unfit(quantities: tuple[Quantity, ...]) -> tuple[str, str]:
    """Why readings of a number give no count, as a warning's slug and words; empty where there is one."""
    if not quantities:
        return "fraction", "is no whole number up to 10^15"
    if quantities[0].value > ABSURD:
        return "absurd", "is over ten times the people of the world"
    return ("unclear-number", "can be read in two ways") if len(quantities) > 1 else ("", "")


def price_of(entry: Entry, currency: str, name: str, warned: Warnings) -> Price | None:
    """The price; None where there is none that is clear, which is warned of.

    Args:
        entry: what was read of a line.
        currency: of a price that names none.
        name: of whom, for warnings.
        warned: takes the warning.
    """
    one = entry.price
    if one is None or one.said is None:
        return None
    of = f"The price of {name} in line {entry.line}"
    code = one.currency or entry.currency or currency
    if not code:
        warned.add("no-currency", f"{of} names no currency; it is left out.", entry.line)
        return None
    found = price_of_said(one.said, code) if entry.price_factor == 1 else None
    if found is None or isinstance(found, Ambiguous):
        warned.add("unclear-price", f"{of} is not clear; it is left out.", entry.line)
        return None
    return found
