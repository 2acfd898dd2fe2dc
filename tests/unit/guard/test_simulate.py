"""A policy on past lookups does what a guard would have done to each of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark.guard import SCHEMA, Action, Actor, AllowList, Canaries, CanarySet, Guard, Policy, Reduced
from floodmark.guard.actors import PARTS
from floodmark.guard.budgets import Budgets
from floodmark.guard.evidence import Learned, Watch
from floodmark.guard.simulate import SIMULATED, simulate
from floodmark.guard.simulate_summary import Simulation, summary
from floodmark.identifiers.digests import DigestKey

from . import made_up_lookups as made

KEY = DigestKey(bytes(range(32)))
START = datetime(2026, 1, 5, tzinfo=UTC)
POLICY = """
[[limit]]
level = "account"
burst = 3
per_hour = 6
[[limit]]
level = "prefix"
burst = 5
per_hour = 20
endpoints = ["contacts"]
[used]
delay = 0.5
coarsen = 0.9
[canaries]
delay = 1
challenge = 2
deny = 3
"""
CANARIES = Canaries([CanarySet("blue", "phone", "", 100, 100, 0, START.timestamp(), (7, 8, 9))])
ALLOWED = AllowList().with_one("account", 3, "Own", START.timestamp(), START.timestamp() + 3000)

_ROW = st.tuples(
    st.integers(0, 900),  # seconds since the one before
    st.integers(0, 3),  # account
    st.sampled_from([0, 101, 102]),  # address
    st.sampled_from([0, 201]),  # prefix
    st.sampled_from(["contacts", "search"]),
    st.integers(1, 9),  # identifier
)


def table(rows: list[tuple[int, int, int, int, str, int]]) -> pl.DataFrame:
    at, columns = START, []
    for after, account, address, prefix, endpoint, identifier in rows:
        at += timedelta(seconds=after)
        known = dict.fromkeys(PARTS, 0) | {"account": account, "address": address, "prefix": prefix}
        rest = {"kind": "phone", "identifier": identifier, "block": 1, "position": identifier, "hit": None}
        columns.append({"at": at, **known, "endpoint": endpoint, **rest})
    return pl.DataFrame(columns, schema=SCHEMA)


def one_by_one(lookups: pl.DataFrame, guard: Guard) -> list[tuple[int, bool]]:
    """Action of each lookup, and whether a budget refused it."""
    found = []
    for row in lookups.iter_rows(named=True):
        actor = Actor(**{part: row[part] for part in PARTS})
        asked = [Reduced(row["identifier"], row["block"], row["position"])]
        at = row["at"].timestamp()
        decision = guard.decide(at, actor, row["endpoint"], asked)
        found.append((int(decision.action), bool(decision.refused) and decision.action < Action.CHALLENGE))
        guard.observe(at, actor, row["endpoint"], asked, [row["hit"]])
    return found


@settings(max_examples=50)
@given(st.lists(_ROW, max_size=40))
def test_a_policy_tried_on_the_past_does_what_a_guard_would_have_done(
    rows: list[tuple[int, int, int, int, str, int]],
) -> None:
    lookups, policy = table(rows), Policy.from_toml(POLICY)
    guard = Guard(policy, KEY, Budgets(policy.limits), CANARIES, ALLOWED)
    simulated = simulate(lookups, policy, canaries=CANARIES, allowed=ALLOWED)
    assert simulated.select("action", "refused").rows() == one_by_one(lookups, guard)
    assert simulated.columns == [*SCHEMA, *SIMULATED]
    assert simulated.select(*SCHEMA).equals(lookups)


@pytest.fixture(scope="module")
def learned() -> Learned:
    return Learned(*made.learned(), "")


def test_evidence_on_the_past_acts_where_it_would_have_acted_while_it_came_in(learned: Learned) -> None:
    lookups = pl.concat([made.lookups(5, 60, first=9000), made.scrapers(6, 3, 600)])
    lookups = lookups.sort("at", maintain_order=True)
    policy = Policy.from_toml("profile = 'signal'\n[evidence]\nepsilon = 0\nchallenge = 0.5\ndeny = 0.2")
    start = lookups["at"][0].timestamp()
    watch = Watch(learned.model, learned.reference, alpha=policy.alpha, epsilon=0.0, start=start)
    guard = Guard(policy, KEY, Budgets(policy.limits), watch=watch)
    simulated = simulate(lookups, policy, learned=learned)
    assert simulated["action"].to_list() == [action for action, _ in one_by_one(lookups, guard)]
    assert simulated.filter(pl.col("action") == Action.DENY)["who"].n_unique() >= 2


def test_nothing_is_done_to_nothing() -> None:
    simulated = simulate(table([]), Policy.from_toml(POLICY), canaries=CANARIES, allowed=ALLOWED)
    assert (simulated.height, simulated.columns) == (0, [*SCHEMA, *SIMULATED])
    found = summary(simulated, pl.DataFrame(schema=TRUTH))
    assert (found.lookups, found.actors, found.limited, found.tenths, found.families) == (0, 0, 0, (), ())


TRUTH = {"who": pl.UInt64, "kind": pl.String, "honest": pl.Boolean}


@pytest.fixture(scope="module")
def found() -> Simulation:
    """Nine accounts that ask for one identifier each, and one that goes through a hundred."""
    rows = [(1, account, 0, 0, "search", 1000 + account) for account in range(10, 19)]
    rows += [(1, 3, 0, 0, "search", 100 + identifier) for identifier in range(100)]
    truth = pl.DataFrame(
        [(account, "member", True) for account in range(10, 19)] + [(3, "fast", False)],
        schema=TRUTH,
        orient="row",
    )
    policy = Policy.from_toml('[[limit]]\nlevel = "account"\nburst = 10\nper_day = 1')
    return summary(simulate(table(rows), policy), truth)


def test_what_is_answered_of_each_kind_is_counted_by_different_identifiers(found: Simulation) -> None:
    kinds = {one.kind: (one.actors, one.limited, one.asked, one.answered) for one in found.families}
    assert kinds == {"fast": (1, 1, 100, 10), "member": (9, 0, 9, 9)}
    assert (found.lookups, found.refused, found.actors, found.limited) == (109, 90, 10, 1)
    assert found.by == {"budget": 1}


def test_tenths_are_of_honest_actors_where_the_truth_is_known(found: Simulation) -> None:
    assert found.honest_known
    assert sum(one.actors for one in found.tenths) == 9
    assert sum(one.limited for one in found.tenths) == 0


def test_who_is_limited_is_named_by_digest_with_when_and_why(found: Simulation) -> None:
    (one,) = found.named
    assert (one.name, one.new, one.answered, one.why, one.kind) == (
        "account/0000000000000003",
        100,
        10,
        "budget",
        "fast",
    )
    assert one.first == START + timedelta(seconds=20)
    assert found.to_dict()["named"][0]["first"] == "2026-01-05T00:00:20Z"


def test_rings_that_share_what_they_ask_are_counted_once() -> None:
    rows = [(1, account, 0, 0, "search", 100 + identifier) for account in (1, 2) for identifier in range(4)]
    truth = pl.DataFrame([(1, "ring", False), (2, "ring", False)], schema=TRUTH, orient="row")
    (ring,) = summary(simulate(table(rows), Policy.from_toml(POLICY)), truth).families
    assert (ring.actors, ring.limited, ring.asked, ring.answered) == (2, 2, 4, 3)
