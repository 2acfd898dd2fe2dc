"""What the head of a request has to be (RFC 9112): no longer than any, for one host, and with a body that can be read.

>>> check_head([(b"host", b"example.org")], "1.1", upgrade=False)
>>> check_head([], "1.1", upgrade=False)
Traceback (most recent call last):
floodmark.web.problems.Refusal: A request names the host that it is for, once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from floodmark.web.problems import Refusal


class HeadTooLong(Refusal):
    """A request's first line and headers are longer than any."""

    slug: ClassVar[str] = "head-too-long"
    status: ClassVar[int] = 431
    hint = "Send fewer headers, or none that is longer than it needs to be."


class UnknownCoding(Refusal):
    """A body comes in a transfer coding that is not read here."""

    slug: ClassVar[str] = "unknown-transfer-coding"
    status: ClassVar[int] = 501
    hint = "Send the body as it is, or in chunks and nothing else."


def check_head(headers: Sequence[tuple[bytes, bytes]], version: str, *, upgrade: bool) -> None:
    """See that a request can be answered as it was meant.

    Args:
        headers: names in lower case.
        version: of HTTP, such as `1.1`.
        upgrade: whether it asks for another protocol, which nobody speaks here.

    Raises:
        UnknownCoding: its body is in chunks of something else (RFC 9112, section 6.1).
        Refusal: it names no host or two (section 3.2), or has a body behind which another protocol would begin: the
            parser takes such a body for what comes next.
    """
    hosts, body = 0, False
    for name, value in headers:
        if name == b"host":
            hosts += 1
        elif name == b"transfer-encoding":
            body = True
            if value.strip().lower() != b"chunked":
                raise UnknownCoding("The body is in a transfer coding that is not read here.")
        elif name == b"content-length":
            body = body or value.strip(b" \t0") != b""
    if hosts > 1 or (not hosts and version == "1.1"):
        raise Refusal("A request names the host that it is for, once.", "Send one header Host.")
    if upgrade and body:
        raise Refusal("No other protocol is spoken here.", "Send the request without the header Upgrade.")
