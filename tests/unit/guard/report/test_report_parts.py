"""Canaries, the allow-list, kinds of actors and tenths in a report."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from floodmark.errors import UnreadableInput, UsageError
from floodmark.guard.actors import who
from floodmark.guard.allow import AllowList
from floodmark.guard.canaries import Canaries, CanarySet
from floodmark.guard.lookups import LookupsFile, write_lookups
from floodmark.guard.policy import Policy
from floodmark.guard.report.allowances import reasons
from floodmark.guard.report.canary_use import canary_use
from floodmark.guard.report.families import read_truth
from floodmark.guard.report.guard_report import guard_report
from floodmark.guard.report.judged import judged
from floodmark.guard.report.reading import read_all

from .asking import ABOUT, MADE_AT, START, asks, frame, many
from .made_up import STRICT, known_canaries

DAY = 86_400.0


def canaries(*digests: int, made: float = START.timestamp()) -> Canaries:
    return Canaries([CanarySet("spring", "phone", "+447400", 10**6, 9 * 10**5, 10**5, made, digests)])


def test_lookups_of_canaries_are_dated_and_those_before_they_were_made_say_nothing() -> None:
    lookups = frame(asks(7, [4, 5, 4]) + asks(8, [1, 5]))
    use, by_actor = canary_use(lookups.sort("at"), canaries(4, 5, 6, made=START.timestamp() + 30))
    assert (use.canaries, use.asked, use.actors, use.total) == (3, 2, 2, 3)
    assert [one.at for one in use.lookups] == sorted(one.at for one in use.lookups)
    assert all(one.at >= one.made for one in use.lookups)
    assert dict(by_actor.select("who", "canaries").iter_rows()) == {7: 2, 8: 1}


def test_the_more_canaries_of_the_fewer_identifiers_the_more_it_says() -> None:
    rows = asks(1, [4, 5, 6]) + asks(2, [4, 5, 6, *range(100, 3000)]) + asks(3, [4, *range(100, 3000)])
    _, by_actor = canary_use(frame(rows).sort("at"), canaries(4, 5, 6))
    value = dict(by_actor.select("who", "canary_value").iter_rows())
    assert value[1] > value[2] > value[3] > 0


def test_those_against_whom_canaries_speak_come_before_those_who_asked_for_more() -> None:
    rows = asks(1, range(100, 160)) + asks(2, range(4, 13))
    found = guard_report(frame(rows).sort("at"), [ABOUT], made_at=MADE_AT, canaries=canaries(*range(4, 13)))
    assert [one.canaries for one in found.actors] == [9, 0]
    assert found.canaries is not None
    assert found.canaries.telling == 1


def test_whom_an_allowance_is_about_is_said_by_whichever_part_of_the_actor_and_only_while_it_holds() -> None:
    lookups = frame([*asks(1, [1]), *asks(2, [1], network=9), *asks(3, [1])]).with_columns(who())
    since = START.timestamp()
    now = since + 10 * DAY
    listed = AllowList().with_one("network", 9, "An office", since - 1, since + DAY)
    listed = listed.with_one("account", 3, "Not yet", now + 1, now + DAY)
    listed = listed.with_one("account", 1, "Since today", now, now + DAY)
    found = reasons(lookups, listed, now=now)
    assert dict(found.iter_rows()) == {2: "An office", 1: "Since today"}


def test_whoever_is_allowed_is_listed_with_the_reason_and_is_left_nothing_unanswered() -> None:
    rows = asks(1, range(400), minutes=0) + asks(2, range(400), minutes=0)
    lookups = frame(rows).sort("at")
    since = START.timestamp()
    allowed = AllowList().with_one("account", 1, "A call centre", since, since + DAY)
    made = judged(lookups, STRICT, allowed=allowed)
    found = guard_report(lookups, [ABOUT], made_at=MADE_AT, judged=made, allowed=allowed)
    by_name = {one.name: one for one in found.actors}
    first, second = (by_name[f"account/{one:016x}"] for one in (1, 2))
    assert (first.allowed, first.unanswered, first.budgets) == ("A call centre", 0, ())
    assert second.allowed == ""
    assert second.unanswered is not None
    assert second.unanswered > 0


def test_harm_is_that_to_honest_actors_where_the_truth_is_known() -> None:
    lookups = frame(asks(1, range(400), minutes=0) + asks(2, range(5))).sort("at")
    made = judged(lookups, STRICT)
    truth = pl.DataFrame(
        {"who": [1, 2], "kind": ["fast", "member"], "honest": [False, True]},
        schema_overrides={"who": pl.UInt64},
    )
    known = guard_report(lookups, [ABOUT], made_at=MADE_AT, judged=made, truth=truth)
    assert sum(one.limited or 0 for one in known.tenths) == 0
    assert sum(one.actors for one in known.tenths) == 1
    guessed = guard_report(lookups, [ABOUT], made_at=MADE_AT, judged=made)
    assert sum(one.limited or 0 for one in guessed.tenths) == 1


def test_what_a_ring_asks_for_twice_counts_once_for_its_kind() -> None:
    lookups = frame(asks(1, range(100)) + asks(2, range(50, 150))).sort("at")
    truth = pl.DataFrame(
        {"who": [1, 2], "kind": ["ring"] * 2, "honest": [False] * 2}, schema_overrides={"who": pl.UInt64}
    )
    made = judged(lookups, STRICT)
    (ring,) = guard_report(lookups, [ABOUT], made_at=MADE_AT, judged=made, truth=truth).families
    assert (ring.actors, ring.asked, ring.answered, ring.limited) == (2, 150, 150, 0)


def test_numbers_of_a_policy_add_up() -> None:
    lookups = many(100)
    listed = known_canaries(lookups)
    found = judged(lookups, STRICT, canaries=listed)
    use = found.policy
    assert use.unanswered == use.refused + use.challenged + use.denied
    assert use.unanswered == (~found.simulated["answered"]).sum()
    assert use.limited == found.simulated.filter(~pl.col("answered"))["who"].n_unique()
    assert use.unanswered > 0


def test_a_policy_of_no_limits_is_shown_without_budgets() -> None:
    lookups = many(20)
    without = Policy(profile="own", limits=())
    found = guard_report(lookups, [ABOUT], made_at=MADE_AT, judged=judged(lookups, without))
    assert found.budgets is None
    assert found.policy is not None
    assert found.policy.unanswered == 0


def test_files_under_different_keys_are_not_put_together(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("one", "two", "three")]
    for path, key_id in zip(paths, ("aa" * 8, "aa" * 8, "bb" * 8), strict=True):
        write_lookups(path, [frame(asks(1, [1]))], LookupsFile(key_id=key_id, rows=0))
    files, lookups = read_all(paths[:2])
    assert (len(files), lookups.height) == (2, 2)
    with pytest.raises(UsageError, match="different digest keys"):
        read_all(paths)


def test_files_of_several_times_are_put_in_order(tmp_path: Path) -> None:
    later = [one | {"at": START + timedelta(days=9)} for one in asks(1, [1])]
    for name, rows in (("later", later), ("earlier", asks(1, [1]))):
        write_lookups(tmp_path / name, [frame(rows)], ABOUT)
    _, lookups = read_all([tmp_path / "later", tmp_path / "earlier"])
    assert lookups["at"].is_sorted()


@pytest.mark.parametrize("content", [b"", b"PAR1 not", None])
def test_what_is_no_truth_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "truth"
    if content is None:
        pl.DataFrame({"who": ["a"], "kind": ["b"], "honest": [True]}).write_parquet(path)
    else:
        path.write_bytes(content)
    with pytest.raises(UnreadableInput):
        read_truth(path)


@pytest.mark.parametrize("microseconds", [-1, 2**62, None])
def test_times_that_no_log_has_are_refused(tmp_path: Path, microseconds: int | None) -> None:
    at = pl.lit(microseconds, pl.Int64).cast(pl.Datetime("us", "UTC"))
    write_lookups(tmp_path / "file", [frame(asks(1, [1, 2])).with_columns(at=at)], ABOUT)
    with pytest.raises(UnreadableInput, match="times that no log has"):
        read_all([tmp_path / "file"])


def test_what_is_no_identifier_is_a_lookup_and_counts_for_nothing_else() -> None:
    lookups = frame([*asks(1, [1]), {"account": 1, "identifier": None, "block": None, "position": None}])
    made = judged(lookups, STRICT)
    found = guard_report(lookups, [ABOUT], made_at=MADE_AT, judged=made)
    assert (found.traffic.lookups, found.traffic.identifiers, found.traffic.new) == (2, 1, 1)
    (one,) = found.actors
    assert (one.lookups, one.new, one.blocks) == (2, 1, 1)
    assert one.budgets[0].peak == 1
