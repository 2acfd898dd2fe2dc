"""A statement from the options that say what it is, with the table that comes with it."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from floodmark.cli.case_options import note_text
from floodmark.cli.errors import printable
from floodmark.errors import UnreadableInput, UsageError

if TYPE_CHECKING:
    from floodmark.assessment.reading.tables import ReadTable
    from floodmark.assessment.statements.assertion import Assertion
    from floodmark.assessment.statements.statement import Saying

NEEDED = {
    "kind": "--kind",
    "speaker_kind": "--by",
    "speaker": "--speaker",
    "said_on": "--said",
    "text": "--text",
}
TABLE_OPTIONS = {
    "country_column": "--country-column",
    "count_column": "--count-column",
    "price_column": "--price-column",
    "currency": "--currency",
}
_PLAIN = (
    "kind",
    "speaker_kind",
    "speaker",
    "said_on",
    "learnt_on",
    "source_url",
    "source",
    "sample",
)


def content_of(name: str, most_bytes: int) -> bytes:
    """Bytes of a file, or of stdin for a hyphen; one more than `most_bytes` where it is larger.

    Raises:
        UnreadableInput: it cannot be read.
    """
    try:
        if name == "-":
            return b"" if sys.stdin is None else sys.stdin.buffer.read(most_bytes + 1)
        with Path(name).open("rb") as file:
            return file.read(most_bytes + 1)
    except OSError as error:
        raise UnreadableInput(f"The file cannot be read: {error.strerror}.") from error


def table_of(raw: bytes, given: Mapping[str, Any]) -> ReadTable:
    """A table of countries, with what was understood said on stderr.

    Raises:
        FloodmarkError: it is none, or it is a dump.
    """
    from floodmark.assessment.reading.tables import read_table

    found = read_table(raw, **{name: given[name] for name in TABLE_OPTIONS})
    for sentence in found.understood:
        click.echo(printable(sentence), err=True)
    for one in found.warnings:
        click.echo(printable(f"Warning: {one.words}"), err=True)
    return found


def saying(given: Mapping[str, Any], table: ReadTable | None) -> Saying:
    """The statement that the options describe.

    Args:
        given: values of `saying_options` by name.
        table: that came with it.

    Raises:
        UsageError: an option lacks, or cannot be read.
    """
    from floodmark.assessment.reading.assertions import read_assertion
    from floodmark.assessment.statements.statement import Saying

    if lacking := [option for name, option in NEEDED.items() if given[name] is None]:
        raise UsageError(f"Missing: {', '.join(lacking)}.", "A statement says what, who and when.")
    if table is None and any(given[name] for name in TABLE_OPTIONS):
        raise UsageError("Columns and a currency are of a table, and none was given.", "Leave them out.")
    if given["drawn"] and given["sample"] is None:
        raise UsageError("--drawn is of a sample, and --sample does not say how many rows it has.")
    text = note_text(given["text"])
    claims = [read_assertion(one) for one in given["claims"]]
    if table is not None:
        claims = _with_table(table, claims)
    claims += _cut(text, claims, given["cut"])
    return Saying(
        **{name: given[name] for name in _PLAIN},
        text=text,
        offer=given["offer"] or "",
        drawn=given["drawn"] or ("unknown" if given["sample"] else ""),
        assertions=tuple(claims),
    )


def _with_table(read: ReadTable, claims: list[Assertion]) -> list[Assertion]:
    """The assertions with the table, and with its total unless one that agrees is among them."""
    from floodmark.assessment.statements.assertion import Assertion

    said = next((one for one in claims if one.kind == "countries" and not one.scope), None)
    how_many = said.quantity if said is not None else read.countries
    countries = Assertion(kind="countries", quantity=how_many, table=read.table)
    found = [one for one in claims if one is not said] + [countries]
    totals = [one for one in claims if one.kind == "total" and not one.scope]
    if read.total is not None and not any(
        one.quantity is not None and one.quantity.agrees(read.total) for one in totals
    ):
        of = read.of or (totals[0].of if totals else "")
        found.append(Assertion(kind="total", quantity=read.total, of=of))
    return found


def _cut(text: str, claims: Iterable[Assertion], taken: bool) -> list[Assertion]:
    """Assertions found in the text that were not made by hand, where they are wanted; else they are hinted at."""
    from floodmark.assessment.reading.cut import propose
    from floodmark.assessment.report.assertion_words import in_words

    made = [*claims]
    found = [one for one in propose(text) if not any(_same(one, other) for other in made)]
    if not found or taken:
        return found
    click.echo("The text seems to claim more, which --cut takes over and --assert says by hand:", err=True)
    for one in found:
        quoted = f', from "{one.quote}"' if one.quote else ""
        click.echo(printable(f"  {one.kind}: {in_words(one)}{quoted}"), err=True)
    return []


def _same(one: Assertion, other: Assertion) -> bool:
    """Whether two answer one question: totals of different things do not."""
    counted = one.of == other.of or not (one.of and other.of)
    return (one.kind, one.scope) == (other.kind, other.scope) and counted
