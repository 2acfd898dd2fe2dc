"""Options that `floodmark.toml` cannot set: the folder it lies in may hold a dump, and the file be somebody else's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click
from click.core import ParameterSource

from floodmark.cli.settings import SettingsError


class ByHand(click.Option):
    """An option that is given on the command line, or by a variable of the environment."""

    def consume_value(self, ctx: click.Context, opts: Mapping[str, Any]) -> tuple[Any, ParameterSource]:
        """The value and where it comes from.

        Raises:
            SettingsError: it comes from `floodmark.toml`.
        """
        value, source = super().consume_value(ctx, opts)
        if source is ParameterSource.DEFAULT_MAP:
            raise SettingsError(
                f"floodmark.toml sets {self.opts[0]} of {ctx.command_path}; it is given by hand only.",
                "Take it out of floodmark.toml: a file that came with a dump must not decide it.",
            )
        return value, source
