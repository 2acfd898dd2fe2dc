"""The workspace as commands open it: whoever has to wait for another process is told so on stderr."""

from __future__ import annotations

import click

from floodmark.register.workspace import Workspace


def open_workspace(wait: float = 60.0) -> Workspace:
    """The user's workspace.

    Args:
        wait: seconds to wait for another process that writes.

    Raises:
        UsageError: FLOODMARK_HOME names a file.
    """
    return Workspace.open(wait=wait, waiting=lambda message: click.echo(message, err=True))
