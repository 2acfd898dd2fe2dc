"""Where a server is: an https address, or http on this machine.

>>> base_of("https://check.example.org/leaks/")
'https://check.example.org/leaks'
>>> base_of("http://check.example.org")
Traceback (most recent call last):
floodmark.exposure.check.address.BadAddress: A server on another machine is asked over https only.
"""

from __future__ import annotations

import ipaddress
import re
from typing import ClassVar
from urllib.parse import SplitResult, urlsplit

from floodmark.errors import UsageError

LONGEST = 2048
# The last label is no number: what ends in one is an address in disguise, or somebody's telephone number.
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9-]*[a-z][a-z0-9-]*\.?")


class BadAddress(UsageError):
    """An address is none that a check can be sent to; nothing of it is quoted, and nothing was sent."""

    slug: ClassVar[str] = "bad-address"
    hint = "Give the address that has v1/ below it, such as https://check.example.org."


def base_of(address: str) -> str:
    """The address below which `v1/` lies, without a slash at its end.

    Raises:
        BadAddress: it is no https address (http for a loopback host), or has a user name, a query or a fragment.
    """
    parts = _split(address)
    if parts is None or parts.scheme not in ("https", "http") or not _named(parts.hostname or ""):
        raise BadAddress("This is no https address.")
    if parts.scheme == "http" and not _loopback(parts.hostname or ""):
        raise BadAddress(
            "A server on another machine is asked over https only.",
            "Write https:// before the name; http is for servers on this machine, such as http://127.0.0.1:8000.",
        )
    if "@" in parts.netloc or "?" in address or "#" in address:
        raise BadAddress("A server's address has no user name, query or fragment.")
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def on_this_machine(base: str) -> bool:
    """Whether a base that `base_of` gave is on this machine, where no proxy is to be asked."""
    return _loopback(urlsplit(base).hostname or "")


def _split(address: str) -> SplitResult | None:
    if len(address) > LONGEST or not address.isascii() or not address.isprintable() or " " in address:
        return None
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018  # whether it is a number is seen only now
    except ValueError:
        return None
    return parts


def _named(host: str) -> bool:
    """Whether a host can be one: an address, or a name."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return bool(_HOST.fullmatch(host))
    return True


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
