"""`floodmark statement add`: one statement, by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import click

from floodmark.cli.by_hand import ByHand
from floodmark.cli.errors import printable
from floodmark.cli.statement_options import output_option, saying_options
from floodmark.cli.workspaces import workspace


@click.command("add")
@click.argument("about", metavar="ABOUT")
@saying_options
@click.option(
    "--table", cls=ByHand, metavar="FILE|-", help="A table of countries that came with it; - reads stdin."
)
@output_option
def add_command(about: str, table: str | None, output: str, **given: Any) -> None:
    """Record a statement about a leak or an incident.

    ABOUT is the slug of a saved leak, or of an incident, which needs no dump; --incident records a new one. It needs a
    source: --url, --source or both. No phone number, e-mail address or other long number: statements are public where
    their leak is, and one that seems to hold such a number is refused.
    """
    from floodmark.assessment import reference
    from floodmark.cli.statement_saying import content_of, saying, table_of
    from floodmark.cli.statement_text import show_done
    from floodmark.errors import UsageError
    from floodmark.register.incidents import ensure_incident
    from floodmark.register.statements import add_statement

    if table == "-" and given["text"] == "-":
        raise UsageError("The text and the table cannot both come from stdin.", "Give one of them as a file.")
    read = None
    if table is not None:
        from floodmark.assessment.statements.document import MOST_BYTES

        read = table_of(content_of(table, MOST_BYTES), given)
    said = saying(given, read)
    titles = {one.slug: one.title for one in reference.incidents()}
    title = given["incident"] if given["incident"] is not None else titles.get(about)
    now = datetime.now(UTC)
    with workspace().writing("statement add") as connection:
        there = None if title is None else ensure_incident(connection, about, title, now)
        made = add_statement(connection, about, said, now)
    if given["incident"] is not None and there is not None and there.title != given["incident"]:
        click.echo(printable(f"{about} has a title already, which stays: {there.title}"), err=True)
    show_done(made, "Recorded", output)
