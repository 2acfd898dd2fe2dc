"""The ledger of budgets: what is granted, what is told of it, and when it refuses to grant at all."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from floodmark.register.budget_file import BudgetsUnavailable
from floodmark.register.budgets import BudgetLedger
from floodmark.web.budget import Budget

from .budget_clients import DAY, NOON, Limits, at, of

ROOT = Path(__file__).parents[3]
ONE, NEIGHBOUR, STRANGER = at("203.0.113.7"), at("203.0.200.1"), at("198.51.100.1")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "home" / "budgets.sqlite"


@pytest.fixture
def ledger(path):
    with BudgetLedger.open(path, Limits()) as opened:
        yield opened


def lefts(verdict):
    return {one.name: one.left for one in verdict.allowances}


def test_it_is_what_a_server_asks_of_a_budget(ledger):
    budget: Budget = ledger
    budget.begin_day(NOON)
    assert budget.spend(ONE, 1, NOON).granted


def test_an_address_has_its_elements_and_not_one_more(ledger):
    assert [ledger.spend(ONE, 1, NOON).granted for _ in range(21)] == [True] * 20 + [False]
    assert ledger.spend(NEIGHBOUR, 20, NOON).granted


def test_a_wish_is_granted_whole_or_not_at_all(ledger):
    assert ledger.spend(ONE, 19, NOON).granted
    assert not ledger.spend(ONE, 2, NOON).granted
    assert lefts(ledger.spend(ONE, 1, NOON)) == {"address": 0, "network": 30, "server": 100}


def test_a_network_and_the_whole_server_have_ceilings_that_other_addresses_use_up(ledger):
    assert [ledger.spend(at(f"203.0.113.{n}"), 20, NOON).granted for n in range(3)] == [True, True, False]
    assert [ledger.spend(at(f"198.{n}.0.1"), 20, NOON).granted for n in range(5)] == [True] * 4 + [False]


def test_what_is_refused_takes_of_no_limit(ledger):
    for _ in range(2):
        ledger.spend(ONE, 20, NOON)
    for _ in range(100):
        assert not ledger.spend(ONE, 20, NOON).granted
    assert lefts(ledger.spend(NEIGHBOUR, 1, NOON)) == {"address": 19, "network": 29, "server": 99}


def test_the_limit_with_the_least_left_is_told_first(ledger):
    assert [one.name for one in ledger.spend(ONE, 1, NOON).allowances] == ["address", "network", "server"]
    ledger.spend(at("203.0.1.1"), 20, NOON)
    ledger.spend(at("203.0.1.2"), 20, NOON)
    assert ledger.spend(NEIGHBOUR, 1, NOON).allowances[0].name == "network"


@pytest.mark.parametrize(
    ("moment", "seconds"),
    [
        (NOON, 43_200),
        (datetime(2026, 1, 31, 23, 59, 59, 1, tzinfo=UTC), 1),
        (datetime(2026, 2, 1, tzinfo=UTC), 86_400),
        (datetime(2026, 2, 1, 0, 30, tzinfo=timezone(timedelta(hours=1))), 1_800),
    ],
)
def test_whoever_is_refused_is_told_the_seconds_to_midnight_in_utc(ledger, moment, seconds):
    verdict = ledger.spend(ONE, 20, moment)
    assert {one.reset for one in verdict.allowances} == {seconds} and verdict.retry_after is None
    assert ledger.spend(ONE, 1, moment).retry_after == seconds


def test_whoever_asks_for_more_than_a_whole_day_has_is_told_no_time(ledger):
    verdict = ledger.spend(ONE, 21, NOON)
    assert (verdict.granted, verdict.retry_after) == (False, None)


def test_the_next_day_is_a_new_one_and_the_day_before_does_not_come_back(ledger):
    assert ledger.spend(ONE, 20, NOON).granted
    assert ledger.spend(ONE, 20, NOON + DAY).granted
    refused = ledger.spend(ONE, 1, NOON)  # the clock was set back
    assert not refused.granted
    assert refused.retry_after == 86_400 + 43_200
    assert not ledger.spend(ONE, 1, NOON + DAY).granted
    assert ledger.spend(ONE, 1, NOON + 2 * DAY).granted


def test_what_is_given_back_can_be_spent_again_and_leaves_no_row(ledger, path):
    for _ in range(50):
        assert ledger.spend(ONE, 20, NOON).granted
        ledger.give_back(ONE, 20, NOON)
    with sqlite3.connect(path) as reading:
        assert reading.execute("SELECT count(*) FROM spent").fetchone() == (0,)
    reading.close()


def test_nothing_is_given_back_of_a_day_that_is_over(ledger):
    assert ledger.spend(ONE, 20, NOON).granted
    assert ledger.spend(ONE, 5, NOON + DAY).granted
    ledger.give_back(ONE, 20, NOON)
    assert lefts(ledger.spend(ONE, 1, NOON + DAY)) == {"address": 14, "network": 44, "server": 114}


def test_an_organisation_has_its_epoch_and_nothing_of_the_others(ledger):
    bank = of("0" * 16)
    assert [ledger.spend(bank, 50, NOON + n * DAY).granted for n in range(3)] == [True, True, False]
    refused = ledger.spend(bank, 1, NOON)
    assert refused.allowances == (("organisation", 100, None, 0, None),) and refused.retry_after is None
    assert ledger.spend(of("0" * 16, epoch=2), 100, NOON).granted
    assert ledger.spend(of("1" * 16), 100, NOON).granted
    assert lefts(ledger.spend(ONE, 1, NOON)) == {"address": 19, "network": 49, "server": 119}


def test_an_organisation_that_attests_more_customers_goes_on_from_what_it_has_spent(ledger):
    assert ledger.spend(of("a", 100), 100, NOON).granted
    assert ledger.spend(of("a", 150), 50, NOON).granted
    assert not ledger.spend(of("a", 150), 1, NOON).granted
    assert lefts(ledger.spend(of("a", 120), 1, NOON)) == {"organisation": 0}
    ledger.give_back(of("a", 120), 100, NOON)
    assert lefts(ledger.spend(of("a", 120), 1, NOON)) == {"organisation": 69}


def test_limits_that_are_lowered_hold_at_once_and_for_what_was_spent_before(path):
    with BudgetLedger.open(path, Limits(address=20)) as before:
        assert before.spend(ONE, 15, NOON).granted
    with BudgetLedger.open(path, Limits(address=10)) as after:
        verdict = after.spend(ONE, 1, NOON)
        assert not verdict.granted and lefts(verdict)["address"] == 0
        after.give_back(ONE, 15, NOON)
        assert after.spend(ONE, 10, NOON).granted


def test_what_was_spent_stays_spent_over_a_restart(path):
    for _ in range(4):
        with BudgetLedger.open(path, Limits()) as opened:
            opened.spend(ONE, 5, NOON)
            opened.spend(of("a"), 25, NOON)
    with BudgetLedger.open(path, Limits()) as opened:
        assert not opened.spend(ONE, 1, NOON).granted
        assert not opened.spend(of("a"), 1, NOON).granted


@pytest.mark.parametrize("elements", [0, -1])
def test_less_than_one_element_is_neither_spent_nor_given_back(ledger, elements):
    for method in (ledger.spend, ledger.give_back):
        with pytest.raises(ValueError, match="at least one"):
            method(ONE, elements, NOON)


def test_a_time_without_its_zone_is_refused(ledger):
    for action in (
        lambda: ledger.spend(ONE, 1, datetime(2026, 1, 31)),
        lambda: ledger.give_back(ONE, 1, datetime(2026, 1, 31)),
        lambda: ledger.begin_day(datetime(2026, 1, 31)),
    ):
        with pytest.raises(ValueError, match="time zone"):
            action()


def test_a_clock_that_was_far_ahead_is_told_of_and_gives_nobody_more(ledger):
    assert ledger.spend(ONE, 20, NOON + 400 * DAY).granted
    with pytest.raises(BudgetsUnavailable, match="400 days ahead"):
        ledger.begin_day(NOON)
    assert not ledger.spend(ONE, 1, NOON).granted
    ledger.begin_day(NOON + 399 * DAY)


def test_threads_together_get_what_one_would(path):
    with BudgetLedger.open(path, Limits(address=200, network=1000, server=1000)) as ledger:
        granted = Counter()
        start = threading.Barrier(8)

        def spend(name):
            start.wait()
            for _ in range(60):
                granted[name] += ledger.spend(ONE, 1, NOON).granted

        threads = [threading.Thread(target=spend, args=(name,)) for name in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert granted.total() == 200


SPENDING = """
import sys
from datetime import datetime, timedelta
from pathlib import Path
from tests.unit.register.budget_clients import NOON, Limits, at, of
from floodmark.register import budget_file, budgets
from floodmark.register.budgets import BudgetLedger
budget_file.BUSY_SECONDS = budgets.BUSY_SECONDS = 60  # six who do nothing else take turns, and a machine may be slow
midnight = NOON + timedelta(hours=12)
with BudgetLedger.open(Path(sys.argv[1]), Limits(address=300, network=10**6, server=10**6)) as ledger:
    for number in range(400):
        now = midnight + timedelta(seconds=(number * 7 + int(sys.argv[2])) % 3 - 1.5)
        if (verdict := ledger.spend(at("203.0.113.7"), 1, now)).granted:
            day = round((now.timestamp() + verdict.allowances[0].reset) // 86_400)
            print(day, flush=True)
        if ledger.spend(of("bank", 500), 1, now).granted:
            print("bank", flush=True)
"""


def spending(path, number):
    command = [sys.executable, "-c", SPENDING, str(path), str(number)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)


def test_processes_together_get_what_one_would_over_midnight_and_whoever_is_killed(path):
    """Four processes whose clocks differ by seconds around midnight; two are killed and begun anew."""
    granted = Counter()
    running = [spending(path, number) for number in range(4)]
    for victim in running[:2]:
        granted.update(victim.stdout.readline().strip() for _ in range(40))
        victim.kill()
    running += [spending(path, number) for number in (4, 5)]
    for process in running:
        granted.update(process.communicate()[0].split())
        assert process.returncode in (0, -9)
    days = {day: count for day, count in granted.items() if day not in ("", "bank")}
    assert len(days) <= 2 and all(count <= 300 for count in days.values())
    assert granted["bank"] <= 500
    with BudgetLedger.open(path, Limits(address=300, network=10**6, server=10**6)) as ledger:
        left = lefts(ledger.spend(of("bank", 501), 1, NOON))["organisation"]
        assert granted["bank"] <= 500 - left
        assert not ledger.spend(at("203.0.113.7"), 1, NOON + DAY).granted
