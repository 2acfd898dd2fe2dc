"""`floodmark guard evaluations`: what is left of the flat budgets of blind evaluations, and for whom."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any

import click

from floodmark.cli.stdout import put, put_json
from floodmark.cli.workspaces import workspace
from floodmark.errors import UsageError

EPILOG = """\b
Examples:
  floodmark guard evaluations address:203.0.113.7
  floodmark guard evaluations api-key:0123456789abcdef -o json
"""
_NONE = "nothing was evaluated here yet"


@click.command(epilog=EPILOG)
@click.argument("who", metavar="address:ADDRESS|api-key:ID")
@click.option(
    "-o", "--output", type=click.Choice(["human", "json"]), default="human", show_default=True, help="Form."
)
def command(who: str, output: str) -> None:
    """Say what an address or an API key has spent of its budget of blind evaluations, and why it is refused.

    Budgets of a day are those of today, in UTC; an API key's are of the newest epoch that it asked in. The guard cannot
    see into a blind evaluation: these budgets are flat, and what was asked about is known to nobody.
    """
    part, _, name = who.partition(":")
    if part == "address":
        found = _of_address(name)
    elif part == "api-key":
        found = _of_key(name)
    else:
        raise UsageError(
            "This names nobody who evaluates",
            "Give address: and an address, or api-key: and the id of a key (floodmark api-keys list).",
        )
    if output == "json":
        put_json({"budgets": found})
        return
    put("\n".join(map(_line, found)) or f"{_NONE.capitalize()}.")


def _of_address(text: str) -> list[dict[str, Any]]:
    from floodmark.register.budget_standing import read_spent

    try:
        address = ip_address(text)
    except ValueError:
        raise UsageError("This is no address", "Give one such as 203.0.113.7 or 2001:db8::1.") from None
    rows = read_spent(workspace().folder / "budgets.sqlite", address) or ()
    return [
        {"limit": row.name, "spent": row.elements, "quota": row.quota, "exempt": row.exempt, "epoch": None}
        for row in rows
    ]


def _of_key(key: str) -> list[dict[str, Any]]:
    from floodmark.register.api_keys import get_api_key
    from floodmark.register.budget_standing import read_standing

    place = workspace()
    with place.connect() as connection:
        found = get_api_key(connection, key)
    standing = read_standing(place.folder / "budgets.sqlite")
    rows = [] if standing is None else [row for row in standing.organisations if row.key == found.id]
    return [
        {
            "limit": "organisation",
            "spent": row.elements,
            "quota": row.quota,
            "exempt": False,
            "epoch": row.epoch,
        }
        for row in rows[:1]
    ]


def _line(row: dict[str, Any]) -> str:
    if row["quota"] is None:
        return f"{row['limit']}: {_NONE}."
    spent = f"{row['limit']}: {row['spent']:,} of {row['quota']:,} evaluations are spent"
    if row["exempt"]:
        return f"{spent}, while there was no limit but the server's."
    whole = "" if row["epoch"] is None else f" in epoch {row['epoch']}"
    until = "" if row["epoch"] is not None or row["spent"] < row["quota"] else "; refused until 00:00 UTC"
    return f"{spent}{whole}{until}."
