"""`floodmark triage`: what is in leaked files, exactly."""

from __future__ import annotations

import io
import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

import click

from floodmark.cli.interrupt import interruptible
from floodmark.cli.progress import progress
from floodmark.errors import NothingToRead, UsageError
from floodmark.files import OutputFailed, write_atomic
from floodmark.triage import Acquisition, Options, Profile, quick_triage, save_grammar, total_size, triage

EPILOG = """\b
Examples:
  floodmark triage dump.txt
  floodmark triage dump.txt --html report.html --csv tables/
  floodmark triage part1.csv.gz part2.csv.gz -o json > profile.json
  floodmark triage folder/ --json profile.json --acquired-from "CERT-XX hand-over" --acquired-at 2026-01-31
  floodmark triage huge.txt --quick
  floodmark triage odd.txt --save-grammar odd.toml      (edit it, then:)
  floodmark triage odd.txt --grammar odd.toml
"""
PARTLY_READ = 10


@click.command(epilog=EPILOG)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path))
@click.option("--region", metavar="CC", help="Country of phone numbers without a country code, such as GB.")
@click.option("-o", "--output", type=click.Choice(["human", "json"]), default="human", help="Form of stdout.")
@click.option(
    "--json",
    "json_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the profile as JSON, and FILE's custody record beside it.",
)
@click.option(
    "--html", type=click.Path(path_type=Path), metavar="FILE", help="Write a report as one HTML file."
)
@click.option(
    "--csv",
    "csv_folder",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Write the tables as CSV files.",
)
@click.option(
    "--quick/--exact",
    default=False,
    help="Read random pieces and answer with intervals, or read all. Default: all.",
)
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Day on which ages are taken. Default: today (UTC).",
)
@click.option("--acquired-from", metavar="TEXT", help="For custody: where the files came from.")
@click.option("--acquired-at", metavar="TIME", help="For custody: when, ISO 8601.")
@click.option("--acquired-by", metavar="TEXT", help="For custody: who acquired them.")
@click.option("--note", metavar="TEXT", help="For custody: anything else.")
@click.option(
    "--grammar", type=click.Path(path_type=Path), metavar="FILE", help="Read the files by this grammar file."
)
@click.option(
    "--save-grammar",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the grammar that was found, to edit.",
)
@click.option("--delimiter", metavar="TEXT", help=r"Text between two cells; \t is a tab.")
@click.option("--quote", metavar="CHAR", help="Quoting character; empty for none.")
@click.option("--header/--no-header", default=None, help="Whether the first record names the columns.")
@click.option(
    "--preamble", type=click.IntRange(0), metavar="N", help="Lines before the header or the first record."
)
@click.option("--columns", metavar="A,B,...", help="Names or field types of the columns, in order.")
@click.option("--encoding", metavar="NAME", help="Encoding of the text: utf-8.")
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Threads.")
@click.option(
    "--seed",
    type=click.IntRange(0),
    metavar="N",
    help="With --quick: seed of the random offsets, to repeat a sample.",
)
def command(paths: tuple[Path, ...], **given: Any) -> None:
    """Say what is in leaked files: rows, people's identifiers, countries, kinds of data.

    Every byte is accounted for: accepted, repaired, quarantined or skipped. Nothing of the content is kept or
    shown; counts say whether they count rows or identifiers. A folder means all files in it.
    """
    options = _options(given)
    if given["save_grammar"] and (len(paths) > 1 or paths[0].is_dir()):
        raise UsageError(
            "--save-grammar is about one file.", "Name one file, and use its grammar for the others."
        )
    _check_outputs(paths, given)
    if given["quick"]:
        with progress(None, "Sampling") as shown, interruptible(shown) as advance:
            profile = quick_triage(paths, options, seed=given["seed"], advance=advance)
    else:
        with progress(total_size(paths), "Reading") as shown, interruptible(shown) as advance:
            profile = triage(paths, options, advance=advance)
    _write(profile, given)
    if given["save_grammar"]:
        save_grammar(paths[0], options, given["save_grammar"])
    _show(profile, given["output"])
    if not profile.rows:
        raise click.exceptions.Exit(NothingToRead.exit_code)
    if any(file.problem for file in profile.files):
        raise click.exceptions.Exit(PARTLY_READ)


def _options(given: dict[str, Any]) -> Options:
    delimiter = given["delimiter"]
    columns = given["columns"]
    overrides = {
        "delimiter": delimiter.replace("\\t", "\t") if delimiter is not None else None,
        "quote": given["quote"],
        "header": given["header"],
        "preamble": given["preamble"],
        "encoding": given["encoding"],
        "columns": tuple(part.strip() for part in columns.split(",")) if columns else None,
    }
    as_of: date | None = given["as_of"].date() if given["as_of"] else None
    acquired = Acquisition(
        source=given["acquired_from"], at=given["acquired_at"], by=given["acquired_by"], note=given["note"]
    )
    return Options(
        region=_region(given["region"]),
        as_of=as_of,
        grammar=given["grammar"],
        overrides=overrides,
        acquired=acquired,
        workers=given["workers"],
    )


def _region(code: str | None) -> str | None:
    from floodmark.identifiers import phones

    if code is None:
        return None
    if not code.isascii() or code.upper() not in phones.REGIONS or code.upper() == "ZZ":
        raise UsageError(f"{code[:8]!r} is no country code", "Use ISO 3166-1 alpha-2, such as GB, EG or BR.")
    return code.upper()


def _check_outputs(paths: tuple[Path, ...], given: dict[str, Any]) -> None:
    """Refuse before reading, which can take long, what could not be written after it, or would destroy a dump."""
    taken = {path.resolve() for path in paths}
    for name in ("json_file", "html", "save_grammar"):
        path: Path | None = given[name]
        if path is not None and (path.is_dir() or not path.absolute().parent.is_dir()):
            raise OutputFailed(
                f"{path.name} cannot be written where it was asked for",
                "Name a file in a folder that exists.",
            )
        if path is not None and path.resolve() in taken:
            raise UsageError(
                f"{path.name} is an input or another output", "Name a file of its own for each output."
            )
        if path is not None:
            taken.add(path.resolve())
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
    if sys.stdout is None:  # closed by who started us
        raise OutputFailed("Standard output is closed", "Write to a file with --json, --html or --csv.")
    if form == "json":
        sys.stdout.buffer.write(_json(profile))
        sys.stdout.buffer.flush()
        return
    from rich.console import Console

    from floodmark.triage.report import text

    # A terminal or pipe that is not Unicode gets what it can show.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    Console(highlight=False, markup=False).print(text.render(profile))
