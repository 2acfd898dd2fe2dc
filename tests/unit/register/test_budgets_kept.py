"""What stands in the file of the budgets, and what is gone from it when the day is over."""

from __future__ import annotations

import hashlib
import os
import signal
import sqlite3
import subprocess
import sys
from itertools import chain
from pathlib import Path
from random import Random

import pytest

from floodmark.guard.address_blocks import blocks
from floodmark.register.budgets import BudgetLedger

from .budget_clients import DAY, NOON, Limits, at, of

ROOT = Path(__file__).parents[3]
ASKING = [at("203.0.113.7"), at("2001:db8:12:3400::1"), at("198.51.100.77")]
WIDE = Limits(address=10**6, network=10**6, server=10**9)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "budgets.sqlite"


def everything(path):
    """All bytes that lie there."""
    return b"".join(file.read_bytes() for file in sorted(path.parent.iterdir()))


def pages(path):
    """The same without what SQLite draws anew for its log, where any four bytes turn up in the long run."""
    kept = path.read_bytes()
    if (log := path.with_name(path.name + "-wal")).exists() and (raw := log.read_bytes()):
        size = int.from_bytes(raw[8:12])  # https://sqlite.org/fileformat2.html#walformat
        kept += b"".join(raw[at + 24 : at + 24 + size] for at in range(32, len(raw), 24 + size))
    return kept


def salt_of(path):
    reading = sqlite3.connect(path)
    try:
        return reading.execute("SELECT salt FROM day").fetchone()[0]
    finally:
        reading.close()


def spellings(address):
    """An address and its blocks as text, as bytes, and under hashes that anyone can compute."""
    texts = {str(address), address.exploded, address.compressed}
    plain = {address.packed, *blocks(address), *(block[1:] for block in blocks(address))}
    clear = plain | {text.encode() for text in texts}
    hashes = [hashlib.md5, hashlib.sha1, hashlib.sha256, hashlib.sha512, hashlib.blake2b, hashlib.blake2s]
    hashed = {make(one).digest() for make in hashes for one in clear}
    hashed |= {hashlib.blake2b(one, digest_size=16).digest() for one in clear}
    return {one for one in clear if len(one) >= 4}, hashed | {one.hex().encode() for one in hashed}


def test_no_address_stands_in_it_in_clear_or_under_a_hash_without_a_key(path):
    with BudgetLedger.open(path, Limits(), random=Random(1).randbytes) as ledger:
        for client in ASKING:
            ledger.spend(client, 1, NOON)
            ledger.spend(client, 100, NOON)
        found, written = everything(path), pages(path)
    assert salt_of(path) in written
    for client in ASKING:
        clear, hashed = spellings(client.address)
        assert not any(one in written for one in clear)
        assert not any(one[:12] in found for one in hashed)
    assert len(written) > 4_000


def test_the_same_address_has_another_hash_on_another_day_and_in_another_file(path, tmp_path):
    found = []
    for file, now in ((path, NOON), (path, NOON + DAY), (tmp_path / "other" / "b.sqlite", NOON)):
        with BudgetLedger.open(file, Limits()) as ledger:
            ledger.spend(ASKING[0], 1, now)
        reading = sqlite3.connect(file)
        found += [{who for (who,) in reading.execute("SELECT who FROM spent WHERE who != x''")}]
        reading.close()
    assert [len(one) for one in found] == [2, 2, 2]
    assert len(set(chain(*found))) == 6


def test_the_salt_of_a_day_is_gone_from_every_file_when_the_next_begins(path):
    """While two processes have the file open, whose log would else hold it."""
    with BudgetLedger.open(path, WIDE) as ledger, BudgetLedger.open(path, WIDE) as other:
        for number in range(500):
            ledger.spend(at(f"203.0.{number % 256}.{number // 256}"), 1, NOON)
        other.spend(ASKING[0], 1, NOON)
        before, rows = salt_of(path), hashes_of(path)
        assert before in everything(path) and len(rows) > 500
        ledger.spend(ASKING[0], 1, NOON + DAY)
        found = everything(path)
        assert before not in found
        assert not any(row in found for row in rows)
        assert salt_of(path) != before
        other.spend(ASKING[0], 1, NOON + DAY)
    assert before not in everything(path)


def hashes_of(path):
    reading = sqlite3.connect(path)
    try:
        return [who for (who,) in reading.execute("SELECT who FROM spent WHERE who != x''")]
    finally:
        reading.close()


def test_looking_after_the_ledger_forgets_a_day_though_nobody_asks(path):
    with BudgetLedger.open(path, Limits()) as ledger:
        ledger.spend(ASKING[0], 1, NOON)
        before = salt_of(path)
        ledger.begin_day(NOON + DAY)
        assert before not in everything(path)


def test_a_salt_that_somebody_still_reads_goes_as_soon_as_they_end(path):
    with BudgetLedger.open(path, Limits()) as ledger:
        ledger.spend(ASKING[0], 1, NOON)
        before = salt_of(path)
        reading = sqlite3.connect(path, isolation_level=None)
        reading.execute("BEGIN")
        reading.execute("SELECT count(*) FROM spent").fetchone()
        assert ledger.spend(ASKING[0], 1, NOON + DAY).granted
        assert before in everything(path)
        reading.execute("COMMIT")
        assert ledger.spend(ASKING[0], 1, NOON + DAY).granted
        assert before not in everything(path)
        reading.close()


KILLED = """
import os, signal, sys
from pathlib import Path
from tests.unit.register.budget_clients import DAY, NOON, Limits, at
from floodmark.register.budgets import BudgetLedger
ledger = BudgetLedger.open(Path(sys.argv[1]), Limits())
ledger.spend(at("203.0.113.7"), 1, NOON)
print(ledger._day._salt.hex(), flush=True)
ledger._day._wipe = lambda: os.kill(os.getpid(), signal.SIGKILL)
ledger.spend(at("203.0.113.7"), 1, NOON + DAY)
"""


def test_a_salt_that_a_kill_left_in_the_log_goes_with_the_next_start(path):
    command = [sys.executable, "-c", KILLED, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == -signal.SIGKILL
    before = bytes.fromhex(done.stdout.strip())
    assert before in everything(path)
    with BudgetLedger.open(path, Limits()) as ledger:
        assert ledger.spend(ASKING[0], 19, NOON + DAY).granted
        assert before not in everything(path)


def test_organisations_stay_when_a_day_goes(path):
    with BudgetLedger.open(path, Limits()) as ledger:
        ledger.spend(of("0123456789abcdef", 100), 60, NOON)
        ledger.spend(ASKING[0], 1, NOON)
        ledger.spend(ASKING[0], 1, NOON + DAY)
        assert ledger.spend(of("0123456789abcdef", 100), 1, NOON).allowances[0].left == 39


def test_refusals_add_no_row_so_that_the_server_s_ceiling_bounds_the_file(path):
    with BudgetLedger.open(path, Limits(address=1, network=10**6, server=100)) as ledger:
        granted = sum(ledger.spend(at(f"10.{n // 256}.{n % 256}.1"), 1, NOON).granted for n in range(1_000))
    assert granted == 100
    assert len(hashes_of(path)) <= 2 * 100
    assert path.stat().st_size < 40_000


def test_the_files_are_the_user_s_alone(path):
    before = os.umask(0)
    try:
        with BudgetLedger.open(path, Limits()) as ledger:
            ledger.spend(ASKING[0], 1, NOON)
            assert {file.stat().st_mode & 0o777 for file in path.parent.iterdir()} == {0o600}
    finally:
        os.umask(before)
    assert [file.name for file in path.parent.iterdir()] == ["budgets.sqlite"]
