"""`floodmark guard report`: who asked for how much, and what the guard makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from floodmark.cli.guard_inputs import inputs_options, read_inputs
from floodmark.cli.interrupt import interruptible
from floodmark.cli.outputs import OutputPath
from floodmark.cli.progress import progress
from floodmark.errors import NothingToRead, UsageError
from floodmark.files import OutputFailed, real

if TYPE_CHECKING:
    from floodmark.guard.report.guard_report import GuardReport

EPILOG = """\b
Examples:
  floodmark guard report lookups.parquet
  floodmark guard report lookups.parquet --policy strict.toml --html report.html
  floodmark guard report march.parquet april.parquet --model february.model --html report.html
  floodmark guard report traffic.parquet --truth truth.parquet -o json > report.json

\b
Where the workspace has no policy, it is that of nothing stated (profile signal). Canaries and the allow-list are those
of the workspace; whoever is on the allow-list now counts as having been on it all the time.
"""
_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(epilog=EPILOG)
@click.argument("paths", nargs=-1, required=True, metavar="LOOKUPS...", type=_FILE)
@inputs_options
@click.option(
    "--truth",
    type=_FILE,
    metavar="FILE",
    help="Who of the actors is what, for made-up traffic (synth traffic).",
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
def command(
    paths: tuple[Path, ...],
    policy: Path | None,
    model: Path | None,
    truth: Path | None,
    most: int,
    output: str,
    html: Path | None,
) -> None:
    """Say who asked for how much: against whom most speaks, what budgets would have done, and whom that would hurt.

    LOOKUPS are files of guard replay, all under one digest key. Actors are shown as digests; guard name reads the logs
    again for whom they are.
    """
    from floodmark.cli.stdout import put, put_json

    _check_output(html, [*paths, *(one for one in (policy, model, truth) if one)])
    found = _report(paths, policy, model, truth, most)
    if html is not None:
        from floodmark.guard.report import html as page

        page.write(found, html)
    if output == "json":
        from floodmark.guard.report.values import to_dict

        put_json(to_dict(found))
    else:
        from floodmark.cli.guard_report_text import render

        put(render(found))


def _report(
    paths: tuple[Path, ...], policy: Path | None, model: Path | None, truth: Path | None, most: int
) -> GuardReport:
    """Read all that is asked for, and report."""
    from floodmark.guard.report.families import read_truth
    from floodmark.guard.report.guard_report import guard_report
    from floodmark.guard.report.judged import judged
    from floodmark.guard.report.reading import read_all

    known = None if truth is None else read_truth(truth)
    with progress(4, "Reporting", unit="steps") as shown, interruptible(shown) as advance:
        files, lookups = read_all(paths)
        if lookups.is_empty():
            raise NothingToRead("There is no lookup in these files", "Replay logs that hold some.")
        given = read_inputs(policy, model, files[0].key_id)
        advance(1)
        made = judged(
            lookups,
            given.policy,
            learned=given.learned,
            canaries=given.canaries,
            allowed=given.allowed,
            advance=advance,
        )
        found = guard_report(
            lookups,
            files,
            made_at=datetime.now(UTC),
            judged=made,
            canaries=given.canaries,
            allowed=given.allowed,
            truth=known,
            most=most,
        )
        advance(1)
    return found


def _check_output(html: Path | None, paths: Sequence[Path]) -> None:
    """Refuse before the work what could not be written after it, or would destroy an input."""
    if html is None:
        return
    if str(html) == "-":
        raise UsageError("A report is a file, and not for stdout.", "For stdout: -o human or -o json.")
    if html.is_dir() or not html.absolute().parent.is_dir():
        raise OutputFailed(
            f"{html.name} cannot be written where it was asked for", "Name a file in a folder that exists."
        )
    if real(html) in {real(path) for path in paths}:
        raise UsageError(f"{html.name} is an input", "Name a file of its own for the report.")
