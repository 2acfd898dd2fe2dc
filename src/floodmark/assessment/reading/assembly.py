"""Rows of countries from entries: what each number means, what is left out, and what does not fit together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from floodmark.assessment.reading.countries import suggestions
from floodmark.assessment.reading.decimal_marks import Marks, marks_of
from floodmark.assessment.reading.entries import Entries, Entry
from floodmark.assessment.reading.table_checks import check
from floodmark.assessment.reading.table_warnings import TableWarning
from floodmark.assessment.statements.country_table import CountryRow, Price
from floodmark.assessment.statements.quantity import Quantity
from floodmark.reports.labels import column_name, country_name
from floodmark.reports.numbers import listing


@dataclass
class Made:
    """Rows, and what there is to say of them."""

    rows: list[CountryRow] = field(default_factory=list)
    total: Quantity | None = None
    countries: Quantity | None = None
    of: str = ""
    understood: list[str] = field(default_factory=list)
    warnings: list[TableWarning] = field(default_factory=list)

    def warn(self, slug: str, words: str, line: int | None = None) -> None:
        """Add a warning."""
        self.warnings.append(TableWarning(slug, words, line))


def assemble(found: Entries, currency: str = "") -> Made:
    """Rows in the table's order, at most one of a country."""
    made = Made()
    marks = marks_of([one.count for one in found.entries if one.count is not None])
    if marks.words:
        made.understood.append(marks.words)
    named = {one.label.countries[0] for one in found.entries if len(one.label.countries) == 1}
    lines: dict[str, int] = {}
    totals: list[tuple[int, Quantity]] = []
    for entry in found.entries:
        _one(made, entry, marks, named, lines, totals, currency)
    _totals(made, totals)
    _countries(made, found, marks)
    counted = Counter(one.count.of for one in found.entries if one.count is not None and one.count.of)
    made.of = next(iter(counted), "") if len(counted) == 1 else ""
    _left_out(made, found)
    check(made.rows, made.total, made.countries, lines, made.warn)
    made.warnings.sort(key=lambda one: one.line or 0)
    made.understood.append(_summary(made))
    return made


def _one(
    made: Made,
    entry: Entry,
    marks: Marks,
    named: set[str],
    lines: dict[str, int],
    totals: list[tuple[int, Quantity]],
    currency: str,
) -> None:
    """One entry, into a row, a total or a warning."""
    label = entry.label
    if label.kind == "region":
        made.warn(
            "region",
            f"Line {entry.line} is of a part of the world, not of a country; it is left out.",
            entry.line,
        )
        return
    if label.kind not in ("country", "total"):
        _unknown(made, entry)
        return
    country = "" if label.kind == "total" else _country(made, entry, named)
    if country is None:
        return
    name = country_name(country) if country else "the total"
    count = _count(made, entry, marks, name)
    if not country:
        if count is not None:
            totals.append((entry.line, count))
        return
    price = _price(made, entry, currency, name)
    if count is None and price is None:
        if entry.count is None or entry.count.kind == "missing":
            made.warn("no-count", f"Line {entry.line} has no count of {name}; it is left out.", entry.line)
        return
    _put(made, CountryRow(country, count, price), entry.line, lines, name)


def _put(made: Made, row: CountryRow, line: int, lines: dict[str, int], name: str) -> None:
    if row.country not in lines:
        lines[row.country] = line
        made.rows.append(row)
        return
    at = next(at for at, one in enumerate(made.rows) if one.country == row.country)
    first, same = made.rows[at], made.rows[at].count == row.count
    if first.count is None or row.count is None:
        made.rows[at] = CountryRow(row.country, first.count or row.count, first.price or row.price)
        made.warn(
            "twice", f"{name} stands in lines {lines[row.country]} and {line}; they were put together.", line
        )
    elif same:
        made.warn("twice", f"{name} stands in lines {lines[row.country]} and {line} with one count.", line)
    else:
        made.warn(
            "twice-different",
            f"{name} has two counts, {first.count.value:,} in line {lines[row.country]} and {row.count.value:,} in "
            f"line {line}; the first is kept.",
            line,
        )


def _country(made: Made, entry: Entry, named: set[str]) -> str | None:
    codes = entry.label.countries
    if len(codes) == 1:
        return codes[0]
    names = " or ".join(map(country_name, codes))
    left = [code for code in codes if code not in named]
    if len(left) == 1:
        made.understood.append(
            f"Line {entry.line} can be {names}; it is read as {country_name(left[0])}, since the other has its own line."
        )
        return left[0]
    made.warn("unclear-country", f"Line {entry.line} can be {names}; it is left out.", entry.line)
    return None


def _unknown(made: Made, entry: Entry) -> None:
    near = suggestions(entry.label.text)
    shown = column_name(entry.label.text, 40)
    hint = f" Is it {listing(list(map(country_name, near)))}?" if near else ""
    name = f": {shown}" if entry.label.text and "▮" not in shown else ""
    made.warn("unknown-country", f"Line {entry.line} names no country that is known{name}.{hint}", entry.line)


def _count(made: Made, entry: Entry, marks: Marks, name: str) -> Quantity | None:
    one = entry.count
    if one is None or one.kind == "missing":
        return None
    if one.said is None:
        made.warn("no-number", f"The count of {name} in line {entry.line} is no number.", entry.line)
        return None
    if one.said.negative:
        made.warn(
            "negative", f"The count of {name} in line {entry.line} is below zero; it is left out.", entry.line
        )
        return None
    if one.said.percent:
        made.warn(
            "percent", f"Line {entry.line} has a share of {name} and no count; it is left out.", entry.line
        )
        return None
    if one.said.noted:
        made.warn(
            "footnote",
            f"The count of {name} in line {entry.line} has a footnote, which was not read.",
            entry.line,
        )
    quantities = marks.quantities(one.said, entry.factor)
    if len(quantities) == 1:
        return quantities[0]
    if quantities:
        values = " or ".join(f"{value.value:,}" for value in quantities)
        made.warn(
            "unclear-number",
            f"The count of {name} in line {entry.line} can be {values}; it is left out.",
            entry.line,
        )
    else:
        made.warn(
            "fraction",
            f"The count of {name} in line {entry.line} is no whole number up to 10^15; it is left out.",
            entry.line,
        )
    return None


def _price(made: Made, entry: Entry, currency: str, name: str) -> Price | None:
    one = entry.price
    if one is None or one.said is None:
        return None
    code = one.currency or currency
    quantities = one.said.quantities()
    if one.said.negative or one.said.percent or len(quantities) != 1:
        made.warn(
            "unclear-price",
            f"The price of {name} in line {entry.line} is not clear; it is left out.",
            entry.line,
        )
        return None
    if not code:
        made.warn(
            "no-currency",
            f"The price of {name} in line {entry.line} names no currency; it is left out.",
            entry.line,
        )
        return None
    return Price(quantities[0], code)


def _totals(made: Made, totals: Sequence[tuple[int, Quantity]]) -> None:
    values = {one for _, one in totals}
    if len(values) == 1:
        made.total = totals[0][1]
    elif totals:
        said = " and ".join(f"{one.value:,} in line {line}" for line, one in totals[:4])
        made.warn("two-totals", f"There are {len(totals)} totals, {said}; none is taken.", totals[1][0])


def _countries(made: Made, found: Entries, marks: Marks) -> None:
    values = {q for _, one in found.countries if one.said for q in marks.quantities(one.said, 1)}
    if len(values) == 1:
        made.countries = next(iter(values))


def _left_out(made: Made, found: Entries) -> None:
    shares = [one.line for one in found.entries if one.shares]
    if shares:
        made.warn("percent", f"{len(shares)} lines have shares, which are not read.", shares[0])
    further = [one.line for one in found.entries if one.further]
    if further:
        made.warn(
            "further-numbers",
            f"{len(further)} lines have more numbers than a count and a price, which are not read: "
            f"{listing([str(line) for line in further])}.",
            further[0],
        )
    if found.passed_over:
        lines = listing([str(line) for line in found.passed_over])
        made.understood.append(f"Passed over, as they name no country with a number: lines {lines}.")


def _summary(made: Made) -> str:
    counts = [row for row in made.rows if row.count is not None]
    prices = sum(row.price is not None for row in made.rows)
    total = f", a total of {made.total.value:,}" if made.total else ", no total"
    sum_ = sum(row.count.value for row in counts if row.count)
    priced = f", {prices} of them with a price" if prices else ""
    return f"{len(made.rows)} countries{priced}; counts that add up to {sum_:,}{total}."
