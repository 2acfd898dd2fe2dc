"""From which address a request comes, where proxies stand between.

>>> from ipaddress import ip_network
>>> proxies = [ip_network("10.0.0.0/8")]
>>> client_address("10.0.0.1", "6.6.6.6, 192.0.2.7", proxies), client_address("10.0.0.1", "192.0.2.7", [])
(IPv4Address('192.0.2.7'), IPv4Address('10.0.0.1'))
>>> client_address("203.0.113.9", "192.0.2.7", proxies)  # anybody can write such a header
IPv4Address('203.0.113.9')
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
NOWHERE = IPv4Address(0)
"""Of a connection without an address: a Unix socket's."""
LOCAL: tuple[Network, ...] = (
    IPv4Network("127.0.0.0/8"),
    IPv6Network("::1/128"),
    IPv4Network((NOWHERE, 32)),
)
"""Proxies on this machine, over loopback or a Unix socket."""


def client_address(peer: str | None, forwarded: str, trusted: Sequence[Network]) -> Address:
    """The address of whoever asks.

    Of X-Forwarded-For, what stands furthest to the right and is no trusted proxy's: all before it can be made up.

    Args:
        peer: address of the connection; None for a Unix socket's.
        forwarded: the header X-Forwarded-For, several of them joined by commas in their order; empty for none.
        trusted: networks of proxies that are believed.
    """
    found = _read(peer or "") or NOWHERE
    if not forwarded or not trusted or not _within(found, trusted):
        return found
    for one in reversed(forwarded.split(",")):
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
