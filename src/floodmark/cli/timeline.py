"""`floodmark timeline`: who said what of a leak and when, what tests make of it, and what contradicts what."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from floodmark.assessment.statements.kinds import SPEAKER_KINDS
from floodmark.cli.outputs import OutputPath
from floodmark.errors import UsageError
from floodmark.files import OutputFailed

if TYPE_CHECKING:
    from floodmark.assessment.timeline import Timeline

EPILOG = """\b
Examples:
  floodmark timeline facebook-2021
  floodmark timeline facebook-2021 --by company --by regulator --from 2021-04
  floodmark timeline --html timeline.html --csv tables/
  floodmark timeline -o json > timeline.json
"""


@click.command(epilog=EPILOG)
@click.argument("leak", metavar="[LEAK]", required=False)
@click.option(
    "--from", "since", metavar="DATE", default="", help="Only what may be of this day, month or year on."
)
@click.option(
    "--to", "until", metavar="DATE", default="", help="Only what may be of this day, month or year or before."
)
@click.option(
    "--by",
    multiple=True,
    type=click.Choice(SPEAKER_KINDS),
    help="Only what this kind of speaker said; repeatable.",
)
@click.option(
    "--reference/--no-reference",
    default=True,
    show_default=True,
    help="With the public statements that come with the program.",
)
@click.option("-o", "--output", type=click.Choice(["human", "json"]), default="human", help="Form of stdout.")
@click.option("--html", type=OutputPath(), metavar="FILE", help="Write a report as one HTML file.")
@click.option("--csv", "folder", type=OutputPath(), metavar="DIR", help="Write the tables as CSV files.")
def command(
    leak: str | None,
    since: str,
    until: str,
    by: tuple[str, ...],
    reference: bool,
    output: str,
    html: Path | None,
    folder: Path | None,
) -> None:
    """Show who said what of a leak or an incident, when it was said and when it became known.

    Without LEAK, everything that is recorded, by incident. What can be tested of a statement stands below it:
    supported, contradicted, untestable or untested, and why. Statements of which not all can be true stand side by
    side; that says nothing of who is wrong.
    """
    from floodmark.assessment.timeline import narrowed
    from floodmark.cli.stdout import put, put_json

    _check_outputs(html, folder)
    _check_order(since.strip(), until.strip())
    whole = _timelines(leak, reference)
    found = narrowed(whole, since=since.strip(), until=until.strip(), by=by)
    if html is not None:
        from floodmark.assessment.report import timeline_html

        timeline_html.write(found, html)
    if folder is not None:
        from floodmark.assessment.report import timeline_tables

        timeline_tables.write(found, folder)
    if output == "json":
        from floodmark.assessment.timeline_values import to_dict

        put_json(to_dict(found))
    elif found:
        from floodmark.cli import timeline_text

        put(timeline_text.render(found))
        click.echo(timeline_text.summary(found), err=True)
    elif whole:
        click.echo("What was said is of other dates, or of other kinds of speakers.", err=True)
    else:
        click.echo("Nothing is recorded. Record a statement with: floodmark statement add LEAK", err=True)


def _timelines(leak: str | None, with_reference: bool) -> tuple[Timeline, ...]:
    """Everything that is recorded, tested and held against one another; of one leak or of all."""
    from floodmark.assessment import reference
    from floodmark.assessment.contradictions import contradictions
    from floodmark.assessment.evidence.testing import test_all
    from floodmark.assessment.timeline import timelines
    from floodmark.cli.workspaces import workspace
    from floodmark.register.incidents import known_incidents
    from floodmark.register.known_tables import recorded
    from floodmark.register.leaks import list_leaks

    with workspace() as place:
        known = recorded(place)
        with place.connect() as connection:
            titles = {one.slug: one.title for one in known_incidents(connection)}
            synthetic = {one.slug for one in list_leaks(connection) if one.synthetic}
    statements, tables = known.statements, known.tables
    if with_reference:
        statements += reference.statements()
        tables += reference.known_tables()
        titles = {one.slug: one.title for one in reference.incidents()} | titles
    for slug in known.unread:
        click.echo(f"The profile of {slug} cannot be relied on, and its counts are left out.", err=True)
    if leak is not None:
        _check_known(leak, titles)
    shown = [one for one in statements if leak in (None, one.about)]
    return timelines(
        shown,
        test_all(statements, tables, known.profiles, of=shown),
        contradictions(shown),
        titles=titles,
        synthetic=synthetic,
    )


def _check_known(leak: str, titles: Mapping[str, str]) -> None:
    """Refuse a slug that neither a leak nor an incident has.

    Raises:
        IncidentNotFound: this one.
    """
    import difflib

    from floodmark.register.incidents import IncidentNotFound

    if leak not in titles:
        close = difflib.get_close_matches(leak[:128], sorted(titles), n=3)
        raise IncidentNotFound(
            "Neither a leak nor an incident has that slug.",
            f"Did you mean {' or '.join(close)}?"
            if close
            else "floodmark timeline shows all that there are.",
        )


def _check_order(since: str, until: str) -> None:
    """Refuse a span that ends before it begins.

    Raises:
        UsageError: it does, or a date cannot be read.
    """
    from floodmark.reports.partial_dates import days

    try:
        first, last = (days(one) if one else None for one in (since, until))
    except ValueError:
        raise UsageError(
            "A date cannot be read.", "Write what is known of it: 2021, 2021-04 or 2021-04-03."
        ) from None
    if first and last and last[1] < first[0]:
        raise UsageError("--to is before --from, and nothing lies between them.", "Change the two dates.")


def _check_outputs(html: Path | None, folder: Path | None) -> None:
    """Refuse before the work what could not be written after it."""
    if "-" in (str(html), str(folder)):
        raise UsageError(
            "A report and tables are files, and not for stdout.", "For stdout: -o human or -o json."
        )
    if html is not None and (html.is_dir() or not html.absolute().parent.is_dir()):
        raise OutputFailed(
            f"{html.name} cannot be written where it was asked for", "Name a file in a folder that exists."
        )
    if folder is not None and folder.exists() and not folder.is_dir():
        raise OutputFailed(
            f"{folder.name} is a file, and tables need a folder", "Name a folder, new or existing."
        )
