"""What a person types who proves control, at a prompt or on standard input; never an argument.

An argument stays in the history of the shell and is seen in the list of processes. One that is given all the same is
refused without being shown again, since what is shown ends up in logs.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from typing import Any

import click

from floodmark.errors import NothingToRead, UsageError

MOST_BYTES = 4096
_MAY_NAME_SOMEBODY = re.compile(r"@|\d{5}")


class Unquoted(click.Command):
    """A command whose complaints about its arguments do not quote them."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As for any command.

        Raises:
            UsageError: in place of a complaint that would quote what may be an identifier.
        """
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            if not _quotes(error):
                raise
        raise refusal()


class UnquotedGroup(click.Group):
    """A group of commands that complains without quoting, as `Unquoted` does."""

    command_class = Unquoted

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As for any group; raises as `Unquoted.parse_args`."""
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            if not _quotes(error):
                raise
        raise refusal()

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As for any group.

        Raises:
            UsageError: there is no such command.
        """
        if not ctx.resilient_parsing and self.get_command(ctx, args[0]) is None:
            raise refusal(f"Commands are {', '.join(self.list_commands(ctx))}.")
        return super().resolve_command(ctx, args)


def refusal(hint: str = "Look at --help.") -> UsageError:
    """An argument that is none, not shown."""
    return UsageError(
        "An argument was not understood; it is not shown, since it may name somebody.",
        f"{hint} An identifier is asked for, or read from standard input, and never given as an argument.",
    )


def typed(prompts: Sequence[str]) -> list[str]:
    """A line for each prompt: typed at a terminal, else from standard input, without outer white space.

    Raises:
        NothingToRead: standard input ended too early.
        UsageError: it has more lines, is too long, or is not UTF-8.
    """
    if sys.stdin is None:
        raise NothingToRead("Standard input is closed.", "Run it in a terminal, or give it lines to read.")
    if sys.stdin.isatty():
        return [_asked(prompt) for prompt in prompts]
    raw = sys.stdin.buffer.read(MOST_BYTES + 1)
    try:
        text = raw.decode() if len(raw) <= MOST_BYTES else None
    except UnicodeDecodeError:
        text = None
    if text is None:
        raise UsageError("Standard input is too long, or is not UTF-8.", _wanted(prompts))
    lines = [line.strip() for line in text.removeprefix("\ufeff").strip().splitlines()]
    if len(lines) < len(prompts):
        raise NothingToRead("Standard input ended too early.", _wanted(prompts))
    if len(lines) > len(prompts):
        raise UsageError("Standard input has too many lines.", _wanted(prompts))
    return lines


def _asked(prompt: str) -> str:
    answer: Any = click.prompt(prompt, err=True)
    return str(answer).strip()


def _wanted(prompts: Sequence[str]) -> str:
    return f"Give one line for each of: {', '.join(prompt.lower() for prompt in prompts)}."


def _quotes(error: click.UsageError) -> bool:
    """Whether a complaint of click's shows an argument that is none, or something that may name somebody."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return False
    return type(error) is click.UsageError or bool(_MAY_NAME_SOMEBODY.search(error.format_message()))
