"""A command whose complaints about its arguments repeat none of them: one may be an identifier."""

from __future__ import annotations

import click

from floodmark.errors import UsageError


class Unquoting(click.Command):
    """A click command that names the option which is wrong, and never what was given."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """The arguments that are left over, as click has it.

        Raises:
            UsageError: they make no sense.
        """
        try:
            return super().parse_args(ctx, args)
        except click.BadParameter as error:
            name = error.param.opts[0] if error.param is not None else "an option"
            sentence = f"What was given for {name} is none of its values."
        except click.UsageError:
            sentence = "An option is not known, or lacks its value."
        raise UsageError(
            f"{sentence} It is not repeated here.", f"See {ctx.command_path} --help for the options."
        )
