"""Decisions on blind evaluations."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from ipaddress import ip_address, ip_network
from typing import NamedTuple

import pytest

from floodmark.errors import UsageError
from floodmark.guard.blind import Exemption, decided, is_exempt, read_exemption
from floodmark.guard.decision import Action


class Limit(NamedTuple):
    name: str
    quota: int
    left: int


def test_what_is_granted_needs_no_reason() -> None:
    assert decided(3, True, [Limit("address", 20, 0)], None).action is Action.ALLOW


def test_a_refusal_names_every_limit_that_is_too_tight_the_tightest_first() -> None:
    limits = [Limit("address", 20, 2), Limit("network", 5_000, 1), Limit("server", 9_000, 9_000)]
    decision = decided(3, False, limits, 60)
    assert (decision.action, decision.refused, decision.retry_after) == (Action.DENY, (0, 1, 2), 60)
    assert [reason.level for reason in decision.reasons] == ["network", "address"]
    assert (
        decision.reasons[0].text == "4,999 of the 5,000 evaluations for one network of addresses are spent, "
        "and 3 were asked for."
    )
    assert dict(decision.reasons[1].numbers) == {"quota": 20, "left": 2, "asked": 3}


def test_an_exemption_ends_with_its_last_day_in_utc() -> None:
    one = Exemption(ip_network("2001:db8::/32"), date(2026, 3, 1))
    late = datetime(2026, 3, 1, 23, 59, tzinfo=timezone(timedelta(hours=-5)))
    assert not is_exempt(ip_address("2001:db8::7"), [one], late)
    assert is_exempt(ip_address("2001:db8::7"), [one], late - timedelta(hours=5))


def test_other_networks_and_the_other_version_are_not_exempt() -> None:
    one = Exemption(ip_network("192.0.2.0/24"), date(2026, 3, 1))
    now = datetime(2026, 1, 1, tzinfo=UTC)
    for text, exempt in {
        "192.0.2.255": True,
        "::ffff:192.0.2.1": True,
        "192.0.3.0": False,
        "::1": False,
    }.items():
        assert is_exempt(ip_address(text), [one], now) is exempt
    assert not is_exempt(ip_address("192.0.2.1"), [], now)


@pytest.mark.parametrize(
    "text", ["", "192.0.2.0/24", "192.0.2.1/24=2026-01-01", "192.0.2.0/24=soon", "=2026-01-01"]
)
def test_what_is_no_exemption_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"192\.0\.2\.0/24=2026-12-31"):
        read_exemption(text)
