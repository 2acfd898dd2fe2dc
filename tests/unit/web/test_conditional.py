"""Answers with entity tags."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.responses import Response

from floodmark.web.conditional import conditional, matches


def request(**headers):
    encoded = [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in headers.items()]
    return Request({"type": "http", "method": "GET", "path": "/", "headers": encoded})


def made(body=b"content", status=200):
    return Response(body, status, {"cache-control": "no-cache", "vary": "Accept-Language"}, "text/plain")


def test_the_tag_is_of_the_content_alone():
    tags = [conditional(request(), made(body)).headers["etag"] for body in (b"a", b"a", b"b")]
    assert tags[0] == tags[1] != tags[2]


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', "*", '"other" ,W/{}, "third"'])
def test_who_has_the_content_is_told_so_and_keeps_what_was_said_of_it(form):
    tag = conditional(request(), made()).headers["etag"]
    found = conditional(request(if_none_match=form.format(tag)), made())
    assert (found.status_code, found.body) == (304, b"")
    assert {found.headers[name] for name in ("etag", "cache-control", "vary")} == {
        tag,
        "no-cache",
        "Accept-Language",
    }
    assert "content-type" not in found.headers


def test_what_is_no_success_has_no_tag():
    assert "etag" not in conditional(request(), made(status=404)).headers
    assert conditional(request(if_none_match="*"), made(status=503)).status_code == 503


@given(st.text(st.characters(codec="latin-1")))
def test_no_other_header_matches(text):
    assert matches(text, '"0123"') is (text.strip() == "*" or '"0123"' in [
        one.strip().removeprefix("W/") for one in text.split(",")
    ])  # fmt: skip
