"""A comparison for a terminal or a pipe, at any width from 80 columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from floodmark.reports.labels import column_name, country_name, field_name, plain, values_name
from floodmark.reports.numbers import count, rate, share, size
from floodmark.triage import Comparison
from floodmark.triage.comparing.comparison import ColumnOf, KindPair
from floodmark.triage.report import comparison_words
from floodmark.triage.report.text import heading, table

MOST_COLUMNS = 60
MOST_COUNTRIES = 20
MOST_FIELDS = 12
NAME = 24


def render(found: Comparison) -> RenderableType:
    """A comparison as something that `rich.console.Console.print` shows."""
    parts: list[RenderableType] = []
    if note := comparison_words.synthetic_note(found):
        parts.append(Text(note, style="bold yellow"))
    parts.append(heading("WHAT CAN BE SAID"))
    parts.append(_bullets([*comparison_words.findings(found)]))
    parts.append(heading("WHAT TO KNOW OF IT"))
    parts.append(_bullets([*comparison_words.notes(found)]))
    parts += _sides(found)
    parts += _identifiers(found)
    parts += _rows(found)
    parts += _columns(found)
    parts += _fields(found)
    parts += _countries(found)
    return Group(*parts)


def _sides(found: Comparison) -> Iterator[RenderableType]:
    yield from table(
        "THE DUMPS",
        "|name|>size|>files|>members and tables|>rows|>distinct rows|>lines quarantined",
        [
            (
                name,
                plain(one.label, NAME),
                size(one.size),
                count(one.files),
                count(one.tables),
                count(one.rows),
                count(one.distinct),
                count(one.quarantined),
            )
            for name, one in (("A", found.a), ("B", found.b))
        ],
    )


def _identifiers(found: Comparison) -> Iterator[RenderableType]:
    yield from table(
        "DISTINCT IDENTIFIERS",
        "kind|>in A|>in B|>in both|>of A's|>of B's|>only A|>only B",
        [
            (
                values_name(one.kind),
                count(one.a),
                count(one.b),
                count(one.both),
                share(one.both, one.a),
                share(one.both, one.b),
                count(one.only_a),
                count(one.only_b),
            )
            for one in found.identifiers
        ],
    )
    for one in found.identifiers:
        yield from _said(one)


def _said(one: KindPair) -> Iterator[RenderableType]:
    """What is said of the shared identifiers of a kind."""
    name = values_name(one.kind)
    yield from table(
        f"VALUES OF THE {count(one.both)} SHARED {name.upper()}",
        "value|>in both|>the same|>share|>by chance|>only A|>only B",
        [
            (
                field_name(value.value),
                count(value.both),
                count(value.equal),
                rate(value.share),
                rate(value.chance),
                count(value.only_a),
                count(value.only_b),
            )
            for value in one.values
        ],
    )
    gained = [gain for gain in one.fields if gain.only_a or gain.only_b]
    yield from table(
        f"FIELDS THAT ONE DUMP HAS OF SHARED {name.upper()} AND THE OTHER LACKS",
        "field|>only A|>only B|>both",
        [
            (field_name(gain.type), count(gain.only_a), count(gain.only_b), count(gain.both))
            for gain in gained[:MOST_FIELDS]
        ],
    )


def _rows(found: Comparison) -> Iterator[RenderableType]:
    rows = found.rows
    if rows is None:
        return
    columns = f"{rows.columns} SHARED COLUMN" + ("S" if rows.columns > 1 else "")
    yield from table(
        f"ROWS BY {columns}",
        "|>rows|>distinct|>also in the other|>share|>only here|>not compared",
        [
            (
                name,
                count(total),
                count(distinct),
                count(known),
                share(known, total),
                count(total - known),
                count(others),
            )
            for name, total, distinct, known, others in (
                ("A", rows.a, rows.distinct_a, rows.a_in_b, rows.uncompared_a),
                ("B", rows.b, rows.distinct_b, rows.b_in_a, rows.uncompared_b),
            )
        ],
    )


def _columns(found: Comparison) -> Iterator[RenderableType]:
    yield from table(
        "COLUMNS OF BOTH",
        "in A|in B|type|same by|>filled in A|>filled in B",
        [
            (
                column_name(one.a.name, NAME),
                column_name(one.b.name, NAME),
                field_name(one.a.type) + (f" / {field_name(one.b.type)}" if one.a.type != one.b.type else ""),
                one.by + ("; rows not by it" if found.rows and not one.compared else ""),
                rate(one.a.fill_rate),
                rate(one.b.fill_rate),
            )
            for one in found.shared_columns[:MOST_COLUMNS]
        ],
    )
    for name, columns in (("A", found.columns_a), ("B", found.columns_b)):
        yield from _alone(name, columns)


def _alone(name: str, columns: Sequence[ColumnOf]) -> Iterator[RenderableType]:
    yield from table(
        f"COLUMNS OF {name} ALONE",
        "name|type|>rows|>filled",
        [
            (column_name(one.name, NAME), field_name(one.type), count(one.rows), rate(one.fill_rate))
            for one in columns[:MOST_COLUMNS]
        ],
    )
    if len(columns) > MOST_COLUMNS:
        yield Text(f"{len(columns) - MOST_COLUMNS} more.")


def _fields(found: Comparison) -> Iterator[RenderableType]:
    yield from table(
        "FIELDS",
        "field|>rows in A|>filled|>rows in B|>filled",
        [
            (field_name(one.type), count(one.rows_a), rate(one.fill_a), count(one.rows_b), rate(one.fill_b))
            for one in found.fields
        ],
    )


def _countries(found: Comparison) -> Iterator[RenderableType]:
    total_a = sum(one.rows_a for one in found.countries)
    total_b = sum(one.rows_b for one in found.countries)
    shown = [
        (
            country_name(one.country),
            count(one.rows_a),
            share(one.rows_a, total_a),
            count(one.rows_b),
            share(one.rows_b, total_b),
        )
        for one in found.countries[:MOST_COUNTRIES]
    ]
    if rest := found.countries[MOST_COUNTRIES:]:
        rows_a, rows_b = sum(one.rows_a for one in rest), sum(one.rows_b for one in rest)
        shown.append(
            (
                f"{len(rest)} more",
                count(rows_a),
                share(rows_a, total_a),
                count(rows_b),
                share(rows_b, total_b),
            )
        )
    yield from table("COUNTRIES BY PHONE NUMBER", "country|>rows in A|>share|>rows in B|>share", shown)


def _bullets(lines: Sequence[str]) -> Table:
    grid = Table.grid(padding=(0, 1))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for line in lines:
        grid.add_row(Text("-"), Text(plain(line, 1000)))
    return grid
