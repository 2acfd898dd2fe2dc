"""A file of budgets that is damaged, full, locked or somebody else's: nothing is granted, and it is said why."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from floodmark.errors import FloodmarkError
from floodmark.register import budget_file, budgets
from floodmark.register.budget_file import BudgetsUnavailable
from floodmark.register.budgets import BudgetLedger

from .budget_clients import DAY, NOON, Limits, at, of

ROOT = Path(__file__).parents[3]
ONE = at("203.0.113.7")
WIDE = Limits(address=10**6, network=10**6, server=10**6)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "budgets.sqlite"


@pytest.fixture
def used(path):
    """A ledger that something was spent in, closed."""
    with BudgetLedger.open(path, Limits()) as ledger:
        ledger.spend(ONE, 20, NOON)
        for number in range(80):
            ledger.spend(of(f"{number:016x}"), 1, NOON)
    return path


def test_a_folder_that_is_not_there_is_made_for_this_user_alone(tmp_path):
    with BudgetLedger.open(tmp_path / "one" / "two" / "budgets.sqlite", Limits()) as ledger:
        assert ledger.spend(ONE, 1, NOON).granted
    assert (tmp_path / "one" / "two").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("content", [b"", b"{}", b"SQLite format 3\0" + bytes(4_080), os.urandom(8_192)])
def test_what_is_no_ledger_is_refused_and_left_as_it_is(path, content):
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(BudgetsUnavailable):
        BudgetLedger.open(path, Limits())
    assert path.read_bytes() == content


def test_another_program_s_database_is_refused_and_left_as_it_is(path):
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE spent (who BLOB PRIMARY KEY, elements INTEGER)")
    other.commit()
    other.close()
    path.chmod(0o600)
    before = path.read_bytes()
    with pytest.raises(BudgetsUnavailable, match="another program"):
        BudgetLedger.open(path, Limits())
    assert path.read_bytes() == before


def test_a_ledger_of_another_version_is_refused(used):
    other = sqlite3.connect(used)
    other.execute("PRAGMA user_version = 2")
    other.close()
    with pytest.raises(BudgetsUnavailable, match="another version"):
        BudgetLedger.open(used, Limits())


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_ledger_is_refused_or_grants_no_more_than_it_should(used, tmp_path, data):
    """A damaged page is found when it is opened or used; what a changed count hides is the damage's own."""
    raw = bytearray(used.read_bytes())
    at_byte = data.draw(st.integers(0, len(raw) // 512 - 1)) * 512
    raw[at_byte : at_byte + 512] = data.draw(st.sampled_from([bytes(512), b"\xff" * 512, os.urandom(512)]))
    damaged = tmp_path / "damaged" / "budgets.sqlite"
    damaged.parent.mkdir(mode=0o700, exist_ok=True)
    damaged.write_bytes(raw)
    damaged.chmod(0o600)
    try:
        with BudgetLedger.open(damaged, Limits()) as ledger:
            for client in (ONE, of(f"{0:016x}", 1), of(f"{79:016x}", 1)):
                assert not ledger.spend(client, 20, NOON).granted
    except BudgetsUnavailable:
        pass
    for file in damaged.parent.iterdir():
        file.unlink()


def test_a_ledger_that_was_cut_short_is_refused(used):
    os.truncate(used, used.stat().st_size // 2)
    with pytest.raises(BudgetsUnavailable):
        BudgetLedger.open(used, Limits())


def test_a_day_that_was_taken_out_is_no_new_day(used):
    with BudgetLedger.open(used, Limits()) as ledger:
        assert not ledger.spend(ONE, 1, NOON).granted
        other = sqlite3.connect(used)
        other.execute("DELETE FROM day")
        other.commit()
        other.close()
        with pytest.raises(BudgetsUnavailable):
            ledger.spend(ONE, 1, NOON)
        with pytest.raises(BudgetsUnavailable, match="lost its day"):
            ledger.begin_day(NOON)


@pytest.mark.parametrize("how", ["removed", "replaced", "moved"])
def test_a_file_that_is_not_the_one_that_was_opened_is_no_second_budget(used, tmp_path, how):
    with BudgetLedger.open(used, Limits()) as ledger:
        if how == "moved":
            used.rename(tmp_path / "elsewhere")
        else:
            used.unlink()
        if how == "replaced":
            BudgetLedger.open(used, Limits()).close()
        with pytest.raises(BudgetsUnavailable):
            ledger.spend(ONE, 1, NOON + DAY)
        with pytest.raises(BudgetsUnavailable):
            ledger.begin_day(NOON + DAY)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_file_that_others_can_read_is_refused(used, mode):
    used.chmod(mode)
    with pytest.raises(BudgetsUnavailable, match="open to others"):
        BudgetLedger.open(used, Limits())


def test_a_folder_or_a_pipe_in_its_place_is_refused(path, tmp_path):
    path.mkdir()
    with pytest.raises(BudgetsUnavailable):
        BudgetLedger.open(path, Limits())
    os.mkfifo(tmp_path / "pipe", 0o600)
    with pytest.raises(BudgetsUnavailable):
        BudgetLedger.open(tmp_path / "pipe", Limits())
    (tmp_path / "file").touch()
    with pytest.raises(BudgetsUnavailable):
        BudgetLedger.open(tmp_path / "file" / "budgets.sqlite", Limits())


def patience(monkeypatch, seconds):
    """Let ledgers wait so long for a file that somebody else holds: on a machine with much to do, a second is short."""
    for module in (budget_file, budgets):
        monkeypatch.setattr(module, "BUSY_SECONDS", seconds)


def test_a_ledger_that_somebody_holds_grants_nothing_and_goes_on_after(used, monkeypatch):
    patience(monkeypatch, 0.3)
    with BudgetLedger.open(used, Limits()) as ledger:
        holding = sqlite3.connect(used, isolation_level=None, check_same_thread=False)
        holding.execute("BEGIN IMMEDIATE")
        for _ in range(1_000):  # of which the first alone waits
            with pytest.raises(BudgetsUnavailable, match="SQLITE_BUSY"):
                ledger.spend(of("0" * 16), 1, NOON)
        holding.execute("ROLLBACK")
        assert ledger.spend(of("0" * 16), 1, NOON).granted
        patience(monkeypatch, 60)
        waiting = threading.Timer(0.2, holding.execute, ["ROLLBACK"])
        holding.execute("BEGIN IMMEDIATE")
        waiting.start()
        assert ledger.spend(of("0" * 16), 1, NOON).granted
        waiting.join()
        holding.close()


def test_who_will_not_wait_takes_nothing_of_a_ledger_that_somebody_holds(used):
    two = at("198.51.100.7")
    with BudgetLedger.open(used, Limits()) as ledger:
        assert ledger.spend_at_once(two, 1, NOON) is None  # the day has to be begun
        assert ledger.spend(two, 1, NOON).granted
        assert ledger.spend_at_once(two, 1, NOON).granted
        assert ledger.spend_at_once(of("0" * 16), 1, NOON + DAY).granted
        assert ledger.spend_at_once(two, 1, NOON + DAY) is None
        holding = sqlite3.connect(used, isolation_level=None)
        holding.execute("BEGIN IMMEDIATE")
        assert ledger.spend_at_once(two, 1, NOON) is None
        holding.execute("ROLLBACK")
        holding.close()
        with ledger._lock:  # another thread's, which may wait
            assert ledger.spend_at_once(two, 1, NOON) is None
        assert ledger.spend_at_once(two, 1, NOON).allowances[0].left == 17
    with pytest.raises(BudgetsUnavailable):
        ledger.spend_at_once(two, 1, NOON)


def test_a_file_that_was_opened_to_others_while_it_was_in_use_grants_nothing(used):
    with BudgetLedger.open(used, Limits()) as ledger:
        used.chmod(0o666)
        for ask in (ledger.spend, ledger.spend_at_once):
            with pytest.raises(BudgetsUnavailable, match="open to others"):
                ask(of("0" * 16), 1, NOON)
        with pytest.raises(BudgetsUnavailable, match="open to others"):
            ledger.begin_day(NOON)
        used.chmod(0o600)
        assert ledger.spend(of("0" * 16), 1, NOON).granted


def test_a_closed_ledger_grants_nothing(used):
    ledger = BudgetLedger.open(used, Limits())
    ledger.close()
    with pytest.raises(BudgetsUnavailable):
        ledger.spend(of("0" * 16), 1, NOON)
    ledger.close()


FULL = """
import resource, signal, sys
from pathlib import Path
from tests.unit.register.budget_clients import DAY, NOON, Limits, at, of
from floodmark.errors import FloodmarkError
from floodmark.register.budgets import BudgetLedger
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
granted = 0
try:
    ledger = BudgetLedger.open(Path(sys.argv[1]), Limits(address=10**6, network=10**6, server=10**6))
    resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))
    for number in range(5_000):
        granted += ledger.spend(at(f"10.{number // 256}.{number % 256}.1"), 1, NOON).granted
except FloodmarkError as error:
    print(granted, error.slug, error.message)
"""


def test_a_full_disk_ends_what_is_granted_and_what_was_stays_counted(path):
    command = [sys.executable, "-c", FULL, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    granted, slug, _ = done.stdout.split(" ", 2)
    assert (int(granted) > 0, slug) == (True, "budgets-unavailable")
    with BudgetLedger.open(path, WIDE) as ledger:
        left = {one.name: one.left for one in ledger.spend(ONE, 1, NOON).allowances}
        assert left["server"] == WIDE.server - int(granted) - 1


def test_a_ledger_that_cannot_be_written_says_so_before_anybody_asks(used):
    with BudgetLedger.open(used, Limits()) as ledger:
        ledger.begin_day(NOON)
        ledger._connection.execute("PRAGMA query_only = ON")
        with pytest.raises(BudgetsUnavailable):
            ledger.begin_day(NOON)


def test_processes_that_make_the_file_at_the_same_time_use_one(path, monkeypatch):
    """Threads here, each with a connection of its own; the file appears whole or not at all."""
    patience(monkeypatch, 60)
    start, granted, errors = threading.Barrier(8), [], []

    def begin():
        start.wait()
        try:
            with BudgetLedger.open(path, Limits(address=20)) as ledger:
                granted.extend(ledger.spend(ONE, 1, NOON).granted for _ in range(5))
        except FloodmarkError as error:
            errors.append(error)

    threads = [threading.Thread(target=begin) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert sum(granted) == 20
    assert [file.name for file in path.parent.iterdir()] == ["budgets.sqlite"]


def test_no_error_holds_an_address_or_a_path(used):
    used.chmod(0o644)
    with pytest.raises(BudgetsUnavailable) as refused:
        BudgetLedger.open(used, Limits())
    assert str(used.parent) not in refused.value.message + refused.value.hint
