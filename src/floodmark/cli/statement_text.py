"""Statements as a terminal shows them and as JSON has them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from floodmark.assessment.report.assertion_words import in_words, number
from floodmark.assessment.statements.country_table import CountryRow, CountryTable
from floodmark.assessment.statements.document import document_values, statement_values
from floodmark.assessment.statements.statement import Saying, Statement
from floodmark.cli.stdout import put, put_json
from floodmark.register.free_text import visible
from floodmark.reports.labels import country_name

if TYPE_CHECKING:
    from rich.console import RenderableType

    from floodmark.assessment.evidence.evidence import Tested
    from floodmark.register.importing import Importing

STYLES = {"supported": "green", "contradicted": "red", "untestable": "yellow", "untested": "dim"}


def show_done(statement: Statement, done: str, output: str) -> None:
    """Write a statement of which something was done to stdout."""
    if output == "json":
        put_json(statement_values(statement))
    else:
        click.echo(f"{done} statement {statement.id} of {statement.about}.", err=True)
        put(render([statement]))


def show_imported(found: Importing | None, made: Sequence[Statement], output: str) -> None:
    """Write statements to stdout that were recorded, or those that would be."""
    incidents = found.incidents if found is not None else ()
    if found is not None:
        made = [
            Statement(id="", about=one.about, **{name: getattr(one.said, name) for name in vars(one.said)})
            for one in found.statements
        ]
    if output == "json":
        put_json(document_values(made, incidents))
    elif made:
        put(render(made))


def render(found: Sequence[Statement]) -> RenderableType:
    """Statements for `rich.console.Console.print`, each with who said it, what it claims and its source."""
    from rich.console import Group

    return Group(*(part for one in found for part in _statement(one)))


def render_tested(statement: Statement, tested: Sequence[Tested]) -> RenderableType:
    """One statement with every assertion, its state and its evidence."""
    from rich.console import Group

    parts = [*_statement(statement, claims=False)]
    for one in tested:
        parts += _tested(one)
    return Group(*parts)


def headline(about: str, said: Saying) -> str:
    """A statement in a line."""
    claims = f": {'; '.join(in_words(part) for part in said.assertions)}" if said.assertions else ""
    kind = said.kind.replace("-", " ")
    return f"{said.said_on}  {kind} about {about} by {visible(said.speaker)}{claims}"


def table_lines(table: CountryTable) -> list[str]:
    """Countries, counts and prices as they were understood, a line for each row; where a row was read is left out.

    >>> from floodmark.assessment.statements.country_table import CountryRow, exactly
    >>> table_lines(CountryTable((CountryRow("EG", exactly(44_823_547)), CountryRow("MT", exactly(7)))))
    ['  Egypt  44,823,547', '  Malta           7']
    """
    cells = [_cells(row) for row in table.rows]
    names, counts, prices = (max(len(row[place]) for row in cells) for place in range(3))
    return [f"  {row[0]:<{names}}  {row[1]:>{counts}}  {row[2]:>{prices}}".rstrip() for row in cells]


def _cells(row: CountryRow) -> tuple[str, str, str, str]:
    count = number(row.count) if row.count is not None else "-"
    price = number(row.price.amount, row.price.currency) if row.price is not None else ""
    return country_name(row.country), count, price, visible(row.source)


def _rows(table: CountryTable) -> RenderableType:
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    cells = [_cells(row) for row in table.rows]
    shown = Table.grid(padding=(0, 2))
    places = [place for place in range(4) if any(row[place] for row in cells)]
    for place in places:
        shown.add_column(justify="right" if place in (1, 2) else "left", overflow="fold")
    for row in cells:
        shown.add_row(*(Text(row[place], "dim" if place == 3 else "") for place in places))
    return Padding(shown, (0, 0, 0, 2))


def _statement(one: Statement, *, claims: bool = True) -> Iterator[RenderableType]:
    from rich.text import Text

    known = f", known since {one.learnt_on}" if one.learnt_on else ""
    number = f", statement {one.id} of {one.about}" if one.id else f" about {one.about}"
    yield Text(f"{one.said_on}  {one.kind.replace('-', ' ')}{number}", "bold")
    yield Text(f"  {visible(one.speaker)} ({one.speaker_kind.replace('-', ' ')}){known}")
    yield _indented(visible(one.text))
    if one.offer or one.sample is not None:
        yield _indented(_offered(one))
    if claims and one.assertions:
        yield _indented(f"claims: {'; '.join(in_words(part) for part in one.assertions)}")
    source = "; ".join(filter(None, (visible(one.source), one.source_url)))
    read = f" (read {one.checked_on})" if one.checked_on else ""
    yield _indented(f"source: {source}{read}", "dim")


def _offered(one: Statement) -> str:
    offered = f"offer: {one.offer}" if one.offer else ""
    rows = "" if one.sample is None else f"sample: {one.sample:,} {'row' if one.sample == 1 else 'rows'}"
    drawn = f", drawn by: {one.drawn}" if one.drawn else ""
    return "; ".join(filter(None, (offered, rows + drawn)))


def _tested(one: Tested) -> Iterator[RenderableType]:
    from rich.text import Text

    yield Text()
    yield Text.assemble(
        (one.state, f"bold {STYLES[one.state]}"), f"  {one.assertion.kind}: {in_words(one.assertion)}"
    )
    if one.assertion.table is not None:
        yield _rows(one.assertion.table)
    if one.assertion.quote:
        yield _indented(f"“{visible(one.assertion.quote)}”", "dim")
    following = [*(found.power for found in one.evidence[1:]), ""]
    for found, after in zip(one.evidence, following, strict=False):
        yield _indented(f"{found.effect.replace('-', ' ')} ({found.test}): {visible(found.words)}")
        if found.power and found.power != after:
            yield _indented(visible(found.power), "dim")


def _indented(words: str, style: str = "") -> RenderableType:
    from rich.padding import Padding
    from rich.text import Text

    return Padding(Text(words, style), (0, 0, 0, 2))
