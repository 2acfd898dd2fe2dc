r"""An e-mail message as it goes over the wire, and the form of addresses in it.

    >>> from floodmark.notices.sending.sender import Message
    >>> raw = mail("ada@example.org", "notices@example.org", "Example CERT", Message("Your code", "K7QM-3XRP\n"))
    >>> raw.splitlines()[0]
    b'From: Example CERT <notices@example.org>'

No header can be smuggled in: addresses are in canonical form, which has no white space and no controls.
"""

from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import formatdate, make_msgid

import polars as pl

from floodmark.identifiers import emails
from floodmark.notices.sending.sender import Message


def mail(to: str, sender: str, name: str, message: Message) -> bytes:
    """A message as it goes over the wire.

    Args:
        to: address in canonical form.
        sender: address that it comes from.
        name: shown with that address.
        message: what it says.

    Returns:
        Headers and body, lines ending in CRLF, ASCII unless an address is not.
    """
    plain = (to + sender).isascii()
    user, _, domain = sender.rpartition("@")
    made = EmailMessage(policy=SMTP if plain else SMTPUTF8)
    made["From"] = Address(name, user, domain)
    made["To"] = mailbox(to)
    made["Subject"] = message.subject
    made["Date"] = formatdate(usegmt=True)
    made["Message-ID"] = make_msgid(domain=domain)
    made["Auto-Submitted"] = "auto-generated"  # RFC 3834: no machine answers it
    made.set_content(message.text, cte=None if message.text.isascii() else "base64")
    return made.as_bytes()


def canonical_address(address: str) -> str | None:
    """The canonical form of an address, None where it is none."""
    cells = pl.Series([address], dtype=pl.String)
    found: str | None = emails.parse_series(cells).struct.field("canonical")[0]
    return found


def mailbox(address: str) -> str:
    """The address, quoted where its dots lie as only a quoted one may have them (RFC 5321, section 4.1.2)."""
    local, _, domain = address.rpartition("@")
    return address if all(local.split(".")) else f'"{local}"@{domain}'
