"""Buckets from our server and from nginx with the same files: the same statuses, bytes and headers."""

from __future__ import annotations

from contextlib import contextmanager

import httpx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ..browser.nginx import free_port, started
from ..unit.exposure.check.published import publish
from ..unit.web.hot.served import LONG, served

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
CONFIGURATION = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    default_type application/octet-stream;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
        root {public};
        max_ranges 1;
        keepalive_requests 100000;
    }}
}}
"""


@contextmanager
def nginx(folder, public):
    def configure():
        port = free_port()
        (folder / "nginx.conf").write_text(CONFIGURATION.format(folder=folder, port=port, public=public))
        return f"http://127.0.0.1:{port}"

    with started(folder, configure) as address:
        yield address


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """Asks our server and nginx the same."""
    published = publish(tmp_path_factory.mktemp("published"))
    folder = tmp_path_factory.mktemp("nginx")
    path = f"/v1/snapshots/{published.snapshot.id}/buckets.bin"
    with (
        served(published.folder, tmp_path_factory.mktemp("ours")) as ours,
        nginx(folder, published.folder) as other,
        httpx.Client(timeout=LONG) as client,
    ):

        def ask(method, **headers):
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            return ours.ask(method, path, headers=named), client.request(method, other + path, headers=named)

        yield ask


SIZE = 776 * 65_536
numbers = st.sampled_from(
    ["", "0", "1", "00000776", str(SIZE - 1), str(SIZE), str(SIZE + 9), "9" * 18]
) | st.integers(SIZE - 2_000_000, SIZE - 1).map(str)
ranges = st.builds("bytes={}-{}".format, numbers, numbers)
pieces = st.lists(
    st.sampled_from(["bytes", "Bytes", "=", "-", "0", "776", " ", "x", "lines", "1-2"]), max_size=6
)
nonsense = pieces.map("".join).map(str.strip)


def told(answer, *names):
    return {name: answer.headers.get(name) for name in names}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ranges | nonsense)
@example("bytes=0-0")
@example("bytes=00000000-00000775")
@example("bytes=-1")
@example("bytes=-0")
@example("bytes=5-3")
@example("bytes=")
@example("bytes=x")
@example("BYTES=1-2")
def test_a_range_has_the_same_answer(both, value):
    ours, theirs = both("HEAD", Range=value)
    assert ours.status_code == theirs.status_code
    names = ["content-range"]
    if ours.status_code < 300:
        names += ["content-length", "last-modified"]
    if ours.status_code == 200:
        return
    assert told(ours, *names) == told(theirs, *names)
    if int(theirs.headers["content-length"]) < 3_000_000:
        ours, theirs = both("GET", Range=value)
        assert ours.status_code == theirs.status_code
        assert ours.status_code == 416 or ours.content == theirs.content


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_all_of_it_is_the_same(both, method):
    ours, theirs = both(method)
    assert ours.status_code == theirs.status_code == 200
    assert ours.content == theirs.content
    names = ("content-length", "content-type", "accept-ranges", "last-modified", "content-range")
    assert told(ours, *names) == told(theirs, *names)


def test_each_knows_its_own_tag_and_date_again(both):
    for which in (0, 1):
        tags = both("HEAD")[which].headers
        for asked in ({"If_None_Match": tags["etag"]}, {"If_Modified_Since": tags["last-modified"]}):
            assert both("GET", **asked)[which].status_code == 304
        for asked in (tags["etag"], tags["last-modified"]):
            assert both("GET", Range="bytes=0-9", If_Range=asked)[which].status_code == 206
        assert both("HEAD", Range="bytes=0-9", If_Range='"other"')[which].status_code == 200
