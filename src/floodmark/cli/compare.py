"""`floodmark compare`: two dumps side by side, nothing saved."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from floodmark.cli.interrupt import interruptible
from floodmark.cli.outputs import OutputPath
from floodmark.cli.progress import progress
from floodmark.cli.reading_options import comparing_options, options_of
from floodmark.cli.stdout import put, put_json
from floodmark.errors import UsageError
from floodmark.files import OutputFailed, real

EPILOG = """\b
Examples:
  floodmark compare forum-2024.sql forum-2026.csv.gz
  floodmark compare old/ new.zip --html comparison.html
  floodmark compare old.txt new.txt --no-rows -o json > comparison.json
  floodmark compare old.txt new.csv --grammar old.toml --grammar-b new.toml
"""
PARTLY_READ = 10


@click.command(epilog=EPILOG)
@click.argument("a", type=click.Path(path_type=Path))
@click.argument("b", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Choice(["human", "json"]), default="human", help="Form of stdout.")
@click.option("--html", type=OutputPath(), metavar="FILE", help="Write a report as one HTML file.")
@click.option(
    "--rows/--no-rows",
    "whole_rows",
    default=True,
    help="Whether to compare whole rows, for which both are read a second time. Default: yes.",
)
@click.option(
    "--grammar-b",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Read B by this grammar file, and A by --grammar or what is inferred.",
)
@comparing_options
def command(a: Path, b: Path, **given: Any) -> None:
    """Put two dumps side by side: columns, fill rates, countries, identifiers and rows of both or of one.

    Each is a file, or a folder whose files together are the dump. Identifiers and rows are compared exactly, by keyed
    digests whose key is made for the run and forgotten: nothing is saved, and no content is shown. Rows are compared by
    the columns that both have; a number, an address or a date is the same however it is written.
    """
    from floodmark.triage import compare, total_size

    _check_output(given["html"], a, b)
    options = options_of(given)
    options_b = replace(options, grammar=given["grammar_b"]) if given["grammar_b"] else options
    total = total_size([a, b]) * (2 if given["whole_rows"] else 1)
    with progress(total, "Comparing") as shown, interruptible(shown) as advance:
        found = compare(a, b, options, options_b=options_b, whole_rows=given["whole_rows"], advance=advance)
    if given["html"]:
        from floodmark.triage.report import comparison_html

        comparison_html.write(found, given["html"])
    if given["output"] == "json":
        put_json(found.to_dict())
    else:
        from floodmark.cli.compare_text import render

        put(render(found))
    if found.a.unread or found.b.unread:
        raise click.exceptions.Exit(PARTLY_READ)


def _check_output(html: Path | None, a: Path, b: Path) -> None:
    """Refuse before the work what could not be written after it, or would destroy a dump."""
    if html is None:
        return
    if html.is_dir() or not html.absolute().parent.is_dir():
        raise OutputFailed(
            f"{html.name} cannot be written where it was asked for", "Name a file in a folder that exists."
        )
    if real(html) in {real(a), real(b)}:
        raise UsageError(f"{html.name} is an input", "Name a file of its own for the report.")
