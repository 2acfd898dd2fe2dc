"""The workspace of this user, for every command that needs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from floodmark.cli.errors import printable

if TYPE_CHECKING:
    from floodmark.register.workspace import Workspace


def workspace() -> Workspace:
    """Open the workspace; what has to be waited for, and what is amiss with it, is said on stderr."""
    from floodmark.register.workspace import Workspace

    return Workspace.open(waiting=_say, warning=_say)


def _say(sentence: str) -> None:
    click.echo(printable(sentence), err=True)
