"""What a person gives who proves control: an identifier, and a code; never as an argument.

An argument stays in the history of the shell and is seen in the list of processes. One that is given all the same is
refused without being shown again, since what is shown ends up in logs.
"""

from __future__ import annotations

import codecs
import sys
from typing import Any

import click

from floodmark.cli.typed_identifier import typed_identifier
from floodmark.cli.unquoting import Unquoting
from floodmark.errors import NothingToRead, UsageError

MOST_BYTES = 4096


class UnquotingGroup(click.Group):
    """A group of `Unquoting` commands, which repeats no argument either."""

    command_class = Unquoting

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As for any group.

        Raises:
            UsageError: an option is not known.
        """
        try:
            return super().parse_args(ctx, args)
        except click.exceptions.NoArgsIsHelpError:
            raise
        except click.UsageError:
            pass  # it quotes the argument, so the next error is raised outside of it
        raise self._refusal(ctx)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As for any group.

        Raises:
            UsageError: there is no such command.
        """
        if not ctx.resilient_parsing and self.get_command(ctx, args[0]) is None:
            raise self._refusal(ctx)
        return super().resolve_command(ctx, args)

    def _refusal(self, ctx: click.Context) -> UsageError:
        return UsageError(
            "There is no such command or option. It is not repeated here.",
            f"Commands are {', '.join(self.list_commands(ctx))}; an identifier is asked for, or read from "
            "standard input, and never given as an argument.",
        )


def given_identifier() -> str:
    """What was typed at the terminal, or the one line of standard input.

    Raises:
        NothingToRead: nothing was.
        UsageError: two that differ were typed, several lines were piped in, or it is no text.
    """
    if _has_terminal():
        return typed_identifier()
    return _piped("the identifier")[0]


def given_identifier_and_code() -> tuple[str, str]:
    """What was typed at the terminal, or the two lines of standard input.

    Raises:
        NothingToRead, UsageError: as for `given_identifier`.
    """
    if _has_terminal():
        identifier = typed_identifier()
        code: Any = click.prompt("Code", err=True)
        return identifier, str(code).strip()
    identifier, code = _piped("the identifier", "the code")
    return identifier, code


def _has_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()


def _piped(*wanted: str) -> list[str]:
    """The lines of standard input that are not empty, one for each thing wanted."""
    hint = f"Give one line each: {', '.join(wanted)}."
    raw = b"" if sys.stdin is None else sys.stdin.buffer.read(MOST_BYTES + 1)
    try:
        text = raw.removeprefix(codecs.BOM_UTF8).decode() if len(raw) <= MOST_BYTES else None
    except UnicodeDecodeError:
        text = None
    if text is None:
        raise UsageError("Standard input is too long, or is not UTF-8.", hint)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) < len(wanted):
        raise NothingToRead("Standard input ended too early.", hint)
    if len(lines) > len(wanted):
        raise UsageError("Standard input has too many lines.", hint)
    return lines
