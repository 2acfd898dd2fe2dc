"""`floodmark statement`: what somebody said of a leak or an incident, with who, when and the source."""

from __future__ import annotations

import click

from floodmark.cli.statement_add import add_command
from floodmark.cli.statement_import import import_command
from floodmark.cli.statement_list import list_command, remove_command, show_command

EPILOG = """\b
Examples:
  floodmark statement add facebook-2021 --kind denial --by company --speaker "Example Ltd" --said 2021-04-06 \\
      --text "The data is old." --url https://example.org/news --assert old
  floodmark statement import table.txt --about acme --kind advert --by seller --speaker "a forum account" \\
      --said 2026-01 --text "A table of countries." --source "Thread seen by our monitoring, INC-4711"
  floodmark statement import statements.json --dry-run
  floodmark statement list facebook-2021 --reference
  floodmark statement show 3
  floodmark statement remove 3
"""


@click.group(epilog=EPILOG)
def command() -> None:
    """Keep what was said of a leak: adverts, denials, checks, fines, each with its source.

    A statement is cut into assertions, which can be tested. It is about a leak, or about an incident, which needs no
    dump. Statements of a leak that is in a published snapshot are shown to everybody by floodmark serve.
    """


for one in (add_command, import_command, list_command, show_command, remove_command):
    command.add_command(one)
