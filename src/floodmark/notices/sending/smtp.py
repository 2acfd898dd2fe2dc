"""Sending e-mail through a mail server, over TLS whose certificate is verified.

    >>> SmtpSender("mail.example.org", sender="notices@example.org", name="Example CERT").port
    587

Only on this machine itself (a loopback address) may the connection be plain, or the certificate be unknown. What a
server answers is reduced to its number: its words quote the recipient.
"""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from floodmark.errors import FloodmarkError, UsageError
from floodmark.notices.sending.mail import canonical_address, mail, mailbox
from floodmark.notices.sending.sender import Message, NotSent, PerhapsSent

if TYPE_CHECKING:
    import aiosmtplib

Tls = Literal["starttls", "tls", "none"]
PORTS: dict[Tls, int] = {"starttls": 587, "tls": 465, "none": 25}
TIME_OUT = 60.0  # seconds
GOODBYE = 2.0  # seconds to wait for the answer to QUIT, when the message was taken


@dataclass(frozen=True)
class SmtpSender:
    """Sends through one mail server.

    Attributes:
        host: its name or address.
        port: 0 for the one that goes with `tls`.
        tls: `starttls`, `tls` from the first byte, or `none`, which only a loopback address may have.
        sender: address that the message comes from and bounces go to.
        name: who sends it, one line, shown with the address.
        user: to log in as; empty for no log-in.
        password: of the user.
        ca: PEM file with the certificates that the server's must stem from; None for those that the system trusts. On a
            loopback address the certificate is only verified when this is given.
        time_out: seconds that a message may take in all.

    Raises:
        UsageError: the settings make no sense, or would send in the clear.
    """

    host: str
    sender: str
    name: str
    port: int = 0
    tls: Tls = "starttls"
    user: str = ""
    password: bytes = field(default=b"", repr=False)
    ca: Path | None = None
    time_out: float = TIME_OUT

    def __post_init__(self) -> None:
        object.__setattr__(self, "port", self.port or PORTS[self.tls])
        if not self.host or not self.host.isascii() or not self.host.isprintable() or " " in self.host:
            raise UsageError("The name of the mail server is none.", "Give a host name or an IP address.")
        if self.tls == "none" and not is_loopback(self.host):
            raise UsageError(
                "Mail would go to another machine unencrypted.", "Use starttls or tls; none is for localhost."
            )
        sender = canonical_address(self.sender)
        if sender is None:
            raise UsageError(
                "The address that mail comes from is none.", "Give one such as notices@example.org."
            )
        object.__setattr__(self, "sender", sender)
        if not self.name.isprintable():
            raise UsageError("The name of who sends the mail is not one line of text.")
        if bool(self.user) != bool(self.password):
            raise UsageError(
                "To log in at the mail server takes a user and a password.", "Give both or neither."
            )

    def send(self, to: str, message: Message) -> None:
        """Send a message.

        Args:
            to: address in canonical form.
            message: what to send.

        Raises:
            NotSent: the server could not be reached or trusted, or refused.
            PerhapsSent: the connection broke while the server took the message.
        """
        if canonical_address(to) != to:
            raise NotSent("The recipient is no e-mail address in canonical form.")
        failure = asyncio.run(self._try(to, message))
        if failure is not None:
            raise failure

    async def _try(self, to: str, message: Message) -> FloodmarkError | None:
        """Send, or the reason why not; the library's own errors name the recipient, and stay in here."""
        from aiosmtplib import SMTP, SMTPException

        context = self._context()
        if context is None:
            return NotSent("The file with certificates cannot be read.", "It holds certificates in PEM form.")
        domain = self.sender.rpartition("@")[2]
        client = SMTP(
            hostname=self.host,
            port=self.port,
            use_tls=self.tls == "tls",
            start_tls=False,  # done below, as a step of its own
            tls_context=context,
            local_hostname=domain,  # not the name of this machine
            timeout=self.time_out,
        )
        talk = _Talk(client, self, to, mail(to, self.sender, self.name, message))
        try:
            async with asyncio.timeout(self.time_out):
                await talk.deliver()
        except (SMTPException, OSError, ValueError) as error:
            return talk.failure(error)
        finally:
            await talk.hang_up()
        return None

    def _context(self) -> ssl.SSLContext | None:
        try:
            context = ssl.create_default_context(cafile=self.ca)
        except (OSError, ValueError):  # ssl.SSLError is an OSError
            return None
        if is_loopback(self.host) and self.ca is None:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context


class _Talk:
    """One conversation with a server, which knows how far it came."""

    def __init__(self, client: aiosmtplib.SMTP, sender: SmtpSender, to: str, message: bytes) -> None:
        self._client = client
        self._sender = sender
        self._to = to
        self._message = message
        self._refusal = "could not be reached"
        self._handing_over = False
        self._transport: asyncio.BaseTransport | None = None

    async def deliver(self) -> None:
        client, sender = self._client, self._sender
        await client.connect()
        self._transport = client.transport
        if sender.tls == "starttls":
            self._refusal = "does not offer STARTTLS, or broke it off"
            await client.starttls()
            self._transport = client.transport
        self._refusal = "did not greet back"
        await client.ehlo()
        if sender.user:
            self._refusal = "refused the user or the password"
            await client.login(sender.user, sender.password)
        unicode = not (self._to + sender.sender).isascii()
        if unicode:
            self._refusal = "takes no addresses with letters other than ASCII (SMTPUTF8)"
            if not client.supports_extension("smtputf8"):
                raise ValueError("no SMTPUTF8")
        encoding, options = ("utf-8", ["SMTPUTF8", "BODY=8BITMIME"]) if unicode else ("ascii", [])
        self._refusal = "refused the address that the mail comes from"
        await client.mail(mailbox(sender.sender), options=options, encoding=encoding)
        self._refusal = "refused the recipient"
        await client.rcpt(mailbox(self._to), encoding=encoding)
        self._refusal = "refused the message"
        self._handing_over = True
        await client.data(self._message)
        self._handing_over = False
        await _say_goodbye(client)

    async def hang_up(self) -> None:
        """Close the connection now, without waiting for the server to close its end of TLS."""
        if isinstance(self._transport, asyncio.WriteTransport):
            self._transport.abort()
        self._client.close()
        await asyncio.sleep(0)  # in which the loop lets go of the socket

    def failure(self, error: Exception) -> FloodmarkError:
        """What a person is told, without a word of the library's or the server's."""
        code = getattr(error, "code", None)
        refused = isinstance(code, int) and 400 <= code <= 599
        if self._handing_over and not refused:
            return PerhapsSent("The connection to the mail server broke while it took the message.")
        number = f" ({code})" if refused else ""
        if isinstance(error, TimeoutError):
            return NotSent("The mail server did not answer in time.")
        if _is_about_certificate(error):
            return NotSent(
                "The mail server's certificate is not trusted.",
                "Check the name of the server, or give the certificates that it stems from.",
            )
        return NotSent(f"The mail server {self._refusal}{number}.")


def is_loopback(host: str) -> bool:
    """Whether a host is this machine itself, by its name or address alone.

    Examples:
        >>> is_loopback("localhost"), is_loopback("::1"), is_loopback("127.0.0.1.example.org")
        (True, True, False)
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_about_certificate(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False


async def _say_goodbye(client: aiosmtplib.SMTP) -> None:
    """End politely; the message was taken, so nothing that happens here matters."""
    import aiosmtplib

    try:
        await client.quit(timeout=GOODBYE)
    except (aiosmtplib.SMTPException, OSError):
        return
