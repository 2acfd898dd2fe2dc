"""`floodmark serve`: what it refuses, and that it answers, takes a newer snapshot and ends when told to."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from floodmark.cli import main
from floodmark.register.key_changes import make
from floodmark.register.key_epochs import next_epoch, present
from floodmark.register.key_wrap import Bare
from floodmark.register.keys import Keyring
from floodmark.register.saving import save
from floodmark.register.sealing import seal
from floodmark.register.snapshots import make_snapshot
from floodmark.register.workspace import Workspace
from floodmark.synth import leak

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """A workspace with one snapshot, of which nothing may be changed."""
    place = tmp_path_factory.mktemp("template")
    workspace = Workspace.open(place / "home", wait=0)
    make(place / "keys", Bare, created="2026-01-31T13:05:00Z", workspace=workspace.folder)
    leak("facebook-2021", 300, 5, place / "twin.txt")
    with Keyring.open(place / "keys", workspace=workspace.folder) as keyring:
        save(workspace, keyring, "twin", [place / "twin.txt"], title="A twin")
        seal(workspace, keyring, "twin", [place / "twin.txt"], workers=1)
        make_snapshot(workspace, keyring)
    return place


@pytest.fixture(autouse=True)
def home(template, tmp_path, monkeypatch):
    """A workspace of its own for each test."""
    shutil.copytree(template, tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("FLOODMARK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("FLOODMARK_KEYS", str(tmp_path / "keys"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "home"


def again(home, **said):
    """Another snapshot."""
    with Keyring.open(home.parent / "keys", workspace=home) as keyring:
        return make_snapshot(Workspace.open(home, wait=0), keyring, **said)


def refused(capsys, *args, code=2):
    assert main(["serve", "--port", "0", *args]) == code
    return capsys.readouterr().err


@contextmanager
def serving(*args):
    """A server as a process, and its address."""
    command = [sys.executable, "-c", "import sys; from floodmark.cli import main; sys.exit(main())", "serve"]
    process = subprocess.Popen([*command, "--port", "0", *args], stderr=subprocess.PIPE, text=True)
    try:
        for line in process.stderr:
            if found := re.search(r"http://127\.0\.0\.1:[0-9]+", line):
                yield found[0], process
                break
        else:
            raise AssertionError("it ended before it listened")
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


def get(url):
    """The answer, however long it takes on a machine that has much else to do."""
    return httpx.get(url, timeout=60, trust_env=False)


def test_it_answers_and_ends_when_told_to():
    for told in (signal.SIGTERM, signal.SIGINT):
        with serving() as (address, process):
            assert get(f"{address}/v1/snapshot").status_code == 200
            process.send_signal(told)
            assert process.wait(60) == 0


def test_a_newer_snapshot_is_taken_without_a_restart(home):
    with serving() as (address, _):
        before = get(f"{address}/v1/snapshot").content
        made = again(home)
        deadline = time.monotonic() + 60
        while (now := get(f"{address}/v1/snapshot").content) == before:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert made.snapshot.id.encode() in now


@pytest.mark.parametrize("role", ["evaluator", "buckets"])
def test_a_role_does_its_part_alone(role):
    with serving("--role", role) as (address, _):
        body = {"epoch": 1, "elements": ["00" * 32]}
        statuses = (
            get(f"{address}/v1/snapshot").status_code,
            httpx.post(f"{address}/v1/evaluate", json=body, timeout=60, trust_env=False).status_code,
        )
        assert statuses == {"evaluator": (404, 400), "buckets": (200, 404)}[role]


def test_buckets_are_served_from_a_published_folder_without_workspace_or_keys(tmp_path, monkeypatch, capsys):
    assert main(["publish", "www", "--irrevocable"]) == 0
    with Keyring.open(tmp_path / "keys", workspace=tmp_path / "home") as keyring:
        root = keyring.signing_key().public.hex()
    monkeypatch.setenv("FLOODMARK_HOME", str(tmp_path / "none"))
    monkeypatch.setenv("FLOODMARK_KEYS", str(tmp_path / "none-either"))
    with serving("--role", "buckets", "--snapshot", "www", "--root-key", root) as (address, _):
        assert get(f"{address}/v1/snapshot").status_code == 200
    assert not (tmp_path / "none").exists()


def test_without_a_snapshot_it_does_not_start(tmp_path, monkeypatch, capsys):
    workspace = Workspace.open(tmp_path / "fresh")
    with Keyring.open(tmp_path / "keys", workspace=workspace.folder) as keyring:
        save(workspace, keyring, "twin", [tmp_path / "twin.txt"], title="A twin")
    monkeypatch.setenv("FLOODMARK_HOME", str(workspace.folder))
    said = refused(capsys, code=3)
    assert "floodmark snapshot make" in said


def test_a_key_of_another_epoch_than_the_snapshot_does_not_start(tmp_path, capsys):
    next_epoch(None, present(None), created="2026-02-01T00:00:00Z")
    assert "epoch 1" in refused(capsys, code=1)


def test_an_expired_snapshot_is_warned_of_and_answers_nobody(home):
    again(home, clock=lambda: datetime.now(UTC) - timedelta(days=40))
    with serving() as (address, _):
        answer = get(f"{address}/v1/snapshot")
        assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (503, "snapshot-expired")


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--trusted-proxy", "10.0.0.1/8"], "--trusted-proxy"),
        (["--trusted-proxy", "proxy.example.org"], "--trusted-proxy"),
        (["--evaluator-at", "https://e.example.org"], "--evaluator-at"),
        (["--role", "buckets", "--buckets-at", "https://b.example.org"], "--buckets-at"),
        (["--role", "buckets", "--evaluator-at", "http://e.example.org"], "https"),
        (["--root-key", "hello"], "64 hexadecimal digits"),
        (["--port", "70000"], "65535"),
        (["--host", "256.1.1.1"], "address"),
    ],
)
def test_what_does_not_go_together_is_said_before_anything_listens(capsys, args, words):
    code = 1 if "--host" in args else 2
    assert words in refused(capsys, *args, code=code)


def test_a_port_that_is_taken_is_said(capsys):
    with serving() as (address, _):
        assert "cannot-listen" in refused(capsys, "--port", address.rpartition(":")[2], code=1)


def test_a_settings_file_trusts_no_proxy(tmp_path, capsys):
    (tmp_path / "floodmark.toml").write_text('[serve]\ntrusted_proxies = ["0.0.0.0/0"]\n')
    assert "given by hand only" in refused(capsys)
