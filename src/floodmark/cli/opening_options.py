"""How archives are opened: the passwords that are tried, read from a file and never an argument."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from floodmark.errors import UnreadableInput, UsageError

if TYPE_CHECKING:
    from floodmark.dumps import Opening

LARGEST = 1 << 20
MOST = 10_000

password_option: Callable[[Any], Any] = click.option(
    "--password-file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Try the passwords in FILE, one a line, on encrypted members of archives.",
)
"""`--password-file`, for every command that opens dumps; gives `password_file: Path | None`."""


def opening_of(path: Path | None) -> Opening:
    """How containers are opened, with the passwords of a file.

    Args:
        path: of the file; None for no password.

    Raises:
        UnreadableInput: the file cannot be read.
        UsageError: it is no list of passwords.
    """
    from floodmark.dumps import Opening

    if path is None:
        return Opening()
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except OSError as error:
        raise UnreadableInput(
            f"Cannot read the password file: {error.strerror}", "Name a file with a password on each line."
        ) from error
    hint = f"A password is a line of UTF-8 text; at most {MOST:,} are tried."
    try:
        lines = raw.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise UsageError("The password file is not UTF-8 text", hint) from None
    passwords = tuple(dict.fromkeys(line for line in lines if line))
    if not passwords or len(raw) > LARGEST or len(passwords) > MOST:
        raise UsageError("The password file has no password, or too many", hint)
    return Opening(passwords=passwords)
