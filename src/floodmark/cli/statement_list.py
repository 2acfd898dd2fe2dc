"""`floodmark statement list`, `show` and `remove`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from floodmark.cli.statement_options import output_option
from floodmark.cli.stdout import put, put_json
from floodmark.cli.workspaces import workspace

if TYPE_CHECKING:
    from floodmark.assessment.evidence.evidence import Tested
    from floodmark.assessment.statements.statement import Incident, Statement

ID = "NUMBER|ID"


@click.command("list")
@click.argument("about", metavar="[ABOUT]", required=False)
@click.option("--reference", "with_reference", is_flag=True, help="Also those that come with the program.")
@output_option
def list_command(about: str | None, with_reference: bool, output: str) -> None:
    """List the statements about one leak or incident, or about all, in the order in which they were made."""
    from floodmark.register.incidents import get_incident, known_incidents
    from floodmark.register.statements import list_statements

    public: tuple[Incident, ...] = ()
    found: list[Statement] = []
    if with_reference:
        from floodmark.assessment import reference

        public, found = reference.incidents(), list(reference.statements(about))
    with workspace().connect() as connection:
        if about is not None and about not in {one.slug for one in public}:
            get_incident(connection, about)
        found = sorted([*found, *list_statements(connection, about)], key=lambda one: one.said_on)
        titles = {one.slug: one for one in (*public, *known_incidents(connection))}
    if output == "json":
        from floodmark.assessment.statements.document import document_values

        put_json(document_values(found, titles.values()))
    elif found:
        from floodmark.cli.statement_text import render

        put(render(found))
    else:
        click.echo("No statement is recorded. Record one with: floodmark statement add ABOUT")


@click.command("show")
@click.argument("number", metavar=ID)
@output_option
def show_command(number: str, output: str) -> None:
    """Show a statement, its assertions, and what tests say of each.

    NUMBER is one that statement list shows; ID one of those that come with the program, as facebook-2021/memo.
    """
    found, tested, incidents = _tested(number)
    if output == "json":
        from floodmark.assessment.statements.document import document_values
        from floodmark.assessment.timeline_values import tested as tested_values

        document = document_values([found], incidents)
        document["statements"][0]["assertions"] = [tested_values(one) for one in tested]
        put_json(document)
    else:
        from floodmark.cli.statement_text import render_tested

        put(render_tested(found, tested))


@click.command("remove")
@click.argument("number", metavar="NUMBER")
@output_option
def remove_command(number: str, output: str) -> None:
    """Take a statement out; statement list shows the numbers.

    An incident of which nothing is left goes with its last statement.
    """
    from floodmark.cli.statement_text import show_done
    from floodmark.register.incidents import drop_if_silent
    from floodmark.register.statements import remove_statement

    with workspace().writing("statement remove") as connection:
        found = remove_statement(connection, number)
        gone = drop_if_silent(connection, found.about)
    show_done(found, "Removed", output)
    if gone:
        click.echo(f"Nothing is left of the incident {found.about}, which was removed with it.", err=True)


def _tested(number: str) -> tuple[Statement, tuple[Tested, ...], tuple[Incident, ...]]:
    from floodmark.assessment import reference
    from floodmark.assessment.evidence.testing import test_all
    from floodmark.register.incidents import known_incidents
    from floodmark.register.known_tables import recorded
    from floodmark.register.statements import StatementNotFound

    opened = workspace()
    here = recorded(opened)
    with opened.connect() as connection:
        incidents = (*reference.incidents(), *known_incidents(connection))
    everything = (*reference.statements(), *here.statements)
    found = next((one for one in everything if one.id == number), None)
    if found is None:
        raise StatementNotFound("There is no statement of this number or id.")
    for slug in here.unread:
        click.echo(f"The profile of {slug} cannot be relied on, and its counts are left out.", err=True)
    tables = (*reference.known_tables(), *here.tables)
    return found, test_all(everything, tables, here.profiles, of=[found]), incidents
