"""`floodmark keys epoch`: the evaluation key where there is none, and the next epoch's."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from floodmark.cli.by_hand import ByHand
from floodmark.cli.key_list import output_option, show, warn
from floodmark.cli.passphrases import passphrase_option, passphrases
from floodmark.errors import UsageError

if TYPE_CHECKING:
    from floodmark.register.key_files import KeyFile

EPILOG = """\b
Examples:
  floodmark keys epoch
  floodmark keys epoch --next
  floodmark keys epoch --next --yes
"""
MEANING = """\
The evaluation key of epoch {epoch} ({id}) is replaced by a new one, of epoch {next}, and is then gone from this folder.
Leaks sealed in epoch {epoch} can no longer be checked: they have to be sealed again from their dumps, or retired.
What was published and downloaded stays as it is. A new epoch protects nothing that was already downloaded: whoever has
the old key, or an export of it, can go on trying numbers on that."""


@click.command("epoch", epilog=EPILOG)
@click.option(
    "--next", "advance", cls=ByHand, is_flag=True, help="Replace the key by the next epoch's, for good."
)
@click.option("--yes", cls=ByHand, is_flag=True, help="Do not ask; needed where no terminal can answer.")
@passphrase_option
@output_option
def epoch_command(advance: bool, yes: bool, passphrase_file: Path | None, output: str) -> None:
    """Make the evaluation key in a folder that has none, or begin the next epoch.

    Keys made by an older version of Floodmark lack it. It is wrapped as the others are. With --next a fresh key
    replaces it, and what was sealed with the old one must be sealed again.
    """
    from floodmark.register import key_epochs

    created = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    passphrase = passphrases(passphrase_file)
    if advance:
        former = key_epochs.present(None)
        click.echo(_meaning(former), err=True)
        if not yes:
            _ask()
        made = key_epochs.next_epoch(None, former, created=created, passphrase=passphrase)
    else:
        made = key_epochs.first_epoch(None, created=created, passphrase=passphrase)
    show([made], output)
    click.echo("Keep a copy apart from this machine: floodmark keys export.", err=True)
    warn([made])


def _meaning(former: KeyFile) -> str:
    return MEANING.format(epoch=former.epoch, id=former.id, next=(former.epoch or 0) + 1)


def _ask() -> None:
    if sys.stdin is None or not sys.stdin.isatty():
        raise UsageError(
            "Nobody can be asked here, and a key that is replaced is gone.",
            "Say so with: floodmark keys epoch --next --yes",
        )
    click.confirm("This cannot be undone. Begin the next epoch?", abort=True, err=True)
