"""`floodmark optout`: who proves control of an address or a number keeps it out of sealed leaks."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from floodmark.cli.by_hand import ByHand
from floodmark.cli.optout_sending import sending_of, sending_options
from floodmark.cli.optout_typed import UnquotingGroup, given_identifier, given_identifier_and_code
from floodmark.cli.passphrases import passphrase_option

if TYPE_CHECKING:
    from floodmark.exposure.check.asked import Asked
    from floodmark.notices.sending import Purpose

EPILOG = """\b
Examples:
  floodmark optout request --operator "Example CERT" --smtp-host mail.example.org --from notices@example.org
  floodmark optout confirm
  floodmark optout list

\b
The identifier is typed unseen, or read from the first line of stdin; a code from the second.
"""

region_option = click.option(
    "--region",
    cls=ByHand,
    metavar="CC",
    help="Country of phone numbers without a country code, such as GB.",
)
output_option = click.option(
    "-o", "--output", type=click.Choice(["human", "json"]), default="human", help="Form of stdout."
)


@click.group(cls=UnquotingGroup, epilog=EPILOG)
def command() -> None:
    """Keep an identifier out of sealed leaks, for whoever proves control of it.

    For e-mail addresses and phone numbers: a code goes there, and comes back. Profile ids and user names cannot be
    proven by a message. An opt-out is kept as a digest and takes effect when a leak is next sealed; what was published
    before stays published.
    """
    from floodmark.register.key_secrets import forbid_core_dumps

    forbid_core_dumps()  # before anything is typed


@command.command("request")
@click.option("--withdraw", is_flag=True, cls=ByHand, help="The code is to end an opt-out.")
@sending_options
@region_option
@passphrase_option
@output_option
def request_command(
    withdraw: bool, region: str | None, passphrase_file: Path | None, output: str, **given: Any
) -> None:
    """Send a code to an e-mail address or a phone number.

    At most one in 2 minutes and 5 a day go to one recipient. The answer is the same whether one was sent or not, and
    whether a leak holds the identifier or not.
    """
    from floodmark.cli.keys import keyring
    from floodmark.cli.workspaces import workspace
    from floodmark.notices.sending import code_message
    from floodmark.register.optout_requests import MINUTES, request

    purpose: Purpose = "withdraw" if withdraw else "optout"
    sending = sending_of(given)
    asked = _identifier(given_identifier(), region)
    sender = sending.of(asked.kind)
    to = asked.data.decode().partition(":")[2]

    def send(code: str) -> None:
        sender.send(to, code_message(purpose, asked.kind, sending.operator, code, MINUTES))

    with keyring(passphrase_file) as keys:
        request(workspace(), keys.digest_key(), asked, purpose, send, now=datetime.now(UTC))
    next_step = "withdraw" if withdraw else "confirm"
    _put(
        output,
        {"purpose": purpose, "valid_minutes": MINUTES},
        "A code is on its way, unless one went there in the last 2 minutes or 5 did in a day.",
        f"It is valid for {MINUTES} minutes: floodmark optout {next_step}",
    )


@command.command("confirm")
@region_option
@passphrase_option
@output_option
def confirm_command(region: str | None, passphrase_file: Path | None, output: str) -> None:
    """Opt out with a code that was sent.

    A wrong code, an expired one and one that nobody asked for are refused alike. 5 attempts, and a code is dead.
    """
    _use("optout", region, passphrase_file)
    _put(
        output,
        {"opted_out": True},
        "Opted out. Every leak that is sealed from now on leaves it out.",
        "What was sealed before holds what it held until it is sealed anew; what was published stays published.",
    )


@command.command("withdraw")
@region_option
@passphrase_option
@output_option
def withdraw_command(region: str | None, passphrase_file: Path | None, output: str) -> None:
    """End an opt-out, with a code that was sent for that.

    The code is that of floodmark optout request --withdraw. Opting in again needs the same proof of control as
    opting out: a sealed leak says of an identifier that it is in a leak, and only whoever has it may allow that.
    """
    _use("withdraw", region, passphrase_file)
    _put(
        output,
        {"opted_out": False},
        "The opt-out is gone, if there was one.",
        "Leaks that hold the identifier have it again when they are next sealed.",
    )


@command.command("list")
@output_option
def list_command(output: str) -> None:
    """Say how many opted out, and what was sealed before.

    Numbers and dates only. Whether a leak holds any of those who opted out is not looked up.
    """
    from floodmark.cli.workspaces import workspace
    from floodmark.register.optouts import counts, pending

    opened = workspace()
    with opened.connect() as connection:
        numbers, sealed = counts(connection), pending(connection)
    values = {"optouts": [vars(row) for row in numbers], "sealed": [vars(leak) for leak in sealed]}
    lines = [f"{row.kind:6} {row.number:>9,}  proven {row.first} to {row.last}" for row in numbers]
    late = [leak for leak in sealed if leak.newer]
    lines += [
        f"{leak.slug}: sealed {leak.sealed_at}, before {leak.newer:,} of these opt-outs" for leak in late
    ]
    if late:
        lines.append("floodmark seal applies them. What was published stays published.")
    _put(output, values, *(lines or ["Nobody opted out."]))


def _use(purpose: Purpose, region: str | None, passphrase_file: Path | None) -> None:
    from floodmark.cli.keys import keyring
    from floodmark.cli.workspaces import workspace
    from floodmark.register.optout_requests import confirm

    identifier, code = given_identifier_and_code()
    asked = _identifier(identifier, region)
    with keyring(passphrase_file) as keys:
        confirm(workspace(), keys.digest_key(), asked, purpose, code, now=datetime.now(UTC))


def _identifier(text: str, region: str | None) -> Asked:
    """What was typed, as an identifier whose owner a message reaches.

    Raises:
        NotProvable: it is neither an e-mail address nor a phone number.
        UsageError: no such region.
    """
    from floodmark.cli.reading_options import region_code
    from floodmark.exposure.check.asked import NotAnIdentifier, read
    from floodmark.register.optout_requests import NotProvable

    try:
        return read(text, region=region_code(region))
    except NotAnIdentifier:
        pass  # its hint speaks of kinds that no message reaches
    raise NotProvable(
        "What was given is no e-mail address and no phone number.",
        "Give a number with its country code, or --region. Profile ids and user names cannot be proven by a message.",
    )


def _put(output: str, values: dict[str, Any], *lines: str) -> None:
    from floodmark.cli.stdout import put_json

    if output == "json":
        put_json(values)
        return
    for line in lines:
        click.echo(line)
