"""`floodmark keys export` and `floodmark keys import`: keys between folders, in closed files."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from pathlib import Path

import click

from floodmark.cli.by_hand import ByHand
from floodmark.cli.key_list import output_option, show, warn
from floodmark.cli.key_wraps import new_passphrase_option, new_passphrases, wrap_options, wrapping_of
from floodmark.cli.outputs import OutputPath
from floodmark.cli.passphrases import passphrase_option, passphrases, secret_file
from floodmark.errors import UnreadableInput, UsageError


@click.command("export")
@click.argument("file", type=OutputPath(), metavar="FILE")
@click.option(
    "--to",
    "recipients",
    cls=ByHand,
    multiple=True,
    metavar="AGE1...",
    help="Seal to this age key; repeatable.",
)
@click.option(
    "--purpose", "purposes", cls=ByHand, multiple=True, metavar="NAME", help="Only this key; repeatable."
)
@passphrase_option
@new_passphrase_option
def export_command(
    file: Path,
    recipients: tuple[str, ...],
    purposes: tuple[str, ...],
    passphrase_file: Path | None,
    new_passphrase_file: Path | None,
) -> None:
    """Write keys to FILE, sealed to an age key or under a passphrase.

    Keys under a passphrase keep it in the export, unless --new-passphrase-file gives another one.
    """
    from floodmark.files import write_atomic
    from floodmark.register.key_moves import export

    _check_purposes(purposes)
    if recipients and new_passphrase_file:
        raise UsageError("An export is sealed to age keys or under a passphrase, not both.", "Leave one out.")
    if file.exists() or file.is_symlink():
        raise UsageError("There is a file of that name, perhaps an older export.", "Choose another name.")
    content = export(
        None,
        purposes=purposes,
        recipients=recipients,
        passphrase=passphrases(passphrase_file),
        new_passphrase=new_passphrases(new_passphrase_file),
        anew=new_passphrase_file is not None,
    )
    write_atomic(file, content, private=True)
    click.echo(f"Wrote {file.name}. Try it once on another machine, before you need it.", err=True)


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@click.option(
    "--identity", type=click.Path(path_type=Path), metavar="FILE", help="The age identity it was sealed to."
)
@click.option("--replace", cls=ByHand, is_flag=True, help="Replace keys that are there, for good.")
@wrap_options("--wrap", None, "How to keep them. Default: under a passphrase; the export's, if it has one.")
@passphrase_option
@new_passphrase_option
@output_option
def import_command(
    file: Path,
    identity: Path | None,
    replace: bool,
    wrap: str | None,
    wrap_with: str | None,
    unwrap_with: str | None,
    passphrase_file: Path | None,
    new_passphrase_file: Path | None,
    output: str,
) -> None:
    """Take the keys in FILE, which an export wrote: all of them or none.

    --passphrase-file is the export's. A different key for the same purpose is only replaced with --replace: digests
    made with the old one can never be compared with others again, and what was sealed with it not be checked.
    """
    from floodmark.register.key_moves import take

    if wrap is None and new_passphrase_file is not None:
        wrap = "passphrase"
    wrapping = wrapping_of(wrap, wrap_with, unwrap_with) if wrap or wrap_with or unwrap_with else None
    done = take(
        _content(file),
        None,
        wrapping=wrapping,
        identities=secret_file(identity) if identity else None,
        passphrase=passphrases(passphrase_file),
        new_passphrase=new_passphrases(new_passphrase_file),
        replace=replace,
    )
    show(done.taken, output)
    for purpose in done.replaced:
        click.echo(f"Replaced the {purpose} key: what was made with the old one stays apart.", err=True)
    for purpose in done.known:
        click.echo(f"The {purpose} key was there already and stays as it is.", err=True)
    if done.missing == ["evaluation"]:
        click.echo(
            "There is no evaluation key yet; floodmark keys epoch makes it when leaks are to be sealed.",
            err=True,
        )
    warn(done.taken)


def _check_purposes(purposes: Sequence[str]) -> None:
    from floodmark.register.key_files import PURPOSES

    if not set(purposes) <= set(PURPOSES):
        raise UsageError("There is no key for such a purpose.", f"Purposes are {', '.join(PURPOSES)}.")


def _content(file: Path) -> bytes:
    """An export's bytes, and one more than it may have."""
    from floodmark.register.key_exports import LARGEST

    try:
        # Nothing is waited for, as at a pipe that nobody writes to.
        with os.fdopen(os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as opened:
            if not stat.S_ISREG(os.fstat(opened.fileno()).st_mode):
                raise UnreadableInput(
                    f"{file.name} is no ordinary file.", "Name a file that an export wrote."
                )
            return opened.read(2 * LARGEST + 1)
    except OSError:
        raise UnreadableInput(f"{file.name} cannot be opened.", "Name a file that an export wrote.") from None
