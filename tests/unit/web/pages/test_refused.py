"""Pages that refuse: whatever was asked for, they lead to this server alone."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark.web.api import framework
from floodmark.web.pages.rendering import here

from .asking import Page, site_of


@pytest.fixture(scope="module")
def ask(published):
    """Asks a server for a path as it is, which no client of ours would send."""
    with site_of(published.folder) as site:
        app = framework(site)

        def ask_once(path):
            scope = {
                "type": "http",
                "method": "GET",
                "path": path,
                "query_string": b"",
                "headers": [],
                "scheme": "https",
                "server": ("example.org", 443),
                "root_path": "",
                "http_version": "1.1",
            }
            sent = []

            async def receive():
                return {"type": "http.request", "body": b"", "more_body": False}

            async def send(message):
                sent.append(message)

            asyncio.run(app(scope, receive, send))
            return sent[0]["status"], b"".join(one.get("body", b"") for one in sent).decode()

        yield ask_once


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example/x",
        "///evil.example",
        "/\\evil.example",
        "//evil.example/?next=//evil.example",
        '/"><b>',
    ],
)
def test_a_page_that_is_not_there_links_to_no_other_server(ask, path):
    status, html = ask(path)
    assert status == 404
    for address in Page(html).all("href"):
        there = httpx.URL("https://example.org/").join(address)
        assert there.host == "example.org", address
        assert "\\" not in address and not address.startswith("//"), address


@settings(deadline=None)
@given(st.text())
def test_where_a_page_is_is_a_path_of_this_server(path):
    found = here(path)
    assert found.isascii() and found.startswith("/") and not found.startswith("//")
    assert httpx.URL("https://example.org/").join(found).host == "example.org"
    assert not set(found) & set("\\?#\"'<> \r\n\t")
