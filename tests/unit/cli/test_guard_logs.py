"""`floodmark guard replay`, `watch` and `name`: logs in, digests out, and names only where they are asked for."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sysconfig
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from floodmark.cli import main
from floodmark.guard import Actor, read_lookups
from floodmark.guard.actor_text import written
from floodmark.register.keys import Keyring

Run = Callable[..., tuple[int, str, str]]
MAPPING = """
[[endpoints]]
name = "users"
path = "/users/{identifier}"
kind = "phone"
hit = {status = 200}
"""
POLICY = '[[limit]]\nlevel = "account"\nburst = 5\nper_hour = 1\n'
# Each of so many characters that none comes by chance in digests, which are random.
SECRETS = ("ada.lovelace", "203.0.113.7", "447400000", "/users/", "curl/8.14.1")


def lines(first: int, count: int, user: str = "ada.lovelace") -> str:
    return "".join(
        f'203.0.113.7 - {user} [17/May/2026:10:{n // 60:02}:{n % 60:02} +0000] "GET /users/%2B447400{n:06} HTTP/1.1"'
        ' 200 5 "-" "curl/8.14.1"\n'
        for n in range(first, first + count)
    )


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FLOODMARK_HOME", str(tmp_path / "workspace"))
    monkeypatch.setenv("FLOODMARK_KEYS", str(tmp_path / "keys"))
    Path("api.toml").write_text(MAPPING)
    Path("policy.toml").write_text(POLICY)
    Path("access.log").write_text(lines(0, 20))

    def work(*args: str) -> tuple[int, str, str]:
        code = main(list(args))
        return (code, *capsys.readouterr())

    assert work("keys", "init", "--wrap", "none")[0] == 0
    return work


def ada() -> str:
    with Keyring.open() as keys:
        return written("account", Actor.of(keys.digest_key(), account="ada.lovelace").account)


def silent(*texts: str | bytes) -> bool:
    """Whether no text says whom a log is about."""
    return not any(
        secret.encode() in (t if isinstance(t, bytes) else t.encode()) for t in texts for secret in SECRETS
    )


def test_a_log_is_replayed_to_a_file_that_names_nobody(run: Run) -> None:
    with Path("access.log").open("a") as log:
        log.write("nonsense about ada.lovelace\n")
    code, out, err = run("guard", "replay", "access.log", "--mapping", "api.toml", "-o", "lookups.parquet")
    assert code == 0
    assert "21 lines, of which" in out
    assert "1 of another format" in out
    assert silent(out, err, Path("lookups.parquet").read_bytes())
    about, found = read_lookups(Path("lookups.parquet"))
    assert found.collect().height == about.rows == 20
    assert dict(about.counts)["malformed"] == 1
    assert about.sources[0][0] == "access.log"
    assert Path("lookups.parquet").stat().st_mode & 0o777 == 0o600


def test_a_link_to_itself_is_no_log(run: Run) -> None:
    Path("loop.log").symlink_to("loop.log")
    for command in (["replay", "loop.log", "-o", "x.parquet"], ["watch", "loop.log", "--once"]):
        code, _, err = run("guard", *command, "--mapping", "api.toml")
        assert code in {0, 1, 3}
        assert "bug" not in err


def test_a_line_from_far_ahead_holds_nobody_up(run: Run) -> None:
    ahead = lines(5, 1).replace("/2026:", "/2199:")
    Path("access.log").write_text(lines(0, 5) + ahead + lines(6, 3))
    command = ("guard", "watch", "access.log", "--mapping", "api.toml", "--policy", "policy.toml", "--all")
    code, out, _ = run(*command, "--from-start", "--once")
    found = [json.loads(line) for line in out.splitlines()]
    assert (code, len(found)) == (0, 9)
    assert not any(one["at"].startswith("2199") for one in found)
    assert found[-1]["retry_after"] < 400 * 86_400


def test_the_summary_is_also_json(run: Run) -> None:
    arguments = (
        "guard",
        "replay",
        "access.log",
        "--mapping",
        "api.toml",
        "-o",
        "x.parquet",
        "--summary",
        "json",
    )
    found = json.loads(run(*arguments)[1])
    assert (found["lookups"], found["lines"]["lookup"], found["identifiers"]) == (
        20,
        20,
        {"asked": 20, "none": 0},
    )
    assert len(found["sources"][0]["sha256"]) == 64


def test_a_log_without_lookups_is_nothing_to_read(run: Run) -> None:
    code, out, err = run("guard", "replay", "access.log", "--mapping", "sshd", "-o", "lookups.parquet")
    assert code == 3
    assert "20 of another format" in out
    assert "nothing-to-read" in err
    assert not Path("lookups.parquet").exists()


def test_texts_of_which_none_is_an_identifier_are_said_to_be_what_is_wrong(run: Run) -> None:
    Path("access.log").write_text(lines(0, 3).replace("%2B44", "0"))
    code, out, err = run("guard", "replay", "access.log", "--mapping", "api.toml", "-o", "out.parquet")
    assert code == 3
    assert "3 asking about identifiers" in out
    assert "3 texts, and none of these is an identifier" in err
    assert "region" in err


def test_a_log_that_is_not_there_is_said_when_watching_ends(run: Run) -> None:
    code, _, err = run("guard", "watch", "access.log", "none.log", "--mapping", "api.toml", "--once")
    assert code == 0
    assert "Logs that are not there: 1." in err
    assert "none.log" not in err


def test_a_log_that_is_damaged_is_said_to_be_and_what_came_before_counts(run: Run) -> None:
    import gzip

    packed = gzip.compress(lines(0, 5000).encode())
    Path("old.log.gz").write_bytes(packed[: len(packed) - 400])
    code, out, err = run(
        "guard", "replay", "access.log", "old.log.gz", "--mapping", "api.toml", "-o", "lookups.parquet"
    )
    assert code == 10
    assert "old.log.gz" in err
    assert silent(out, err)


@pytest.mark.parametrize(
    "arguments", [("-o", "access.log"), ("-o", "x.parquet", "--mapping", "missing.toml")]
)
def test_what_cannot_be_is_refused_before_the_work(run: Run, arguments: tuple[str, ...]) -> None:
    given = arguments if "--mapping" in arguments else (*arguments, "--mapping", "api.toml")
    code, out, _ = run("guard", "replay", "access.log", *given)
    assert (code, out) == (2, "")
    assert Path("access.log").read_text() == lines(0, 20)


def test_names_behind_digests_are_told_to_whoever_asks(run: Run) -> None:
    nobody = "account/1a2b3c4d5e6f7081"
    code, out, _ = run("guard", "name", "access.log", "--mapping", "api.toml", ada())
    assert code == 0
    assert "ada.lovelace  (20 lines)" in out
    code, out, _ = run("guard", "name", "access.log", "--mapping", "api.toml", ada(), nobody, "-o", "json")
    assert code == 10
    first, second = json.loads(out)
    assert first["names"] == [{"name": "ada.lovelace", "lines": 20}]
    assert second["names"] == []
    assert run("guard", "name", "access.log", "--mapping", "api.toml")[0] == 2


def test_a_name_cannot_write_to_the_terminal(run: Run) -> None:
    Path("access.log").write_text(lines(0, 1, "a\x1b[31mda"))
    with Keyring.open() as keys:
        who = written("account", Actor.of(keys.digest_key(), account="a\x1b[31mda").account)
    out = run("guard", "name", "access.log", "--mapping", "api.toml", who)[1]
    assert "\x1b" not in out
    assert "da  (1 lines)" in out


def test_a_log_is_watched_once_and_gone_on_with(run: Run) -> None:
    watch = ("guard", "watch", "access.log", "--mapping", "api.toml", "--policy", "policy.toml", "--once")
    code, out, err = run(*watch, "--from-start")
    decisions = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert len(decisions) == 15  # of 20, five are within the budget
    assert all(one["refused"] == 1 and one["shadow"] and one["actor"] == ada() for one in decisions)
    assert decisions[0]["reasons"][0]["code"] == "budget-spent"
    assert "20 lookup" in err
    assert silent(out, err)
    with Path("access.log").open("a") as log:
        log.write(lines(10, 12))
    code, out, err = run(*watch)
    assert "12 lookup" in err
    assert (
        len(out.splitlines()) == 7 + 10 - 5
    )  # those that were refused count as new again, and an hour grants none
    state = Path(os.environ["FLOODMARK_HOME"]) / "guard" / "watch"
    assert silent((state / "positions.json").read_bytes(), (state / "budgets.state").read_bytes())


def test_a_log_is_followed_through_its_turn_until_told_to_stop(run: Run) -> None:
    command = [
        Path(sysconfig.get_path("scripts")) / "floodmark",
        "guard",
        "watch",
        "access.log",
        "--mapping",
        "api.toml",
    ]
    command += ["--policy", "policy.toml", "--all", "--every", "0.05", "--from-start"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        seen = [json.loads(child.stdout.readline()) for _ in range(20)]
        Path("access.log").rename("access.log.1")
        Path("access.log").write_text(lines(20, 3))
        seen += [json.loads(child.stdout.readline()) for _ in range(3)]
        time.sleep(0.05)
        child.send_signal(signal.SIGTERM)
        out, err = child.communicate(timeout=30)
    assert (child.returncode, out) == (0, "")
    assert len({one["at"] for one in seen}) == 23
    assert "turned to a new file: 1" in err
    assert silent(err)


def test_a_table_file_is_not_watched(run: Run) -> None:
    Path("table.toml").write_text('log = "parquet"' + MAPPING)
    assert run("guard", "watch", "x.parquet", "--mapping", "table.toml")[0] == 2
