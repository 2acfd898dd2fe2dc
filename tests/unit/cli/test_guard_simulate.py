"""`floodmark guard simulate` and `floodmark guard explain`, on a lookups file and in a workspace."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from floodmark.cli import main
from floodmark.guard import Actor, LookupsFile, write_lookups
from floodmark.guard.folder import GuardFolder
from floodmark.identifiers.digests import DigestKey
from floodmark.register.keys import Keyring
from floodmark.synth.traffic import traffic

Run = Callable[..., tuple[int, str, str]]
KEY = DigestKey(bytes(range(32)))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FLOODMARK_HOME", str(tmp_path / "workspace"))
    monkeypatch.setenv("FLOODMARK_KEYS", str(tmp_path / "keys"))
    (tmp_path / "policy.toml").write_text('profile = "strict"\n[used]\ndelay = 0.8\n')
    return tmp_path


@pytest.fixture
def run(home: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def work(*args: str) -> tuple[int, str, str]:
        code = main(list(args))
        return (code, *capsys.readouterr())

    return work


@pytest.fixture
def lookups(home: Path) -> str:
    made = traffic(KEY, actors=40, days=3, visitors=0, scrapers={"fast": 1}, seed=1)
    write_lookups(home / "lookups.parquet", [made.lookups], LookupsFile(KEY.id, 0, synthetic=True))
    made.truth.write_parquet(home / "truth.parquet")
    return str(home / "lookups.parquet")


def test_a_policy_is_tried_and_says_whom_it_would_have_limited(run: Run, home: Path, lookups: str) -> None:
    given = ("--policy", str(home / "policy.toml"), "--truth", str(home / "truth.parquet"))
    code, out, _ = run("guard", "simulate", lookups, *given, "-o", "json")
    found = json.loads(out)
    kinds = {one["kind"]: one for one in found["families"]}
    assert code == 0
    assert (found["synthetic"], found["profile"], found["honest_known"]) == (True, "strict", True)
    assert kinds["fast"]["limited"] == 1
    assert kinds["fast"]["answered"] < 0.1 * kinds["fast"]["asked"]
    assert sum(one["actors"] for one in found["tenths"]) == 40
    code, out, _ = run("guard", "simulate", lookups, *given)
    assert code == 0
    assert out.startswith("SYNTHETIC DATA")
    assert "TENTHS OF HONEST ACTORS" in out
    assert "TENTHS OF ALL ACTORS" in run("guard", "simulate", lookups, *given[:2])[1]


def test_a_policy_that_limits_nobody_says_what_to_try(run: Run, home: Path, lookups: str) -> None:
    nothing = run("guard", "simulate", lookups)[1]
    assert "Policy: none is stated, so profile signal." in nothing
    assert "an account may ask for 50,000 at once" in " ".join(nothing.split())
    assert "none is stated" not in run("guard", "simulate", lookups, "--policy", str(home / "policy.toml"))[1]
    assert (
        "It limits nobody" not in run("guard", "simulate", lookups, "--policy", str(home / "policy.toml"))[1]
    )


def test_a_name_is_not_looked_for_under_another_key_than_that_of_the_lookups(run: Run, lookups: str) -> None:
    assert run("keys", "init", "--wrap", "none")[0] == 0
    code, _, err = run("guard", "explain", "account:ada", "--lookups", lookups)
    assert code == 2
    assert "under another digest key" in err


def test_an_actor_that_was_limited_is_explained(run: Run, home: Path, lookups: str) -> None:
    policy = ("--policy", str(home / "policy.toml"))
    named = json.loads(run("guard", "simulate", lookups, *policy, "-o", "json")[1])["named"][0]
    code, out, _ = run("guard", "explain", named["name"], "--lookups", lookups, *policy, "-o", "json")
    found = json.loads(out)
    assert code == 0
    assert (found["actor"], found["seen"]["identifiers"]) == (named["name"], named["new"])
    assert found["seen"]["unanswered"] >= named["new"] - named["answered"]
    out = run("guard", "explain", named["name"], "--lookups", lookups, *policy)[1]
    assert "had no room for" in out
    assert "BUDGETS" in out


def test_the_guard_of_the_workspace_is_asked_where_no_lookups_are_given(run: Run, home: Path) -> None:
    assert run("keys", "init", "--wrap", "none")[0] == 0
    assert run("guard", "explain", "account:ada")[0] == 3
    with Keyring.open(passphrase=lambda _: b"") as keys:
        key = keys.digest_key()
    with GuardFolder(home / "workspace" / "guard").opened(key, at=0.0, memory=2**22):
        pass
    code, out, _ = run("guard", "explain", "account:ada", "-o", "json")
    assert code == 0
    assert json.loads(out)["actor"] == f"account/{Actor.of(key, account='ada').account:016x}"
    assert "Nothing limits it." in run("guard", "explain", "account:ada")[1]


def test_what_cannot_be_simulated_or_explained_is_refused(run: Run, home: Path, lookups: str) -> None:
    bad = home / "bad.toml"
    bad.write_text("profile = 'none'")
    ada = "account/1a2b3c4d5e6f7081"
    for code, *args in (
        (2, "simulate", lookups, "--policy", str(bad)),
        (2, "simulate", lookups, "--policy", str(home / "none.toml")),
        (1, "simulate", str(bad)),
        (1, "simulate", lookups, "--truth", str(bad)),
        (1, "simulate", lookups, "--model", str(bad)),
        (3, "explain", ada, "--lookups", lookups),
        (2, "explain", ada, "--lookups", lookups, "--state", str(home)),
        (3, "explain", ada, "--state", str(home)),
        (2, "explain", "ada", "--lookups", lookups),
    ):
        found, out, err = run("guard", *map(str, args))
        assert (found, out) == (code, ""), args
        assert "error (" in err
        assert "(bug)" not in err


def test_simulation_report_and_explanation_say_the_same_of_who_is_on_the_allow_list_now(
    run: Run, home: Path
) -> None:
    assert run("keys", "init", "--wrap", "none")[0] == 0
    with Keyring.open(home / "keys") as keys:
        key = keys.digest_key()
    made = traffic(key, actors=40, days=3, visitors=0, scrapers={"fast": 1}, seed=1)
    path = str(home / "own.parquet")
    write_lookups(Path(path), [made.lookups], LookupsFile(key.id, 0, synthetic=True))
    given = (path, "--policy", str(home / "policy.toml"), "-o", "json")
    before = json.loads(run("guard", "simulate", *given)[1])
    fast = before["named"][0]["name"]
    assert run("guard", "allow", "add", fast, "--reason", "Our own test")[0] == 0
    simulated = json.loads(run("guard", "simulate", *given)[1])
    told = json.loads(run("guard", "report", *given)[1])["policy"]
    assert simulated["limited"] == before["limited"] - 1 == told["limited"]
    for name in ("refused", "challenged", "denied", "delayed", "coarsened", "allowed"):
        assert simulated[name] == told[name], name
    explained = json.loads(run("guard", "explain", fast, "--lookups", *given)[1])
    assert explained["seen"]["unanswered"] == 0
    assert explained["allowed"]["reason"] == "Our own test"
