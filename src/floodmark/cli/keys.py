"""`floodmark keys`: make, wrap and move the keys of a workspace."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from floodmark.cli.by_hand import ByHand
from floodmark.cli.passphrases import passphrase_option, passphrases, secret_file
from floodmark.errors import UnreadableInput, UsageError

if TYPE_CHECKING:
    from floodmark.register.key_changes import Wrapping
    from floodmark.register.key_files import KeyFile
    from floodmark.register.keys import Keyring

__all__ = ["command", "keyring", "passphrase_option"]

EPILOG = """\b
Examples:
  floodmark keys init
  floodmark keys init --wrap none
  floodmark keys list
  floodmark keys export keys.age --to age1...
  floodmark keys import keys.age --identity key.txt
  floodmark keys wrap --to command --wrap-with "age -r age1..." --unwrap-with "age -d -i /etc/floodmark.txt"
"""
WRAPS = ("passphrase", "none", "command")
BARE = (
    "The keys are not wrapped: whoever can read their folder, or a backup of it, has them. "
    "floodmark keys wrap --to passphrase changes that."
)


def keyring(passphrase_file: Path | None = None) -> Keyring:
    """The keys of the workspace, for any command that needs one.

    Args:
        passphrase_file: as `passphrase_option` gives it; None to ask on the terminal, when it comes to that.

    Raises:
        NoKeys, KeysExposed, KeysMisplaced: there are no keys that may be used.
    """
    from floodmark.register.keys import Keyring

    return Keyring.open(passphrase=passphrases(passphrase_file))


def _new_passphrase_option(function: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--new-passphrase-file",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Read the new passphrase from FILE (mode 0600). Default: ask.",
    )(function)


def _wrap_options(
    flag: str, default: str | None, text: str
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The option that names a wrap, and the two commands of which one may consist."""
    options = [
        click.option(
            flag, "wrap", cls=ByHand, type=click.Choice(WRAPS), default=default, show_default=True, help=text
        ),
        click.option(
            "--wrap-with",
            cls=ByHand,
            metavar="COMMAND",
            help="With command: wraps what it reads on stdin; run without a shell.",
        ),
        click.option(
            "--unwrap-with",
            cls=ByHand,
            metavar="COMMAND",
            help="With command: unwraps what it reads on stdin.",
        ),
    ]

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


_output_option = click.option(
    "-o", "--output", type=click.Choice(["human", "json"]), default="human", help="Form of stdout."
)


@click.group(epilog=EPILOG)
def command() -> None:
    """Make, wrap and move the workspace's keys.

    Two keys lie in FLOODMARK_KEYS (default: floodmark/keys below the folder of your settings), never in the
    workspace: the digest key, under which identifiers are hashed, and the signing key. Whoever has the digest key
    can turn digests of phone numbers back into numbers.
    """


@command.command("init")
@_wrap_options("--wrap", "passphrase", "How to keep them; none is for machines that start unattended.")
@passphrase_option
@_output_option
def init_command(
    wrap: str, wrap_with: str | None, unwrap_with: str | None, passphrase_file: Path | None, output: str
) -> None:
    """Make the keys, once for a workspace. Keys that are there are never replaced."""
    from floodmark.register.key_changes import make

    made = make(
        None,
        _wrapping(wrap, wrap_with, unwrap_with),
        created=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        passphrase=passphrases(passphrase_file, new=True),
    )
    _show(made, output)
    click.echo("Keep a copy apart from this machine: floodmark keys export.", err=True)
    _warn(made)


@command.command("list")
@_output_option
def list_command(output: str) -> None:
    """List purpose, name, wrap and age of each key; no key is unwrapped."""
    with keyring() as keys:
        _show(keys.files(), output)


@command.command("wrap")
@_wrap_options("--to", None, "How to keep them from now on.")
@passphrase_option
@_new_passphrase_option
@_output_option
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
        _wrapping(wrap, wrap_with, unwrap_with),
        passphrase=passphrases(passphrase_file),
        new_passphrase=_new_passphrases(new_passphrase_file),
    )
    _show(wrapped, output)
    _warn(wrapped)


@command.command("export")
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
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
@_new_passphrase_option
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
    from floodmark.register.key_folder import apart
    from floodmark.register.key_moves import export
    from floodmark.register.workspace import default_folder

    _check_purposes(purposes)
    if recipients and new_passphrase_file:
        raise UsageError("An export is sealed to age keys or under a passphrase, not both.", "Leave one out.")
    if file.exists() or file.is_symlink():
        raise UsageError("There is a file of that name, perhaps an older export.", "Choose another name.")
    apart(file.absolute().parent / "export", default_folder())
    content = export(
        None,
        purposes=purposes,
        recipients=recipients,
        passphrase=passphrases(passphrase_file),
        new_passphrase=_new_passphrases(new_passphrase_file),
        anew=new_passphrase_file is not None,
    )
    write_atomic(file, content, private=True)
    click.echo(f"Wrote {file.name}. Try it once on another machine, before you need it.", err=True)


@command.command("import")
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@click.option(
    "--identity", type=click.Path(path_type=Path), metavar="FILE", help="The age identity it was sealed to."
)
@click.option("--replace", cls=ByHand, is_flag=True, help="Replace keys that are there, for good.")
@_wrap_options("--wrap", None, "How to keep them. Default: under a passphrase; the export's, if it has one.")
@passphrase_option
@_new_passphrase_option
@_output_option
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
    made with the old one can never be compared with others again.
    """
    from floodmark.register.key_moves import take

    if wrap is None and new_passphrase_file is not None:
        wrap = "passphrase"
    wrapping: Wrapping | None = (
        _wrapping(wrap, wrap_with, unwrap_with) if wrap or wrap_with or unwrap_with else None
    )
    done = take(
        _content(file),
        None,
        wrapping=wrapping,
        identities=secret_file(identity) if identity else None,
        passphrase=passphrases(passphrase_file),
        new_passphrase=_new_passphrases(new_passphrase_file),
        replace=replace,
    )
    _show(done.taken, output)
    for purpose in done.replaced:
        click.echo(f"Replaced the {purpose} key: what was made with the old one stays apart.", err=True)
    for purpose in done.known:
        click.echo(f"The {purpose} key was there already and stays as it is.", err=True)
    _warn(done.taken)


def _new_passphrases(file: Path | None) -> Callable[[str], bytes]:
    return passphrases(file, new=True, option="--new-passphrase-file")


def _wrapping(wrap: str | None, wrap_with: str | None, unwrap_with: str | None) -> Wrapping:
    from floodmark.register.key_wrap import Bare, ByPassphrase

    if wrap == "command":
        return _by_command(wrap_with, unwrap_with)
    if wrap_with or unwrap_with:
        raise UsageError("Commands are given for another wrap.", "They belong to the wrap by command.")
    return Bare if wrap == "none" else ByPassphrase.fresh


def _by_command(wrap_with: str | None, unwrap_with: str | None) -> Wrapping:
    from floodmark.register.key_command import resolved
    from floodmark.register.key_wrap import ByCommand

    if not wrap_with or not unwrap_with:
        raise UsageError("A wrap by command needs two.", "Add --wrap-with and --unwrap-with.")
    try:
        commands = [resolved(shlex.split(text)) for text in (wrap_with, unwrap_with)]
    except ValueError:
        raise UsageError(
            "A command has an open quote.", "Close it; the command is split as a shell would."
        ) from None
    by_command = ByCommand(*commands)
    return lambda: by_command


def _check_purposes(purposes: Sequence[str]) -> None:
    from floodmark.register.key_files import PURPOSES

    if not set(purposes) <= set(PURPOSES):
        raise UsageError("There is no key for such a purpose.", f"Purposes are {' and '.join(PURPOSES)}.")


def _content(file: Path) -> bytes:
    """An export's bytes, and one more than it may have."""
    from floodmark.register.key_exports import LARGEST

    try:
        with file.open("rb") as opened:
            return opened.read(2 * LARGEST + 1)
    except OSError:
        raise UnreadableInput(f"{file.name} cannot be opened.", "Name a file that an export wrote.") from None


def _show(files: Sequence[KeyFile], output: str) -> None:
    from floodmark.register.key_folder import default_folder, file_name

    rows = [
        {
            "purpose": file.purpose,
            "id": file.id,
            "wrap": file.wrap.by,
            "created": file.created,
            "file": file_name(file.purpose),
            **({} if file.public is None else {"public": file.public.hex()}),
        }
        for file in files
    ]
    if output == "json":
        click.echo(json.dumps({"folder": str(default_folder()), "keys": rows}, indent=2))
        return
    for row in rows:
        click.echo("{purpose:8}  {id}  {wrap:10}  {created}  {file}".format(**row))
        if "public" in row:
            click.echo(f"{'':8}  public key {row['public']}")


def _warn(files: Sequence[KeyFile]) -> None:
    if any(file.wrap.by == "none" for file in files):
        click.echo(BARE, err=True)
