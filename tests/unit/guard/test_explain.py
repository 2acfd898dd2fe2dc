"""What is known of one actor, from past lookups and from the state of a guard."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark.guard import (
    SCHEMA,
    Actor,
    AllowList,
    Canaries,
    CanarySet,
    GuardFolder,
    Policy,
    Reduced,
    written,
)
from floodmark.guard.actors import PARTS
from floodmark.guard.budgets import Budgets
from floodmark.guard.evidence import Learned, write_model
from floodmark.guard.explain import Explained, words
from floodmark.guard.explain_lookups import explain
from floodmark.guard.explain_state import explain_state
from floodmark.guard.ledger_place import ledgers
from floodmark.identifiers.digests import DigestKey

from . import made_up_lookups as made

KEY = DigestKey(bytes(range(32)))
SMALL = 2**22
START = datetime(2026, 1, 5, tzinfo=UTC)
AT = START.timestamp()
POLICY = Policy.from_toml(
    """
[[limit]]
level = "account"
burst = 3
per_hour = 60
[[limit]]
level = "prefix"
burst = 5
per_hour = 20
endpoints = ["contacts"]
"""
)
CANARIES = Canaries([CanarySet("blue", "phone", "", 1000, 1000, 0, AT, (7, 8, 9))])


def table(rows: list[tuple[int, int, int, str, int]]) -> pl.DataFrame:
    """Lookups: seconds since the one before, account, prefix, endpoint, identifier."""
    at, columns = START, []
    for after, account, prefix, endpoint, identifier in rows:
        at += timedelta(seconds=after)
        known = dict.fromkeys(PARTS, 0) | {"account": account, "prefix": prefix}
        rest = {
            "kind": "phone",
            "identifier": identifier,
            "block": identifier // 4,
            "position": 1,
            "hit": account == 1,
        }
        columns.append({"at": at, **known, "endpoint": endpoint, **rest})
    return pl.DataFrame(columns, schema=SCHEMA)


LOOKUPS = table(
    [(10, 1, 5, "contacts", identifier) for identifier in (1, 2, 3, 4, 1)]
    + [(10, 2, 5, "contacts", 20), (10, 2, 5, "search", 7), (10, 2, 5, "search", 8), (10, 2, 5, "search", 7)]
)


def found(account: int, **given: object) -> Explained:
    explained = explain("account", account, LOOKUPS, POLICY, **given)  # type: ignore[arg-type]
    assert explained is not None
    return explained


def test_what_an_actor_asked_for_is_counted() -> None:
    seen = found(1).seen
    assert seen is not None
    assert (seen.lookups, seen.identifiers, seen.blocks, seen.answered, seen.hits) == (5, 4, 2, 5, 5)
    assert (seen.endpoints, seen.first, seen.last) == ((("contacts", 5),), AT + 10, AT + 50)
    assert (seen.unanswered, seen.limited, seen.by) == (1, AT + 40, "budget")


def test_each_budget_is_told_with_who_shares_it_and_what_it_refused() -> None:
    budgets = {one.level: one for one in found(1).budgets}
    assert budgets["account"].name == "account/0000000000000001"
    assert (budgets["account"].refused, budgets["account"].peak) == (1, pytest.approx(3 - 20 / 60))
    assert budgets["prefix"].name == "prefix/0000000000000005"
    assert (budgets["prefix"].refused, budgets["prefix"].endpoints) == (0, ("contacts",))
    assert "The budget of account/0000000000000001 had no room for 1 lookup." in words(found(1))


def test_canaries_are_dated_and_scored() -> None:
    canaries = found(2, canaries=CANARIES).canaries
    assert canaries.lookups == (("blue", AT + 70), ("blue", AT + 80))
    assert (canaries.asked, canaries.action) == (2, "challenge")
    assert canaries.score == pytest.approx(CANARIES.score(2, 3))
    assert canaries.score is not None
    assert 3 < canaries.score <= 4
    assert found(1, canaries=CANARIES).canaries.score is not None


def test_an_allowance_is_said_first() -> None:
    allowed = AllowList().with_one("account", 2, "Call centre", AT, AT + 1000)
    said = words(found(2, canaries=CANARIES, allowed=allowed))
    assert said[0].startswith("On the allow-list until 2026-01-05: Call centre.")
    assert said[1].startswith("Asked for 2 canaries")


def test_an_actor_whom_nothing_limits_is_said_to_be_so() -> None:
    explained = explain("account", 1, LOOKUPS, Policy(shadow=False))
    assert explained is not None
    assert words(explained) == ["Nothing limits it."]


def test_who_made_no_lookup_is_not_explained() -> None:
    assert explain("account", 9, LOOKUPS, POLICY) is None


def test_a_network_is_explained_as_all_that_came_from_it() -> None:
    explained = explain("prefix", 5, LOOKUPS, POLICY)
    assert explained is not None
    assert explained.seen is not None
    assert (explained.seen.lookups, explained.evidence) == (9, ())


_ROWS = st.lists(
    st.tuples(
        st.integers(0, 200),
        st.integers(1, 2),
        st.just(5),
        st.sampled_from(["contacts", "x"]),
        st.integers(1, 9),
    ),
    min_size=1,
    max_size=30,
)


@settings(max_examples=50)
@given(_ROWS)
def test_what_is_used_is_what_budgets_would_say(rows: list[tuple[int, int, int, str, int]]) -> None:
    lookups, budgets = table(rows), Budgets(POLICY.limits)
    for row in lookups.iter_rows(named=True):
        actor = Actor(account=row["account"], prefix=5)
        budgets.take(row["at"].timestamp(), actor, row["endpoint"], [Reduced(row["identifier"], 1, 1)])
    account = rows[-1][1]
    explained = explain("account", account, lookups, POLICY)
    assert explained is not None
    end = lookups["at"][-1].timestamp()
    standings = budgets.standing(end, Actor(account=account, prefix=5), "contacts")
    expected = {standing.level: standing.used for standing in standings}
    for one in explained.budgets:
        assert one.used == pytest.approx(expected[one.level], abs=1e-6)
        assert one.empty_in * one.per_hour / 3600 == pytest.approx(one.used, abs=1e-6)


@pytest.fixture(scope="module")
def learned() -> Learned:
    return Learned(*made.learned(), KEY.id)


def test_evidence_is_told_with_its_stratum_reference_and_guarantee(learned: Learned) -> None:
    lookups = pl.concat([made.lookups(5, 30, first=9000), made.scrapers(6, 1, 600)])
    lookups = lookups.sort("at", maintain_order=True)
    scraper = int(made.scrapers(6, 1, 600)["account"][0])
    policy = Policy.from_toml("[evidence]\nepsilon = 0\nchallenge = 0.5\ndeny = 0.2")
    explained = explain("account", scraper, lookups, policy, learned=learned)
    assert explained is not None
    (one, *_) = explained.evidence
    assert one.m >= 5
    assert (one.action, one.reached) == ("deny", 540)
    assert one.reference > 0
    assert {name for name, _ in one.parts} == {"hits", "gaps", "rarity"}
    assert "reference actors" in " ".join(words(explained))
    assert explained.seen is not None
    assert explained.seen.by == "evidence"


def test_json_has_times_in_utc_and_no_number_that_json_has_not() -> None:
    text = json.dumps(found(2, canaries=CANARIES).to_dict(), allow_nan=False)
    said = json.loads(text)
    assert said["seen"]["last"] == "2026-01-05T00:01:30Z"
    assert said["canaries"]["lookups"][0] == {"set": "blue", "at": "2026-01-05T00:01:10Z"}


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[GuardFolder]:
    folder = GuardFolder(tmp_path / "guard").made()
    CANARIES.write(folder.canaries, KEY.id)
    AllowList().with_one("prefix", 5, "Office", AT, AT + 500).write(folder.allowed, KEY.id)
    with folder.opened(KEY, at=AT, policy=POLICY, memory=SMALL) as guard:
        guard.decide(AT, Actor(account=1), "contacts", [Reduced(digest, 1, 1) for digest in (1, 2)])
        guard.decide(AT + 5, Actor(account=2), "contacts", [Reduced(8, 1, 1)])
        yield folder


def test_the_state_of_a_guard_that_runs_is_told_and_left_as_it_is(folder: GuardFolder) -> None:
    before = [path.stat().st_mtime_ns for path in (folder.path, folder.state)]
    explained = explain_state("account", 1, folder, POLICY, KEY.id, at=AT + 30)
    assert [path.stat().st_mtime_ns for path in (folder.path, folder.state)] == before  # no copy beside it
    (one,) = explained.budgets
    assert (one.level, one.name) == ("account", written("account", 1))
    assert one.used == pytest.approx(1.5)
    assert explain_state("account", 1, folder, POLICY, KEY.id, at=AT + 30) == explained
    assert [path.name for path in folder.path.iterdir() if path.name.startswith(".")] == []
    strict = Policy.from_toml('[[limit]]\nlevel = "account"\nburst = 2\nper_hour = 60')
    assert explain_state("account", 1, folder, strict, KEY.id, at=AT + 30).budgets[0].burst == 2
    assert explain_state("account", 1, folder, POLICY, KEY.id, at=AT + 30) == explained
    canaries = explain_state("account", 2, folder, POLICY, KEY.id, at=AT + 30).canaries
    assert (canaries.asked, canaries.action, canaries.lookups) == (1, "allow", (("blue", AT + 5),))
    assert explain_state("prefix", 5, folder, POLICY, KEY.id, at=AT + 30).allowed == ("Office", AT + 500)
    assert explain_state("prefix", 5, folder, POLICY, KEY.id, at=AT + 500).allowed is None


def test_evidence_in_the_state_is_read_and_its_file_left_as_it_is(tmp_path: Path, learned: Learned) -> None:
    folder = GuardFolder(tmp_path / "guard").made()
    policy = Policy.from_toml("[evidence]\nepsilon = 0\ndeny = 0.2")
    rows = made.scrapers(6, 1, 600)
    write_model(folder.model, learned)
    scraper = Actor(account=int(rows["account"][0]), network=int(rows["network"][0]))
    with folder.opened(KEY, at=made.START, policy=policy, memory=SMALL) as guard:
        for place, row in enumerate(rows.iter_rows(named=True)):
            asked = [Reduced(row["identifier"], row["block"], row["position"])]
            guard.observe(made.START + place, scraper, "contacts", asked, [row["hit"]])
        (path,) = ledgers(folder.state)
        before = (path.stat().st_ino, path.read_bytes())
        now = made.START + 600
        (one,) = explain_state(
            "account", scraper.account, folder, policy, KEY.id, at=now, learned=learned
        ).evidence
        assert (path.stat().st_ino, path.read_bytes()) == before
        assert guard.watch is not None
        assert one.m == pytest.approx(guard.watch.standing(scraper).m)
        assert (one.action, one.reached) == ("deny", 540)
        later = now + 2 * learned.reference.epoch
        assert not explain_state(
            "account", scraper.account, folder, policy, KEY.id, at=later, learned=learned
        ).evidence
