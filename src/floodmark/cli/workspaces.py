"""The workspace of this user, for every command that needs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from floodmark.register.workspace import Workspace


def workspace() -> Workspace:
    """Open the workspace; what has to be waited for is said on stderr."""
    from floodmark.register.workspace import Workspace

    return Workspace.open(waiting=lambda sentence: click.echo(sentence, err=True))
