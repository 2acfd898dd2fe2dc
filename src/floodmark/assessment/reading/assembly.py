"""Rows of countries from entries: what each number means, what is left out, and what does not fit together."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from floodmark.assessment.reading.countries import suggestions
from floodmark.assessment.reading.decimal_marks import Marks, marks_of
from floodmark.assessment.reading.dump_likeness import refuse_numbers, refuse_people
from floodmark.assessment.reading.entries import Entries, Entry
from floodmark.assessment.reading.entry_numbers import count_of, price_of
from floodmark.assessment.reading.folding import fold
from floodmark.assessment.reading.passed_lines import spoken_of
from floodmark.assessment.reading.table_checks import check
from floodmark.assessment.reading.table_warnings import TableWarning, Warnings
from floodmark.assessment.statements.country_table import CountryRow
from floodmark.assessment.statements.quantity import Quantity
from floodmark.reports.labels import column_name, country_name
from floodmark.reports.numbers import listing, plural

_POINT = re.compile(r"[0-9]{1,3}\.[0-9]{3}")
_AMERICA = ("america", "americas", "amerika", "amerique")


@dataclass
class Made:
    """Rows, and what there is to say of them.

    Attributes:
        rows: at most one of a country, in the table's order.
        total: what totals say, where they agree.
        countries: how many countries the text says there are.
        of: what the counts are of.
        understood: sentences on how the entries were read.
        warned: what to look at.
        lines: where each country's row stands.
        beside: counts of entries that are no country's: parts of the world, and all others.
    """

    rows: list[CountryRow] = field(default_factory=list)
    total: Quantity | None = None
    countries: Quantity | None = None
    of: str = ""
    understood: list[str] = field(default_factory=list)
    warned: Warnings = field(default_factory=Warnings)
    lines: dict[str, int] = field(default_factory=dict)
    beside: list[Quantity] = field(default_factory=list)

    @property
    def warnings(self) -> tuple[TableWarning, ...]:
        """Warnings in the order of their lines."""
        return self.warned.sorted()


def assemble(found: Entries, currency: str = "") -> Made:
    """Rows of a table's entries.

    Args:
        found: what was read of the text.
        currency: of prices that name none.

    Raises:
        LooksLikeDump: countries stand again and again, as in rows of people.
    """
    refuse_people([one.label.countries for one in found.entries])
    counts = [one.count.text for one in found.entries if one.count is not None and one.count.kind == "number"]
    refuse_numbers(counts, found.headed)
    units = _spoken_of(found)
    made = Made()
    marks = marks_of([one.count for one in found.entries if one.count is not None])
    named = {one.label.countries[0] for one in found.entries if len(one.label.countries) == 1}
    totals: list[tuple[int, Quantity]] = []
    parts = sum(one.label.kind == "region" for one in found.entries)
    for entry in found.entries:
        # America beside Africa and Asia is no country.
        kind = "region" if parts and fold(entry.label.text) in _AMERICA else entry.label.kind
        if kind == "total":
            count = count_of(entry, marks, "the total", made.warned)
            totals += [(entry.line, count)] if count is not None else []
        elif kind in ("region", "others"):
            _beside(made, entry, marks)
        elif kind == "part":
            made.warned.add(
                "unclear-country",
                f"Line {entry.line} may be of a part of a country, not of all of it; it is left out.",
                entry.line,
            )
        elif kind == "country":
            _country(made, entry, marks, currency)
        elif not _is_nameless_total(made, found, entry, marks, totals):
            _unknown(made, entry, len(named))
    made.total = _total(made, totals)
    made.countries = _stated(found, marks)
    made.of = _of(found)
    if _may_be_decimal(found):
        made.warned.add(
            "decimal-mark",
            "Every count has one point before three digits. They were read as whole numbers; are they decimals?",
        )
    for line, what, factor in units:
        read = " Counts were read so." if factor > 1 else " Is what was read a count?"
        made.warned.add("passed-over", f"Line {line} is not read as a row and speaks of {what}.{read}", line)
    check(made.rows, made.beside, made.total, made.countries, made.lines, made.warned)
    _left_out(made, found)
    if found.shifted is not None:
        made.warned.add(
            "shifted",
            "Numbers stand above and below countries, and it is not clear which belong together: numbers in lines of "
            "their own are left out.",
            found.shifted,
        )
    made.understood += [marks.words] if marks.words else []
    made.understood.append(_summary(made))
    return made


def _may_be_decimal(found: Entries) -> bool:
    """Whether every count is written as `44.823`, which may be 44,823 or 44.823 of a unit that is not said."""
    texts = [one.count.text for one in found.entries if one.count is not None and one.count.kind == "number"]
    return (
        len(texts) > 1 and all(one.factor == 1 for one in found.entries) and all(map(_POINT.fullmatch, texts))
    )


def _spoken_of(found: Entries) -> tuple[tuple[int, str, int], ...]:
    """What lines that are no rows say of the numbers; a unit above the table is that of counts without one."""
    first = min((one.line for one in found.entries), default=0)
    spoken = [one for one in spoken_of(found.passed_over) if one[0] <= first or one[2] > 1]
    factors = {factor for _, _, factor in spoken if factor > 1}
    applied = len(factors) == 1 and all(one.factor == 1 for one in found.entries)
    for entry in found.entries if applied else []:
        entry.factor = next(iter(factors))
    return tuple((line, what, factor if applied else 1) for line, what, factor in spoken)


def _country(made: Made, entry: Entry, marks: Marks, currency: str) -> None:
    country = _decided(made, entry)
    if country is None:
        return
    name = country_name(country)
    count = count_of(entry, marks, name, made.warned)
    price = price_of(entry, currency, name, made.warned)
    if count is not None or price is not None:
        _put(made, CountryRow(country, count, price), entry.line)
    elif entry.count is None or entry.count.kind == "missing":
        made.warned.add(
            "no-count",
            f"Line {entry.line} has no count of {name} that can be read; it is left out.",
            entry.line,
        )


def _decided(made: Made, entry: Entry) -> str | None:
    """The country of an entry; none of a name that several have, or of a name and a code that differ."""
    codes = entry.label.countries
    if len(codes) == 1:
        return codes[0]
    names = " or ".join(map(country_name, codes))
    made.warned.add("unclear-country", f"Line {entry.line} can be {names}; it is left out.", entry.line)
    return None


def _put(made: Made, row: CountryRow, line: int) -> None:
    if row.country not in made.lines:
        made.lines[row.country] = line
        made.rows.append(row)
        return
    at = next(at for at, one in enumerate(made.rows) if one.country == row.country)
    first = made.rows[at]
    both = f"{country_name(row.country)} stands in lines {made.lines[row.country]} and {line}"
    if first.count is None or row.count is None:
        made.rows[at] = CountryRow(row.country, first.count or row.count, first.price or row.price)
        made.warned.add("twice", f"{both}; they were put together.", line)
    elif first.count == row.count:
        made.warned.add("twice", f"{both} with one count.", line)
    else:
        made.warned.add("twice-different", f"{both} with different counts; the first is kept.", line)


def _beside(made: Made, entry: Entry, marks: Marks) -> None:
    what = "other countries" if entry.label.kind == "others" else "a part of the world"
    count = count_of(entry, marks, what, made.warned)
    made.beside += [count] if count is not None else []
    hint = " A seller who says Africa may mean South Africa: ask." if entry.label.text == "Africa" else ""
    made.warned.add(
        "others" if entry.label.kind == "others" else "region",
        f"Line {entry.line} is of {what}, not of one country; it is left out.{hint}",
        entry.line,
    )


def _is_nameless_total(
    made: Made, found: Entries, entry: Entry, marks: Marks, totals: list[tuple[int, Quantity]]
) -> bool:
    """Whether the last entry has no label, and the sum of all others as its count."""
    if entry.label.kind != "empty" or entry is not found.entries[-1] or totals:
        return False
    count = count_of(entry, marks, "the last line", Warnings())
    if count is None or count.value != sum(row.count.value for row in made.rows if row.count is not None):
        return False
    totals.append((entry.line, count))
    made.understood.append(
        f"Line {entry.line} names no country and is the sum of the others: it is read as the total."
    )
    return True


def _unknown(made: Made, entry: Entry, known: int) -> None:
    """Say that a label is no country's; it is shown where it is spelled nearly as one, among more countries."""
    if entry.label.kind in ("empty", "missing"):
        made.warned.add(
            "no-country", f"Line {entry.line} has a number and no country; it is left out.", entry.line
        )
        return
    near = suggestions(entry.label.text) if made.warned.wants("unknown-country") else ()
    shown = column_name(entry.label.text, 40)
    hint = f" Is it {' or '.join(map(country_name, near))}?" if near else ""
    is_shown = near and known >= 2 and "▮" not in shown and not any(map(str.isdigit, shown))
    name = f": {shown}" if is_shown else ""
    made.warned.add(
        "unknown-country", f"Line {entry.line} names no country that is known{name}.{hint}", entry.line
    )


def _total(made: Made, totals: Sequence[tuple[int, Quantity]]) -> Quantity | None:
    if len({one for _, one in totals}) == 1:
        return totals[0][1]
    if totals:
        lines = listing([str(line) for line, _ in totals])
        made.warned.add("two-totals", f"Lines {lines} are totals that differ; none is taken.", totals[1][0])
    return None


def _stated(found: Entries, marks: Marks) -> Quantity | None:
    values = {each for _, one in found.countries if one.said for each in marks.quantities(one.said, 1)}
    return next(iter(values)) if len(values) == 1 else None


def _of(found: Entries) -> str:
    counted = Counter(one.count.of for one in found.entries if one.count is not None and one.count.of)
    return next(iter(counted)) if len(counted) == 1 else found.of


def _left_out(made: Made, found: Entries) -> None:
    shares = [one.line for one in found.entries if one.shares]
    if shares:
        words = f"{plural(len(shares), 'line has a share', 'lines have shares')}, which are not read."
        made.warned.add("percent", words, shares[0])
    further = [one.line for one in found.entries if one.further]
    if further:
        lines = listing([str(line) for line in further])
        made.warned.add(
            "further-numbers",
            f"More numbers than a count and a price are not read: lines {lines}.",
            further[0],
        )
    if found.passed_over:
        lines = listing([str(line) for line in sorted(found.passed_over)])
        made.understood.append(f"Not read, since they name no country with a number: lines {lines}.")


def _summary(made: Made) -> str:
    counts = [row.count for row in made.rows if row.count is not None]
    prices = sum(row.price is not None for row in made.rows)
    parts = [plural(len(made.rows), "country", "countries")]
    if counts:
        parts.append(f"counts that add up to {sum(one.value for one in counts):,}")
    if prices:
        parts.append(plural(prices, "price"))
    parts.append(f"a total of {made.total.value:,}" if made.total is not None else "no total")
    return f"Read: {', '.join(parts)}."
