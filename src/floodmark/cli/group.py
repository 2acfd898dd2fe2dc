"""A click group that imports a command's module only when that command runs."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click


class LazyGroup(click.Group):
    """Group of commands that are named here and live elsewhere.

    Args:
        commands_at: for each command its module, whose attribute `command` is the click command, and its line
            in the help text, which is written here so that the help needs no import.
    """

    def __init__(
        self, *args: Any, commands_at: Mapping[str, tuple[str, str]] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.commands_at = dict(commands_at or {})

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of all commands, sorted."""
        return sorted([*super().list_commands(ctx), *self.commands_at])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, imported now; None when there is none."""
        if cmd_name not in self.commands_at:
            return super().get_command(ctx, cmd_name)
        module, line = self.commands_at[cmd_name]
        found = import_module(module).command
        if not isinstance(found, click.Command):
            raise TypeError(f"{module}.command is no click command")
        found.short_help = line
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, self.commands_at[name][1]) for name in sorted(self.commands_at)])
