"""Under what a network address is counted: a block that one client has, and the network around it.

>>> from ipaddress import ip_address
>>> blocks(ip_address("203.0.113.7")) == blocks(ip_address("::ffff:203.0.113.7"))
True
>>> one, other = ip_address("2001:db8:0:1200::1"), ip_address("2001:db8:0:12ff::2")
>>> blocks(one) == blocks(other)
True
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network

_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052
_LOW = 0xFFFF_FFFF


def blocks(address: IPv4Address | IPv6Address) -> tuple[bytes, bytes]:
    """The smallest block that is counted and the network that it is in, as bytes that no other block has.

    An IPv4 address and its /16; of IPv6 the /56, which is what a household is given at most as a rule, and the /32.

    Args:
        address: from which somebody asks.
    """
    old = address if isinstance(address, IPv4Address) else embedded(address)
    if old is not None:
        raw = old.packed
        return b"4" + raw, b"4" + raw[:2]
    raw = address.packed
    return b"6" + raw[:7], b"6" + raw[:4]


def embedded(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address of whoever asks from an IPv6 address that is made of one; None for all others.

    Mapped (RFC 4291), 6to4 (RFC 3056), Teredo (RFC 4380) and NAT64 with the well-known prefix (RFC 6052). Counted as
    IPv6, one holder of an IPv4 address would have 256 blocks by 6to4 and 2**24 by Teredo, and all who come by NAT64
    would share one. An answer reaches only whoever has the IPv4 address, so nobody spends another's budget.
    """
    number = int(address)
    top = number >> 112
    if top == 0x2002:
        return IPv4Address(number >> 80 & _LOW)
    if number >> 96 == 0x2001_0000:
        return IPv4Address(~number & _LOW)
    if number >> 32 == 0xFFFF or address in _NAT64:
        return IPv4Address(number & _LOW)
    return None
