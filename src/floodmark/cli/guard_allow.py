"""`floodmark guard allow`: who is never limited, why, and until when."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from floodmark.cli.by_hand import ByHand
from floodmark.cli.guard_places import digest_key, guard_folder
from floodmark.cli.passphrases import passphrase_option
from floodmark.cli.stdout import put, put_json
from floodmark.cli.workspaces import workspace

if TYPE_CHECKING:
    from floodmark.guard.allow import Allowance

EPILOG = """\b
Examples:
  floodmark guard allow add account/1a2b3c4d5e6f7081 --reason "Call centre, ticket 123" --days 90
  floodmark guard allow add prefix:203.0.113.7 --reason "Our own office"
  floodmark guard allow list
  floodmark guard allow remove account/1a2b3c4d5e6f7081
"""
_DAY = 86_400.0
_output = click.option(
    "-o", "--output", type=click.Choice(["human", "json"]), default="human", help="Form of stdout."
)


@click.group(epilog=EPILOG)
def command() -> None:
    """Keep the list of who is never limited. Every allowance ends.

    An ACTOR is a part with its digest, as reports write it (account/1a2b3c4d5e6f7081), or with a name, which is hashed
    at once: account:NAME, app:NAME, address:203.0.113.7, prefix:203.0.113.7, network:AS64496, and so on. Whoever is
    allowed spends no budget either; evidence and canaries are kept on them as on all.
    """


@command.command("add")
@click.argument("actor")
@click.option(
    "--reason", cls=ByHand, required=True, metavar="TEXT", help="Why, without names; a ticket's number."
)
@click.option("--days", type=click.IntRange(1, 366), default=30, show_default=True, help="How long it holds.")
@passphrase_option
@_output
def add_command(actor: str, reason: str, days: int, passphrase_file: Path | None, output: str) -> None:
    """Never limit an actor, for some days. One that is on the list gets the new reason and end."""
    from floodmark.guard.actor_text import read_actor
    from floodmark.guard.allow import AllowList

    now = datetime.now(UTC).timestamp()
    with workspace() as place:
        key = digest_key(place, passphrase_file)
        part, digest = read_actor(actor, lambda: key)
        with place.writing("Change the allow-list"):
            file = guard_folder(place).made().allowed
            listed = AllowList.read(file, key.id).with_one(part, digest, reason, now, now + days * _DAY)
            listed.write(file, key.id)
    _show([entry for entry in listed.entries if (entry.part, entry.digest) == (part, digest)], now, output)


@command.command("list")
@passphrase_option
@_output
def list_command(passphrase_file: Path | None, output: str) -> None:
    """List who is never limited, those whose allowance ends first in front."""
    from floodmark.guard.allow import AllowList

    with workspace() as place:
        key = digest_key(place, passphrase_file)
        listed = AllowList.read(guard_folder(place).allowed, key.id)
    _show(listed.entries, datetime.now(UTC).timestamp(), output)


@command.command("remove")
@click.argument("actor")
@passphrase_option
@_output
def remove_command(actor: str, passphrase_file: Path | None, output: str) -> None:
    """Take an actor off the list; it is limited again as all are."""
    from floodmark.guard.actor_text import read_actor
    from floodmark.guard.allow import AllowList

    with workspace() as place:
        key = digest_key(place, passphrase_file)
        part, digest = read_actor(actor, lambda: key)
        with place.writing("Change the allow-list"):
            file = guard_folder(place).allowed
            listed = AllowList.read(file, key.id).without(part, digest)
            listed.write(file, key.id)
    _show(listed.entries, datetime.now(UTC).timestamp(), output)


def _show(entries: list[Allowance], now: float, output: str) -> None:
    rows = [_row(entry, now) for entry in entries]
    if output == "json":
        put_json({"allowed": rows})
        return
    from rich.text import Text

    from floodmark.cli.fitting_table import FittingTable

    cells = [
        (row["actor"], row["until"][:10], "ended" if row["ended"] else "", row["reason"]) for row in rows
    ]
    shown = FittingTable("NEVER LIMITED", "actor|until||~why", cells)
    put(shown if cells else Text("Nobody is on the list."))


def _row(entry: Allowance, now: float) -> dict[str, Any]:
    from floodmark.guard.actor_text import written

    return {
        "actor": written(entry.part, entry.digest),
        "reason": entry.reason,
        "since": _time(entry.since),
        "until": _time(entry.until),
        "ended": entry.until <= now,
    }


def _time(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
