"""`floodmark guard allow`: who is never limited."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from floodmark.cli import main

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("FLOODMARK_HOME", str(tmp_path / "workspace"))
    monkeypatch.setenv("FLOODMARK_KEYS", str(tmp_path / "keys"))

    def work(*args: str) -> tuple[int, str, str]:
        code = main(list(args))
        return (code, *capsys.readouterr())

    assert work("keys", "init", "--wrap", "none")[0] == 0
    return work


def test_an_allowance_is_added_listed_and_removed(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("guard", "allow", "add", "account:ada.lovelace", "--reason", "Ticket 7", "-o", "json")
    (added,) = json.loads(out)["allowed"]
    assert code == 0
    assert added["actor"].startswith("account/")
    assert (added["reason"], added["ended"]) == ("Ticket 7", False)
    assert "lovelace" not in (tmp_path / "workspace" / "guard" / "allow.json").read_text()
    assert json.loads(run("guard", "allow", "list", "-o", "json")[1])["allowed"] == [added]
    assert run("guard", "allow", "add", "prefix:203.0.113.7", "--reason", "Office", "--days", "3")[0] == 0
    shown = run("guard", "allow", "list")[1]
    assert shown.index("prefix/") < shown.index("account/")
    code, out, _ = run("guard", "allow", "remove", added["actor"], "-o", "json")
    assert (code, [row["actor"][:7] for row in json.loads(out)["allowed"]]) == (0, ["prefix/"])
    assert run("guard", "allow", "remove", added["actor"])[0] == 2


def test_an_allowance_always_has_a_reason_and_an_end(run: Run) -> None:
    assert run("guard", "allow", "add", "account:ada")[0] == 2
    assert run("guard", "allow", "add", "account:ada", "--reason", " ")[0] == 2
    for days in ("0", "367"):
        assert run("guard", "allow", "add", "account:ada", "--reason", "Why", "--days", days)[0] == 2
    assert "Nobody is on the list." in run("guard", "allow", "list")[1]


def test_what_names_no_actor_is_refused_and_not_repeated(run: Run) -> None:
    code, out, err = run("guard", "allow", "add", "planet:ada.lovelace", "--reason", "Why")
    assert (code, out) == (2, "")
    assert "guard-actor" in err
    assert "lovelace" not in err
