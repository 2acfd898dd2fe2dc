"""`floodmark api-keys`, and checks that are asked with a key, as people run them."""

from __future__ import annotations

import io
import json
import os
import re
from datetime import UTC, datetime
from ipaddress import ip_address

import pytest

from floodmark.cli import main
from floodmark.register.budgets import BudgetLedger
from floodmark.web.budget import Client, Organisation
from floodmark.web.settings import Limits

from ..exposure.check.published import ROOT, STRANGER, publish
from ..exposure.check.server import response, serving

KEY = re.compile(r"fmk_([0-9a-f]{16})_[0-9a-f]{64}\n")
BANK = ("--label", "Example Bank", "--scope", "evaluate", "--customers", "1000")


@pytest.fixture
def home(tmp_path, monkeypatch):
    for name in [name for name in os.environ if name.startswith("FLOODMARK_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("FLOODMARK_HOME", str(tmp_path / "workspace"))
    monkeypatch.setenv("FLOODMARK_KEYS", str(tmp_path / "keys"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(home, capsys, monkeypatch):
    """Run a command: exit code, stdout and stderr."""

    def run_one(*arguments, given=""):
        capsys.readouterr()
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(given.encode())))
        code = main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run_one


@pytest.fixture
def made(run):
    """The id of a key, and the key."""
    code, out, _ = run("api-keys", "make", *BANK)
    assert code == 0
    return KEY.fullmatch(out)[1], out.strip()


def listed(run):
    code, out, _ = run("api-keys", "list", "-o", "json")
    assert code == 0
    return json.loads(out)["api_keys"]


def test_a_key_is_alone_on_stdout_and_shown_once(run, home):
    code, out, err = run("api-keys", "make", *BANK)
    assert code == 0 and KEY.fullmatch(out)
    assert "Example Bank: evaluate (1,280 in an epoch, for 1,000 customers). It is not shown again." in err
    assert out.strip() not in err
    secret = out.strip()[-64:]
    for again in (run("api-keys", "list"), run("api-keys", "list", "-o", "json")):
        assert secret not in again[1] + again[2]


def test_keys_are_listed_with_what_they_allow(run, made):
    assert run("api-keys", "make", "--label", "Newsroom", "--scope", "read", "--days", "30")[0] == 0
    bank, newsroom = sorted(listed(run), key=lambda row: str(row["label"]))
    assert (bank["id"], bank["scopes"], bank["customers"], bank["budget"]) == (
        made[0],
        ["evaluate"],
        1000,
        1280,
    )
    assert (newsroom["label"], newsroom["customers"], newsroom["budget"]) == ("Newsroom", None, None)
    assert [row["state"] for row in (bank, newsroom)] == ["good", "good"]
    out = run("api-keys", "list")[1]
    assert made[0] in out and "Example Bank" in out and "1,000" in out


def test_what_a_key_has_spent_is_listed_while_a_server_runs(run, home, made):
    place = home / "workspace" / "budgets.sqlite"
    assert listed(run)[0]["spent"] is None and not place.exists()
    now = datetime.now(UTC)
    with BudgetLedger.open(place, Limits()) as ledger:
        for epoch in (1, 2):
            bank = Client(ip_address("203.0.113.7"), Organisation(made[0], epoch, 1280))
            assert ledger.spend(bank, 64 * epoch, now).granted
        assert listed(run)[0]["spent"] == {"epoch": 2, "elements": 128}
        assert "128 of 1,280" in run("api-keys", "list")[1]
        assert ledger.spend(bank, 64, now).granted
    place.write_bytes(b"")
    code, _, err = run("api-keys", "list")
    assert code == 1 and "budgets-unavailable" in err


def test_a_workspace_without_keys_says_how_to_make_one(run):
    assert "floodmark api-keys make" in run("api-keys", "list")[1]
    assert listed(run) == []


def test_more_customers_are_attested_by_a_command(run, made):
    code, out, _ = run("api-keys", "edit", made[0], "--customers", "2000", "-o", "json")
    assert code == 0 and json.loads(out)["budget"] == 2304
    assert run("api-keys", "edit", made[0])[0] == 2


def test_a_renewed_key_has_its_id_and_another_secret(run, made):
    code, out, _ = run("api-keys", "renew", made[0])
    assert code == 0 and KEY.fullmatch(out)[1] == made[0] and out.strip() != made[1]
    code, out, _ = run("api-keys", "renew", made[0], "-o", "json")
    assert KEY.fullmatch(json.loads(out)["key"] + "\n")


def test_a_revoked_key_stays_listed_and_is_changed_no_more(run, made):
    assert run("api-keys", "revoke", made[0])[0] == 0
    assert listed(run)[0]["state"] == "revoked"
    code, _, err = run("api-keys", "renew", made[0])
    assert code == 2 and "api-key-revoked" in err


@pytest.mark.parametrize("word", ["edit", "renew", "revoke"])
def test_a_whole_key_in_place_of_its_id_is_not_repeated(run, made, word):
    more = ["--customers", "5"] if word == "edit" else []
    code, out, err = run("api-keys", word, made[1], *more)
    assert code == 1 and made[1][-64:] not in out + err and "history" in err
    code, out, err = run("api-keys", word, "--key", made[1], *more)
    assert code == 2 and made[1][-64:] not in out + err


@pytest.mark.parametrize(
    "options",
    [
        ("--label", "Example"),
        ("--scope", "read"),
        ("--label", "Example", "--scope", "write"),
        ("--label", "Example", "--scope", "evaluate"),
        ("--label", "Example", "--scope", "read", "--customers", "5"),
        ("--label", "ring 07700 900 123", "--scope", "read"),
        ("--label", "Example", "--scope", "read", "--days", "0"),
    ],
)
def test_what_makes_no_sense_makes_no_key(run, options):
    code, out, err = run("api-keys", "make", *options)
    assert (code, out) == (2, "") and "900 123" not in err
    assert listed(run) == []


def test_a_file_that_came_with_a_dump_attests_no_customers(run, home):
    (home / "floodmark.toml").write_text("[api-keys.make]\ncustomers = 1000000000\n")
    code, _, err = run("api-keys", "make", "--label", "Example", "--scope", "evaluate")
    assert code == 2 and "given by hand only" in err


# Checks with a key


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    return publish(tmp_path_factory.mktemp("published"), now=datetime.now(UTC).replace(microsecond=0))


@pytest.fixture
def server(published):
    with serving(published) as found:
        yield found


@pytest.fixture
def key_file(home, made):
    path = home / "bank.key"
    path.write_text(made[1] + "\n")
    path.chmod(0o600)
    return path


def check(run, *more, given=STRANGER):
    return run("check", "--root-key", ROOT.public.hex(), *more, given=given)


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_the_key_goes_to_the_evaluation_and_nowhere_else(run, server, made, key_file):
    code, out, err = check(run, server.address, "--api-key-file", key_file, "--explain")
    assert (code, err) == (0, "")
    assert "the holder of the API key at your network address" in " ".join(out.split())
    for request in server.requests:
        wanted = f"Bearer {made[1]}" if request.part == "evaluate" else None
        assert request.headers.get("authorization") == wanted
    assert {request.part for request in server.requests} == {"snapshot", "evaluate", "buckets"}
    assert made[1] not in out + err


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_without_a_key_none_is_sent(run, server):
    assert check(run, server.address)[0] == 0
    assert not any("authorization" in request.headers for request in server.requests)


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_batch_is_asked_with_the_key(run, server, home, made, key_file):
    assert run("keys", "init", "--wrap", "none")[0] == 0
    (home / "customers.csv").write_text("mail\nada@example.org\ngrace@example.org\n")
    code, _, err = check(
        run,
        *(server.address, "--api-key-file", key_file, "--batch", "customers.csv", "--column", "mail"),
        *("--size", "2", "-o", "found.csv"),
    )
    assert code == 10, err
    asked = [request for request in server.requests if request.part == "evaluate"]
    assert asked and all(request.headers["authorization"] == f"Bearer {made[1]}" for request in asked)
    assert not any(
        made[1].encode() in file.read_bytes() for file in home.iterdir() if file.name.startswith("found")
    )


@pytest.mark.allow_hosts(["127.0.0.1"])
@pytest.mark.parametrize("status", ["401 Unauthorized", "403 Forbidden"])
def test_a_key_that_is_refused_is_told_of(run, server, made, key_file, status):
    server.lies["evaluate"] = lambda request: response(status)
    code, out, err = check(run, server.address, "--api-key-file", key_file)
    assert (code, out) == (1, "") and "access-refused" in err and made[1] not in err


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_batch_whose_key_was_refused_has_cost_nothing(run, server, home, key_file):
    assert run("keys", "init", "--wrap", "none")[0] == 0
    (home / "customers.csv").write_text("mail\nada@example.org\n")
    asking = (server.address, "--api-key-file", key_file, "--batch", "customers.csv", "--column", "mail")
    server.lies["evaluate"] = lambda request: response("401 Unauthorized")
    code, _, err = check(run, *asking, "--size", "1", "--out", "found.csv")
    assert code == 1 and "access-refused" in err
    server.lies.clear()
    code, out, _ = check(run, *asking, "--size", "1", "--out", "found.csv", "-o", "json")
    assert code == 10 and json.loads(out)["spent"] == 64


@pytest.mark.parametrize("content", ["", "fmk_0", "somebody@example.org\n", "x\r\nHost: example.org"])
def test_a_file_that_holds_no_key_sends_nothing(run, home, content):
    path = home / "some.key"
    path.write_text(content)
    path.chmod(0o600)
    code, _, err = check(run, "https://check.example.org", "--api-key-file", path)
    assert code == 1 and "no-api-key" in err and "somebody" not in err


def test_a_file_that_others_can_read_is_refused(run, key_file):
    key_file.chmod(0o644)
    code, _, err = check(run, "https://check.example.org", "--api-key-file", key_file)
    assert code == 1 and "keys-exposed" in err


def test_a_key_without_a_server_to_give_it_to_is_refused(run, published, key_file):
    code, _, err = check(run, published.folder, "--api-key-file", key_file)
    assert code == 2 and "asks none" in err
