"""`floodmark statement import`: a table of countries as one statement, or a document of many."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from floodmark.cli.by_hand import ByHand
from floodmark.cli.errors import printable
from floodmark.cli.statement_options import output_option, saying_options
from floodmark.cli.workspaces import workspace
from floodmark.errors import UsageError
from floodmark.reports.numbers import listing, plural

if TYPE_CHECKING:
    from floodmark.assessment.statements.document import Document
    from floodmark.register.importing import Importing

MOST_SHOWN = 20


@click.command("import")
@click.argument("file", metavar="FILE|-")
@click.option("--about", cls=ByHand, metavar="SLUG", help="Leak or incident that a table is about.")
@saying_options
@click.option("--yes", cls=ByHand, is_flag=True, help="Do not ask; needed where no terminal can answer.")
@click.option("--dry-run", is_flag=True, help="Say what was understood, and record nothing.")
@output_option
@click.pass_context
def import_command(
    context: click.Context,
    /,
    file: str,
    about: str | None,
    yes: bool,
    dry_run: bool,
    output: str,
    **given: Any,
) -> None:
    """Record statements from a file: what was understood is said first.

    FILE is a table of countries in any usual layout (CSV, JSON, pasted text), which becomes one statement that the
    options describe; or a JSON document of statements, as floodmark statement list -o json prints it, which needs
    none of them. All of it is recorded or nothing. What is recorded already is left out.
    """
    from floodmark.assessment.statements.document import MOST_BYTES, is_document, read_document
    from floodmark.cli.statement_saying import content_of
    from floodmark.cli.statement_text import show_imported
    from floodmark.register.importing import import_statements, look_at

    raw = content_of(file, MOST_BYTES)
    if is_document(raw):
        _refuse_options(context)
        document = read_document(raw)
    else:
        document = _one(raw, file, about, given)
    opened, now = workspace(), datetime.now(UTC)
    with opened.connect() as connection:
        found = look_at(connection, document, now)
    _tell(document, found)
    if dry_run or not found.statements:
        show_imported(found, [], output)
        click.echo("Nothing was recorded.", err=True)
        return
    if not yes:
        _ask(file)
    with opened.writing("statement import") as connection:
        made = import_statements(connection, document, now)
    click.echo(f"Recorded {_statements(len(made))}.", err=True)
    show_imported(None, made, output)


def _one(raw: bytes, file: str, about: str | None, given: dict[str, Any]) -> Document:
    """The document with the one statement that has the table."""
    from floodmark.assessment.statements.document import Document, Said
    from floodmark.assessment.statements.statement import Incident
    from floodmark.cli.statement_saying import saying, table_of

    if about is None:
        raise UsageError("A table of countries needs --about: the leak or incident that it is about.")
    if file == "-" and given["text"] == "-":
        raise UsageError("The text and the table cannot both come from stdin.", "Give one of them as a file.")
    said = saying(given, table_of(raw, given))
    titled = (Incident(about, given["incident"]),) if given["incident"] is not None else ()
    return Document(titled, (Said(about, said),))


def _refuse_options(context: click.Context) -> None:
    """A document says all of its statements itself."""
    own = {"file", "yes", "dry_run", "output"}
    typed = [
        one.opts[0]
        for one in context.command.params
        if one.name not in own and context.get_parameter_source(str(one.name)) is ParameterSource.COMMANDLINE
    ]
    if typed:
        raise UsageError(
            f"A document of statements says by itself what {', '.join(typed)} would say.", "Leave that out."
        )


def _tell(document: Document, found: Importing) -> None:
    """Say on stderr what was understood; of one statement its table, of many the first ones."""
    from floodmark.cli.statement_text import headline, table_lines

    claimed = sum(len(one.said.assertions) for one in found.statements)
    about = {one.about for one in found.statements}
    lines = [f"Understood {_statements(len(document.statements))}."]
    if found.statements:
        lines.append(
            f"To record: {_statements(len(found.statements))} about {listing(sorted(about), MOST_SHOWN)}, "
            f"with {plural(claimed, 'assertion')}."
        )
    if len(found.statements) == 1:
        table = found.statements[0].said.table
        lines += table_lines(table) if table is not None else []
    elif found.statements:
        lines += [f"  {headline(one.about, one.said)}" for one in found.statements[:MOST_SHOWN]]
        if len(found.statements) > MOST_SHOWN:
            lines.append(f"  and {len(found.statements) - MOST_SHOWN:,} more")
    if found.known:
        lines.append(f"Left out, since they are recorded already: {_statements(found.known)}.")
    lines += [f"New incident {one.slug}: {one.title}" for one in found.incidents if one.slug in about]
    for line in lines:
        click.echo(printable(line), err=True)


def _statements(count: int) -> str:
    return plural(count, "statement")


def _ask(file: str) -> None:
    if file == "-" or sys.stdin is None or not sys.stdin.isatty():
        raise UsageError(
            "Nobody can be asked here, and nothing was recorded.",
            "Look at it with --dry-run; then say --yes.",
        )
    click.confirm("Record it?", abort=True, err=True)
