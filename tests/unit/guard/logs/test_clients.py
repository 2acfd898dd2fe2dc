"""Forwarding headers are believed as far as proxies are trusted, and no further."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.guard.logs import Proxies

PROXIES = Proxies.of(["10.0.0.0/8", "2001:db8:1::/48", "loopback"])
entry = st.sampled_from(
    [
        "10.0.0.1",
        "198.51.100.9",
        "198.51.100.9:4711",
        "[2001:db8:1::5]:80",
        "2001:db8:9::1",
        "unknown",
        "",
        "-",
        "1.2.3",
        'for="[2001:db8:9::1]:4711";proto=https',
        "For=198.51.100.9",
        "for=_hidden",
        "::ffff:10.0.0.3",
        "é",
    ]
)
header = st.lists(entry, max_size=20).map(", ".join)


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("198.51.100.9", "203.0.113.7", "198.51.100.9"),
        ("10.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("10.0.0.1", "1.1.1.1, 203.0.113.7, 10.0.0.2", "203.0.113.7"),
        ("10.0.0.1", "203.0.113.7, unknown", "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("::ffff:10.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("10.0.0.1", 'for="[2001:db8:9::1]:4711";proto=https', "2001:db8:9::1"),
        ("elsewhere", "203.0.113.7", "elsewhere"),
        ("10.0.0.1", "9.9.9.9," + ",".join(["10.0.0.1"] * 40), "10.0.0.1"),
    ],
)
def test_a_header_is_read_from_its_end_while_whoever_added_to_it_is_trusted(peer, forwarded, client):
    assert PROXIES.client(peer, forwarded) == client


@given(st.lists(st.tuples(entry, header), min_size=1, max_size=6))
def test_columns_of_headers_say_what_each_says(rows):
    peers, headers = (pl.Series(cells, dtype=pl.String) for cells in zip(*rows, strict=True))
    assert PROXIES.clients(peers, headers).to_list() == [PROXIES.client(*row) for row in rows]


@given(header)
def test_nobody_is_believed_where_no_proxy_is_trusted(forged):
    assert Proxies().client("198.51.100.9", forged) == "198.51.100.9"


@given(header)
def test_what_a_client_makes_up_before_the_proxys_entry_changes_nothing(forged):
    assert PROXIES.client("10.0.0.1", f"{forged}, 198.51.100.9") == "198.51.100.9"


@pytest.mark.parametrize(
    "entries", [["9.9.9.9"] + ["10.0.0.1"] * 14, ["9.9.9.9"] + ["10.0.0.1"] * 15, ["x"] * 400]
)
def test_of_a_long_header_only_the_end_is_read(entries):
    header = ", ".join(["203.0.113.7" * 20, *entries, "198.51.100.9", "10.0.0.2"])
    rows = pl.DataFrame({"peer": ["10.0.0.1", "9.9.9.9"], "header": [header, header]})
    expected = [PROXIES.client(peer, header) for peer in rows["peer"]]
    assert PROXIES.clients(rows["peer"], rows["header"]).to_list() == expected == ["198.51.100.9", "9.9.9.9"]
    mine = ", ".join(entries)
    assert PROXIES.clients(rows["peer"], pl.Series([mine * 9] * 2)).to_list()[0] == PROXIES.client(
        "10.0.0.1", mine * 9
    )
