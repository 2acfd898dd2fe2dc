"""The charts of a report, each from the parts of a profile that it shows, as SVG text.

A chart adds nothing to its table: every number that is drawn is also printed. Data go in as plain records
with fixed field names, labels already safe (`reports.labels`), so that no name from a dump is ever a field name
or an expression. Widths are chosen so that labels stay readable on a page as narrow as a telephone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt

from floodmark.reports.labels import column_name, country_name, field_name, plain
from floodmark.reports.numbers import count, share
from floodmark.reports.svg import chart_of, draw, ink
from floodmark.reports.upset import upset
from floodmark.triage.profile import (
    CountryProfile,
    DateProfile,
    DomainsProfile,
    FieldProfile,
    FieldSetProfile,
    RunsProfile,
    Shares,
)

WIDTH = 360  # of a chart, in the pixels of its own drawing
NAMES = 128  # of these for the names at the left
NUMBERS = 82  # and for the numbers at the right
ROW = 22
MOST_BARS = 15
MOST_SETS = 12
MOST_SET_FIELDS = 12
FEWEST_YEARS = 6  # that an axis spans
MANY_YEARS = 120  # where a gap between bars would hide them
FATES = ("accepted", "repaired", "quarantined", "skipped")


def bars(items: Sequence[tuple[str, float, str]], title: str, description: str, colour: str = "mark") -> str:
    """Horizontal bars in the order given; each item is a label, a length and the text at its end."""
    records = [
        {"place": n, "name": item[0], "value": item[1], "text": item[2]} for n, item in enumerate(items)
    ]
    longest = max((item[1] for item in items), default=0) or 1
    base = chart_of(records).encode(
        y=alt.Y("place:O", axis=None),
        x=alt.X("value:Q", axis=None, scale=alt.Scale(domain=[0, longest])),
    )
    height = ROW * len(records)
    names = chart_of(records).mark_text(align="right", limit=NAMES - 14)
    names = names.encode(x=alt.value(NAMES), y=alt.Y("place:O", axis=None), text="name:N")
    numbers = base.mark_text(align="left", dx=5).encode(text="text:N")
    drawn = base.mark_bar(color=ink(colour), height=13) + numbers
    chart = alt.hconcat(
        names.properties(width=NAMES, height=height),
        drawn.properties(width=WIDTH - NAMES - NUMBERS, height=height),
        spacing=6,
    )
    return draw(chart, title, description)


def top_countries(countries: Sequence[CountryProfile]) -> str:
    """The countries with most rows."""
    total = sum(c.phones for c in countries)
    most = sorted(countries, key=lambda c: -c.phones)[:MOST_BARS]
    items = [(country_name(c.country), c.phones, f"{count(c.phones)}") for c in most]
    return bars(
        items,
        "Countries with most rows",
        f"{len(most)} countries of {count(total)} rows with a valid number.",
    )


def fill_rates(fields: Sequence[FieldProfile]) -> str:
    """Share of rows that have each field type."""
    items = [
        (field_name(f.type), f.fill_rate, share(f.fill_rate)) for f in sorted(fields, key=lambda f: -f.rows)
    ]
    return bars(items, "Fill rates", "Share of all rows that have each kind of data.")


def domains(found: DomainsProfile) -> str:
    """The most frequent e-mail domains."""
    items = [(plain(d["domain"], 40), d["rows"], count(d["rows"])) for d in found.top[:MOST_BARS]]
    return bars(items, "E-mail domains", "Rows by domain of the e-mail address, most frequent first.")


def run_lengths(runs: RunsProfile) -> str:
    """Distinct phone numbers by the length of the run of neighbours that they stand in."""
    items = []
    for bucket in runs.lengths:
        low, high = bucket["low"], bucket["high"]
        items.append(
            (
                f"{low:,}" if low == high else f"{low:,} to {high:,}",
                bucket["numbers"],
                count(bucket["numbers"]),
            )
        )
    return bars(items, "Runs of neighbouring numbers", "Distinct numbers by length of their run.", "accent")


def field_sets(sets: Sequence[FieldSetProfile]) -> str:
    """The most frequent sets of field types: a dot for each type in the set, a bar for its rows (UpSet)."""
    shown = sorted(sets, key=lambda s: -s.rows)[:MOST_SETS]
    weight: dict[str, int] = {}
    for one in shown:
        for label in one.fields:
            weight[label] = weight.get(label, 0) + one.rows
    fields = sorted(weight, key=lambda label: (-weight[label], label))[:MOST_SET_FIELDS]
    rows = [([place for place, label in enumerate(fields) if label in one.fields], one.rows) for one in shown]
    return upset(
        [field_name(label) for label in fields],
        rows,
        "Sets of fields",
        "Rows that have exactly the marked fields, most frequent sets first.",
    )


def years(date: DateProfile) -> str:
    """Rows by year of one date column, sentinels left out."""
    first, last = min(y["year"] for y in date.years), max(y["year"] for y in date.years)
    return rows_by_year(
        date.years, f"Years in {column_name(date.column)}", f"Rows by year from {first} to {last}.", "rows"
    )


def rows_by_year(counted: Sequence[Mapping[str, int]], title: str, description: str, unit: str) -> str:
    """Upright bars of `{year, rows}`, of which there is one at least; `unit` is the word beside their axis."""
    values = [{"year": y["year"], "end": y["year"] + 1, "rows": y["rows"]} for y in counted]
    first, last = min(v["year"] for v in values), max(v["year"] for v in values)
    spare = max(0, FEWEST_YEARS - (last + 1 - first)) // 2
    domain = [first - spare, last + 1 + spare]
    across = alt.Axis(format="d", title=None, grid=False, tickMinStep=1, tickCount=5, labelFlush=False)
    up = alt.Axis(title=unit, tickCount=3, domain=False, format="~s")
    chart = (
        chart_of(values)
        .mark_bar(
            color=ink("mark"), stroke=ink("paper" if last - first < MANY_YEARS else "mark"), strokeWidth=0.5
        )
        .encode(
            x=alt.X("year:Q", scale=alt.Scale(domain=domain, nice=False), axis=across),
            x2="end:Q",
            y=alt.Y("rows:Q", axis=up, scale=alt.Scale(zero=True)),
            y2=alt.datum(0),
        )
        .properties(width=WIDTH - 60, height=110)
    )
    return draw(chart, title, description)


def enlarged(shares: Shares) -> bool:
    """Whether what was not accepted is too little to be seen beside what was."""
    return 0 < shares.total - shares.accepted < 0.2 * shares.total


def fates(shares: Shares) -> str:
    """One bar: a file's bytes by fate; when most were accepted, a second bar enlarges the rest."""
    parts = [(fate, getattr(shares, fate)) for fate in FATES]
    lines = [("all", parts)]
    if enlarged(shares):
        lines.append(("rest", parts[1:]))
    records = []
    for line, cells in lines:
        total = sum(value for _, value in cells) or 1
        start = 0.0
        for fate, value in cells:
            end = start + value / total
            records.append({"line": line, "start": start, "end": end, "colour": ink(fate)})
            start = end
    chart = (
        chart_of(records)
        .mark_bar(height=18)
        .encode(
            x=alt.X("start:Q", axis=None, scale=alt.Scale(domain=[0, 1])),
            x2="end:Q",
            y=alt.Y("line:N", axis=None, sort=[line for line, _ in lines]),
            color=alt.Color("colour:N", scale=None),
        )
        .properties(width=840, height=30 * len(lines))
    )
    return draw(chart, "Bytes by fate", "Accepted, repaired, quarantined and skipped bytes, in this order.")
