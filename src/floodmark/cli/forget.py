"""`floodmark forget`: a leak and every trace of it, removed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from floodmark.errors import UsageError

if TYPE_CHECKING:
    from floodmark.register.forget import Trace

EPILOG = """\b
Examples:
  floodmark forget facebook-2021
  floodmark forget facebook-2021 --yes
"""
NOT_YET_GONE = 10


@click.command(epilog=EPILOG)
@click.argument("slug")
@click.option("--yes", is_flag=True, help="Do not ask; needed where no terminal can answer.")
@click.pass_context
def command(context: click.Context, /, slug: str, yes: bool) -> None:
    """Remove a leak from the workspace: its row, its links to cases, its files, and freed pages of the database.

    The dump itself and copies that you made are not touched. Exit code 10: forgotten, but another process was
    reading, and what it read is removed by the next command that writes.
    """
    from floodmark.cli.workspaces import workspace
    from floodmark.register.forget import forget, trace

    # Not from a floodmark.toml, which may have come with a dump.
    sure = yes and context.get_parameter_source("yes") is ParameterSource.COMMANDLINE
    opened = workspace()
    click.echo(_told(trace(opened, slug)), err=True)
    if not sure:
        _ask(slug)
    done = forget(opened, slug)
    click.echo(f"Forgot {slug}.")
    if done.pending:
        click.echo(done.pending, err=True)
        click.echo("It is no longer listed; the next command that writes removes what is left.", err=True)
        raise click.exceptions.Exit(NOT_YET_GONE)


def _told(found: Trace) -> str:
    from floodmark.register.free_text import visible
    from floodmark.reports.numbers import plural, size

    lines = [f"{found.leak.slug}: {visible(found.leak.title)}, {found.leak.rows:,} rows."]
    lines.append(f"This removes its row, {found.arrays} arrays and all its files ({size(found.bytes)}).")
    if found.statements and found.incident:
        lines.append(f"The {plural(found.statements, 'statement')} about the incident of that name stay.")
    elif found.statements:
        lines.append(f"Removed with it: {plural(found.statements, 'statement')} about it.")
    if found.snapshots:
        held = plural(found.snapshots, "snapshot")
        lines.append(f"Removed with it: {held} of the workspace. What was published cannot be taken back.")
    if found.cases:
        lines.append(f"Cases that lose their link to it: {', '.join(found.cases)}.")
    if found.mentions:
        lines.append(f"Cases whose words mention it, which stay as they are: {', '.join(found.mentions)}.")
    if found.mentioned_by:
        lines.append(
            f"Leaks and incidents with statements that mention it, which stay, too: {', '.join(found.mentioned_by)}."
        )
    return "\n".join(lines)


def _ask(slug: str) -> None:
    if sys.stdin is None or not sys.stdin.isatty():
        raise UsageError(
            "Nobody can be asked here, and forgetting cannot be undone.",
            f"Say so with: floodmark forget {slug} --yes",
        )
    click.confirm("This cannot be undone. Forget it?", abort=True, err=True)
