"""`floodmark keys`: make, wrap and move the keys of a workspace."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from floodmark.cli.key_epoch import epoch_command
from floodmark.cli.key_list import output_option, show, warn
from floodmark.cli.key_moves import export_command, import_command
from floodmark.cli.key_wraps import new_passphrase_option, new_passphrases, wrap_options, wrapping_of
from floodmark.cli.passphrases import passphrase_option, passphrases
from floodmark.errors import UsageError

if TYPE_CHECKING:
    from floodmark.register.keys import Keyring

__all__ = ["command", "keyring", "passphrase_option"]

EPILOG = """\b
Examples:
  floodmark keys init
  floodmark keys init --wrap none
  floodmark keys list
  floodmark keys export keys.age --to age1...
  floodmark keys import keys.age --identity key.txt
  floodmark keys epoch
  floodmark keys wrap --to command --wrap-with "age -r age1..." --unwrap-with "age -d -i /etc/floodmark.txt"
"""


def keyring(passphrase_file: Path | None = None) -> Keyring:
    """The keys of the workspace, for any command that needs one.

    Args:
        passphrase_file: as `passphrase_option` gives it; None to ask on the terminal, when it comes to that.

    Raises:
        NoKeys, KeysExposed, KeysMisplaced: there are no keys that may be used.
    """
    from floodmark.register.keys import Keyring

    return Keyring.open(passphrase=passphrases(passphrase_file))


@click.group(epilog=EPILOG)
def command() -> None:
    """Make, wrap and move the workspace's keys.

    Three keys lie in FLOODMARK_KEYS (default: floodmark/keys below the folder of your settings), never in the
    workspace: the digest key, under which identifiers are hashed; the signing key; and the evaluation key, with which
    leaks are sealed and private checks answered. Whoever has the digest or the evaluation key can turn what was made
    with it back into phone numbers.
    """


@command.command("init")
@wrap_options("--wrap", "passphrase", "How to keep them; none is for machines that start unattended.")
@passphrase_option
@output_option
def init_command(
    wrap: str, wrap_with: str | None, unwrap_with: str | None, passphrase_file: Path | None, output: str
) -> None:
    """Make the keys, once for a workspace. Keys that are there are never replaced."""
    from floodmark.register.key_changes import make

    made = make(
        None,
        wrapping_of(wrap, wrap_with, unwrap_with),
        created=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        passphrase=passphrases(passphrase_file, new=True),
    )
    show(made, output)
    click.echo("Keep a copy apart from this machine: floodmark keys export.", err=True)
    warn(made)


@command.command("list")
@output_option
def list_command(output: str) -> None:
    """List purpose, name, wrap and age of each key, the root key for clients, and the epoch; no key is unwrapped."""
    with keyring() as keys:
        show(keys.files(), output)


@command.command("wrap")
@wrap_options("--to", None, "How to keep them from now on.")
@passphrase_option
@new_passphrase_option
@output_option
def wrap_command(
    wrap: str | None,
    wrap_with: str | None,
    unwrap_with: str | None,
    passphrase_file: Path | None,
    new_passphrase_file: Path | None,
    output: str,
) -> None:
    """Wrap all keys anew, to change the passphrase or the way; they stay the same keys.

    Copies and backups made before keep the old wrap.
    """
    from floodmark.register.key_changes import rewrap

    if wrap is None:
        raise UsageError("What to wrap the keys by is missing.", "Add --to passphrase, none or command.")
    wrapped = rewrap(
        None,
        wrapping_of(wrap, wrap_with, unwrap_with),
        passphrase=passphrases(passphrase_file),
        new_passphrase=new_passphrases(new_passphrase_file),
    )
    show(wrapped, output)
    warn(wrapped)


command.add_command(epoch_command)
command.add_command(export_command)
command.add_command(import_command)
