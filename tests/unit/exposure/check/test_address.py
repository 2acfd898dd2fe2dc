"""Where a check may be sent."""

from __future__ import annotations

import pytest

from floodmark.exposure.check.address import BadAddress, base_of, on_this_machine


@pytest.mark.parametrize(
    ("address", "base"),
    [
        ("https://check.example.org", "https://check.example.org"),
        ("https://check.example.org/", "https://check.example.org"),
        ("https://check.example.org:8443/a/b//", "https://check.example.org:8443/a/b"),
        ("HTTPS://check.example.org", "https://check.example.org"),
        ("https://192.0.2.1", "https://192.0.2.1"),
        ("https://[2001:db8::1]:443", "https://[2001:db8::1]:443"),
        ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://127.0.0.1", "http://127.0.0.1"),
        ("http://127.8.8.8:1", "http://127.8.8.8:1"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_https_anywhere_and_http_on_this_machine(address, base):
    assert base_of(address) == base
    assert on_this_machine(base) == base.startswith("http://")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "check.example.org",
        "ftp://check.example.org",
        "file:///etc/passwd",
        "https://",
        "https:///path",
        "http://check.example.org",
        "http://192.0.2.1",
        "http://localhost.example.org",
        "http://127.0.0.1.example.org",
        "http://[::ffff:192.0.2.1]",
        "http://0.0.0.0",
        "https://user@check.example.org",
        "https://user:secret@check.example.org",
        "https://check.example.org?x=1",
        "https://check.example.org/#x",
        "https://check.example.org:port",
        "https://check.example.org:99999",
        "https://check.example.org/a b",
        "https://check.example.org/\n",
        "https://check.example.org/\x00",
        "https://bücher.example",
        "https://+442079460001",
        "https://442079460001",
        "https://0x7f000001.1",
        "https://[::1",
        "https://" + "a" * 3000,
    ],
)
def test_anything_else_is_refused_and_not_quoted(address):
    with pytest.raises(BadAddress) as refused:
        base_of(address)
    usual = ("This is no https address.", "A server on another machine is asked over https only.")
    assert refused.value.message in (*usual, "A server's address has no user name, query or fragment.")
