"""`floodmark seal`: make the blinded index of a leak."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from floodmark.cli.by_hand import ByHand
from floodmark.cli.device_option import device_option
from floodmark.cli.interrupt import interruptible
from floodmark.cli.passphrases import passphrase_option
from floodmark.cli.progress import Advance, progress
from floodmark.cli.reading_options import options_of, reading_options
from floodmark.cli.stdout import put_json
from floodmark.errors import UsageError

if TYPE_CHECKING:
    from floodmark.register.sealed_leaks import SealedRow

EPILOG = """\b
Examples:
  floodmark keys epoch
  floodmark seal forum-2026 --from dump.txt
  floodmark seal forum-2026 --from part1.csv.gz --from part2.csv.gz --kinds phone,email,profile_id
  floodmark sealed verify forum-2026
  floodmark snapshot make

\b
The files must be those that the leak was saved from: their SHA-256 is compared with its custody. After Ctrl-C or a
kill the same command goes on where it was.
"""

KINDS = ("phone", "email", "profile_id", "username")


@click.command(epilog=EPILOG)
@click.argument("slug")
@click.option(
    "--from",
    "paths",
    cls=ByHand,
    multiple=True,
    required=True,
    metavar="DUMP",
    type=click.Path(path_type=Path),
    help="File or folder that the leak was saved from; as often as there are.",
)
@click.option(
    "--kinds",
    default="phone,email",
    show_default=True,
    metavar="A,B,...",
    help=f"Kinds of identifiers to seal: {', '.join(KINDS)}.",
)
@device_option
@click.option("-o", "--output", type=click.Choice(["human", "json"]), default="human", help="Form of stdout.")
@passphrase_option
@reading_options
@click.pass_context
def command(context: click.Context, /, slug: str, paths: tuple[Path, ...], **given: Any) -> None:
    """Make the sealed leak of the saved leak SLUG: an index of which nothing is readable without the evaluation key.

    Streams the dump once more and evaluates each distinct identifier once, on all cores. A sealed leak that there
    was takes the new one's place, with another random name, so that the two cannot be compared.
    """
    from floodmark.cli.keys import keyring
    from floodmark.cli.workspaces import workspace
    from floodmark.exposure.oprf import engine
    from floodmark.register.sealing import seal

    by_default = context.get_parameter_source("workers") is ParameterSource.DEFAULT
    threads = len(os.sched_getaffinity(0)) if by_default else given["workers"]
    by = engine(given["device"])

    @contextmanager
    def phase(name: str, total: int) -> Iterator[Advance]:
        unit = "buckets" if name == "Writing" else "identifiers"
        if name == "Evaluating":
            click.echo(f"Evaluating with {by.name}, on {threads} thread{'s' * (threads > 1)}.", err=True)
        try:
            with progress(total, name, unit=unit) as shown, interruptible(shown) as advance:
                yield advance
        except KeyboardInterrupt:
            click.echo("\nWhat was evaluated is kept: the same command goes on where it was.", err=True)
            raise

    with workspace() as place, keyring(given["passphrase_file"]) as keys:
        row = seal(
            place,
            keys,
            slug,
            paths,
            options_of(given),
            kinds=_kinds(given["kinds"]),
            workers=threads,
            by=by,
            phase=phase,
            said=lambda sentence: click.echo(sentence, err=True),
        )
    if given["output"] == "json":
        put_json(asdict(row))
    else:
        click.echo(_words(row))


def _kinds(text: str) -> list[str]:
    found = [part.strip() for part in text.split(",") if part.strip()]
    if not found or set(found) - set(KINDS):
        raise UsageError("A kind in --kinds is not known", f"Known are {', '.join(KINDS)}.")
    return found


def _words(row: SealedRow) -> str:
    counts = ", ".join(f"{count:,} of kind {kind}" for kind, count in row.members.items())
    return (
        f"Sealed {row.slug} for epoch {row.epoch}: {counts}; {row.bytes:,} bytes in buckets of {row.m:,} rows.\n"
        f"Next: floodmark sealed verify {row.slug}, floodmark snapshot make"
    )
