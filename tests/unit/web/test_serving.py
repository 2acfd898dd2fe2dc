"""Listening, and stopping."""

from __future__ import annotations

import os
import resource
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager

import pytest

from floodmark.web.serving import CannotListen, address_of, descriptors, listening
from floodmark.web.settings import Settings

pytestmark = pytest.mark.allow_hosts(["127.0.0.1", "::1"])
PROGRAM = """
import asyncio, sys
from floodmark.web.serving import run
from floodmark.web.settings import Settings

async def app(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    if scope["path"] == "/fails":
        raise ValueError("a secret of whoever asked")
    await send({"type": "http.response.body", "body": b"%d" % __import__("resource").getrlimit(7)[0]})

run(app, Settings(port=0), lambda sentence: print(sentence, flush=True))
print("over", flush=True)
"""


@contextmanager
def started():
    """A server as a process of its own, and its port."""
    environment = {"PATH": os.environ["PATH"], "PYTHONWARNINGS": "error"}
    limited = lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (256, 2_000))  # noqa: E731
    made = subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        preexec_fn=limited,
    )
    said = made.stdout.readline()
    assert said.startswith("Listening at http://127.0.0.1:"), said + made.stderr.read()
    try:
        yield made, int(said.rpartition(":")[2])
    finally:
        made.kill()
        made.communicate()


@pytest.fixture
def process():
    """One that a test may stop."""
    with started() as found:
        yield found


@pytest.fixture(scope="module")
def port():
    """The port of one that runs on."""
    with started() as (_, found):
        yield found


def ask(port, path="/"):
    with socket.create_connection(("127.0.0.1", port)) as one:
        one.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        found = b""
        while piece := one.recv(1 << 16):
            found += piece
    return found


def stopped(made, told):
    """What a process that is told to stop says then."""
    made.send_signal(told)
    said = made.communicate(timeout=60)
    assert made.returncode == 0
    return said


def test_a_server_that_is_told_to_stop_goes_on_to_what_comes_after_it(process):
    made, port = process
    assert ask(port).startswith(b"HTTP/1.1 200 OK\r\n")
    assert stopped(made, signal.SIGINT) == ("over\n", "")


def test_nothing_that_was_asked_is_written_anywhere(process):
    made, port = process
    ask(port, "/fails?who=ada")
    ask(port, "/?who=ada")
    with socket.create_connection(("127.0.0.1", port)) as one:
        one.sendall(b"nonsense of ada\r\n\r\n")
        assert b"ada" not in one.recv(1000)
    assert stopped(made, signal.SIGTERM) == ("over\n", "")


def test_it_does_not_say_what_it_is_made_of(port):
    assert b"server:" not in ask(port).lower()


def test_it_takes_as_many_descriptors_as_it_may(port):
    assert b"\r\n2000\r\n" in ask(port)


def test_a_port_that_is_taken_is_named():
    with listening(Settings(port=0)) as bound:
        bound.listen()
        port = bound.getsockname()[1]
        with pytest.raises(CannotListen, match=str(port)):
            listening(Settings(port=port))


@pytest.mark.parametrize("host", ["192.0.2.1", "no host", "host.invalid"])
def test_an_address_of_another_machine_is_refused(host, monkeypatch):
    def nowhere(*args, **options):
        raise socket.gaierror(-2, "Name or service not known")

    if host != "192.0.2.1":
        monkeypatch.setattr(socket, "getaddrinfo", nowhere)
    with pytest.raises(CannotListen):
        listening(Settings(host=host, port=0))


def test_an_address_is_said_as_a_client_writes_it():
    with listening(Settings(host="::1", port=0)) as bound:
        assert address_of(bound) == f"http://[::1]:{bound.getsockname()[1]}"


def test_descriptors_are_never_taken_away():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert descriptors(10) == 10
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == (soft, hard)
