"""Options that say how codes are sent, and what they come to.

All are given by hand or by a variable: whoever may set them in a floodmark.toml chooses which program runs, or which
server learns who opts out.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from floodmark.cli.by_hand import ByHand
from floodmark.errors import UsageError

if TYPE_CHECKING:
    from floodmark.notices.sending import Sender

LONGEST_NAME = 60

_OPTIONS = (
    click.option(
        "--operator",
        cls=ByHand,
        envvar="FLOODMARK_OPERATOR",
        metavar="NAME",
        help="Who sends the message, as it says. Required.",
    ),
    click.option(
        "--smtp-host",
        cls=ByHand,
        envvar="FLOODMARK_SMTP_HOST",
        metavar="HOST",
        help="Mail server for e-mail addresses.",
    ),
    click.option(
        "--smtp-port",
        cls=ByHand,
        envvar="FLOODMARK_SMTP_PORT",
        type=click.IntRange(1, 65535),
        metavar="PORT",
        help="Default: 587 with starttls, 465 with tls, 25 with none.",
    ),
    click.option(
        "--smtp-tls",
        cls=ByHand,
        envvar="FLOODMARK_SMTP_TLS",
        type=click.Choice(["starttls", "tls", "none"]),
        default="starttls",
        show_default=True,
        help="The certificate is verified; none is for localhost only.",
    ),
    click.option(
        "--smtp-ca",
        cls=ByHand,
        envvar="FLOODMARK_SMTP_CA",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="PEM certificates that the mail server's must stem from. Default: those the system trusts.",
    ),
    click.option(
        "--smtp-user",
        cls=ByHand,
        envvar="FLOODMARK_SMTP_USER",
        metavar="USER",
        help="User to log in as; takes --smtp-password-file.",
    ),
    click.option(
        "--smtp-password-file",
        cls=ByHand,
        envvar="FLOODMARK_SMTP_PASSWORD_FILE",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Read that user's password from FILE (mode 0600).",
    ),
    click.option(
        "--from",
        "from_address",
        cls=ByHand,
        envvar="FLOODMARK_MAIL_FROM",
        metavar="ADDRESS",
        help="Address that mail comes from.",
    ),
    click.option(
        "--mail-command",
        cls=ByHand,
        envvar="FLOODMARK_MAIL_COMMAND",
        metavar="COMMAND",
        help="In place of a mail server: a program that gets recipient and text as JSON on stdin.",
    ),
    click.option(
        "--sms-command",
        cls=ByHand,
        envvar="FLOODMARK_SMS_COMMAND",
        metavar="COMMAND",
        help="The same for phone numbers; run without a shell.",
    ),
)


@dataclass(frozen=True)
class Sending:
    """How codes are sent.

    Attributes:
        operator: who sends them, one line.
        senders: by kind of identifier, for those kinds that have one.
    """

    operator: str
    senders: dict[str, Sender]

    def of(self, kind: str) -> Sender:
        """The sender for a kind of identifier.

        Raises:
            UsageError: none is set.
        """
        if kind not in self.senders:
            what, options = (
                ("phone numbers", "--sms-command")
                if kind == "phone"
                else ("e-mail addresses", "--smtp-host and --from, or --mail-command")
            )
            raise UsageError(f"Nothing says how codes are sent to {what}.", f"Give {options}.")
        return self.senders[kind]


def sending_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that `sending_of` takes up."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def sending_of(given: dict[str, Any]) -> Sending:
    """How codes are sent, by the options.

    Raises:
        UsageError: they contradict each other, or would send in the clear.
        KeysExposed, UnreadableInput: the password's file cannot be used.
        HoldsIdentifier, UnfitText: the operator's name is none.
    """
    from floodmark.register.free_text import clean

    if given["operator"] is None:
        raise UsageError("Nothing says who sends the code.", "Give --operator NAME.")
    operator = clean(given["operator"], "The operator's name", LONGEST_NAME, lines=False)
    senders: dict[str, Sender] = {}
    if given["smtp_host"] and given["mail_command"]:
        raise UsageError("Two ways to send e-mail are given.", "Give --smtp-host or --mail-command.")
    if given["smtp_host"]:
        senders["email"] = _smtp(given, operator)
    for kind, option in (("email", "mail_command"), ("phone", "sms_command")):
        if given[option]:
            senders[kind] = _command(given[option])
    return Sending(operator, senders)


def _smtp(given: dict[str, Any], operator: str) -> Sender:
    from floodmark.cli.passphrases import from_file
    from floodmark.notices.sending import SmtpSender

    if not given["from_address"]:
        raise UsageError("Mail needs an address that it comes from.", "Give --from ADDRESS.")
    file = given["smtp_password_file"]
    return SmtpSender(
        given["smtp_host"],
        given["from_address"],
        operator,
        port=given["smtp_port"] or 0,
        tls=given["smtp_tls"],
        user=given["smtp_user"] or "",
        password=from_file(file) if file else b"",
        ca=given["smtp_ca"],
    )


def _command(text: str) -> Sender:
    from floodmark.notices.sending import CommandSender
    from floodmark.register.key_command import KeyCommandFailed, resolved

    try:
        arguments = shlex.split(text)
    except ValueError:
        raise UsageError(
            "A command has an open quote.", "Close it; the command is split as a shell would."
        ) from None
    try:
        return CommandSender(resolved(arguments))
    except KeyCommandFailed as error:  # the same rules for what is run, by another name
        raise UsageError(error.message, error.hint) from None
