"""Options that say how keys are wrapped, and what they come to; shared by the commands about keys."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from floodmark.cli.by_hand import ByHand
from floodmark.cli.passphrases import passphrases
from floodmark.errors import UsageError

if TYPE_CHECKING:
    from floodmark.register.key_changes import Wrapping

WRAPS = ("passphrase", "none", "command")


def new_passphrase_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """`--new-passphrase-file`; gives `new_passphrase_file: Path | None`."""
    return click.option(
        "--new-passphrase-file",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Read the new passphrase from FILE (mode 0600). Default: ask.",
    )(function)


def wrap_options(
    flag: str, default: str | None, text: str
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The option that names a wrap, and the two commands of which one may consist."""
    # By hand: floodmark.toml may have come with a dump, and these say whether keys are wrapped, and run programs.
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


def new_passphrases(file: Path | None) -> Callable[[str], bytes]:
    """A function that gets a new passphrase, from that file or else from the terminal."""
    return passphrases(file, new=True, option="--new-passphrase-file")


def wrapping_of(wrap: str | None, wrap_with: str | None, unwrap_with: str | None) -> Wrapping:
    """What gives each key its wrap.

    Args:
        wrap: one of `WRAPS`; None is by passphrase.
        wrap_with: for a wrap by command, the command line that wraps.
        unwrap_with: and the one that unwraps.

    Raises:
        UsageError: commands are missing, out of place or cannot be split.
        KeyCommandFailed: there is no such program.
    """
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
