"""`floodmark analysts`: who may sign in to the pages that are not public."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from floodmark.cli.by_hand import ByHand
from floodmark.cli.key_list import output_option

if TYPE_CHECKING:
    from floodmark.register.key_secrets import Secret

EPILOG = """\b
Examples:
  floodmark analysts add ada
  floodmark analysts list
  floodmark analysts reset ada
  floodmark analysts remove ada
"""

password_option: Callable[[Any], Any] = click.option(
    "--password-file",
    type=click.Path(path_type=Path),
    cls=ByHand,
    metavar="FILE",
    help="Read the new password from FILE (mode 0600). Default: ask on the terminal.",
)


@click.group(epilog=EPILOG)
def command() -> None:
    """Add, reset and remove analysts, who sign in with a password and the code of an authenticator.

    The pages for analysts are served with: floodmark serve --analysts. A password has twelve characters or more. The
    authenticator's secret is shown once, as a QR code for its camera and as text.
    """
    from floodmark.register.key_secrets import forbid_core_dumps

    forbid_core_dumps()  # before anything is typed


@command.command("add")
@click.argument("name")
@password_option
@output_option
def add_command(name: str, password_file: Path | None, output: str) -> None:
    """Let somebody sign in from now on. NAME is of small letters, digits, dots, hyphens and underscores."""
    from floodmark.cli.workspaces import workspace
    from floodmark.register.analyst_changes import add_analyst
    from floodmark.register.analysts import check_new
    from floodmark.register.sign_in_key import load_or_make

    place = workspace()
    with place.connect() as connection:  # before anybody types
        check_new(connection, name)
    with _password(name, password_file) as password:
        key = load_or_make(workspace=place.folder)
        secret = add_analyst(place, key, name, password, now=datetime.now(UTC))
    _show(name, secret, output)


@command.command("reset")
@click.argument("name")
@password_option
@output_option
def reset_command(name: str, password_file: Path | None, output: str) -> None:
    """Give somebody a new password and a new secret; the old ones are void, and all sessions end."""
    from floodmark.cli.workspaces import workspace
    from floodmark.register.analyst_changes import reset_analyst
    from floodmark.register.analysts import get_analyst
    from floodmark.register.sign_in_key import load_or_make
    from floodmark.reports.numbers import plural

    place = workspace()
    with place.connect() as connection:
        get_analyst(connection, name)
    with _password(name, password_file) as password:
        key = load_or_make(workspace=place.folder)
        secret, ended = reset_analyst(place, key, name, password, now=datetime.now(UTC))
    _show(name, secret, output)
    click.echo(f"{plural(ended, 'session')} ended.", err=True)


@command.command("list")
@output_option
def list_command(output: str) -> None:
    """List the analysts: since when, how many sessions, and attempts to sign in that failed."""
    from floodmark.cli.workspaces import workspace
    from floodmark.notices import stamp
    from floodmark.register.analysts import list_analysts
    from floodmark.register.sessions import live_sessions

    now = datetime.now(UTC)
    with workspace().connect() as connection:
        found, live = list_analysts(connection), live_sessions(connection, now)
    rows = [
        {
            "name": one.name,
            "added_at": stamp(one.made_at),
            "changed_at": stamp(one.changed_at),
            "sessions": live.get(one.name, 0),
            "failures": one.failures,
            "waits_until": stamp(one.locked_until) if one.locked_until and one.locked_until > now else None,
        }
        for one in found
    ]
    if output == "json":
        click.echo(json.dumps({"analysts": rows}, indent=2))
    elif not rows:
        click.echo("There are no analysts yet: floodmark analysts add NAME.", err=True)
    else:
        _table(rows)


@command.command("remove")
@click.argument("name")
def remove_command(name: str) -> None:
    """Let somebody sign in no more; all sessions end."""
    from floodmark.cli.workspaces import workspace
    from floodmark.register.analysts import get_analyst, remove_analyst

    place = workspace()
    with place.connect() as connection:  # so that nothing is made where nothing is
        get_analyst(connection, name)
    with place.writing("analysts") as connection:
        remove_analyst(connection, name)
    click.echo(f"Removed {name}.")


def _password(name: str, file: Path | None) -> Secret:
    from floodmark.cli.analyst_password import typed_password
    from floodmark.cli.passphrases import from_file
    from floodmark.register.passwords import new_password

    return new_password(typed_password(name) if file is None else from_file(file))


def _show(name: str, secret: bytes, output: str) -> None:
    """Show an authenticator's secret, for the one time."""
    from base64 import b32encode

    from floodmark.register.one_time_codes import enrolment

    address, text = enrolment(name, secret), b32encode(secret).decode()
    if output == "json":
        click.echo(json.dumps({"name": name, "secret": text, "uri": address}, indent=2))
        return
    for line in _drawn(address):
        # In colours of its own: the same on a dark terminal and on a light one.
        click.echo(click.style(line, fg="bright_white", bg="black"))
    click.echo(f"Secret: {' '.join(text[at : at + 4] for at in range(0, len(text), 4))}")
    click.echo(address)
    click.echo(f"Scan this with the authenticator of {name} now: it is not shown again.", err=True)


def _drawn(text: str) -> list[str]:
    """A QR code, two rows of it in a line."""
    from io import StringIO

    import segno

    out = StringIO()
    segno.make(text, error="m", micro=False).terminal(out, compact=True, border=2)
    return out.getvalue().splitlines()


def _table(rows: list[dict[str, Any]]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for title in ("name", "added (UTC)", "secrets since", "sessions", "failures", "waits until"):
        table.add_column(title, justify="right" if title in ("sessions", "failures") else "left")
    for row in rows:
        table.add_row(*(_cell(value) for value in row.values()))
    Console().print(table)


def _cell(value: str | int | None) -> str:
    if isinstance(value, str) and value.endswith("Z"):
        return value[:16].replace("T", " ")
    return "-" if value is None else str(value)
