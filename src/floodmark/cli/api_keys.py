"""`floodmark api-keys`: keys for programs that use a server's HTTP API."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from floodmark.cli.by_hand import ByHand
from floodmark.cli.stdout import put, put_json
from floodmark.cli.unquoting import Unquoting
from floodmark.cli.workspaces import workspace

if TYPE_CHECKING:
    from floodmark.register.api_keys import ApiKey

EPILOG = """\b
Examples:
  floodmark api-keys make --label "Example Bank" --scope evaluate --customers 20000 > example-bank.key
  floodmark api-keys make --label "Newsroom" --scope read --days 30
  floodmark api-keys list
  floodmark api-keys edit 0123456789abcdef --customers 25000
  floodmark api-keys renew 0123456789abcdef > example-bank.key
  floodmark api-keys revoke 0123456789abcdef
"""
YEAR = 365

output_option = click.option(
    "-o", "--output", type=click.Choice(["human", "json"]), default="human", help="Form of stdout."
)
key_argument = click.argument("key_id", metavar="ID")


def _customers_option(text: str) -> Callable[[Any], Any]:
    return click.option("--customers", cls=ByHand, type=click.IntRange(1), metavar="N", help=text)


class KeysGroup(click.Group):
    """A group of commands that repeat no argument: it may be a whole key."""

    command_class = Unquoting


@click.group(cls=KeysGroup, epilog=EPILOG)
def command() -> None:
    """Make, list, change and revoke keys for programs that use a server's HTTP API.

    A key is shown once, and kept as a hash. With the scope evaluate it has a budget of evaluations in each epoch, by
    the number of customers that the organisation attested; with the scope read it reads what is not public of leaks.
    """


@command.command("make")
@click.option("--label", cls=ByHand, required=True, metavar="TEXT", help="Whose it is: an organisation.")
@click.option(
    "--scope",
    "scopes",
    cls=ByHand,
    multiple=True,
    required=True,
    type=click.Choice(["evaluate", "read"]),
    help="What it allows; repeatable.",
)
@_customers_option("Attested number of customers; with the scope evaluate.")
@click.option(
    "--days",
    cls=ByHand,
    type=click.IntRange(1, 3650),
    default=YEAR,
    show_default=True,
    metavar="N",
    help="For how long it is good.",
)
@output_option
def make_command(label: str, scopes: tuple[str, ...], customers: int | None, days: int, output: str) -> None:
    """Make a key and show it: the key alone on stdout, what it allows on stderr.

    Send it to the organisation by a way that nobody else reads. Nobody can show it again; renew gives another.
    """
    from floodmark.register.api_key_changes import make_api_key

    now = _now()
    with workspace().writing("api-keys make") as connection:
        made, text = make_api_key(
            connection, label, scopes, now, customers=customers, expires_at=now + timedelta(days=days)
        )
    _show_secret(made, text, now, output)


@command.command("list")
@output_option
def list_command(output: str) -> None:
    """List all keys, the oldest first: what they allow, how they stand, and what they spent.

    What was spent is that of the newest epoch in which a key asked a server of this workspace.
    """
    from floodmark.register.api_keys import read_api_keys

    with workspace().connect() as connection:
        found = list(read_api_keys(connection))
    now, spent = _now(), _spent_by_key()
    if output == "json":
        put_json({"api_keys": [{**_values(key, now), "spent": spent.get(key.id)} for key in found]})
    elif not found:
        click.echo("There is no API key. Make one with: floodmark api-keys make --label NAME --scope SCOPE")
    else:
        put(_table(found, now, spent))


@command.command("edit")
@key_argument
@click.option("--label", cls=ByHand, metavar="TEXT", help="Whose it is.")
@_customers_option("Number of customers as attested now; what was spent in the epoch stays spent.")
@click.option(
    "--days", cls=ByHand, type=click.IntRange(1, 3650), metavar="N", help="For how long it is good, from now."
)
@output_option
def edit_command(
    key_id: str, label: str | None, customers: int | None, days: int | None, output: str
) -> None:
    """Change the label, the number of customers or the expiry of a key; the key itself stays."""
    from floodmark.errors import UsageError
    from floodmark.register.api_key_changes import edit_api_key

    if label is None and customers is None and days is None:
        raise UsageError("There is nothing to change.", "Give --label, --customers or --days.")
    now = _now()
    expires_at = None if days is None else now + timedelta(days=days)
    with workspace().writing("api-keys edit") as connection:
        changed = edit_api_key(connection, key_id, label=label, customers=customers, expires_at=expires_at)
    _show(changed, now, output)


@command.command("renew")
@key_argument
@output_option
def renew_command(key_id: str, output: str) -> None:
    """Give a key another secret and show it; the one before is refused within seconds.

    The id, and with it what was spent of the budget, stays. A key that was lost or seen by others is renewed; another
    one for the same organisation would give it a second budget.
    """
    from floodmark.register.api_key_changes import renew_api_key

    with workspace().writing("api-keys renew") as connection:
        renewed, text = renew_api_key(connection, key_id)
    _show_secret(renewed, text, _now(), output)


@command.command("revoke")
@key_argument
@output_option
def revoke_command(key_id: str, output: str) -> None:
    """Refuse a key within seconds, for good."""
    from floodmark.register.api_key_changes import revoke_api_key

    now = _now()
    with workspace().writing("api-keys revoke") as connection:
        revoked = revoke_api_key(connection, key_id, now)
    _show(revoked, now, output)


def _show_secret(key: ApiKey, text: str, now: datetime, output: str) -> None:
    if output == "json":
        put_json({**_values(key, now), "key": text})
        return
    click.echo(text)
    click.echo(f"Key {key.id} for {key.label}: {_words(key)}. It is not shown again.", err=True)


def _show(key: ApiKey, now: datetime, output: str) -> None:
    if output == "json":
        put_json(_values(key, now))
    else:
        put(_table([key], now))


def _values(key: ApiKey, now: datetime) -> dict[str, Any]:
    return {
        "id": key.id,
        "label": key.label,
        "scopes": list(key.scopes),
        "customers": key.customers,
        "budget": _budget(key),
        "made_at": key.made_at,
        "expires_at": key.expires_at,
        "revoked_at": key.revoked_at,
        "state": key.state(now),
    }


def _spent_by_key() -> dict[str, dict[str, int]]:
    """For each key the newest epoch that it asked in, and the elements that it spent in that."""
    from floodmark.register.budget_standing import read_standing

    standing = read_standing(workspace().folder / "budgets.sqlite")
    rows = () if standing is None else reversed(standing.organisations)
    return {row.key: {"epoch": row.epoch, "elements": row.elements} for row in rows}


def _table(keys: list[ApiKey], now: datetime, spent: Mapping[str, Mapping[str, int]] | None = None) -> Any:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    from floodmark.register.free_text import visible

    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column("id", no_wrap=True)
    table.add_column("label", overflow="fold")
    for name in ("allows", "customers", "good until", *([] if spent is None else ["spent"])):
        table.add_column(name, no_wrap=True)
    for key in keys:
        state, budget = key.state(now), _budget(key)
        customers = "-" if key.customers is None else f"{key.customers:,}"
        until = (key.expires_at or "-")[:10] if state == "good" else state
        cells = [key.id, visible(key.label), ",".join(key.scopes), customers, until]
        if spent is not None:
            elements = spent.get(key.id, {}).get("elements", 0)
            cells.append("-" if budget is None else f"{elements:,} of {budget:,}")
        table.add_row(*map(Text, cells))
    return table


def _words(key: ApiKey) -> str:
    budget = _budget(key)
    evaluations = "" if budget is None else f" ({budget:,} in an epoch, for {key.customers:,} customers)"
    return ", ".join(f"{scope}{evaluations if scope == 'evaluate' else ''}" for scope in key.scopes)


def _budget(key: ApiKey) -> int | None:
    from floodmark.exposure.check.organisation_budget import budget

    return None if key.customers is None else budget(key.customers)


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
