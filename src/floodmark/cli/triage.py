"""`floodmark triage`: what is in leaked files, exactly."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from floodmark.cli.by_hand import ByHand
from floodmark.cli.interrupt import interruptible
from floodmark.cli.outputs import OutputPath
from floodmark.cli.progress import progress
from floodmark.cli.reading_options import options_of, reading_options
from floodmark.cli.saving_options import saving_options
from floodmark.cli.stdout import put, put_json
from floodmark.errors import NothingToRead, UsageError
from floodmark.files import OutputFailed, real, write_atomic
from floodmark.triage import Profile, quick_triage, total_size, triage

EPILOG = """\b
Examples:
  floodmark triage dump.txt
  floodmark triage dump.txt --html report.html --csv tables/
  floodmark triage part1.csv.gz part2.csv.gz -o json > profile.json
  floodmark triage folder/ --json profile.json --acquired-from "CERT-XX hand-over" --acquired-at 2026-01-31
  floodmark triage huge.txt --quick
  floodmark triage odd.txt --grammar odd.toml           (written by grammar learn)
  floodmark triage dump.txt --save forum-2026 --title "A forum, 2026"
"""
PARTLY_READ = 10
SAVING = ("title", "replace", "passphrase_file")


@click.command(epilog=EPILOG)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Choice(["human", "json"]), default="human", help="Form of stdout.")
@click.option(
    "--json",
    "json_file",
    type=OutputPath(),
    metavar="FILE",
    help="Write the profile as JSON, and FILE's custody record beside it.",
)
@click.option("--html", type=OutputPath(), metavar="FILE", help="Write a report as one HTML file.")
@click.option(
    "--csv",
    "csv_folder",
    type=OutputPath(),
    metavar="DIR",
    help="Write the tables as CSV files.",
)
@click.option(
    "--quick/--exact",
    default=False,
    help="Read random pieces and answer with intervals, or read all. Default: all.",
)
@click.option(
    "--seed",
    type=click.IntRange(0),
    metavar="N",
    help="With --quick: seed of the random offsets, to repeat a sample.",
)
@click.option(
    "--save", "slug", cls=ByHand, metavar="SLUG", help="Keep what was learnt as a leak of this name."
)
@saving_options
@reading_options
def command(paths: tuple[Path, ...], **given: Any) -> None:
    """Say what is in leaked files: rows, people's identifiers, countries, kinds of data.

    Every byte is accounted for: accepted, repaired, quarantined or skipped. Nothing of the content is kept or
    shown; counts say whether they count rows or identifiers. A folder means all files in it.
    """
    options = options_of(given)
    source = click.get_current_context().get_parameter_source
    by_option = [name for name in SAVING if given[name] and source(name) is ParameterSource.COMMANDLINE]
    if given["slug"] is None and by_option:
        raise UsageError(
            "--title, --replace and --passphrase-file are about a leak to save.", "Add --save SLUG."
        )
    if given["slug"] is not None and given["quick"]:
        raise UsageError("A sample cannot be saved.", "Leave out --quick: all of the dump is read for that.")
    _check_outputs(paths, given)
    if given["slug"] is not None:
        from floodmark.cli.save import saved

        profile = saved(given["slug"], paths, options, given).profile
    elif given["quick"]:
        with progress(None, "Sampling") as shown, interruptible(shown) as advance:
            profile = quick_triage(paths, options, seed=given["seed"], advance=advance)
    else:
        with progress(total_size(paths), "Reading") as shown, interruptible(shown) as advance:
            profile = triage(paths, options, advance=advance)
    _write(profile, given)
    _show(profile, given["output"])
    if not profile.rows:
        raise click.exceptions.Exit(NothingToRead.exit_code)
    if any(file.problem for file in profile.files):
        raise click.exceptions.Exit(PARTLY_READ)


def _check_outputs(paths: tuple[Path, ...], given: dict[str, Any]) -> None:
    """Refuse before reading, which can take long, what could not be written after it, or would destroy a dump."""
    taken = {real(path) for path in paths}
    for name in ("json_file", "html"):
        path: Path | None = given[name]
        if path is not None and (path.is_dir() or not path.absolute().parent.is_dir()):
            raise OutputFailed(
                f"{path.name} cannot be written where it was asked for",
                "Name a file in a folder that exists.",
            )
        if path is not None and real(path) in taken:
            raise UsageError(
                f"{path.name} is an input or another output", "Name a file of its own for each output."
            )
        if path is not None:
            taken.add(real(path))
    folder: Path | None = given["csv_folder"]
    if folder is not None and folder.exists() and not folder.is_dir():
        raise OutputFailed(
            f"{folder.name} is a file, and tables need a folder", "Name a folder, new or existing."
        )


def _write(profile: Profile, given: dict[str, Any]) -> None:
    from floodmark.triage.report import html, tables

    if given["json_file"]:
        path: Path = given["json_file"]
        write_atomic(path, _json(profile))
        custody = json.dumps(profile.custody, ensure_ascii=False, indent=2) + "\n"
        write_atomic(path.with_name(path.name + ".custody.json"), custody.encode("utf-8", "replace"))
    if given["html"]:
        html.write(profile, given["html"])
    if given["csv_folder"]:
        tables.write(profile, given["csv_folder"])


def _json(profile: Profile) -> bytes:
    return (json.dumps(profile.to_dict(), ensure_ascii=False, indent=2) + "\n").encode("utf-8", "replace")


def _show(profile: Profile, form: str) -> None:
    if form == "json":
        put_json(profile.to_dict())
        return
    from floodmark.triage.report import text

    put(text.render(profile))
