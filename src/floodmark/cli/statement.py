"""`floodmark statement`: what somebody said of a leak, with who, when and the source."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from floodmark.assessment.statements.kinds import KINDS, SPEAKER_KINDS
from floodmark.cli.by_hand import ByHand
from floodmark.cli.case_options import note_text
from floodmark.cli.stdout import put, put_json
from floodmark.cli.workspaces import workspace

if TYPE_CHECKING:
    from floodmark.register.statements import Statement

EPILOG = """\b
Examples:
  floodmark statement add facebook-2021 --kind denial --by company --speaker "Example Ltd" --said 2021-04-06 \\
      --text "The data is old." --url https://example.org/news
  floodmark statement list facebook-2021
  floodmark statement remove 3
"""


@click.group(epilog=EPILOG)
def command() -> None:
    """Keep what was said of a leak: adverts, denials, checks, fines, each with its source.

    Statements of a leak that is in a published snapshot are shown to everybody by floodmark serve.
    """


output_option = click.option(
    "-o", "--output", type=click.Choice(["human", "json"]), default="human", help="Form of stdout."
)


@command.command("add")
@click.argument("leak", metavar="LEAK")
@click.option("--kind", cls=ByHand, type=click.Choice(KINDS), required=True, help="What kind of statement.")
@click.option(
    "--by",
    "speaker_kind",
    cls=ByHand,
    type=click.Choice(SPEAKER_KINDS),
    required=True,
    help="What kind of body or person said it.",
)
@click.option("--speaker", cls=ByHand, required=True, metavar="TEXT", help="Who: a body, a role, an alias.")
@click.option(
    "--said",
    "said_on",
    cls=ByHand,
    required=True,
    metavar="DATE",
    help="When: 2021-04-03, or 2021-04 or 2021 where no more is known.",
)
@click.option(
    "--known",
    "learnt_on",
    cls=ByHand,
    metavar="DATE",
    help="When it became known, where that was later, as with a memo that came out.",
)
@click.option("--text", cls=ByHand, required=True, metavar="TEXT|-", help="What was said; - reads stdin.")
@click.option("--url", "source_url", cls=ByHand, default="", metavar="URL", help="A page that bears it out.")
@click.option(
    "--source", cls=ByHand, default="", metavar="TEXT", help="Where else it can be found, in words."
)
@output_option
def add(leak: str, output: str, **said: Any) -> None:
    """Record a statement about a leak.

    It needs a source: --url, --source or both. No phone number, e-mail address or other long number: statements are
    public where their leak is, and one that seems to hold such a number is refused.
    """
    from floodmark.register.statements import Saying, add_statement

    said["text"] = note_text(said["text"])
    with workspace().writing("statement add") as connection:
        made = add_statement(connection, leak, Saying(**said), datetime.now(UTC))
    _show(made, "Recorded", output)


@command.command("list")
@click.argument("leak", metavar="[LEAK]", required=False)
@output_option
def list_command(leak: str | None, output: str) -> None:
    """List the statements about one leak, or about all, in the order in which they were made."""
    from floodmark.cli import statement_text
    from floodmark.register.incidents import get_incident
    from floodmark.register.statements import list_statements

    with workspace().connect() as connection:
        if leak is not None:
            get_incident(connection, leak)
        found = list_statements(connection, leak)
    if output == "json":
        put_json({"statements": [statement_text.values(one) for one in found]})
    elif found:
        put(statement_text.render(found))
    else:
        click.echo("No statement is recorded. Record one with: floodmark statement add LEAK")


@command.command("remove")
@click.argument("number", type=click.IntRange(1), metavar="NUMBER")
@output_option
def remove(number: int, output: str) -> None:
    """Take a statement out; statement list shows the numbers."""
    from floodmark.register.statements import remove_statement

    with workspace().writing("statement remove") as connection:
        found = remove_statement(connection, str(number))
    _show(found, "Removed", output)


def _show(statement: Statement, done: str, output: str) -> None:
    from floodmark.cli import statement_text

    if output == "json":
        put_json(statement_text.values(statement))
    else:
        click.echo(f"{done} statement {statement.id} of {statement.about}.", err=True)
        put(statement_text.render([statement]))
