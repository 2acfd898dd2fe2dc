"""A command whose complaints about its arguments repeat none of them: one may be an identifier."""

from __future__ import annotations

import click
from click.core import ParameterSource

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
            name = named(error.param, ctx) if error.param is not None else "an option"
            sentence = f"What was given for {name} is none of its values."
        except click.UsageError:
            sentence = "An option is not known, or lacks its value."
        raise UsageError(
            f"{sentence} It is not repeated here.", f"See {ctx.command_path} --help for the options."
        )


def named(param: click.Parameter, ctx: click.Context) -> str:
    """Where a person set a parameter: the option, the variable of the environment, or the line of the settings."""
    option = max(param.opts, key=len)
    if param.name is None:
        return option
    source = ctx.get_parameter_source(param.name)
    if source is ParameterSource.ENVIRONMENT:
        return f"{option} in {_variable(param, ctx)}"
    return f"{option} in floodmark.toml" if source is ParameterSource.DEFAULT_MAP else option


def _variable(param: click.Parameter, ctx: click.Context) -> str:
    explicit = [param.envvar] if isinstance(param.envvar, str) else list(param.envvar or [])
    return explicit[0] if explicit else f"{ctx.auto_envvar_prefix}_{(param.name or '').upper()}"
