"""Why a file is read as it is, for a terminal or a pipe, at any width from 80 columns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from floodmark.dumps import Grammar, Unopened
from floodmark.dumps.explaining import SCHEMA_VERSION, DelimiterTried, Explanation
from floodmark.reports.labels import column_name, delimiter_name, field_name, plain, words
from floodmark.reports.numbers import count, listing, plural, rate, share
from floodmark.triage.report.text import heading, table

NAME = 24
MOST_COLUMNS = 200
MOST_OTHERS = 3


def as_json(found: Explanation | Unopened) -> dict[str, Any]:
    """An explanation, or why there is none, as JSON has it."""
    if isinstance(found, Unopened):
        problem = found.problem
        said = {"slug": problem.slug, "message": problem.message, "hint": problem.hint}
        return {"schema_version": SCHEMA_VERSION, "label": found.label, "problem": said}
    return found.to_dict()


def render(found: Explanation | Unopened) -> RenderableType:
    """An explanation as something that `rich.console.Console.print` shows."""
    if isinstance(found, Unopened):
        told = f"Not read: {plain(found.problem.message, 300)} {plain(found.problem.hint, 300)}"
        return Group(heading(f"FILE {plain(found.label)}"), Text(told))
    parts: list[RenderableType] = [heading(f"FILE {plain(found.label)}"), *map(Text, _facts(found))]
    parts += table(
        "KINDS OF RECORD",
        "|kind|>like it|why",
        [
            (_mark(one.chosen), words(one.record), rate(one.confidence), plain(one.reason, 200))
            for one in found.kinds
        ],
    )
    parts += table(
        "DELIMITERS",
        "|delimiter|quote|>cells|>even|>runner-up|why",
        [_delimiter(one) for one in found.delimiters],
    )
    for one in found.grammars:
        parts += _columns(one)
    return Group(*parts)


def _facts(found: Explanation) -> Iterator[str]:
    grammar = found.grammar
    yield f"Container: {plain(grammar.container, 200)}."
    others = [f"{plain(name)} {rate(p)}" for name, p in found.encodings]
    mark = ", with a byte order mark" if grammar.bom else ""
    yield (
        f"Encoding: {plain(grammar.encoding)}{mark}, {rate(found.encoding_confidence)} sure"
        + (f"; else {listing(others, MOST_OTHERS)}" if others else "")
        + "."
    )
    yield f"Lines end with {grammar.newline.upper()}; {plural(grammar.preamble, 'line')} before the records."
    if grammar.path:
        yield f"Records are at {plain(grammar.path, 100)}."
    if grammar.widths:
        yield f"Columns are {listing([str(width) for width in grammar.widths], 30)} characters wide."
    if grammar.protected:
        yield f"Delimiters inside these do not split: {listing([plain(name) for name in grammar.protected], 20)}."
    if grammar.rest:
        yield "The last column takes the rest of the line, delimiters and all."
    if found.header is not None:
        one = found.header
        verdict = "names the columns" if grammar.header else "is a record"
        yield (
            f"The first record {verdict}: of its {plural(one.cells, 'cell')}, {count(one.exact)} are names that are "
            f"known exactly, {count(one.roughly)} are known roughly, {count(one.data)} are data, and "
            f"{count(one.cells - one.filled)} are empty."
        )
    if found.delimiters:
        yield f"Delimiter and number of columns are {rate(grammar.confidence)} sure."


def _mark(chosen: bool) -> str:
    return "*" if chosen else ""


def _delimiter(one: DelimiterTried) -> tuple[str, ...]:
    return (
        _mark(one.chosen),
        delimiter_name(one.delimiter),
        one.quote or "none",
        count(one.columns),
        share(one.evenness),
        rate(one.confidence),
        plain(one.reason, 200),
    )


def _columns(one: Grammar) -> Iterator[RenderableType]:
    yield from table(
        f"COLUMNS OF {column_name(one.table)}" if one.table else "COLUMNS",
        ">no.|name|type|>sure|else",
        [
            (
                str(column.index),
                column_name(column.name, NAME),
                field_name(column.type.label)
                + (f" ({plain(column.hash_kind)})" if column.hash_kind else "")
                + (f" ({plain(column.date_order)})" if column.date_order else ""),
                rate(column.confidence),
                ", ".join(
                    f"{field_name(kind.label)} {rate(p)}" for kind, p in column.alternatives[:MOST_OTHERS]
                )
                or "-",
            )
            for column in one.columns[:MOST_COLUMNS]
        ],
    )
    if len(one.columns) > MOST_COLUMNS:
        yield Text(f"{count(len(one.columns) - MOST_COLUMNS)} more columns.")
