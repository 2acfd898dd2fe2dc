"""How budgets stand is read beside a ledger that is in use, and tells of no address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest

from floodmark.register.budget_file import BudgetsUnavailable
from floodmark.register.budget_standing import OrganisationStanding, read_standing
from floodmark.register.budgets import BudgetLedger

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


@dataclass
class Organisation:
    key: str
    epoch: int = 1
    quota: int = 100


@dataclass
class Somebody:
    address: IPv4Address | IPv6Address
    organisation: Organisation | None = None
    exempt: bool = False


@dataclass
class Limits:
    address: int = 20
    network: int = 100
    server: int = 1_000


def test_what_was_evaluated_today_and_by_organisations_is_read_while_the_ledger_is_open(tmp_path):
    path = tmp_path / "budgets.sqlite"
    with BudgetLedger.open(path, Limits()) as ledger:
        for number in range(3):
            ledger.spend(Somebody(ip_address(f"203.0.113.{number}")), 2, NOON)
        asking = ip_address("203.0.113.9")
        ledger.spend(Somebody(asking, Organisation("b" * 16)), 7, NOON)
        ledger.spend(Somebody(asking, Organisation("a" * 16, epoch=2)), 5, NOON)
        found = read_standing(path)
        assert ledger.spend(Somebody(asking), 1, NOON).granted
    assert found is not None
    assert (found.day, found.elements, found.quota) == (date(2026, 1, 31), 6, 1_000)
    assert found.organisations == (
        OrganisationStanding("a" * 16, 2, 5, 100),
        OrganisationStanding("b" * 16, 1, 7, 100),
    )
    assert "203" not in repr(found)


def test_before_anybody_asked_there_is_nothing_to_tell(tmp_path):
    assert read_standing(tmp_path / "budgets.sqlite") is None
    BudgetLedger.open(tmp_path / "budgets.sqlite", Limits()).close()
    found = read_standing(tmp_path / "budgets.sqlite")
    assert found is not None and (found.day, found.elements, found.organisations) == (None, 0, ())


def test_what_is_no_ledger_is_said_to_be_none(tmp_path):
    path = tmp_path / "budgets.sqlite"
    path.touch(mode=0o600)
    path.write_bytes(b"something else entirely" * 100)
    with pytest.raises(BudgetsUnavailable):
        read_standing(path)
