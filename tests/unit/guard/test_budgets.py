"""Budgets of new identifiers: what is granted, what is refused, and what is said of it."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.guard.actors import Actor
from floodmark.guard.budgets import PROFILES, BadLimit, Budgets, Limit
from floodmark.guard.reduction import Reduced
from floodmark.kernel import library

MEMORY = 1 << 20
ADA, BO = Actor(account=1, prefix=9), Actor(account=2, prefix=9)


def identifiers(*digests: int) -> list[Reduced]:
    return [Reduced(digest, block=0, position=0) for digest in digests]


@pytest.fixture(params=[library.kernel, None], ids=["kernel", "plain"])
def budgets(request):
    def made(*limits: Limit, memory: int = MEMORY) -> Budgets:
        return Budgets(limits, memory=memory, kernel=request.param)

    return made


def test_asking_again_is_free_even_when_nothing_is_left(budgets) -> None:
    taking = budgets(Limit("account", 2, 1 / 60))
    assert taking.take(0.0, ADA, "x", identifiers(1, 2)).new == 2
    again = taking.take(0.0, ADA, "x", identifiers(2, 1, 1))
    assert (again.granted, again.new, again.standings[0].used) == ((0, 1, 2), 0, 2.0)
    assert taking.take(0.0, ADA, "x", identifiers(3)).refused == (0,)


def test_a_batch_is_granted_in_order_up_to_the_budget_and_the_rest_is_named(budgets) -> None:
    taken = budgets(Limit("account", 3, 1 / 60)).take(0.0, ADA, "x", identifiers(5, 6, 5, 7, 8, 6, 9))
    assert taken.granted == (0, 1, 2, 3, 5)
    assert taken.refused == (4, 6)
    assert taken.new == 3
    assert taken.retry_after == 60.0


def test_what_was_refused_is_not_known_afterwards(budgets) -> None:
    taking = budgets(Limit("account", 1, 1.0))
    assert taking.take(0.0, ADA, "x", identifiers(1, 2)).refused == (1,)
    assert taking.take(1.0, ADA, "x", identifiers(2)).new == 1
    assert taking.take(1.0, ADA, "x", identifiers(3, 2)).refused == (0,)


def test_a_grant_needs_room_at_every_level_and_a_refusal_costs_at_none(budgets) -> None:
    taking = budgets(Limit("account", 2, 1.0), Limit("prefix", 3, 1 / 60))
    assert taking.take(0.0, ADA, "x", identifiers(1, 2)).refused == ()
    taken = taking.take(0.0, BO, "x", identifiers(3, 4))
    assert taken.refused == (1,)
    assert [taken.limits[place].level for place in taken.full] == ["prefix"]
    assert [standing.used for standing in taken.standings] == [1.0, 3.0]
    assert taken.retry_after == 60.0


def test_what_one_account_of_a_prefix_asked_costs_the_prefix_nothing_when_another_asks(budgets) -> None:
    taking = budgets(Limit("account", 5, 1.0), Limit("prefix", 2, 1.0))
    taking.take(0.0, ADA, "x", identifiers(1, 2))
    taken = taking.take(0.0, BO, "x", identifiers(2, 1))
    assert [standing.used for standing in taken.standings] == [2.0, 2.0]
    assert taken.refused == ()


def test_a_budget_comes_back_at_its_rate_and_no_further_than_its_burst(budgets) -> None:
    taking = budgets(Limit("account", 4, 1 / 10))
    taking.take(0.0, ADA, "x", identifiers(1, 2, 3, 4))
    assert taking.take(9.999, ADA, "x", identifiers(5)).retry_after == pytest.approx(0.001)
    assert taking.take(10.0, ADA, "x", identifiers(5)).refused == ()
    assert taking.standing(25.0, ADA, "x")[0].used == pytest.approx(2.5)
    assert taking.take(10**6, ADA, "x", identifiers(*range(10, 20))).refused == tuple(range(4, 10))


def test_a_clock_that_goes_back_gives_nothing_back_and_one_that_returns_neither(budgets) -> None:
    taking = budgets(Limit("account", 2, 1 / 60))
    taking.take(1000.0, ADA, "x", identifiers(1, 2))
    for at in (0.0, 1000.0, 500.0, 1059.0, 10.0):
        assert taking.take(at, ADA, "x", identifiers(3)).refused == (0,)
    assert taking.take(1060.0, ADA, "x", identifiers(3)).refused == ()


def test_a_time_before_1970_or_after_2096_is_one_like_any_other(budgets) -> None:
    taking = budgets(Limit("account", 1, 1 / 60))
    for actor, at in ((ADA, -1e12), (BO, 1e18)):
        assert taking.take(at, actor, "x", identifiers(1, 2)).refused == (1,)


@pytest.mark.parametrize("at", [float("nan"), float("inf"), float("-inf")])
def test_a_time_that_is_none_is_an_error_and_changes_nothing(budgets, at) -> None:
    taking = budgets(Limit("account", 1, 1 / 60))
    with pytest.raises((ValueError, OverflowError)):
        taking.take(at, ADA, "x", identifiers(1))
    assert taking.counts()["asked"] == 0


def test_a_limit_of_some_endpoints_leaves_the_others_alone(budgets) -> None:
    taking = budgets(
        Limit("account", 1, 1 / 60, endpoints=("full",)), Limit("account", 2, 1 / 60, besides=("full",))
    )
    assert taking.take(0.0, ADA, "full", identifiers(1, 2)).refused == (1,)
    assert taking.take(0.0, ADA, "delta", identifiers(1, 2, 3)).refused == (2,)
    assert taking.take(0.0, ADA, "other", identifiers(1, 2, 3)).refused == (2,)


def test_two_limits_about_the_same_both_hold(budgets) -> None:
    taking = budgets(Limit("account", 2, 1.0), Limit("account", 3, 1 / 60))
    assert taking.take(0.0, ADA, "x", identifiers(1, 2, 3)).refused == (2,)
    assert taking.take(10.0, ADA, "x", identifiers(4, 5)).refused == (1,)


def test_an_actor_without_account_is_counted_by_its_address_and_those_without_both_as_one(budgets) -> None:
    taking = budgets(Limit("account", 1, 1 / 60), Limit("prefix", 9, 1.0))
    assert taking.take(0.0, Actor(address=5), "x", identifiers(1, 2)).refused == (1,)
    assert taking.take(0.0, Actor(account=5, address=5), "x", identifiers(3)).refused == (0,)
    assert taking.take(0.0, Actor(device=1), "x", identifiers(1)).refused == ()
    nobody = taking.take(0.0, Actor(device=2), "x", identifiers(2))
    assert nobody.refused == (0,)
    assert [standing.level for standing in nobody.standings] == ["account"]


def test_without_limits_everything_is_granted(budgets) -> None:
    taken = budgets().take(0.0, ADA, "x", identifiers(*range(1000)))
    assert (len(taken.granted), taken.standings, taken.retry_after) == (1000, (), None)


def test_asking_for_nothing_says_how_things_stand_and_changes_nothing(budgets) -> None:
    taking = budgets(Limit("account", 2, 1 / 60))
    taking.take(0.0, ADA, "x", identifiers(1, 2))
    before = taking.counts()
    (standing,) = taking.standing(30.0, ADA, "x")
    assert (standing.used, standing.burst, standing.empty_in, standing.retry_after) == (1.5, 2, 90.0, 30.0)
    assert taking.counts() == before


def test_millions_of_endpoints_take_no_more_memory_than_a_thousand(budgets) -> None:
    taking = budgets(Limit("account", 1, 1.0))
    for number in range(3000):
        taking.take(0.0, ADA, str(number), identifiers(1))
    assert len(taking._plans) <= 1024


def test_seventeen_limits_are_too_many() -> None:
    with pytest.raises(BadLimit, match="at most 16"):
        Budgets([Limit("account", n + 1, 1.0) for n in range(17)], memory=MEMORY)


def test_a_flood_of_actors_who_ask_once_is_held_by_the_levels_that_they_share() -> None:
    limits = [limit for limit in PROFILES["strict"] if limit.level in ("account", "prefix")]
    taking = Budgets(limits, memory=1 << 18)
    most = limits[1].burst
    batches = (
        taking.take(0.0, Actor(account=n + 1, prefix=7), "x", identifiers(n)) for n in range(most + 50)
    )
    assert sum(len(taken.granted) for taken in batches) == most
    assert taking.counts()["folded"] > 0
    assert taking.bytes <= 1 << 18


def test_threads_that_take_together_are_granted_no_more_than_one_would_be(budgets) -> None:
    taking = budgets(Limit("account", 500, 1 / 3600))
    granted: list[int] = []

    def ask(start: int) -> None:
        got = [taking.take(0.0, ADA, "x", identifiers(start + n)).new for n in range(400)]
        granted.append(sum(got))

    threads = [threading.Thread(target=ask, args=(start,)) for start in (0, 1000, 2000)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(granted) == 500


@given(st.lists(st.integers(0, 2**64 - 1), max_size=40), st.integers(1, 30))
def test_granted_and_refused_are_the_whole_batch_and_new_never_exceeds_the_burst(digests, burst) -> None:
    taken = Budgets([Limit("account", burst, 1e-3)], memory=1 << 16).take(
        0.0, ADA, "x", identifiers(*digests)
    )
    assert sorted(taken.granted + taken.refused) == list(range(len(digests)))
    assert taken.new == min(len(set(digests)), burst)
    assert {digests[place] for place in taken.granted}.isdisjoint(digests[place] for place in taken.refused)
