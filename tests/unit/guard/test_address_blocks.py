"""Under what an address is counted: nobody gets more by writing an address in another way."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from floodmark.guard.address_blocks import blocks, embedded

OLD = st.integers(0, 2**32 - 1).map(IPv4Address)
NEW = st.integers(0, 2**128 - 1).map(IPv6Address)


def written_as_ipv6(address: IPv4Address) -> list[IPv6Address]:
    """Every way in which whoever has an IPv4 address appears under IPv6."""
    number = int(address)
    return [
        IPv6Address(0xFFFF << 32 | number),
        IPv6Address(0x2002 << 112 | number << 80 | 0xABCD << 64 | 1),
        IPv6Address(0x2001_0000 << 96 | 0x01020304 << 64 | 0x8000_F227 << 32 | ~number & 0xFFFF_FFFF),
        IPv6Address(int(IPv6Address("64:ff9b::")) | number),
    ]


@given(OLD)
def test_an_ipv4_address_is_counted_once_however_it_is_written(address):
    assert {blocks(one) for one in (address, *written_as_ipv6(address))} == {blocks(address)}


@given(NEW)
@example(IPv6Address("2002:cb00:7107::1"))
@example(IPv6Address("2001:0:4136:e378:8000:63bf:34ff:8ef8"))
@example(IPv6Address("::ffff:203.0.113.7"))
def test_the_standard_library_finds_the_same_ipv4_addresses(address):
    teredo = address.teredo
    expected = address.ipv4_mapped or address.sixtofour or (teredo and teredo[1])
    if address in ip_network("64:ff9b::/96"):
        expected = IPv4Address(int(address) & 0xFFFF_FFFF)
    assert embedded(address) == expected


@given(OLD, OLD)
def test_ipv4_addresses_share_a_block_if_they_are_the_same_and_a_network_if_it_is_their_16(one, other):
    assert (blocks(one)[0] == blocks(other)[0]) == (one == other)
    assert (blocks(one)[1] == blocks(other)[1]) == (other in ip_network((one, 16), strict=False))


@given(NEW, st.integers(0, 127))
def test_ipv6_addresses_share_a_block_of_56_bits_and_a_network_of_32(one, bit):
    other = IPv6Address(int(one) ^ 1 << bit)
    if embedded(one) is None and embedded(other) is None:
        assert (blocks(one)[0] == blocks(other)[0]) == (other in ip_network((one, 56), strict=False))
        assert (blocks(one)[1] == blocks(other)[1]) == (other in ip_network((one, 32), strict=False))


@given(st.sets(st.one_of(OLD, NEW), min_size=2, max_size=2))
def test_no_block_is_a_network_or_of_the_other_family(pair):
    one, other = (blocks(address) for address in pair)
    assert one[0] != other[1] and one[1] != other[0]


@pytest.mark.parametrize(
    ("one", "other"), [("fe80::1%eth0", "fe80::1"), ("2001:db8::1", "2001:db8::ffff:ffff:ffff:ffff")]
)
def test_a_zone_and_the_host_part_make_no_difference(one, other):
    assert blocks(ip_address(one)) == blocks(ip_address(other))
