"""Options of the commands that save a leak."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from floodmark.cli.by_hand import ByHand
from floodmark.cli.keys import passphrase_option

Command = TypeVar("Command", bound=Callable[..., Any])


def saving_options(command: Command) -> Command:
    """Add --title, --replace and --passphrase-file."""
    command = passphrase_option(command)
    command = click.option(
        "--replace",
        cls=ByHand,
        is_flag=True,
        help="Save over a leak of the same name; what was edited of it stays.",
    )(command)
    return click.option("--title", cls=ByHand, metavar="TEXT", help="Title of the leak. Default: its name.")(
        command
    )
