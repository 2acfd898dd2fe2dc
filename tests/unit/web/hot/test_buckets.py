"""GET /v1/snapshots/{id}/buckets.bin and /v1/snapshots/{id}/{bucket}."""

from __future__ import annotations

import os

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from floodmark.web.hot import buckets

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
IMMUTABLE = "public, max-age=31536000, immutable, no-transform"


@pytest.fixture
def base(published):
    return f"/v1/snapshots/{published.snapshot.id}"


@pytest.fixture(scope="session")
def data(published):
    return (published.folder / f"v1/snapshots/{published.snapshot.id}/buckets.bin").read_bytes()


@pytest.mark.parametrize("number", [0, 1, 255, 256, 40_000, 65_535])
def test_a_bucket_is_answered_with_its_bytes(site, published, base, data, number):
    size = published.snapshot.answer_bytes
    answer = site.ask("GET", f"{base}/{number}")
    assert (answer.status_code, answer.content) == (200, data[number * size : (number + 1) * size])
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["cache-control"] == IMMUTABLE


def test_answers_for_all_buckets_are_alike_but_for_their_bytes(site, base):
    answers = [site.ask("GET", f"{base}/{number}") for number in (0, 7, 10_000, 65_535)]
    assert len({str({**answer.headers, "date": ""}) for answer in answers}) == 1
    assert len({len(answer.content) for answer in answers}) == 1


def test_head_of_a_bucket_tells_its_length(site, published, base):
    answer = site.ask("HEAD", f"{base}/7")
    assert (answer.content, answer.headers["content-length"]) == (b"", str(published.snapshot.answer_bytes))


@pytest.mark.parametrize(
    "what",
    [
        "65536",
        "-1",
        "07",
        "7 ",
        "",
        "x",
        "７",
        "%37x",
        "7/",
        "7/8",
        "1e3",
        "99999999999999999999",
        "buckets.bin/",
    ],
)
def test_what_is_no_bucket_is_not_there(site, base, what):
    answer = site.ask("GET", f"{base}/{what}")
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")


@pytest.mark.parametrize("name", ["0b" * 16, "", "x", "0a" * 17, "..", "../" * 12, "%2e%2e"])
def test_what_is_no_snapshot_is_not_there(site, name):
    for what in ("7", "buckets.bin"):
        answer = site.ask("GET", f"/v1/snapshots/{name}/{what}")
        assert answer.status_code == 404 or answer.content == b"elsewhere"


def test_a_range_is_answered_as_the_protocol_wants_it(site, published, base, data):
    size, all_of_it = published.snapshot.answer_bytes, published.snapshot.buckets_bytes
    answer = site.ask(
        "GET", f"{base}/buckets.bin", headers={"Range": f"bytes={0:0{len(str(all_of_it))}d}-{size - 1:08d}"}
    )
    assert (answer.status_code, answer.content) == (206, data[:size])
    assert answer.headers["content-range"] == f"bytes 0-{size - 1}/{all_of_it}"
    assert answer.headers["content-length"] == str(size)
    assert answer.headers["cache-control"] == IMMUTABLE


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ends=st.data())
def test_any_range_within_the_file_has_its_bytes(site, base, data, ends):
    first = ends.draw(st.integers(0, len(data) - 1))
    last = ends.draw(st.integers(first, min(len(data) - 1, first + 700_000)))
    answer = site.ask("GET", f"{base}/buckets.bin", headers={"Range": f"bytes={first}-{last}"})
    assert (answer.status_code, answer.content == data[first : last + 1]) == (206, True)


def test_without_a_range_all_of_it_comes(site, base, data):
    answer = site.ask("GET", f"{base}/buckets.bin")
    assert (answer.status_code, answer.content == data) == (200, True)
    assert answer.headers["accept-ranges"] == "bytes"
    head = site.ask("HEAD", f"{base}/buckets.bin")
    assert (head.content, head.headers["content-length"]) == (b"", str(len(data)))


@pytest.mark.parametrize("value", ["bytes=99999999999-", "bytes=0-1,5-6", "bytes=-0"])
def test_a_range_that_is_not_there_is_refused_with_the_files_size(site, base, data, value):
    answer = site.ask("GET", f"{base}/buckets.bin", headers={"Range": value})
    assert (answer.status_code, answer.headers["content-range"]) == (416, f"bytes */{len(data)}")
    assert answer.json()["type"] == "/problems/range-not-satisfiable"


@pytest.mark.parametrize(
    "value",
    [
        b"bytes=-" + b" " * 30_000 + b"x",
        b"bytes=" + b" " * 30_000 + b"-x",
        b"bytes=" + b" " * 15_000 + b"-" + b" " * 15_000 + b"9",
        b"bytes=5-" + b"0" * 30_000 + b"9",
    ],
)
def test_a_range_that_is_longer_than_any_is_not_read(site, base, value):
    answer = site.ask("GET", f"{base}/buckets.bin", headers={"Range": value.decode()})
    assert (answer.status_code, answer.json()["type"]) == (416, "/problems/range-not-satisfiable")


def test_a_range_holds_only_if_the_file_is_still_the_one_it_was_of(site, base, data):
    etag = site.ask("HEAD", f"{base}/buckets.bin").headers["etag"]
    part = {"Range": "bytes=0-9"}
    same = site.ask("GET", f"{base}/buckets.bin", headers=part | {"If-Range": etag})
    other = site.ask("GET", f"{base}/buckets.bin", headers=part | {"If-Range": '"other"'})
    assert (same.status_code, len(same.content)) == (206, 10)
    assert (other.status_code, len(other.content)) == (200, len(data))
    kept = site.ask("GET", f"{base}/buckets.bin", headers={"If-None-Match": etag})
    assert (kept.status_code, kept.content) == (304, b"")


@pytest.mark.parametrize("failing", [OSError, BlockingIOError])
def test_what_the_disk_has_to_be_asked_for_is_read_all_the_same(
    site, published, base, data, monkeypatch, failing
):
    def refuses(*args):
        raise failing

    monkeypatch.setattr(os, "preadv", refuses)
    size = published.snapshot.answer_bytes
    assert site.ask("GET", f"{base}/9").content == data[9 * size : 10 * size]
    assert site.ask("GET", f"{base}/buckets.bin").content == data


def test_half_of_an_answer_in_the_cache_is_no_answer(site, published, base, data, monkeypatch):
    preadv = os.preadv
    monkeypatch.setattr(
        os, "preadv", lambda file, into, at, flags: preadv(file, [memoryview(into[0])[:10]], at)
    )
    size = published.snapshot.answer_bytes
    assert site.ask("GET", f"{base}/9").content == data[9 * size : 10 * size]
    assert buckets.read_now(site.site.published.current(), 0, size) == b""


@pytest.fixture
def failing_disk(monkeypatch):
    """Lets reads fail from some offset on."""

    def fails(*args):
        raise BlockingIOError

    def from_offset(limit, found):
        pread = os.pread

        def reads(file, size, at):
            if at < limit:
                return pread(file, size, at)
            if isinstance(found, bytes):
                return found
            raise found

        monkeypatch.setattr(os, "preadv", fails)
        monkeypatch.setattr(os, "pread", reads)

    return from_offset


@pytest.mark.parametrize(
    ("found", "slug"), [(OSError(5, "Input/output error"), "unreadable-input"), (b"short", "snapshot-broken")]
)
def test_a_disk_that_fails_is_told_as_a_problem(site, base, failing_disk, found, slug):
    failing_disk(0, found)
    for what in ("9", "buckets.bin"):
        answer = site.ask("GET", f"{base}/{what}")
        assert (answer.status_code, answer.json()["type"]) == (503, f"/problems/{slug}")


def test_an_answer_that_cannot_be_ended_is_broken_off(site, base, failing_disk, caplog):
    caplog.set_level(100, "uvicorn.error")
    failing_disk(1_000_000, OSError(5, "Input/output error"))
    with pytest.raises(httpx.RemoteProtocolError):
        site.ask("GET", f"{base}/buckets.bin")
    assert site.ask("GET", f"{base}/9").status_code == 200
