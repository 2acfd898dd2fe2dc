"""Whatever happens in whatever order, the ledger grants what a plain count of the same would, and never more.

Two processes whose clocks go ahead and back; restarts, kills, what is given back, attested numbers that change.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter
from datetime import timedelta
from pathlib import Path
from tempfile import mkdtemp

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, multiple, rule

from floodmark.guard.address_blocks import blocks
from floodmark.register.budgets import BudgetLedger

from .budget_clients import NOON, Client, Limits, at, of

LIMITS = Limits(address=5, network=8, server=12)
SECONDS = 86_400
ADDRESSES = [
    "203.0.113.7",
    "203.0.113.8",
    "198.51.100.1",
    "2001:db8::1",
    "2001:db8:0:ff::1",
    "::ffff:203.0.113.7",
]


def day_of(moment):
    return int(moment.timestamp() // SECONDS)


class Ledger(RuleBasedStateMachine):
    """The ledgers of two processes on one file, beside what they should have granted."""

    granted = Bundle("granted")

    @initialize()
    def begin(self):
        self.folder = Path(mkdtemp())
        self.ledgers = [self.opened(), self.opened()]
        self.clocks = [NOON, NOON]
        self.day = day_of(NOON) - 1
        self.spent: Counter[object] = Counter()

    def opened(self):
        return BudgetLedger.open(self.folder / "budgets.sqlite", LIMITS)

    def limits(self, client: Client):
        """Every count that a client bears on, with its limit."""
        if client.organisation:
            whose = client.organisation
            return {(whose.key, whose.epoch): whose.quota}
        block, network = blocks(client.address)
        return {block: LIMITS.address, network: LIMITS.network, "server": LIMITS.server}

    def turn(self, now):
        if day_of(now) > self.day:
            self.day = day_of(now)
            for key in [key for key in self.spent if not isinstance(key, tuple)]:
                del self.spent[key]

    def ask(self, which, client, elements):
        now = self.clocks[which]
        verdict = self.ledgers[which].spend(client, elements, now)
        if not client.organisation:
            self.turn(now)
        limits = self.limits(client)
        expected = all(self.spent[key] + elements <= limit for key, limit in limits.items())
        assert verdict.granted is expected
        if expected:
            self.spent.update(dict.fromkeys(limits, elements))
        told = sorted(one.left for one in verdict.allowances)
        assert told == sorted(max(limit - self.spent[key], 0) for key, limit in limits.items())
        assert [one.left for one in verdict.allowances] == told
        return multiple((client, elements, now)) if expected else multiple()

    which = st.integers(0, 1)

    @rule(target=granted, which=which, address=st.sampled_from(ADDRESSES), elements=st.integers(1, 6))
    def somebody_asks(self, which, address, elements):
        return self.ask(which, at(address), elements)

    @rule(
        target=granted,
        which=which,
        key=st.sampled_from("ab"),
        epoch=st.integers(1, 2),
        quota=st.sampled_from([6, 9]),
        elements=st.integers(1, 5),
    )
    def an_organisation_asks(self, which, key, epoch, quota, elements):
        return self.ask(which, of(key, quota, epoch), elements)

    @rule(which=which, spent=consumes(granted))
    def it_is_given_back(self, which, spent):
        client, elements, now = spent
        self.ledgers[which].give_back(client, elements, now)
        if client.organisation or day_of(now) == self.day:
            self.spent.subtract(dict.fromkeys(self.limits(client), elements))

    @rule(which=which, hours=st.sampled_from([-30, -11, -1, 1, 11, 30]))
    def a_clock_is_changed(self, which, hours):
        self.clocks[which] += timedelta(hours=hours)

    @rule(which=which)
    def a_process_restarts(self, which):
        self.ledgers[which].close()
        self.ledgers[which] = self.opened()

    @rule(which=which)
    def the_machine_is_copied_as_it_stands_and_goes_on_from_the_copy(self, which):
        """What a kill of both leaves: the file, and a log that nobody has put into it."""
        copy = Path(mkdtemp())
        for name in ("budgets.sqlite", "budgets.sqlite-wal"):
            if (self.folder / name).exists():
                shutil.copy(self.folder / name, copy / name)
        self.end()
        self.folder = copy
        self.ledgers = [self.opened(), self.opened()]

    @rule(which=which)
    def it_is_looked_after(self, which):
        now = self.clocks[which]
        if day_of(now) >= self.day - 1:
            self.ledgers[which].begin_day(now)
            self.turn(now)

    @invariant()
    def no_count_is_over_its_limit_and_no_row_is_of_nobody(self):
        if not hasattr(self, "ledgers"):
            return
        reading = sqlite3.connect(self.folder / "budgets.sqlite")
        rows = reading.execute("SELECT elements, quota FROM spent").fetchall()
        reading.close()
        assert all(0 < elements <= quota for elements, quota in rows)
        assert len(rows) == sum(
            1 for key, count in self.spent.items() if count and not isinstance(key, tuple)
        )

    def end(self):
        for ledger in self.ledgers:
            ledger.close()
        shutil.rmtree(self.folder)

    def teardown(self):
        if hasattr(self, "ledgers"):
            self.end()


TestLedger = Ledger.TestCase
TestLedger.settings = settings(max_examples=30, stateful_step_count=40)
