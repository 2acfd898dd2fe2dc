"""The scraper that knows the detector: what it finds is what the rule allows."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from floodmark.guard.evidence import Learned, reference, train
from floodmark.guard.policy import Policy
from floodmark.identifiers.digests import DigestKey
from floodmark.synth.traffic import traffic
from floodmark.synth.traffic.best_strategy import best_of_each, best_strategies, tried_again, yield_of
from floodmark.synth.traffic.numbers import Service
from floodmark.synth.traffic.policy_rule import PolicyRule
from floodmark.synth.traffic.rules import DistinctCount
from floodmark.synth.traffic.strategy import ORDERS, Strategy

KEY = DigestKey(bytes(32))
SERVICE = Service("GB", "DE", 40, 0.15, 3)
STRICT = Policy.of({"profile": "strict", "evidence": {"challenge": 0.05}})


@pytest.fixture(scope="module")
def learned():
    """What a guard learns of honest traffic of the same service."""
    lookups = traffic(KEY, actors=1200, days=10, seed=3, visitors=0).lookups
    half = pl.col("network") % 2 == 0
    model = train(lookups.filter(half))
    return Learned(model, reference(lookups.filter(~half), model))


def test_under_a_distinct_count_it_gets_the_bucket_and_what_leaks():
    best = best_strategies(SERVICE, DistinctCount(), KEY, accounts=2, days=10)[0]
    assert best.identifiers_a_day == pytest.approx((300 + 1440 * 10) / 10, rel=0.01)
    assert best.accounts_for_a_million == 69


def test_who_asks_twice_as_fast_as_a_distinct_count_allows_is_out_within_hours():
    greedy = Strategy(burst=0, per_day=2880.0)
    found = yield_of(SERVICE, greedy, DistinctCount(), KEY, accounts=2, days=10, seed=1)
    assert found.stopped == 1.0
    assert found.identifiers_a_day == pytest.approx(600 / 10, rel=0.02)


def test_under_budgets_it_never_gets_more_than_burst_and_rate():
    for one in best_strategies(SERVICE, PolicyRule(STRICT), KEY, accounts=2, days=5):
        assert one.identifiers_a_day * 5 <= 300 + 1440 * 5
    best = best_strategies(SERVICE, PolicyRule(STRICT), KEY, accounts=2, days=5)[0]
    assert best.identifiers_a_day * 5 == pytest.approx(300 + 1440 * 5, rel=0.02)


def test_evidence_takes_most_from_who_goes_through_a_range_and_nothing_from_who_has_stolen_books(learned):
    got = {}
    for order in ("range", "book"):
        asked = Strategy(300, 1440.0, order)
        for name, rule in (("budgets", PolicyRule(STRICT)), ("both", PolicyRule(STRICT, learned))):
            found = yield_of(SERVICE, asked, rule, KEY, accounts=6, days=5, seed=0)
            got[order, name] = found.identifiers_a_day
    assert got["range", "both"] < got["range", "budgets"] / 10
    assert got["book", "both"] > got["book", "budgets"] * 0.8


def test_where_evidence_looks_every_order_is_tried(learned):
    found = best_strategies(SERVICE, PolicyRule(STRICT, learned), KEY, accounts=1, days=1)
    best = best_of_each(found)
    covered = [(one.strategy.order, one.strategy.cover > 0) for one in best]
    assert set(covered) == {*((order, False) for order in ORDERS), *((order, True) for order in ORDERS[:3])}
    assert len(covered) == 7
    assert best[0] == found[0]
    assert [one.identifiers_a_day for one in best] == sorted(
        (one.identifiers_a_day for one in best), reverse=True
    )


def test_who_first_asks_for_what_many_ask_for_is_past_the_last_checkpoint_unseen(learned):
    disguised = Strategy(1080, 0.0, "range", cover=1.0, covered=540)
    both = PolicyRule(STRICT, learned).evidence
    plain, hidden = (
        yield_of(SERVICE, one, both, KEY, accounts=6, days=1, seed=0)
        for one in (replace(disguised, cover=0.0), disguised)
    )
    assert plain.identifiers_a_day < 200
    assert hidden.identifiers_a_day > 500


@pytest.mark.parametrize(("cover", "covered", "left"), [(0.5, 0, 500), (0.8, 0, 200), (1.0, 540, 460)])
def test_cover_is_no_yield(cover, covered, left):
    strategy = Strategy(1000, 0.0, "spread", cover=cover, covered=covered)
    found = yield_of(SERVICE, strategy, DistinctCount(10**6, 1.0), KEY, accounts=2, days=1, seed=0)
    assert found.identifiers_a_day == pytest.approx(left, abs=3)


def test_it_comes_to_the_same_when_it_begins_again():
    rule = DistinctCount(50, 1 / 600)
    assert best_strategies(SERVICE, rule, KEY, days=2) == best_strategies(SERVICE, rule, KEY, days=2)


def test_what_is_said_of_the_best_is_measured_anew():
    rule = DistinctCount()
    best = best_of_each(best_strategies(SERVICE, rule, KEY, days=4, seed=1))
    again = tried_again(SERVICE, best, rule, KEY, seed=2)
    assert [one.strategy for one in again] == [one.strategy for one in best]
    assert again != best
    assert again[0].identifiers_a_day == pytest.approx(best[0].identifiers_a_day, rel=0.02)


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("human", [False, True])
def test_a_strategy_asks_for_as_much_as_it_says(order, human):
    strategy = Strategy(40, 100.0, order, 0.6, human)
    rule = DistinctCount(10**6, 1.0)
    found = yield_of(SERVICE, strategy, rule, KEY, accounts=3, days=4, seed=2)
    assert found.identifiers_a_day * 4 == pytest.approx(sum(strategy.asked_by_day(4)), rel=0.15)
