"""The identifier that a person asks about: typed unseen, or one line of standard input; never an argument.

What is typed is not shown, so that neither a neighbour nor the terminal's scrollback nor a recording has it. It is
asked for twice, since a typing error that nobody sees would be an all-clear for somebody else.
"""

from __future__ import annotations

import codecs
import getpass
import sys

import click

from floodmark.cli.interrupt import stop_typing_at_interrupt
from floodmark.errors import NothingToRead, UsageError

MOST_BYTES = 8192


def typed_identifier() -> str:
    """What was typed or piped in, without white space around it.

    Raises:
        NothingToRead: nothing was.
        UsageError: two that differ were typed, several lines were piped in, or it is no text.
    """
    if sys.stdin is None or not sys.stdin.isatty():
        return _piped()
    first = _typed("E-mail address or phone number (not shown): ")
    if not first:
        raise NothingToRead("Nothing was typed.", "Run it again.")
    if _typed("Once more, against typing errors: ") != first:
        raise UsageError(
            "The two that were typed differ.", "Run it again; a file or a pipe needs no second time."
        )
    return first


def _typed(prompt: str) -> str:
    stop_typing_at_interrupt()
    try:
        return getpass.getpass(prompt).strip()
    except EOFError:
        raise click.Abort from None
    except UnicodeDecodeError:
        pass  # it carries the line along, so the next error is raised outside of it
    raise _no_text()


def _piped() -> str:
    raw = b"" if sys.stdin is None else sys.stdin.buffer.read(MOST_BYTES + 1)
    lines = [line for line in raw.removeprefix(codecs.BOM_UTF8).splitlines() if line.strip()]
    if not lines:
        raise NothingToRead(
            "There is no identifier on standard input.",
            "Pipe in one line, or run it in a terminal to be asked.",
        )
    if len(lines) > 1 or len(raw) > MOST_BYTES:
        raise UsageError(
            "There is more than one line on standard input.",
            "Check one identifier at a time, or a list with floodmark check --batch.",
        )
    try:
        return lines[0].decode().strip()
    except UnicodeDecodeError:
        pass
    raise _no_text()


def _no_text() -> UsageError:
    return UsageError("What was given is no text in UTF-8.", "Check the terminal's or the file's encoding.")
