"""GET /v1/snapshot."""

from __future__ import annotations

import pytest

from ...exposure.check.published import NOW
from .served import served

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


def test_the_envelope_is_answered_as_it_lies_on_the_disk(site, published):
    answer = site.ask("GET", "/v1/snapshot")
    assert answer.status_code == 200
    assert answer.content == (published.folder / "v1" / "snapshot").read_bytes()
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "public, max-age=60, no-transform"
    assert answer.headers["access-control-allow-origin"] == "*"


def test_head_tells_all_that_get_does_but_the_body(site):
    got, head = (site.ask(method, "/v1/snapshot") for method in ("GET", "HEAD"))
    assert head.content == b""
    assert {**head.headers, "date": ""} == {**got.headers, "date": ""}


def test_whoever_has_it_is_told_that_nothing_changed(site):
    etag = site.ask("GET", "/v1/snapshot").headers["etag"]
    for told in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        again = site.ask("GET", "/v1/snapshot", headers={"If-None-Match": told})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    assert site.ask("GET", "/v1/snapshot", headers={"If-None-Match": '"other"'}).status_code == 200


def test_an_expired_snapshot_is_refused_with_a_problem(published, tmp_path):
    late = published.snapshot.expires_at
    with served(published.folder, tmp_path, clock=lambda: late) as site:
        for path in ("/v1/snapshot", f"/v1/snapshots/{published.snapshot.id}/7"):
            answer = site.ask("GET", path)
            assert answer.status_code == 503
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.headers["access-control-allow-origin"] == "*"
            assert answer.json()["type"] == "/problems/snapshot-expired"


def test_a_snapshot_of_the_future_is_refused(published, tmp_path):
    early = NOW.replace(year=2020)
    with served(published.folder, tmp_path, clock=lambda: early) as site:
        assert site.ask("GET", "/v1/snapshot").json()["type"] == "/problems/snapshot-from-the-future"


def test_without_a_snapshot_the_server_says_so(tmp_path):
    with served(tmp_path, tmp_path) as site:
        answer = site.ask("GET", "/v1/snapshot")
        assert (answer.status_code, answer.json()["type"]) == (503, "/problems/nothing-to-read")


def test_a_snapshot_that_another_key_signed_is_not_answered_from(published, tmp_path):
    with served(published.folder, tmp_path, root=bytes(32)) as site:
        assert site.ask("GET", "/v1/snapshot").json()["type"] == "/problems/wrong-root-key"


def test_what_is_not_of_the_protocol_goes_on_to_the_rest(site):
    for path in ("/", "/v1/leaks", "/v1/snapshot/", "/v1/snapshotsx", "/v1/evaluate/x", "/v1"):
        assert site.ask("GET", path).content == b"elsewhere"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_a_method_that_is_none_of_an_address_is_refused(site, method):
    for path in ("/v1/snapshot", "/v1/snapshots/x/7"):
        answer = site.ask(method, path)
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
        assert answer.json()["type"] == "/problems/method-not-allowed"


def test_a_page_of_another_server_may_ask_for_ranges(site, published):
    answer = site.ask(
        "OPTIONS",
        f"/v1/snapshots/{published.snapshot.id}/buckets.bin",
        headers={
            "Origin": "https://example.org",
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": "range",
        },
    )
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "GET" in answer.headers["access-control-allow-methods"]
    assert "Range" in answer.headers["access-control-allow-headers"]
    assert "access-control-allow-credentials" not in answer.headers


def test_a_server_that_evaluates_only_has_no_snapshot(published, tmp_path):
    with served(published.folder, tmp_path, role="evaluator") as site:
        for path in ("/v1/snapshot", f"/v1/snapshots/{published.snapshot.id}/7"):
            answer = site.ask("GET", path)
            assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")
        assert site.post(json={}).status_code == 400
