"""Matches as a terminal shows them, as JSON and as a table of counts: no identifier in any of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from floodmark.exposure import Count, Matched, Share, Unread, WatchList
from floodmark.reports.labels import column_name, field_name, plain, values_name
from floodmark.reports.numbers import listing, plural, share, size

if TYPE_CHECKING:
    from rich.console import RenderableType

SYNTHETIC = "SYNTHETIC DATA"
MOST_SHOWN = 100
FIELDS_SHOWN = 6
LINES_NAMED = 20
FILES_NAMED = 5
_CELLS = {
    "phone": "phone cells are no valid number",
    "email": "e-mail cells are no valid address",
    "profile_id": "profile id cells are no valid id",
    "username": "user name cells are no valid name",
}
_OWN = {"prefix": "phone", "domain": "email"}


@dataclass(frozen=True)
class HandedOver:
    """What one constituent was told, and in which file."""

    share: Share
    file: str


def values_of(matched: Matched, handed_over: Sequence[HandedOver], sealed: str | None) -> dict[str, Any]:
    """Everything that may be known of a match, as JSON values."""
    unread = matched.unread
    return {
        "target": matched.target,
        "mode": matched.mode,
        "synthetic": matched.synthetic,
        "found": matched.found,
        "kinds": [_line(count, "kind", "found") for count in matched.kinds],
        "domains": [_line(count, "domain", "addresses") for count in matched.domains],
        "prefixes": [_line(count, "prefix", "numbers") for count in matched.prefixes],
        "false_hits_expected": matched.false_hits,
        "unread": {
            "bytes": unread.bytes,
            "unexplained_bytes": unread.unexplained,
            "files": [{"file": file, "error": slug} for file, slug in unread.problems],
        },
        "searched": [
            {
                "file": one.label,
                "columns": one.columns,
                "unknown_columns": one.unknown,
                "cells": {kind: cells.filled for kind, cells in one.cells.items()},
                "invalid_cells": {kind: cells.invalid for kind, cells in one.cells.items()},
            }
            for one in unread.searched
        ],
        "watch": watch_values(matched.watch),
        "sealed": sealed,
        "handed_over": [
            {
                "recipient": one.share.constituent.name,
                "addresses": one.share.addresses,
                "numbers": one.share.numbers,
                "file": one.file,
            }
            for one in handed_over
        ],
    }


def _line(count: Count, name: str, found: str) -> dict[str, Any]:
    line: dict[str, Any] = {name: count.name}
    if name == "kind":
        line["entries"] = count.entries
    return line | {found: count.found, "rows": count.rows, "fields": count.fields}


def watch_values(watch: WatchList) -> dict[str, Any]:
    """How a watch list was read, as JSON values."""
    return {
        "encoding": watch.encoding or None,
        "header": watch.header,
        "lines": watch.lines,
        "columns": [
            {"number": column.index + 1, "heading": column.heading or None, "reads": column.reads}
            for column in watch.columns
        ],
        "entries": dict(watch.counts),
        "duplicates": watch.duplicates,
        "bad_rows": {
            "total": watch.bad.total,
            "reasons": dict(watch.bad.reasons),
            "first": [asdict(bad) for bad in watch.bad.first],
        },
    }


def watch_words(watch: WatchList, name: str) -> Iterator[str]:
    """How a watch list was read, in sentences for stderr; bad rows by the numbers of their lines alone."""
    columns = ", ".join(
        f"{column.index + 1}{f' ({column_name(column.heading)})' if column.heading else ''}"
        f"{'' if column.reads == 'any' else f' as {column.reads}'}"
        for column in watch.columns
    )
    entries = ", ".join(f"{count:,} {kind}" for kind, count in watch.counts.items())
    header = ", the first line as a header" if watch.header else ""
    yield f"{plain(name)}: read as {watch.encoding}{header}; column {columns}. Entries: {entries}."
    if watch.duplicates:
        yield f"Left out as a repeat of an entry: {plural(watch.duplicates, 'cell')}."
    if watch.bad.total:
        reasons = ", ".join(f"{count:,} {reason}" for reason, count in watch.bad.reasons.most_common())
        yield f"No entry: {plural(watch.bad.total, 'cell or line', 'cells or lines')} ({reasons})."
        first = ", ".join(f"{bad.line} ({bad.reason})" for bad in watch.bad.first[:LINES_NAMED])
        more = ", …" if watch.bad.total > LINES_NAMED else "."
        yield f"By line: {first}{more}"


def table_of(matched: Matched) -> list[list[Any]]:
    """All counts as one table, a column per field type; the header first."""
    lines = [
        *(("kind", count) for count in matched.kinds),
        *(("domain", count) for count in matched.domains),
        *(("prefix", count) for count in matched.prefixes),
    ]
    types = list(dict.fromkeys(label for _, count in lines for label in count.fields or {}))
    rows: list[list[Any]] = [["what", "name", "entries", "found", "rows", *types, "synthetic"]]
    for what, count in lines:
        fields = [None if count.fields is None else count.fields.get(label, 0) for label in types]
        marked = "synthetic" if matched.synthetic else ""
        rows.append([what, count.name, count.entries, count.found, count.rows, *fields, marked])
    return rows


def render(matched: Matched, handed_over: Sequence[HandedOver]) -> RenderableType:
    """The answer for a terminal."""
    from rich.console import Group
    from rich.text import Text

    parts: list[RenderableType] = []
    if matched.synthetic:
        parts.append(Text(SYNTHETIC, style="bold yellow"))
    parts.append(Text(_headline(matched), style="bold"))
    kinds = matched.kinds
    if kinds:
        parts.append(_table("identifiers", [values_name(count.name) for count in kinds], kinds, entries=True))
    for title, counts in (("domain", matched.domains), ("prefix", matched.prefixes)):
        if counts:
            found = [count for count in counts if count.found][:MOST_SHOWN]
            if found:
                parts.append(_table(title, [count.name for count in found], found, entries=False))
            rest = sum(count.found > 0 for count in counts) - len(found)
            if rest:
                parts.append(Text(f"{rest:,} more with something found: see -o json or --csv."))
            empty = sum(not count.found for count in counts)
            if empty:
                noun = {"domain": "domains", "prefix": "prefixes"}[title]
                parts.append(Text(f"Nothing found under {empty:,} of {len(counts):,} watched {noun}."))
    if handed_over:
        parts.append(_handed_over(handed_over))
    parts.extend(Text(sentence) for sentence in _limits(matched))
    return Group(*parts)


def _headline(matched: Matched) -> str:
    found = sum(count.found for count in matched.kinds)
    asked = sum(count.entries for count in matched.kinds)
    under = sum(bool(count.found) for count in (*matched.domains, *matched.prefixes))
    watched = len(matched.domains) + len(matched.prefixes)
    parts = []
    if asked:
        parts.append(f"{found:,} of {asked:,} watched identifiers")
    if watched:
        parts.append(f"something under {under:,} of {watched:,} watched domains and prefixes")
    where = "saved leak" if matched.mode == "leak" else "dump"
    return f"In the {where} {plain(matched.target)}: {', and '.join(parts)}."


def _table(title: str, names: Sequence[str], counts: Sequence[Count], *, entries: bool) -> RenderableType:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column(title, overflow="fold", min_width=14)
    if entries:
        table.add_column("watched", justify="right", no_wrap=True)
    found = {"identifiers": "found", "domain": "addresses", "prefix": "numbers"}[title]
    table.add_column(found, justify="right", no_wrap=True)
    if any(count.rows is not None for count in counts):
        table.add_column("rows", justify="right", no_wrap=True)
    told = any(count.fields for count in counts)
    if told:
        table.add_column("with them", overflow="fold")
    for name, count in zip(names, counts, strict=True):
        cells = [name, *([f"{count.entries:,}"] if entries else []), f"{count.found:,}"]
        if count.rows is not None:
            cells.append(f"{count.rows:,}")
        if told:
            cells.append(_fields(count, _OWN.get(title, count.name)))
        table.add_row(*(Text(cell) for cell in cells))
    return table


def _fields(count: Count, own: str) -> str:
    """The most frequent field types but the one that all of them have."""
    shown = [(label, n) for label, n in (count.fields or {}).items() if label != own]
    text = ", ".join(f"{field_name(label)} {n:,}" for label, n in shown[:FIELDS_SHOWN])
    return f"{text}, …" if len(shown) > FIELDS_SHOWN else text


def _handed_over(handed_over: Sequence[HandedOver]) -> RenderableType:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column("recipient", overflow="fold", min_width=14)
    table.add_column("addresses", justify="right", no_wrap=True)
    table.add_column("numbers", justify="right", no_wrap=True)
    table.add_column("sealed file", overflow="fold")
    for one in handed_over:
        counts = (one.share.addresses, one.share.numbers)
        numbers = [f"{count:,}" for count in counts] if any(counts) else ["nothing", "found"]
        table.add_row(Text(plain(one.share.constituent.name)), *map(Text, numbers), Text(one.file))
    return table


def _limits(matched: Matched) -> Iterator[str]:
    """How far the answer can be trusted."""
    if matched.mode == "leak":
        yield (
            f"By 64-bit digests: {matched.false_hits:.1g} false hits are expected, and no miss."
            if matched.false_hits
            else "By 64-bit digests: no miss."
        )
        yield '"Not found" holds for what could be read when the leak was saved, as its profile says.'
        if matched.domains:
            yield "A saved leak tells how many addresses are under a domain; which they are, only the dump tells."
        return
    unread = matched.unread
    yield (
        f'"Not found" holds for what was read: {size(unread.bytes - unread.unexplained)} of {size(unread.bytes)}; '
        f"{share(unread.unexplained, unread.bytes)} of the bytes are unexplained."
    )
    for file, slug in unread.problems:
        yield f"{plain(file)} was not read through ({slug})."
    yield from _invalid(unread)
    unsearched = [one for one in unread.searched if one.missing or one.unknown]
    for one in unsearched[:FILES_NAMED]:
        kinds = listing([values_name(kind) for kind in one.missing])
        missing = f" has no column of {kinds}" if one.missing else ""
        unknown = (
            f" has {plural(one.unknown, 'column')} of unknown type, not looked in" if one.unknown else ""
        )
        yield f"{plain(one.label)}{missing}{' and' if missing and unknown else ''}{unknown}: see --grammar."
    if len(unsearched) > FILES_NAMED:
        yield f"So it is with {len(unsearched) - FILES_NAMED:,} more files: see -o json."


def _invalid(unread: Unread) -> Iterator[str]:
    """How many cells could not be compared with anything: in all, then files where most are so."""
    for kind, cells in unread.cells.items():
        if cells.invalid:
            advice = (
                "; with --region CC national numbers are read"
                if kind == "phone" and not unread.region
                else ""
            )
            yield f"{cells.invalid:,} of {cells.filled:,} {_CELLS[kind]}{advice}."
    if len(unread.searched) < 2:
        return
    mostly = [(one, kind) for one in unread.searched for kind in one.mostly_invalid]
    for one, kind in mostly[:FILES_NAMED]:
        cells = one.cells[kind]
        yield f"{plain(one.label)}: {cells.invalid:,} of {cells.filled:,} {_CELLS[kind]}."
    if len(mostly) > FILES_NAMED:
        yield f"So it is in {len(mostly) - FILES_NAMED:,} more files: see -o json."
