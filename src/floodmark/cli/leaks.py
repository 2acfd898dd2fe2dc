"""`floodmark leaks`: the register, one row per leak."""

from __future__ import annotations

from datetime import UTC, datetime

import click

EPILOG = """\b
Examples:
  floodmark leaks
  floodmark leaks -o json
  floodmark leaks -o hibp > breaches.json
"""


@click.command(epilog=EPILOG)
@click.option(
    "-o",
    "--output",
    type=click.Choice(["human", "json", "hibp"]),
    default="human",
    help="Form of stdout; hibp is the breach model of Have I Been Pwned, version 3.",
)
def command(output: str) -> None:
    """List the leaks of the workspace, with the next deadline of an open case of each.

    Rows are not people, and identifiers are counted once for each kind. A synthetic leak is marked.
    """
    from floodmark.cli.stdout import put, put_json
    from floodmark.cli.workspaces import workspace
    from floodmark.register.cases import deadlines_by_leak
    from floodmark.register.leaks import list_leaks

    now = datetime.now(UTC)
    opened = workspace()
    with opened.connect() as connection:
        leaks = list_leaks(connection)
        clocks = deadlines_by_leak(connection, now)
    opened.look_for_strays()
    if output == "hibp":
        from floodmark.register.hibp import to_hibp

        put_json([to_hibp(leak) for leak in leaks])
        return
    from floodmark.cli import leak_report

    if output == "json":
        rows = [leak_report.leak_values(leak, clocks.get(leak.slug, [])) for leak in leaks]
        put_json({"as_of": now.strftime("%Y-%m-%dT%H:%M:%SZ"), "leaks": rows})
    else:
        put(leak_report.render_list(leaks, clocks))
