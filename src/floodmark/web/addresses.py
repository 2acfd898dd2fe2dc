"""From which address a request comes: the connection's, or what proxies that are trusted say of it."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address

from starlette.types import Scope

from floodmark.web.budget import Address
from floodmark.web.settings import Network

NOWHERE = IPv4Address(0)  # of a connection without an address: a Unix socket's


def client_address(scope: Scope, trusted: Sequence[Network]) -> Address:
    """The address of whoever asks.

    Of X-Forwarded-For, what stands furthest to the right and is no trusted proxy's: all before it can be made up.

    >>> from ipaddress import ip_network
    >>> scope = {"client": ("10.0.0.1", 1), "headers": [(b"x-forwarded-for", b"6.6.6.6, 192.0.2.7")]}
    >>> client_address(scope, [ip_network("10.0.0.0/8")]), client_address(scope, [])
    (IPv4Address('192.0.2.7'), IPv4Address('10.0.0.1'))

    Args:
        scope: of the request.
        trusted: networks of proxies that are believed.
    """
    peer = _read(scope["client"][0]) if scope.get("client") else None
    found = NOWHERE if peer is None else peer
    if not trusted or not _within(found, trusted):
        return found
    said = b",".join(value for name, value in scope["headers"] if name == b"x-forwarded-for")
    for one in reversed(said.decode("latin-1").split(",")):
        hop = _read(one.strip())
        if hop is None:
            return found
        found = hop
        if not _within(found, trusted):
            return found
    return found


def _read(text: str) -> Address | None:
    """An address, of IPv4 where it is one, and without the interface; None for what is none."""
    try:
        found = ip_address(text)
    except ValueError:
        return None
    if isinstance(found, IPv6Address):
        return found.ipv4_mapped or IPv6Address(int(found))
    return found


def _within(address: Address, networks: Sequence[Network]) -> bool:
    return any(address in network for network in networks)
