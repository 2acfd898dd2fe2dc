"""`floodmark overlap`: how many identifiers saved leaks share, and whether they say the same of them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from floodmark.cli.deadlines import say_clocks
from floodmark.cli.interrupt import interruptible
from floodmark.cli.outputs import OutputPath
from floodmark.cli.progress import progress
from floodmark.errors import UsageError
from floodmark.files import OutputFailed

if TYPE_CHECKING:
    from floodmark.assessment.overlap import Overlap
    from floodmark.assessment.saved import ComparedLeak

EPILOG = """\b
Examples:
  floodmark overlap
  floodmark overlap forum-2024 forum-2026
  floodmark overlap forum-2024 forum-2026 --kind phone --html overlap.html --csv tables/
  floodmark overlap -o json > overlap.json
"""


@click.command(epilog=EPILOG)
@click.argument("slugs", nargs=-1, metavar="[SLUG]...")
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    metavar="KIND",
    help="Only this identifier kind, such as phone; repeatable.",
)
@click.option("-o", "--output", type=click.Choice(["human", "json"]), default="human", help="Form of stdout.")
@click.option("--html", type=OutputPath(), metavar="FILE", help="Write a report as one HTML file.")
@click.option("--csv", "folder", type=OutputPath(), metavar="DIR", help="Write the tables as CSV files.")
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Threads.")
def command(
    slugs: tuple[str, ...],
    kinds: tuple[str, ...],
    output: str,
    html: Path | None,
    folder: Path | None,
    workers: int,
) -> None:
    """Say how many identifiers leaks share, exactly, and whether their values agree.

    Without a SLUG, all leaks of the workspace. Every number counts distinct identifiers of one kind, not rows and
    not people. Overlap alone cannot tell a recycled leak from a second scrape of the same people; whether names and
    locations of the shared ones agree can, where enough of them have both.
    """
    from floodmark.cli.stdout import put, put_json

    _check_outputs(html, folder)
    found = _compare(slugs, kinds, workers)
    if html is not None:
        from floodmark.assessment.report import html as page

        page.write(found, html)
    if folder is not None:
        from floodmark.assessment.report import tables

        tables.write(found, folder)
    if output == "json":
        put_json(found.to_dict())
    else:
        from floodmark.cli.overlap_text import render

        put(render(found))
    say_clocks(found.leaks, datetime.now(UTC))


def _compare(slugs: tuple[str, ...], kinds: tuple[str, ...], workers: int) -> Overlap:
    from floodmark.assessment.overlap import check_leaks, kinds_of, overlap, work_bytes

    leaks = _leaks(slugs)
    check_leaks(leaks)
    known = kinds_of(leaks)
    for kind in kinds:
        if kind not in known:
            raise UsageError(
                f"None of the leaks has the kind {kind[:20]!r}.", f"Kinds here: {', '.join(known)}."
            )
    chosen = kinds or None
    with progress(work_bytes(leaks, chosen), "Comparing") as shown, interruptible(shown) as advance:
        return overlap(leaks, chosen, workers=workers, advance=advance)


def _leaks(slugs: tuple[str, ...]) -> list[ComparedLeak]:
    """The leaks of these slugs, or all, with arrays that are mapped and checked when they are first read."""
    from floodmark.assessment.saved import ComparedLeak
    from floodmark.cli.workspaces import workspace
    from floodmark.register.arrays import leak_arrays
    from floodmark.register.leaks import list_leaks

    with workspace() as place:
        if not slugs:
            with place.connect() as connection:
                slugs = tuple(leak.slug for leak in list_leaks(connection))
        opened = [leak_arrays(place, slug) for slug in slugs]
    return [ComparedLeak(arrays, arrays.leak.digest_key_id, arrays.leak.synthetic) for arrays in opened]


def _check_outputs(html: Path | None, folder: Path | None) -> None:
    """Refuse before the work what could not be written after it."""
    if html is not None and (html.is_dir() or not html.absolute().parent.is_dir()):
        raise OutputFailed(
            f"{html.name} cannot be written where it was asked for", "Name a file in a folder that exists."
        )
    if folder is not None and folder.exists() and not folder.is_dir():
        raise OutputFailed(
            f"{folder.name} is a file, and tables need a folder", "Name a folder, new or existing."
        )
