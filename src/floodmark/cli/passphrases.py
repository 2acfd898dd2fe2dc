"""Where a passphrase comes from: a file that is the user's alone, or the terminal; never an argument."""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from floodmark.cli.interrupt import stop_typing_at_interrupt

passphrase_option: Callable[[Any], Any] = click.option(
    "--passphrase-file",
    type=click.Path(path_type=Path),
    envvar="FLOODMARK_PASSPHRASE_FILE",
    metavar="FILE",
    help="Read the keys' passphrase from FILE (mode 0600). Default: FLOODMARK_PASSPHRASE_FILE, else ask.",
)
"""`--passphrase-file`, for every command that unwraps a key; gives `passphrase_file: Path | None`."""


def passphrases(
    file: Path | None, *, new: bool = False, option: str = "--passphrase-file"
) -> Callable[[str], bytes]:
    """A function that gets a passphrase, given what it is of.

    Args:
        file: where it stands; None to ask on the terminal.
        new: whether it is a new one, which a person types twice.
        option: the option that would name the file.
    """
    if file is not None:
        return lambda _: from_file(file)
    return lambda what: from_terminal(what, new=new, option=option)


def from_file(path: Path) -> bytes:
    """The content of a file that is this user's alone, without the line end at its end.

    Raises:
        KeysExposed: others can read it, or it is another user's.
        UnreadableInput: there is no such file.
    """
    raw = secret_file(path)
    return raw.removesuffix(b"\n").removesuffix(b"\r")


def secret_file(path: Path) -> bytes:
    """The content of a file that is this user's alone.

    Raises:
        KeysExposed: others can read it, or it is another user's.
        UnreadableInput: there is no such file.
    """
    from floodmark.errors import UnreadableInput
    from floodmark.register.key_privacy import read_private

    raw = read_private(path)
    if raw is None:
        raise UnreadableInput(f"{path.name} does not exist.", "Name a file that holds what it should.")
    return raw


def from_terminal(what: str, *, new: bool = False, option: str = "--passphrase-file") -> bytes:
    """What a person types, unseen.

    Args:
        what: what the passphrase is of.
        new: whether it is typed twice.
        option: what to give instead, where there is no terminal.

    Raises:
        NoPassphrase: there is no terminal.
        PassphraseRefused: it is no text, or the two differ.
    """
    from floodmark.register.key_passphrases import PassphraseRefused
    from floodmark.register.key_wrap import NoPassphrase

    if not _has_terminal():
        raise NoPassphrase(
            f"A passphrase is needed for {what}, and there is no terminal to ask at.",
            f"Give {option} FILE, or run it in a terminal.",
        )
    typed = _typed(f"{'New passphrase' if new else 'Passphrase'} for {what}: ")
    if new and _typed("Once more: ") != typed:
        raise PassphraseRefused("The two passphrases differ.", "Run it again and type the same one twice.")
    return typed.encode("utf-8", "surrogateescape")


def _typed(prompt: str) -> str:
    """A line.

    Raises:
        PassphraseRefused: it is no text.
    """
    from floodmark.register.key_passphrases import PassphraseRefused

    stop_typing_at_interrupt()
    try:
        return getpass.getpass(prompt)
    except EOFError:
        raise click.Abort from None
    except UnicodeDecodeError:
        pass  # it carries the line along, so the next error is raised outside of it
    raise PassphraseRefused("What was typed is no text in this terminal's encoding.")


def _has_terminal() -> bool:
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return False
    return True
