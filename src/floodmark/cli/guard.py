"""`floodmark guard`: count identifiers, not requests; each of its commands has a module of its own."""

from __future__ import annotations

import click

from floodmark.cli.group import LazyGroup

COMMANDS: dict[str, tuple[str, str]] = {}


@click.group(cls=LazyGroup, commands_at=COMMANDS)
def command() -> None:
    """Find and limit clients that enumerate identifiers, and leave ordinary users alone."""
