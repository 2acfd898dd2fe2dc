"""A new password of an analyst, as a person types it twice, unseen."""

from __future__ import annotations

import getpass
import os

import click

from floodmark.cli.interrupt import stop_typing_at_interrupt
from floodmark.errors import UsageError


def typed_password(name: str) -> bytes:
    """What was typed, in UTF-8.

    Args:
        name: of the analyst.

    Raises:
        UsageError: there is no terminal, the two differ, or it is no text.
    """
    if not _has_terminal():
        raise UsageError(
            "A password is needed, and there is no terminal to ask at.",
            "Give --password-file FILE, or run it in a terminal.",
        )
    typed = _typed(f"New password for {name}: ")
    if _typed("Once more: ") != typed:
        raise UsageError("The two passwords differ.", "Run it again and type the same one twice.")
    return typed.encode("utf-8", "surrogateescape")


def _typed(prompt: str) -> str:
    stop_typing_at_interrupt()
    try:
        return getpass.getpass(prompt)
    except EOFError:
        raise click.Abort from None
    except UnicodeDecodeError:
        pass  # it carries the line along, so the next error is raised outside of it
    raise UsageError("What was typed is no text in this terminal's encoding.")


def _has_terminal() -> bool:
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return False
    return True
