"""From which address a request comes."""

from __future__ import annotations

from ipaddress import IPv4Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.web.addresses import NOWHERE, client_address

PROXIES = [ip_network("10.0.0.0/8"), ip_network("fd00::/8")]
ours = st.sampled_from(["10.0.0.1", "10.9.9.9", "fd00::1", "::ffff:10.1.2.3"])
strangers = st.ip_addresses().map(str).filter(lambda text: not trusted(text))
junk = st.text(alphabet=st.characters(max_codepoint=255, exclude_characters=","), max_size=20).filter(
    lambda text: not readable(text.strip())
)
anything = ours | strangers | junk


def readable(text):
    try:
        return bool(ip_address(text))
    except ValueError:
        return False


def trusted(text):
    address = ip_address(text)
    address = getattr(address, "ipv4_mapped", None) or address
    return any(address in network for network in PROXIES)


def plain(text):
    address = ip_address(text)
    return getattr(address, "ipv4_mapped", None) or address


def asked(peer, *said, networks=PROXIES):
    headers = [(b"x-forwarded-for", ", ".join(one).encode("latin-1")) for one in said]
    return client_address({"client": (peer, 5), "headers": headers}, networks)


@given(strangers, st.lists(st.lists(anything, max_size=4), max_size=3))
def test_a_stranger_has_the_address_of_the_connection_whatever_it_says(peer, said):
    assert asked(peer, *said) == plain(peer)


@given(anything.filter(readable), st.lists(st.lists(anything, max_size=4), max_size=3))
def test_without_trusted_proxies_nothing_that_is_said_counts(peer, said):
    assert asked(peer, *said, networks=[]) == plain(peer)


@given(ours, st.lists(anything, max_size=4), strangers, st.lists(ours, max_size=3))
def test_of_what_proxies_say_the_rightmost_stranger_counts(peer, made_up, client, chain):
    assert asked(peer, [*made_up, client, *chain]) == plain(client)


@given(ours, st.lists(anything, max_size=3), st.lists(anything, max_size=3), strangers)
def test_several_headers_are_read_as_one(peer, made_up, more, client):
    assert asked(peer, made_up, [*more, client]) == plain(client)


@given(ours, strangers, junk, st.lists(ours, max_size=2))
def test_what_stands_left_of_nonsense_is_not_believed(peer, client, nonsense, chain):
    found = asked(peer, [client, nonsense, *chain])
    assert found == plain([*chain, peer][0] if chain else peer)


@given(ours, st.lists(ours, max_size=4))
def test_proxies_that_ask_themselves_have_the_address_of_the_furthest(peer, chain):
    assert asked(peer, chain) == plain((chain or [peer])[0])


@pytest.mark.parametrize(
    "client", [None, ("", 0), ("unix:", None), ("/run/floodmark.sock", 0), ("name.example", 1)]
)
def test_a_connection_without_an_address_comes_from_nowhere(client):
    assert client_address({"client": client, "headers": []}, PROXIES) == NOWHERE


def test_a_proxy_behind_a_socket_is_believed_when_nowhere_is_trusted():
    scope = {"client": None, "headers": [(b"x-forwarded-for", b"192.0.2.7")]}
    assert client_address(scope, [ip_network("0.0.0.0/32")]) == IPv4Address("192.0.2.7")


def test_a_scoped_address_is_read_without_its_scope():
    assert asked("fe80::1%eth0") == asked("fe80::1")
