"""The examples of nginx, as they are but for ports and paths, answer what a client asks, and write nobody down."""

from __future__ import annotations

import json
import ssl
import subprocess
import time

import httpx
import pytest

from .nginx import accepted, configured, running
from .serving import PLENTY, serving
from .visiting import visiting
from .workspace import FLOODMARK, MISSED_PHONE

LONG = 60  # seconds after which a test has failed


@pytest.fixture(scope="module")
def site(made, tmp_path_factory):
    """The whole site: nginx, and Floodmark behind it."""
    with (
        serving(made, "--trusted-proxy", "127.0.0.1", *PLENTY) as behind,
        running("floodmark.conf", tmp_path_factory.mktemp("nginx"), made.public, behind.address) as nginx,
    ):
        yield nginx


def trusting(nginx):
    """A client that knows the certificate."""
    context = ssl.create_default_context(cafile=nginx.certificate)
    return httpx.Client(base_url=nginx.address, verify=context, trust_env=False, timeout=LONG)


@pytest.fixture(scope="module")
def client(site):
    with trusting(site) as client:
        yield client


def checked(made, address, certificate, identifier):
    """A check by the command, against an address."""
    return subprocess.run(
        [FLOODMARK, "check", address, "--root-key", made.root_key, "-o", "json"],
        cwd=made.folder,
        env=made.environment | {"SSL_CERT_FILE": str(certificate)},
        input=identifier + "\n",
        capture_output=True,
        text=True,
        check=False,
    )


def bucket(client):
    """Address and size of the buckets."""
    snapshot = json.loads(client.get("/v1/snapshot").json()["snapshot"])
    return f"/v1/snapshots/{snapshot['id']}/buckets.bin", snapshot["buckets"]


@pytest.mark.parametrize(
    ("name", "upstream"), [("floodmark.conf", "http://127.0.0.1:1"), ("buckets.conf", None)]
)
def test_nginx_accepts_an_example_without_a_warning(name, upstream, tmp_path):
    assert accepted(configured(name, tmp_path, tmp_path, upstream)) == ""


def test_a_check_by_the_command_finds_and_misses_through_nginx(made, site):
    found = checked(made, site.address, site.certificate, made.phone)
    assert (found.returncode, found.stderr) == (10, "")
    assert made.phone not in found.stdout
    missed = checked(made, site.address, site.certificate, MISSED_PHONE)
    assert (missed.returncode, missed.stderr) == (0, "")


def test_a_check_at_the_page_finds_through_nginx(browser, made, site):
    with visiting(browser, ignore_https_errors=True) as visit:
        visit.open(site.address)
        assert "2 leaks" in visit.check(made.phone)
        assert visit.faults == []


def test_buckets_are_plain_files_that_any_page_may_ask_for(made, client):
    path, buckets = bucket(client)
    size = buckets["answer_bytes"]
    answer = client.get(
        path, headers={"Range": f"bytes={7 * size}-{8 * size - 1}", "Accept-Encoding": "gzip"}
    )
    assert answer.status_code == 206
    assert answer.headers["content-range"] == f"bytes {7 * size}-{8 * size - 1}/{buckets['bytes']}"
    assert answer.content == (made.public / path[1:]).read_bytes()[7 * size : 8 * size]
    assert (
        "immutable" in answer.headers["cache-control"] and "no-transform" in answer.headers["cache-control"]
    )
    assert "content-encoding" not in answer.headers
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "Content-Range" in answer.headers["access-control-expose-headers"]
    assert client.options(path).status_code == 204


def test_an_answer_has_each_header_once_whoever_gave_it(client):
    path, _ = bucket(client)
    for answer in (
        client.get("/"),
        client.get("/v1/snapshot"),
        client.head(path),
        client.post("/v1/evaluate"),
    ):
        single = ("strict-transport-security", "x-content-type-options", "cache-control", "content-type")
        for name in single:
            assert len(answer.headers.get_list(name)) == 1, (answer.url, name)
        assert "nginx/" not in answer.headers["server"]


@pytest.mark.parametrize("path", ["/metrics", "/healthz", "/readyz", "/v1/snapshots/", "/v1/snapshots"])
def test_what_is_for_the_machine_alone_and_lists_of_files_are_not_to_be_had(client, path):
    assert client.get(path).status_code == 404


def test_plain_http_leads_to_https(site):
    answer = httpx.get(f"{site.plain}/about?language=de", trust_env=False, timeout=LONG)
    assert (answer.status_code, answer.headers["location"]) == (308, f"{site.address}/about?language=de")


def test_somebody_who_asks_too_fast_is_told_to_wait_in_the_form_of_a_problem(made, server, tmp_path):
    with running("floodmark.conf", tmp_path, made.public, server.address) as nginx, trusting(nginx) as client:
        assert {client.post("/v1/evaluate", json={}).status_code for _ in range(20)} == {400}
        until = time.monotonic() + LONG  # a slow machine may have to ask for longer
        while (refused := client.post("/v1/evaluate", json={})).status_code == 400:
            assert time.monotonic() < until
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "10")
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["status"] == 429
    assert refused.headers["access-control-allow-origin"] == "*"


def test_nobody_is_written_down(made, site, client):
    path, buckets = bucket(client)
    client.get(path, headers={"Range": f"bytes=0-{buckets['answer_bytes'] - 1}"})
    client.get("/nowhere")
    written = b"".join(log.read_bytes() for log in site.folder.glob("*.log"))
    assert written == b""


def test_a_host_of_buckets_alone_needs_no_program_behind_it(made, tmp_path):
    with running("buckets.conf", tmp_path, made.public) as nginx, trusting(nginx) as client:
        path, buckets = bucket(client)
        answer = client.get(path, headers={"Range": f"bytes=0-{buckets['answer_bytes'] - 1}"})
        assert (answer.status_code, len(answer.content)) == (206, buckets["answer_bytes"])
        assert [client.get(other).status_code for other in ("/", "/v1/evaluate", "/v1/")] == [404] * 3
    assert [log.read_text() for log in tmp_path.glob("*.log")] == [""] * 3
