"""`floodmark guard report`: who asked for how much, and what the guard makes of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from floodmark.cli.interrupt import interruptible
from floodmark.cli.outputs import OutputPath
from floodmark.cli.progress import progress
from floodmark.errors import UsageError
from floodmark.files import OutputFailed

if TYPE_CHECKING:
    from floodmark.guard.evidence import Learned
    from floodmark.guard.report.guard_report import GuardReport

EPILOG = """\b
Examples:
  floodmark guard report lookups.parquet
  floodmark guard report lookups.parquet --policy strict.toml --html report.html
  floodmark guard report march.parquet april.parquet --model february.model --html report.html
  floodmark guard report traffic.parquet --truth truth.parquet -o json > report.json

\b
Without --policy it is the policy of the workspace, or where there is none that of nothing stated (profile signal);
without --model that of the workspace, where there is one. Canaries and the allow-list are those of the workspace.
"""
_Read = TypeVar("_Read")
_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(epilog=EPILOG)
@click.argument("paths", nargs=-1, required=True, metavar="LOOKUPS...", type=_FILE)
@click.option(
    "--policy", type=_FILE, metavar="FILE", help="Show what the budgets of this policy would have done."
)
@click.option("--model", type=_FILE, metavar="FILE", help="Show the evidence by this model (guard learn).")
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
    from floodmark.guard.allow import AllowList
    from floodmark.guard.canaries import Canaries
    from floodmark.guard.folder import GuardFolder
    from floodmark.guard.policy import Policy
    from floodmark.guard.report.families import read_truth
    from floodmark.guard.report.guard_report import guard_report
    from floodmark.guard.report.judged import judged
    from floodmark.guard.report.reading import read_all
    from floodmark.register.workspace import default_folder

    folder = GuardFolder(default_folder() / "guard")
    tried = Policy.read(policy) if policy is not None else folder.read_policy()
    known = read_truth(truth) if truth is not None else None
    with progress(4, "Reporting", unit="steps") as shown, interruptible(shown) as advance:
        files, lookups = read_all(paths)
        key_id = files[0].key_id
        learned = _learned(model, folder.model, key_id)
        canaries = _of_key(lambda: Canaries.read(folder.canaries, key_id), "canaries")
        allowed = _of_key(lambda: AllowList.read(folder.allowed, key_id), "allow-list")
        advance(1)
        made = judged(lookups, tried, learned=learned, canaries=canaries, allowed=allowed, advance=advance)
        found = guard_report(
            lookups,
            files,
            made_at=datetime.now(UTC),
            judged=made,
            canaries=canaries,
            allowed=allowed,
            truth=known,
            most=most,
        )
        advance(1)
    return found


def _learned(asked: Path | None, standing: Path, key_id: str) -> Learned | None:
    """The model that is asked for, or that of the workspace where it is of the same key.

    Raises:
        UsageError: the model that is asked for is under another key than the lookups.
    """
    from floodmark.guard.evidence import read_model

    if asked is None and not standing.exists():
        return None
    found = read_model(asked or standing)
    if found.key_id == key_id:
        return found
    if asked is None:
        _left_out("model")
        return None
    raise UsageError(
        "The model is under another digest key than the lookups.",
        "Learn one from lookups that were replayed with it.",
    )


def _of_key(read: Callable[[], _Read], what: str) -> _Read | None:
    """A file of the workspace's guard; None, and a word on stderr, where it is under another key."""
    from floodmark.guard.keyed_json import GuardFileError

    try:
        return read()
    except GuardFileError:
        _left_out(what)
        return None


def _left_out(what: str) -> None:
    click.echo(f"The workspace's {what} cannot be used with these lookups and is left out.", err=True)


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
    if html.resolve() in {path.resolve() for path in paths}:
        raise UsageError(f"{html.name} is an input", "Name a file of its own for the report.")
