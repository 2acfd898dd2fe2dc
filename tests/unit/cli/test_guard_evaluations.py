"""`floodmark guard evaluations` says what is spent of flat budgets."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest

from floodmark.cli import main
from floodmark.register.budgets import BudgetLedger
from floodmark.web.budget import Client, Organisation
from floodmark.web.settings import Limits

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FLOODMARK_HOME", str(tmp_path / "workspace"))
    monkeypatch.setenv("FLOODMARK_KEYS", str(tmp_path / "keys"))
    return tmp_path


@pytest.fixture
def run(home: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def work(*args: str) -> tuple[int, str, str]:
        code = main(list(args))
        return (code, *capsys.readouterr())

    return work


def budgets(run: Run, who: str) -> list[dict[str, Any]]:
    code, out, _ = run("guard", "evaluations", who, "-o", "json")
    assert code == 0
    found: list[dict[str, Any]] = json.loads(out)["budgets"]
    return found


def test_an_address_and_its_network_are_told_what_is_spent(run: Run, home: Path) -> None:
    place = home / "workspace" / "budgets.sqlite"
    assert budgets(run, "address:203.0.113.7") == []
    assert "Nothing was evaluated here yet." in run("guard", "evaluations", "address:203.0.113.7")[1]
    with BudgetLedger.open(place, Limits(address=4)) as ledger:
        now = datetime.now(UTC)
        assert ledger.spend(Client(ip_address("203.0.113.7")), 4, now).granted
        assert ledger.spend(Client(ip_address("203.0.113.8"), exempt=True), 9, now).granted
    spent = {(row["limit"], row["exempt"]): row["spent"] for row in budgets(run, "address:203.0.113.7")}
    assert spent == {
        ("address", False): 4,
        ("network", False): 4,
        ("server", False): 13,
        ("network", True): 9,
    }
    out = run("guard", "evaluations", "address:203.0.113.7")[1]
    assert "address: 4 of 4 evaluations are spent; refused until 00:00 UTC." in out
    assert "203.0.113" not in out


def test_an_api_key_is_told_of_its_newest_epoch(run: Run, home: Path) -> None:
    assert run("api-keys", "make", "--label", "Bank", "--scope", "evaluate", "--customers", "1000")[0] == 0
    key = json.loads(run("api-keys", "list", "-o", "json")[1])["api_keys"][0]["id"]
    with BudgetLedger.open(home / "workspace" / "budgets.sqlite", Limits()) as ledger:
        for epoch in (1, 2):
            client = Client(ip_address("203.0.113.7"), Organisation(key, epoch, 1280))
            assert ledger.spend(client, 64 * epoch, datetime.now(UTC)).granted
    assert [(row["epoch"], row["spent"], row["quota"]) for row in budgets(run, f"api-key:{key}")] == [
        (2, 128, 1280)
    ]
    assert (
        "128 of 1,280 evaluations are spent in epoch 2." in run("guard", "evaluations", f"api-key:{key}")[1]
    )


def test_who_is_nobody_is_refused(run: Run, home: Path) -> None:
    assert run("guard", "evaluations", "somebody")[0] == 2
    assert run("guard", "evaluations", "address:nowhere")[0] == 2
    assert run("guard", "evaluations", "api-key:0123456789abcdef")[0] == 1
