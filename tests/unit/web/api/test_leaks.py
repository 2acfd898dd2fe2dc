"""`/v1/leaks` of a server that has published files alone, and the description of it."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta

import httpx
import pytest

from floodmark.web import api
from floodmark.web.api.openapi import document

from ...exposure.check.published import NOW
from ..pages.asking import site_of


@pytest.fixture
def ask(published):
    """Asks a server in this process; `clock` says when."""

    def ask_once(path, method="GET", clock=NOW, **headers):
        with site_of(published.folder, clock) as site:
            app = api.framework(site)

            async def answer():
                transport = httpx.ASGITransport(app)
                async with httpx.AsyncClient(
                    transport=transport, base_url="https://leaks.example.org"
                ) as client:
                    return await client.request(method, path, headers=headers)

            return asyncio.run(answer())

    return ask_once


def test_the_leaks_are_those_of_the_snapshot_in_its_order(ask, published):
    found = ask("/v1/leaks").json()
    assert [one["slug"] for one in found["leaks"]] == [leak.slug for leak in published.snapshot.leaks]
    assert found["snapshot"]["id"] == published.snapshot.id
    for shown, leak in zip(found["leaks"], published.snapshot.leaks, strict=True):
        assert shown["members"] == dict(leak.manifest.members)
        assert set(shown["field_types"]) == set().union(*leak.manifest.field_sets)
        assert ask(f"/v1/leaks/{leak.slug}").json() == shown


@pytest.mark.parametrize(
    "slug", ["nothing", "..", "%2e%2e", "a%00b", "UPPER", "x" * 5000, "%ff", "'; drop table leaks"]
)
def test_there_are_no_other_leaks(ask, slug):
    answer = ask(f"/v1/leaks/{slug}/profile")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_files_alone_hold_no_profile_and_no_statements(ask, published):
    slug = published.snapshot.leaks[0].slug
    for part in ("profile", "statements"):
        answer = ask(f"/v1/leaks/{slug}/{part}")
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-held")


def test_an_expired_snapshot_tells_of_nothing(ask, published):
    slug = published.snapshot.leaks[0].slug
    for path in ("/v1/leaks", f"/v1/leaks/{slug}", "/v1/leaks/nothing"):
        answer = ask(path, clock=NOW + timedelta(days=400))
        assert (answer.status_code, answer.json()["type"]) == (503, "/problems/snapshot-expired")


def test_any_api_key_is_refused_where_there_is_no_register(ask):
    answer = ask("/v1/leaks", authorization=f"Bearer fmk_{'0' * 16}_{'0' * 64}")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
@pytest.mark.parametrize("path", ["/v1/leaks", "/v1/leaks/one", "/openapi.json"])
def test_nothing_can_be_changed(ask, method, path):
    answer = ask(path, method)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
    assert answer.headers["content-type"] == "application/problem+json"


def test_pages_of_other_servers_may_read_what_is_public_and_nothing_else(ask):
    assert ask("/v1/leaks").headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in ask("/v1/leaks", authorization="Basic eDp5").headers


def test_the_description_names_every_operation_once_and_no_schema_that_is_not_there():
    told = json.loads(document(True, True))
    names = [one["operationId"] for methods in told["paths"].values() for one in methods.values()]
    assert len(set(names)) == len(names)
    assert {"listLeaks", "getLeak", "getLeakProfile", "listLeakStatements", "evaluate", "getSnapshot", "getBucket",
            "getBuckets", "getHealth", "getReadiness"} <= set(names)  # fmt: skip
    text = document(True, True).decode()
    used = {part.partition('"')[0] for part in text.split('"#/components/schemas/')[1:]}
    assert used <= set(told["components"]["schemas"])
    assert told["openapi"].startswith("3.1")


@pytest.mark.parametrize(("evaluates", "hosts"), [(True, False), (False, True)])
def test_a_description_has_what_the_server_does(evaluates, hosts):
    paths = json.loads(document(evaluates, hosts))["paths"]
    assert ("/v1/evaluate" in paths, "/v1/snapshot" in paths) == (evaluates, hosts)
    assert "/v1/leaks" in paths
