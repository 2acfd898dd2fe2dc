"""`floodmark synth`: marked synthetic data, from public statistics only."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from floodmark.cli.outputs import OutputPath
from floodmark.cli.progress import progress
from floodmark.cli.synth_scraper import command as scraper_command
from floodmark.cli.synth_traffic import command as traffic_command
from floodmark.errors import UsageError
from floodmark.synth import TWINS, leak

__all__ = ["command"]

EPILOG = """\b
Examples:
  floodmark synth leak --twin facebook-2021 --rows 300000 --seed 7 -o twin.txt
  floodmark synth leak --twin facebook-2021 --rows 1000 --order 3 --country FR -o fr.txt.gz
  floodmark synth leak --twin whatsapp-2022 --rows 1000 -o - | head
"""


@click.group()
def command() -> None:
    """Make marked synthetic data, from public statistics only.

    Nobody in it exists, but a number that a plan allows may be somebody's: treat a twin as test data, and keep
    the mark in its first line.
    """


@command.command("leak", epilog=EPILOG)
@click.option("--twin", type=click.Choice(list(TWINS)), required=True, help="The set to imitate.")
@click.option(
    "--rows", type=click.IntRange(min=1), required=True, metavar="N", help="Lines of data to write."
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    metavar="S",
    help="Decides every cell.",
)
@click.option(
    "-o",
    "--output",
    "out",
    type=OutputPath(allow_dash=True),
    required=True,
    metavar="FILE",
    help="Where to; .gz and .zst are compressed, - is stdout.",
)
@click.option(
    "--truth",
    type=OutputPath(),
    metavar="FILE",
    help="Where the truth goes; default FILE.truth.json, and with - nowhere.",
)
@click.option("--damage", default=0.01, show_default=True, metavar="SHARE", help="Share of damaged lines.")
@click.option(
    "--duplicates",
    default=0.005,
    show_default=True,
    metavar="SHARE",
    help="Share of lines that repeat another.",
)
@click.option(
    "--invalid",
    default=0.005,
    show_default=True,
    metavar="SHARE",
    help="Share of phone numbers that no plan has.",
)
@click.option(
    "--order", metavar="SEED|NAMES", help="Column order: a number to shuffle by, or all names with commas."
)
@click.option(
    "--country", "countries", multiple=True, metavar="CC", help="Only this country (ISO 3166-1); repeatable."
)
def leak_command(
    twin: str,
    rows: int,
    seed: int,
    out: Path,
    truth: Path | None,
    damage: float,
    duplicates: float,
    invalid: float,
    order: str | None,
    countries: tuple[str, ...],
) -> None:
    """Write a synthetic twin of a known leak, and the truth about it beside it.

    The first line of the file is the mark "# floodmark-synthetic ..."; no option leaves it out. The same
    options write the same text. FILE.truth.json says what the undamaged lines hold and where the damaged ones
    are (docs/reference/synth.md).
    """
    to_stdout = str(out) == "-"
    if to_stdout and sys.stdout.isatty():
        raise UsageError("A twin is not for the terminal.", "Send it to a file with -o FILE, or to a pipe.")
    with progress(rows * TWINS[twin].line_bytes, "Writing") as advance:
        content = leak(
            twin,
            rows,
            seed,
            sys.stdout.buffer if to_stdout else out,
            damage=damage,
            duplicates=duplicates,
            invalid=invalid,
            order=_order(order),
            countries=countries,
            truth=truth,
            advance=advance,
        )
    lines = content["lines"]
    click.echo(
        f"Synthetic {twin}: {lines['total']:,} lines, {lines['damaged']:,} of them damaged, "
        f"{content['bytes']:,} bytes of text.",
        err=True,
    )


def _order(text: str | None) -> int | tuple[str, ...] | None:
    if text is None:
        return None
    if text.isascii() and text.isdigit():
        return int(text)
    return tuple(name.strip() for name in text.split(","))


command.add_command(traffic_command)
command.add_command(scraper_command)
