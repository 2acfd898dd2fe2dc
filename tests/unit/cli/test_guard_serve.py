"""`floodmark guard serve`: what it says before it serves; what it serves is tested with nginx."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from floodmark.cli import main

Run = Callable[..., tuple[int, str]]
pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
MAPPING = """
[[endpoints]]
name = "contacts/sync"
method = "POST"
path = "/sync"
identifier = "body:phones[]"
kind = "phone"
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("FLOODMARK_HOME", str(tmp_path / "workspace"))
    monkeypatch.setenv("FLOODMARK_KEYS", str(tmp_path / "keys"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "api.toml").write_text(MAPPING)

    def work(*args: str) -> tuple[int, str]:
        code = main(list(args))
        return code, capsys.readouterr().err

    assert work("keys", "init", "--wrap", "none")[0] == 0
    return lambda *args: work("guard", "serve", *args)


def test_a_place_that_is_taken_is_said_after_what_the_guard_cannot_see(run: Run, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    code, said = run("--mapping", "api.toml", "--listen", "unix:taken")
    assert code == 1
    assert "nginx sends no bodies, so it cannot ask about contacts/sync" in said
    assert "The policy is one of shadow" in said
    assert "The socket cannot be listened at" in said
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        bound.listen()
        code, said = run("--mapping", "api.toml", "--listen", f"127.0.0.1:{bound.getsockname()[1]}")
    assert (code, "cannot be listened at" in said) == (1, True)


def test_a_socket_at_which_somebody_listens_is_left_to_them(run: Run, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind("guard.sock")
        bound.listen()
        assert run("--mapping", "api.toml", "--listen", "unix:guard.sock")[0] == 1
        assert (tmp_path / "guard.sock").is_socket()


def test_a_path_that_is_too_long_for_a_socket_is_refused(run: Run) -> None:
    code, said = run("--mapping", "api.toml", "--listen", "unix:" + "x" * 200)
    assert (code, "too long" in said) == (1, True)


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--mapping", "missing.toml"),
        ("--mapping", "api.toml", "--listen", "nowhere"),
        ("--mapping", "api.toml", "--header", "shoe=X-Shoe"),
        ("--mapping", "api.toml", "--header", "account"),
        ("--mapping", "api.toml", "--header", "account=X Account"),
        ("--mapping", "api.toml", "--trusted-proxy", "everybody"),
        ("--mapping", "api.toml", "--honours", "partial"),
        ("--mapping", "api.toml", "--policy", "api.toml"),
        ("--mapping", "wrong.toml"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_is_opened(
    run: Run, tmp_path: Path, options: tuple[str, ...]
) -> None:
    (tmp_path / "wrong.toml").write_text("endpoints = 3")
    assert run(*options)[0] == 2
    assert not (tmp_path / "workspace" / "guard").exists()
