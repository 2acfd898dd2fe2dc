"""Logs and how they are read, for every command of the guard that reads logs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from floodmark.guard.logs import Mapping

logs_argument: Callable[[Any], Any] = click.argument(
    "paths", nargs=-1, required=True, metavar="LOG...", type=click.Path(path_type=Path)
)
_mapping = click.option(
    "--mapping",
    required=True,
    metavar="FILE|NAME",
    help="Mapping file: what a line says, and where the identifier is. Ready-made: combined, sshd.",
)
_until = click.option(
    "--until",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="When the log ended, for times without a year. Default: when its file was last written.",
)


def mapping_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--mapping` and `--until`."""
    return _mapping(_until(command))


def mapping_of(given: dict[str, Any]) -> Mapping:
    """The mapping that the options name: a file, or else one of those that come with the package.

    Raises:
        UsageError, BadMapping: there is none, or it says something that cannot be.
    """
    from floodmark.guard.logs import READY, Mapping

    name: str = given["mapping"]
    found = Mapping.ready(name) if name in READY and not Path(name).exists() else Mapping.read(Path(name))
    if given.get("until") is None:
        return found
    until: datetime = given["until"].replace(tzinfo=UTC) + timedelta(days=1)
    return replace(found, log=replace(found.log, clock=replace(found.log.clock, until=until)))
