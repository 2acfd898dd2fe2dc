"""Whether a server lives, and whether it is ready: what is looked at, and how often."""

from __future__ import annotations

import sqlite3
import threading

import pytest

from floodmark.exposure.check import LocalEvaluator
from floodmark.register.budget_file import BudgetsUnavailable
from floodmark.web.day_keeping import days_kept

from ...exposure.check.published import NOW, OTHER_KEY


def test_a_server_that_has_all_it_needs_is_ready(asked):
    assert asked.ask("GET", "/healthz").json() == {"alive": True}
    answer = asked.ask("GET", "/readyz")
    assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store"
    assert answer.json() == {"ready": True, "checks": {"snapshot": "ok", "key": "ok", "budgets": "ok"}}
    assert asked.ask("HEAD", "/readyz").status_code == 200


def test_a_host_of_buckets_needs_a_snapshot_alone(made):
    asked = made(role="buckets")
    assert asked.ask("GET", "/readyz").json() == {"ready": True, "checks": {"snapshot": "ok"}}


def test_an_expired_snapshot_makes_it_unready_and_not_dead(asked):
    asked.clock.now = NOW.replace(year=2027)
    answer = asked.ask("GET", "/readyz")
    assert answer.status_code == 503
    checks = answer.json()["checks"]
    assert (checks["snapshot"], checks["key"], checks["budgets"]) == (
        "snapshot-expired",
        "snapshot-expired",
        "ok",
    )
    assert asked.ask("GET", "/healthz").status_code == 200


def test_another_key_than_the_snapshot_s_makes_it_unready(made):
    answer = made(evaluator=LocalEvaluator(OTHER_KEY)).ask("GET", "/readyz")
    assert (answer.status_code, answer.json()["checks"]["key"]) == (503, "other-key")


def test_budgets_that_cannot_be_written_make_it_unready(made, tmp_path):
    asked = made()
    holding = sqlite3.connect(tmp_path / "budgets.sqlite", isolation_level=None)
    holding.execute("BEGIN IMMEDIATE")
    answer = asked.ask("GET", "/readyz")
    assert (answer.status_code, answer.json()["checks"]["budgets"]) == (503, "budgets-unavailable")
    holding.execute("ROLLBACK")
    holding.close()
    asked.clock.seconds += 1
    assert asked.ask("GET", "/readyz").status_code == 200


def test_a_part_that_breaks_is_told_as_failed_without_its_words(made):
    class Broken:
        def begin_day(self, now):
            raise ZeroDivisionError("ada@example.org")

    answer = made(budget=lambda ledger: Broken()).ask("GET", "/readyz")
    assert (answer.status_code, answer.json()["checks"]["budgets"]) == (503, "failed")
    assert "example" not in answer.text


class Counted:
    """A budget that counts how often it is looked after."""

    def __init__(self, error=None):
        self.looks = []
        self.error = error
        self.looked = threading.Event()

    def begin_day(self, now):
        self.looks.append(now)
        if len(self.looks) > 1:
            self.looked.set()
        if self.error is not None:
            raise self.error


def test_looking_often_costs_nothing(made):
    budget = Counted()
    asked = made(budget=lambda ledger: budget)
    for _ in range(50):
        asked.ask("GET", "/readyz")
        asked.clock.seconds += 0.05
    assert len(budget.looks) == 3


@pytest.mark.parametrize("error", [None, BudgetsUnavailable("It is held.")])
def test_days_begin_though_nobody_asks_and_whatever_is_amiss(error):
    budget = Counted(error)
    with days_kept(budget, lambda: NOW, every=0.001):
        assert budget.looked.wait(60)
    count = len(budget.looks)
    assert set(budget.looks) == {NOW}
    assert not [thread for thread in threading.enumerate() if thread.name == "days"]
    assert len(budget.looks) == count
