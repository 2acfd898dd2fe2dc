"""Matches as JSON and as a table of counts, and how a watch list was read: no identifier in any of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from floodmark.exposure import Count, Matched, Share, WatchList
from floodmark.reports.labels import column_name, plain
from floodmark.reports.numbers import plural

LINES_NAMED = 20


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
