"""`floodmark guard report`: who asked for how much, and what the guard makes of it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from floodmark.cli.outputs import OutputPath
from floodmark.errors import UsageError
from floodmark.files import OutputFailed

EPILOG = """\b
Examples:
  floodmark guard report lookups.parquet
  floodmark guard report lookups.parquet --html report.html
  floodmark guard report lookups.parquet -o json > report.json
"""


@click.command(epilog=EPILOG)
@click.argument(
    "paths", nargs=-1, required=True, metavar="LOOKUPS...", type=click.Path(path_type=Path, dir_okay=False)
)
@click.option(
    "--most",
    type=click.IntRange(1, 1000),
    default=50,
    show_default=True,
    help="Actors to list; counts are of all.",
)
@click.option("-o", "--output", type=click.Choice(["human", "json"]), default="human", help="Form of stdout.")
@click.option("--html", type=OutputPath(), metavar="FILE", help="Write a report as one HTML file.")
def command(paths: tuple[Path, ...], most: int, output: str, html: Path | None) -> None:
    """Say who asked for how many identifiers, through which endpoints and when.

    LOOKUPS are files of guard replay, all under one digest key. Actors are shown as digests; guard name reads logs
    again for whom they are.
    """
    from floodmark.cli.stdout import put, put_json
    from floodmark.guard.report.guard_report import guard_report
    from floodmark.guard.report.reading import read_all

    _check_output(html, paths)
    files, lookups = read_all(paths)
    found = guard_report(lookups, files, made_at=datetime.now(UTC), most=most)
    if html is not None:
        from floodmark.guard.report import html as page

        page.write(found, html)
    if output == "json":
        from floodmark.guard.report.values import to_dict

        put_json(to_dict(found))
    else:
        from floodmark.cli.guard_report_text import render

        put(render(found))


def _check_output(html: Path | None, paths: tuple[Path, ...]) -> None:
    """Refuse before the work what could not be written after it, or would destroy an input."""
    if html is None:
        return
    if str(html) == "-":
        raise UsageError("A report is a file, and not for stdout.", "For stdout: -o human or -o json.")
    if html.is_dir() or not html.absolute().parent.is_dir():
        raise OutputFailed(
            f"{html.name} cannot be written where it was asked for", "Name a file in a folder that exists."
        )
    if html.resolve() in {path.resolve() for path in paths}:
        raise UsageError(f"{html.name} is an input", "Name a file of its own for the report.")
