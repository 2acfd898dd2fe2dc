"""examples/guard/nginx in a real nginx, which asks a real `floodmark guard serve` before each lookup."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from floodmark.guard import Policy
from floodmark.web.serving import address_of, listening, server
from floodmark.web.settings import Settings

from ..browser.certificates import certificate
from ..browser.nginx import MAIN, free_port, started, substituted

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "guard"
FLOODMARK = str(Path(sys.executable).with_name("floodmark"))
POLICY = 'shadow = {shadow}\n[[limit]]\nlevel = "account"\nburst = 3\nper_hour = 1\n'
NUMBERS = [f"+4474001234{number:02}" for number in range(20)]


async def api(scope, receive, send):
    """The application behind nginx."""
    headers = {name: value.decode() for name, value in scope["headers"]}
    body = json.dumps({"path": scope["path"], "action": headers.get(b"x-floodmark-action", "")}).encode()
    status = 403 if scope["path"].endswith("99") else 200
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [(b"content-length", str(len(body)).encode())],
        }
    )
    await send({"type": "http.response.body", "body": body})


@contextmanager
def served():
    """The application on a port, for as long as the block runs."""
    listens, place = threading.Event(), Settings(port=0)
    with listening(place) as bound:
        made = server(api, place, lambda sentence: listens.set())
        thread = threading.Thread(target=made.run, args=([bound],))
        thread.start()
        try:
            assert listens.wait(60)
            yield address_of(bound).removeprefix("http://")
        finally:
            made.should_exit = True
            thread.join()


class Workspace:
    """A workspace with keys, and the guard that is served from it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.socket = folder / "guard.sock"
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "FLOODMARK_HOME": str(folder / "home"),
            "FLOODMARK_KEYS": str(folder / "keys"),
        }
        self.floodmark("keys", "init", "--wrap", "none")

    def floodmark(self, *arguments: str) -> str:
        done = subprocess.run(
            [FLOODMARK, *arguments], env=self.environment, capture_output=True, text=True, check=True
        )
        return done.stdout

    @contextmanager
    def guarding(self, *, shadow: bool = False, told: signal.Signals = signal.SIGTERM):
        """`floodmark guard serve` at a socket, ended by a signal."""
        policy = self.folder / "policy.toml"
        policy.write_text(POLICY.format(shadow=str(shadow).lower()))
        command = [FLOODMARK, "guard", "serve", "--mapping", EXAMPLES / "api.toml", "--policy", policy]
        command += [
            "--listen",
            f"unix:{self.socket}",
            "--header",
            "account=X-Account",
            "--header",
            "app=X-App",
        ]
        with (self.folder / "stderr").open("w") as stderr:
            process = subprocess.Popen(command, env=self.environment, stderr=stderr)
        try:
            while "Listening" not in self.said():
                assert process.poll() is None, self.said()
                time.sleep(0.05)
            yield process
        finally:
            process.send_signal(told)
            assert process.wait(timeout=60) == (0 if told is signal.SIGTERM else -told)

    def said(self) -> str:
        return (self.folder / "stderr").read_text()

    def metrics(self) -> dict[str, float]:
        with httpx.Client(transport=httpx.HTTPTransport(uds=str(self.socket)), timeout=60) as client:
            lines = client.get("http://guard/metrics").text.splitlines()
        return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines if line[:1] != "#"}


@contextmanager
def nginx(folder: Path, upstream: str, guard: Path, more: dict[str, str] | None = None):
    """nginx with the example, and changes to it; gives a client of it."""
    public_key, private_key = certificate(folder)

    def configure():
        port = free_port()
        places = {
            r"listen \[::\]:.*": "",
            r"listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
            r"ssl_certificate  .*": f"ssl_certificate {public_key};",
            r"ssl_certificate_key .*": f"ssl_certificate_key {private_key};",
            r"/var/log/nginx": str(folder),
            r"api\.example\.org": "127.0.0.1",
            r"127\.0\.0\.1:8000": upstream,
            r"/run/floodmark/guard\.sock": str(guard),
        }
        text = (EXAMPLES / "nginx" / "guard.conf").read_text()
        (folder / "site.conf").write_text(substituted(text, places | (more or {})))
        (folder / "nginx.conf").write_text(MAIN.format(folder=folder))
        return f"https://127.0.0.1:{port}"

    context = ssl.create_default_context(cafile=str(public_key))
    with (
        started(folder, configure) as address,
        httpx.Client(base_url=address, verify=context, timeout=60) as client,
    ):
        yield client


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    return Workspace(tmp_path_factory.mktemp("guard"))


@pytest.fixture(scope="module")
def client(workspace, tmp_path_factory):
    with served() as upstream, nginx(tmp_path_factory.mktemp("nginx"), upstream, workspace.socket) as found:
        yield found


def show(client, number, account, **headers):
    return client.get(f"/v1/users/{number}", headers={"Authorization": account, **headers})


def show_path(client, path):
    """The status of the answer to a request for a path, sent as it is written."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    place = (client.base_url.host, client.base_url.port)
    with socket.create_connection(place) as plain, context.wrap_socket(plain) as stream:
        stream.sendall(
            f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: mallory\r\nConnection: close\r\n\r\n".encode()
        )
        return int(stream.makefile("rb").readline().split()[1])


def test_nginx_asks_before_each_lookup_and_hands_refusals_on(workspace, client):
    with workspace.guarding():
        assert workspace.socket.stat().st_mode & 0o777 == 0o660
        for number in NUMBERS[:3]:
            assert show(client, number, "ada").json() == {"path": f"/v1/users/{number}", "action": ""}
        refused = show(client, NUMBERS[3], "ada")
        assert refused.status_code == 429
        assert refused.headers["content-type"] == "application/problem+json"
        assert refused.json()["type"] == "urn:floodmark:problem:lookups-spent"
        assert 0 < int(refused.headers["retry-after"]) <= 3_600
        assert re.fullmatch(r'"account";r=0;t=\d+', refused.headers["ratelimit"])
        assert NUMBERS[3] not in refused.text

        # Whom it knows is answered again, however the path is written; so are others, and other endpoints.
        for path in (NUMBERS[0], "%2B" + NUMBERS[0][1:], "07400123400", NUMBERS[0] + "?full=1"):
            assert show(client, path, "ada").status_code == 200
        assert show(client, NUMBERS[3], "grace").status_code == 200
        assert client.get("/v1/other", headers={"Authorization": "ada"}).status_code == 200

        # Nobody else writes what nginx writes.
        forged = {
            "X-Original-URI": "/v1/health",
            "X-Original-Method": "POST",
            "X-Account": "grace",
            "X-Forwarded-For": "192.0.2.1",
            "X-App": "other",
        }
        assert show(client, NUMBERS[4], "ada", **forged).status_code == 429
        assert client.get("/_guard").status_code == 404
        assert client.get(f"/v1//users/{NUMBERS[5]}", headers={"Authorization": "ada"}).status_code == 429

        # A 403 of the application is its own.
        own = client.get("/v1/users/forbidden99", headers={"Authorization": "ada"})
        assert (own.status_code, own.json()["path"]) == (403, "/v1/users/forbidden99")

        counted = workspace.metrics()
        assert (
            counted['floodmark_guard_decisions_total{action="allow"}']
            == counted["floodmark_guard_requests_total"]
        )
        assert counted["floodmark_guard_refused_total"] == 3
        assert counted["floodmark_guard_none_total"] == 1
        assert counted['floodmark_guard_budgets_full_total{level="account"}'] == 3
        assert counted["floodmark_guard_shadow"] == counted["floodmark_guard_failed_total"] == 0
    assert not workspace.socket.exists()
    assert not any(part in workspace.said() for part in (NUMBERS[0], "ada", "127.0.0.1"))


def test_one_token_is_one_account_however_its_scheme_is_written(workspace, client):
    with workspace.guarding():
        written = ["Bearer t0ken", "bearer t0ken", "BEARER  t0ken", "bEaReR \t t0ken"]
        assert [show(client, NUMBERS[at], one).status_code for at, one in enumerate(written)] == [200] * 3 + [
            429
        ]


def test_whoever_writes_a_path_otherwise_asks_for_the_same(workspace, client):
    paths = [
        "/v1/users/{}",
        "/v1//users/{}?x",
        "/v1/users/{};v=1",
        "/v1/users%2F{}",
        "/v1/x/..%2fusers/{}",
        "/v1/users/{}#x",
    ]
    with workspace.guarding():
        told = [show_path(client, path.format(number)) for path, number in zip(paths, NUMBERS, strict=False)]
    assert told == [200] * 3 + [429] * 3


def test_a_budget_lasts_over_a_kill_and_a_socket_that_was_left_is_taken_over(workspace, client):
    with workspace.guarding(told=signal.SIGKILL):
        for number in NUMBERS[:3]:
            assert show(client, number, "marie").status_code == 200
    assert workspace.socket.exists()
    assert show(client, NUMBERS[0], "marie").status_code == 500  # nobody decides, so nobody is answered
    with workspace.guarding():
        assert show(client, NUMBERS[9], "marie").status_code == 429


def test_in_shadow_everybody_is_answered(workspace, client):
    with workspace.guarding(shadow=True):
        assert {show(client, number, "emmy").status_code for number in NUMBERS} == {200}
        assert workspace.metrics()["floodmark_guard_refused_total"] == len(NUMBERS) - 3
        assert "shadow" in workspace.said()


def test_nginx_answers_unguarded_where_the_readme_says_how(workspace, tmp_path):
    readme = (EXAMPLES / "nginx" / "README.md").read_text()
    lines = re.findall(r"`(error_page [^`]+;|location = /_unguarded[^`]+)`", readme)
    assert len(lines) == 2
    changed = {r"location = /_guard \{": f"{lines[1]}\nlocation = /_guard {{\n{lines[0]}"}
    with served() as upstream, nginx(tmp_path, upstream, workspace.socket, changed) as client:
        assert not workspace.socket.exists()
        assert show(client, NUMBERS[0], "ada").status_code == 200


def test_the_example_of_a_policy_is_one_of_shadow_as_it_says():
    policy = Policy.read(EXAMPLES / "policy.toml")
    assert (policy.profile, policy.shadow) == ("signal", True)
