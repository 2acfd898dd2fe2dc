"""`floodmark leak show` and `floodmark leak edit`: one leak of the register."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import click
from click.core import ParameterSource

from floodmark.cli.leak_profile import profile
from floodmark.errors import UsageError

EPILOG = """\b
Examples:
  floodmark leak show facebook-2021
  floodmark leak edit facebook-2021 --title "Facebook, 2021" --breach-date 2019-08-31
"""
SHOW_EPILOG = """\b
Examples:
  floodmark leak show facebook-2021
  floodmark leak show facebook-2021 -o json
  floodmark leak show facebook-2021 -o hibp
"""
EDIT_EPILOG = """\b
Examples:
  floodmark leak edit facebook-2021 --title "Facebook, 2021" --domain facebook.com
  floodmark leak edit facebook-2021 --breach-date 2019-08-31 --published-date 2021-04-03
  floodmark leak edit facebook-2021 --verified --disclosure-url https://example.org/notice
  floodmark leak edit facebook-2021 --attribution ""     (takes it away)
"""


@click.group(epilog=EPILOG)
def command() -> None:
    """Show or edit what is known of one leak."""


@command.command(epilog=SHOW_EPILOG)
@click.argument("slug")
@click.option(
    "-o",
    "--output",
    type=click.Choice(["human", "json", "hibp"]),
    default="human",
    help="Form of stdout; hibp is the breach model of Have I Been Pwned, version 3.",
)
def show(slug: str, output: str) -> None:
    """Show everything that is known of one leak: what was said, what was counted, what is kept, what is due."""
    from floodmark.cli.stdout import put, put_json
    from floodmark.cli.workspaces import workspace
    from floodmark.register.cases import deadlines_of_leak
    from floodmark.register.leaks import get_leak, list_arrays
    from floodmark.register.sealed_leaks import sealed_row

    now = datetime.now(UTC)
    with workspace().connect() as connection:
        leak = get_leak(connection, slug)
        arrays = list_arrays(connection, slug)
        sealed = sealed_row(connection, slug)
        clocks = deadlines_of_leak(connection, slug, now)
    if output == "hibp":
        from floodmark.register.hibp import to_hibp

        put_json(to_hibp(leak))
        return
    from floodmark.cli import leak_report

    if output == "json":
        values = leak_report.leak_values(leak, clocks) | {"arrays": leak_report.array_values(arrays)}
        values["sealed"] = leak_report.sealed_values(sealed)
        put_json({"as_of": now.strftime("%Y-%m-%dT%H:%M:%SZ"), **values})
    else:
        put(leak_report.render(leak, arrays, sealed, clocks))


@command.command(epilog=EDIT_EPILOG)
@click.argument("slug")
@click.option("--title", metavar="TEXT", help="One line that names it.")
@click.option("--domain", metavar="DOMAIN", help="Domain of the service that the data is from.")
@click.option("--description", metavar="TEXT", help="What happened, in a few sentences.")
@click.option("--attribution", metavar="TEXT", help="Who provided it, or is to be credited.")
@click.option("--disclosure-url", metavar="URL", help="Page that made it known.")
@click.option("--breach-date", metavar="DATE", help="Day on which the data was taken: YYYY-MM-DD.")
@click.option("--published-date", metavar="DATE", help="Day on which it was published: YYYY-MM-DD.")
@click.option("--verified/--no-verified", default=None, help="Its origin was confirmed.")
@click.option("--fabricated/--no-fabricated", default=None, help="It is likely made up.")
@click.option("--sensitive/--no-sensitive", default=None, help="That somebody is in it may harm them.")
@click.option("--retired/--no-retired", default=None, help="It is no longer answered from.")
@click.option("--spam-list/--no-spam-list", default=None, help="It is a list for sending spam.")
@click.option("--malware/--no-malware", default=None, help="Malware collected it.")
@click.option("--stealer-log/--no-stealer-log", default=None, help="It is logs of an information stealer.")
@click.option(
    "--subscription-free/--no-subscription-free", default=None, help="Anybody may ask for a whole domain."
)
@click.pass_context
def edit(context: click.Context, /, slug: str, **given: Any) -> None:
    """Edit what is said of one leak; what was counted in it stays.

    An empty text takes away what was there. Options are taken from the command line alone.
    """
    from floodmark.cli.workspaces import workspace
    from floodmark.register.leak_words import edit_leak

    # A floodmark.toml that came with a dump, or a variable left over, must not change the register unseen.
    typed = {name for name in given if context.get_parameter_source(name) is ParameterSource.COMMANDLINE}
    changes = {name: value for name, value in given.items() if name in typed}
    if not changes:
        raise UsageError(
            "Nothing was given to change.", "See floodmark leak edit --help for what can be said."
        )
    with workspace().writing("leak edit") as connection:
        edit_leak(connection, slug, changes, datetime.now(UTC))
    click.echo(f"Edited {slug}: {', '.join(name.replace('_', ' ') for name in changes)}.", err=True)


command.add_command(profile)
