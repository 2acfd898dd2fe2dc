"""Limits, as a policy has them, and the profiles that there are."""

from __future__ import annotations

import tomllib

import pytest

from floodmark.guard.budgets import PROFILES, BadLimit, Limit, hierarchy, limit_of
from floodmark.guard.budgets.limits import DAY


@pytest.mark.parametrize(
    ("level", "burst", "per_second"),
    [
        ("planet", 1, 1.0),
        ("account", 0, 1.0),
        ("account", -5, 1.0),
        ("account", 10**13, 1.0),
        ("account", 1.5, 1.0),
        ("account", True, 1.0),
        ("account", 1, 0.0),
        ("account", 1, -1.0),
        ("account", 1, float("nan")),
        ("account", 1, float("inf")),
        ("account", 1, 1e7),
        ("account", 10**12, 1 / DAY),
    ],
)
def test_a_limit_that_could_not_be_kept_is_refused(level, burst, per_second) -> None:
    with pytest.raises(BadLimit):
        Limit(level, burst, per_second)


@pytest.mark.parametrize(
    "table",
    [
        {},
        {"level": "account", "burst": 1},
        {"level": "account", "burst": 1, "per_hour": 1, "per_day": 1},
        {"level": "account", "burst": 1, "per_hour": "6"},
        {"level": "account", "burst": 1, "per_hour": True},
        {"level": "account", "burst": "many", "per_hour": 1},
        {"level": 7, "burst": 1, "per_hour": 1},
        {"level": "account", "burst": 1, "per_hour": 1, "endpoints": "contacts"},
        {"level": "account", "burst": 1, "per_hour": 1, "endpoints": [""]},
        {"level": "account", "burst": 1, "per_hour": 1, "besides": [1]},
        {"level": "account", "burst": 1, "per_hour": 1, "bursts": 1},
        {"level": "account", "burst": 1, "per_hour": 10**400},
        {"level": "account", "burst": 1, "per_day": 10**12},
    ],
)
def test_a_table_that_is_no_limit_is_refused(table) -> None:
    with pytest.raises(BadLimit) as caught:
        limit_of(table)
    assert caught.value.hint and caught.value.exit_code == 2


def test_a_limit_is_read_from_a_policy_file() -> None:
    text = "level = 'account'\nburst = 20_000\nper_day = 20_000\nendpoints = ['a', 'b']\nbesides = ['b']"
    limit = limit_of(tomllib.loads(text))
    assert limit == Limit("account", 20_000, 20_000 / DAY, ("a", "b"), ("b",))
    assert [limit.applies(endpoint) for endpoint in "abc"] == [True, False, False]


def test_what_comes_back_is_never_more_than_the_rate_says() -> None:
    for per_second in (1 / 3, 6 / 3600, 20_000 / DAY, 7.3, 999_999.9):
        limit = Limit("account", 10, per_second)
        assert 10**9 / limit.cost <= per_second
        assert limit.capacity == 10 * limit.cost


def test_profiles_have_the_numbers_that_they_are_known_for_and_ten_limits_at_most() -> None:
    signal = PROFILES["signal"][0]
    assert (signal.level, signal.burst, signal.per_second * 3600) == ("account", 50_000, 6)
    full, delta = PROFILES["contacts"][:2]
    assert (full.burst, full.per_second, full.applies("contacts/full")) == (20_000, 2_000 / DAY, True)
    assert (delta.burst, delta.per_second, delta.applies("contacts/full")) == (20_000, 20_000 / DAY, False)
    for limits in PROFILES.values():
        assert len(limits) <= 10
        assert {limit.level for limit in limits} == {"account", "prefix", "network", "app", "cohort"}


def test_every_endpoint_has_a_limit_at_every_level_of_every_profile() -> None:
    for limits in PROFILES.values():
        for endpoint in ("contacts/full", "contacts/delta", "anything"):
            assert len({limit.level for limit in limits if limit.applies(endpoint)}) == 5


def test_a_hierarchy_is_an_account_and_multiples_of_it() -> None:
    limits = hierarchy(Limit("account", 10, 0.5, ("a",)), shared=[("network", 4)])
    assert limits == (Limit("account", 10, 0.5, ("a",)), Limit("network", 40, 2.0, ("a",)))


def test_what_a_limit_has_not_is_named_shortly_and_without_control_characters() -> None:
    with pytest.raises(BadLimit) as raised:
        limit_of({"level": "account", "burst": 1, "per_hour": 1, "\x1b[31m" + "z" * 60_000: 1})
    assert len(str(raised.value)) < 100
    assert "\x1b" not in str(raised.value)
