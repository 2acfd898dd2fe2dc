"""`floodmark leak profile`: the report of a saved leak, when its dump may be gone."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from floodmark.cli.deadlines import say_clocks
from floodmark.cli.outputs import OutputPath

EPILOG = """\b
Examples:
  floodmark leak profile forum-2026
  floodmark leak profile forum-2026 -o json > profile.json
  floodmark leak profile forum-2026 --html report.html
"""


@click.command(epilog=EPILOG)
@click.argument("slug")
@click.option("-o", "--output", type=click.Choice(["human", "json"]), default="human", help="Form of stdout.")
@click.option("--html", type=OutputPath(), metavar="FILE", help="Write the report as one HTML file.")
def profile(slug: str, output: str, html: Path | None) -> None:
    """Show the triage report of a saved leak again, checked against its signature.

    The dump is not needed. As JSON it has the statistics that later tests need.
    """
    from floodmark.cli.stdout import put, put_json
    from floodmark.cli.workspaces import workspace
    from floodmark.register.profiles import saved_profile
    from floodmark.triage.report import html as page
    from floodmark.triage.report import text

    found = saved_profile(workspace(), slug)
    if html is not None:
        page.write(found, html)
    if output == "json":
        put_json(found.to_dict())
    else:
        put(text.render(found))
    say_clocks([slug], datetime.now(UTC))
