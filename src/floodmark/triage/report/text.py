"""The report for a terminal or a pipe: the first screen, then the tables, at any width from 80 columns.

Import this module only to show a profile: it loads rich, which takes longer than reading a small file. All text
from a dump passes `reports.labels`, so that no column name can move the cursor or change the colours, and goes in
as `Text`, so that square brackets are no markup.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from floodmark.reports.labels import (
    column_name,
    country_name,
    delimiter_name,
    field_name,
    plain,
    words,
)
from floodmark.reports.numbers import Intervals, count, plural, rate, share, size
from floodmark.triage.profile import FileProfile, Profile
from floodmark.triage.warnings import ON_BANNERS

MOST_COUNTRIES = 20
MOST_SETS = 10
MOST_OFFSETS = 3
MOST_LISTED = 200  # files in a table
MOST_DETAILED = 12  # files with tables of their own
MOST_DATES = 20
LABEL = 60
NAME = 30  # characters of a name in a table
_STYLES = {"danger": "bold red", "warning": "yellow", "info": "dim"}
_WORDS = {"danger": "SERIOUS", "warning": "WARNING", "info": "NOTE"}


def render(profile: Profile) -> RenderableType:
    """A profile as something that `rich.console.Console.print` shows.

    Without a terminal the console writes plain text: no meaning hangs on colour alone.
    """
    intervals = Intervals(profile.intervals)
    return Group(*_first_screen(profile), *_tables(profile, intervals))


def _first_screen(profile: Profile) -> Iterator[RenderableType]:
    if profile.synthetic:
        yield Text("SYNTHETIC DATA: nothing here describes a real person.", style="bold yellow")
    if profile.mode == "quick":
        unseen = f" Up to {profile.unseen_rows:,} rows may lie unread." if profile.unseen_rows else ""
        yield Text(
            f"QUICK: estimates; ranges in brackets hold with 95 % confidence.{unseen}", style="bold yellow"
        )
    findings = [finding for finding in profile.warnings if finding.slug not in ON_BANNERS]
    loud = [finding for finding in findings if finding.severity != "info"]
    notes = [finding for finding in findings if finding.severity == "info"]
    if loud:
        yield _bullets([(_WORDS[f.severity], plain(f.message, 400), _STYLES[f.severity]) for f in loud])
    summary = profile.summary
    for title, sentences in (
        ("WHAT CAN BE SAID", summary.can_say),
        ("WHAT CANNOT BE SAID", summary.cannot_say),
        ("WHAT TO ASK NEXT", summary.ask_next),
    ):
        yield heading(title)
        yield _bullets([("-", plain(sentence, 600), "") for sentence in sentences or ["Nothing."]])
    if notes:
        yield Text()
        yield _bullets([(_WORDS[f.severity], plain(f.message, 400), _STYLES[f.severity]) for f in notes])


def heading(title: str) -> RenderableType:
    """A title with an empty line before it."""
    return Padding(Text(title, style="bold"), (1, 0, 0, 0))


def _bullets(items: Sequence[tuple[str, str, str]]) -> Table:
    """Paragraphs behind a mark, indented by the widest mark."""
    grid = Table.grid(padding=(0, 1))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for mark, text, style in items:
        grid.add_row(Text(mark, style=style), Text(text))
    return grid


def table(title: str, columns: str, rows: Sequence[Sequence[str]]) -> Iterator[RenderableType]:
    """A table under a heading, nothing when it has no row.

    Args:
        title: the heading.
        columns: names divided by `|`; one that starts with `>` holds numbers, aligned right.
        rows: cells, already safe to show.
    """
    if not rows:
        return
    yield heading(title)
    grid = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for place, name in enumerate(columns.split("|")):
        number = name.startswith(">")
        # An interval may go to a line of its own; the number before it is never broken.
        least = max(len(row[place].partition(" (")[0]) for row in rows) if number else None
        grid.add_column(
            name.removeprefix(">"), justify="right" if number else "left", min_width=least, overflow="fold"
        )
    for row in rows:
        grid.add_row(*(Text(cell) for cell in row))
    yield grid


def _tables(profile: Profile, intervals: Intervals) -> Iterator[RenderableType]:
    number = intervals.number
    yield from table(
        "IDENTIFIERS",
        "kind|>rows|>valid rows|>distinct valid",
        [
            (
                field_name(one.kind),
                number(one.rows, f"/identifiers/{n}/rows"),
                number(one.valid, f"/identifiers/{n}/valid"),
                number(one.distinct, f"/identifiers/{n}/distinct"),
            )
            for n, one in enumerate(profile.identifiers)
        ],
    )
    yield from _countries(profile, intervals)
    yield from table(
        "FIELDS",
        "field|>rows|>filled|>valid rows",
        [
            (
                field_name(one.type) + (" (special category)" if one.special_category else ""),
                number(one.rows, f"/fields/{n}/rows"),
                rate(one.fill_rate),
                "no check" if one.valid is None else number(one.valid, f"/fields/{n}/valid"),
            )
            for n, one in sorted(enumerate(profile.fields), key=lambda item: -item[1].rows)
        ],
    )
    yield from _field_sets(profile, intervals)
    yield from _dates(profile)
    yield from _files(profile, intervals)
    for place, file in profile.largest_files(MOST_DETAILED):
        yield from _file(file, f"/files/{place}", intervals)


def _files(profile: Profile, intervals: Intervals) -> Iterator[RenderableType]:
    """Several files side by side, and how many of them are not shown one by one."""
    if len(profile.files) < 2:
        return
    yield from table(
        "FILES",
        "file|records are|container|>records|>in quarantine",
        [
            (
                plain(file.label, LABEL),
                words(file.grammar.record) if file.grammar else "not read",
                plain(file.grammar.container, NAME) if file.grammar else "-",
                intervals.number(file.records, f"/files/{n}/records"),
                intervals.number(file.lines.quarantined, f"/files/{n}/lines/quarantined"),
            )
            for n, file in enumerate(profile.files[:MOST_LISTED])
        ],
    )
    if (more := len(profile.files) - MOST_LISTED) > 0:
        yield Text(f"and {plural(more, 'more file')}: --json and --csv have them all.")
    if len(profile.files) > MOST_DETAILED:
        yield Text(
            f"One by one follow the {MOST_DETAILED} with the most records; --html has more, --json all."
        )


def _countries(profile: Profile, intervals: Intervals) -> Iterator[RenderableType]:
    total = sum(one.phones for one in profile.countries)
    ordered = sorted(enumerate(profile.countries), key=lambda item: -item[1].phones)
    shown = [
        (
            country_name(one.country),
            intervals.number(one.phones, f"/countries/{n}/phones"),
            share(one.phones, total),
            intervals.number(one.distinct, f"/countries/{n}/distinct"),
        )
        for n, one in ordered[:MOST_COUNTRIES]
    ]
    rest = [one for _, one in ordered[MOST_COUNTRIES:]]
    if rest:
        rows = sum(one.phones for one in rest)
        distinct = sum(one.distinct for one in rest)
        name = f"{plural(len(rest), 'more country', 'more countries')}"
        shown.append((name, count(rows), share(rows, total), count(distinct)))
    yield from table("COUNTRIES BY PHONE NUMBER", "country|>rows|>share|>distinct numbers", shown)
    located = [
        (country_name(one["country"]), intervals.number(one["rows"], f"/locations/countries/{n}/rows"))
        for n, one in enumerate(profile.locations.countries[:MOST_COUNTRIES])
    ]
    if located:
        located.append(("no country in the text", count(profile.locations.unknown)))
    yield from table("COUNTRIES BY LOCATION TEXT", "country|>rows", located)


def _field_sets(profile: Profile, intervals: Intervals) -> Iterator[RenderableType]:
    ordered = sorted(enumerate(profile.field_sets), key=lambda item: -item[1].rows)
    shown = [
        (
            intervals.number(one.rows, f"/field_sets/{n}/rows"),
            ", ".join(map(field_name, one.fields)) or "none",
        )
        for n, one in ordered[:MOST_SETS]
    ]
    rest = [one for _, one in ordered[MOST_SETS:]]
    if rest:
        shown.append((count(sum(one.rows for one in rest)), f"{len(rest)} more sets"))
    yield from table("FIELD SETS", ">rows|exactly these fields", shown)


def _dates(profile: Profile) -> Iterator[RenderableType]:
    several = len(profile.files) > 1
    rows = []
    for one in profile.dates[:MOST_DATES]:
        name = column_name(one.column, NAME) + (f" of {plain(one.file, NAME)}" if several else "")
        apart = "; ".join(f"{plain(s['value'], 12)}: {count(s['rows'])}" for s in one.sentinels) or "none"
        rows.append((name, count(one.parsed), one.earliest or "-", one.latest or "-", apart))
    yield from table("DATES", "column|>read|>earliest|>latest|placeholders: rows", rows)
    if (more := len(profile.dates) - MOST_DATES) > 0:
        yield Text(f"and {plural(more, 'more column')} of dates: --json has them all.")


def _file(file: FileProfile, pointer: str, intervals: Intervals) -> Iterator[RenderableType]:
    yield heading(f"FILE {plain(file.label)}")
    yield Text(_described(file))
    if file.problem:
        reached = "Not read to its end" if file.records else "Not read"
        told = f"{reached}: {plain(file.problem['message'], 300)} {plain(file.problem.get('hint', ''), 300)}"
        yield Text(told, style="bold red")
    fates = ("total", "accepted", "repaired", "quarantined", "skipped")
    yield from table(
        "accounting",
        "|" + "|".join(f">{fate}" for fate in fates),
        [
            (unit, *(intervals.number(getattr(shares, fate), f"{pointer}/{unit}/{fate}") for fate in fates))
            for unit, shares in (("lines", file.lines), ("bytes", file.bytes))
        ],
    )
    reasons = [
        (f"{fate}: {plain(one.reason)}", count(one.lines), count(one.bytes), _offsets(one.offsets))
        for fate, some in (
            ("quarantined", file.quarantine),
            ("repaired", file.repairs),
            ("skipped", file.skipped),
        )
        for one in some
    ]
    yield from table("not accepted as it stood", "reason|>lines|>bytes|first at byte", reasons)
    columns = file.grammar.columns if file.grammar else []
    yield from table(
        "columns",
        ">no.|name|type|>sure|>filled|>valid",
        [
            (
                str(column.index),
                column_name(column.name, NAME),
                field_name(column.type) + (f", {plain(column.hash_kind, NAME)}" if column.hash_kind else ""),
                rate(column.confidence),
                rate(column.fill_rate),
                rate(column.valid_rate),
            )
            for column in columns
        ],
    )


def _described(file: FileProfile) -> str:
    facts = [size(file.size), plural(file.records, "record")]
    grammar = file.grammar
    if grammar:
        kind = words(grammar.record)
        kind += f" by {delimiter_name(grammar.delimiter)}" if grammar.record == "delimited" else ""
        facts += [kind, plain(grammar.encoding), plain(grammar.container)]
        facts += ["header" if grammar.header else "no header", f"grammar {rate(grammar.confidence)} sure"]
    return ", ".join(facts)


def _offsets(offsets: Sequence[int]) -> str:
    more = " …" if len(offsets) > MOST_OFFSETS else ""
    return " ".join(count(offset) for offset in offsets[:MOST_OFFSETS]) + more or "-"
