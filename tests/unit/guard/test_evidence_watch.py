"""Evidence while lookups come in."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark.errors import UnreadableInput
from floodmark.guard import Actor, Reduced
from floodmark.guard.evidence import Standing, Watch, evidence
from floodmark.guard.evidence.ledger import NOTHING, Entry, Ledger

from . import made_up_lookups as made

AT = made.START


def lookups(frame: pl.DataFrame) -> Iterator[tuple[float, Actor, Reduced, bool | None]]:
    times = (frame["at"].dt.timestamp("us") / 1e6).to_list()
    for at, row in zip(times, frame.iter_rows(named=True), strict=True):
        actor = Actor(account=row["account"], network=row["network"])
        yield at, actor, Reduced(row["identifier"], row["block"], row["position"]), row["hit"]


def scraping(watch: Watch, account: int, begin: int, end: int, at: float = AT) -> Standing:
    """One account goes through a range of numbers."""
    asked = [Reduced(int(made.digests(np.array([n]))[0]), 7, n) for n in range(begin, end)]
    return watch.observe(at, Actor(account=account), "contacts", asked, [False] * len(asked))


def test_lookups_that_come_in_one_by_one_are_the_same_evidence_as_all_at_once() -> None:
    frame = pl.concat([made.lookups(3, 250, first=2 * 10**5), made.scrapers(4, 5, 600)]).sort("at")
    frame = frame.with_columns(hit=pl.when(pl.col("identifier") % 5 > 0).then("hit"))
    start = frame["at"].min().timestamp()
    watch = Watch(*made.learned(), start=start)
    for at, actor, identifier, hit in lookups(frame):
        watch.observe(at, actor, "contacts", [identifier, None], [hit, None])
    for row in evidence(frame, *made.learned()).iter_rows(named=True):
        standing = watch.standing(Actor(account=row["who"]))
        assert standing.m == pytest.approx(row["m"])
        assert standing.new == min(row["new"], 540)
        for name in ("reached", "flagged", "stratum", "reference", "guarantee"):
            assert getattr(standing, name) == row[name]
        assert standing.reachable == pytest.approx(row["reachable"])


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, 200), min_size=1, max_size=6))
def test_how_identifiers_are_batched_makes_no_difference(sizes: list[int]) -> None:
    whole, parts = Watch(*made.learned()), Watch(*made.learned())
    expected = scraping(whole, 5, 0, sum(sizes))
    at = 0
    for size in sizes:
        found = scraping(parts, 5, max(at - 3, 0), at + size)  # some are asked again
        at += size
    assert found == expected


def test_evidence_stays_when_memory_runs_out() -> None:
    watch = Watch(*made.learned(), memory=200_000)
    before = scraping(watch, 5, 0, 70)
    for other in range(1000, 1300):
        scraping(watch, other, 0, 15)
    assert watch.held <= 200_000
    gone = watch.standing(Actor(account=5))
    assert gone.m == before.m > 0 and gone.reached == 60
    again = scraping(watch, 5, 70, 130)  # counted from nothing: its checkpoint of 60 is not taken twice
    assert again.m == before.m
    assert scraping(watch, 5, 130, 260).m > before.m


def test_a_flood_of_actors_with_one_lookup_does_not_push_out_those_who_go_on() -> None:
    watch = Watch(*made.learned(), memory=200_000)
    scraping(watch, 5, 0, 15)
    for other in range(1000, 6000):
        scraping(watch, other, other, other + 1)
    assert watch.held <= 200_000
    assert scraping(watch, 5, 15, 20).reached == 20


def test_nothing_is_held_of_an_actor_after_the_last_checkpoint() -> None:
    watch = Watch(*made.learned())
    found = scraping(watch, 5, 0, 2000)
    assert found.reached == found.new == 540
    assert watch.held == 0
    assert scraping(watch, 5, 2000, 4000) == found


def test_nobody_known_is_nobody_to_hold_evidence_against() -> None:
    watch = Watch(*made.learned())
    assert scraping(watch, 0, 0, 600) == Standing()
    assert watch.held == 0


@given(st.lists(st.floats(-1e30, 1e30), min_size=1, max_size=20))
def test_a_clock_that_jumps_never_takes_evidence_away_within_an_epoch(times: list[float]) -> None:
    watch = Watch(*made.learned())
    begun = scraping(watch, 5, 0, 30, AT)
    for at in times:
        scraping(watch, 5, 30, 31, min(at, AT))
    assert watch.standing(Actor(account=5)).m == begun.m


def test_a_new_epoch_begins_with_nothing() -> None:
    watch = Watch(*made.learned(), start=AT)
    assert scraping(watch, 5, 0, 30).m > 0
    later = AT + watch.reference.epoch
    assert scraping(watch, 5, 0, 1, later) == Standing(new=1)


def test_evidence_outlasts_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "evidence"
    before = scraping(Watch(*made.learned(), ledger=path), 5, 0, 30)  # never closed
    assert path.stat().st_mode & 0o777 == 0o600
    after = Watch(*made.learned(), ledger=path).standing(Actor(account=5))
    assert (after.m, after.reached, after.stratum) == (before.m, before.reached, before.stratum)


def test_a_ledger_that_was_cut_anywhere_has_all_that_was_written_whole(tmp_path: Path) -> None:
    path = tmp_path / "evidence"
    book = Ledger(path)
    for who in range(1, 6):
        book.put(who, Entry(100, 20, float(who), 50.0, "over days, Ö"))
    book.close()
    whole = path.read_bytes()
    size = (len(whole) - 24) // 5
    for cut in range(24, len(whole), 5):
        path.write_bytes(whole[:cut])
        kept = Ledger(path)
        kept.close()
        held = [kept.get(who, 100).m for who in range(1, 6)]
        assert held == [float(who) if who <= (cut - 24) // size else 0.0 for who in range(1, 6)]


def test_one_lookup_of_a_far_future_takes_no_evidence_away_over_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "ledger"
    book = Ledger(path)
    book.put(1, Entry(5, 20, 80.0, 100.0, ""))
    book.put(2, Entry(9_999, 20, 0.5, 100.0, ""))
    book.close()
    for again in (Ledger.read(path), Ledger(path), Ledger(path)):
        assert (again.get(1, 5).m, again.get(2, 5).m) == (80.0, 0.5)
        again.close()


def test_a_ledger_is_looked_at_without_a_change(tmp_path: Path) -> None:
    path = tmp_path / "ledger"
    book = Ledger(path)
    for m in (1.0, 2.0):
        book.put(1, Entry(5, 20, m, 100.0, ""))
    before = path.stat().st_ino, path.read_bytes()
    assert Ledger.read(path).get(1, 5).m == 2.0
    assert (path.stat().st_ino, path.read_bytes()) == before
    book.close()
    with pytest.raises(UnreadableInput):
        Ledger.read(tmp_path)


def test_the_file_of_a_ledger_does_not_grow_for_ever(tmp_path: Path) -> None:
    path = tmp_path / "evidence"
    book = Ledger(path, most=10)
    for m in range(1, 500):
        book.put(m % 5 + 1, Entry(0, 20, float(m), 50.0, "all actors"))
    assert path.stat().st_size < 24 + 30 * 60
    book.close()
    assert [Ledger(path).get(who, 0).m for who in range(1, 6)] == [495.0, 496.0, 497.0, 498.0, 499.0]


def test_a_ledger_of_epochs_of_another_length_is_begun_anew(tmp_path: Path) -> None:
    for epoch, kept in ((100.0, 0.0), (100.0, 5.0), (200.0, 0.0)):
        book = Ledger(tmp_path / "evidence", epoch=epoch)
        assert book.get(1, 0).m == kept
        book.put(1, Entry(0, 20, 5.0, 50.0, "all actors"))
        book.close()


@pytest.mark.parametrize("content", [b"", b"hello", b"\0" * 100, b"floodmark-ledger"])
def test_a_file_that_is_no_ledger_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "evidence"
    path.write_bytes(content)
    with pytest.raises(UnreadableInput):
        Ledger(path)
    assert path.read_bytes() == content


@given(st.lists(st.tuples(st.integers(1, 2**64 - 1), st.floats(0.001, 1e6)), max_size=60))
def test_a_full_ledger_never_makes_evidence_less(written: list[tuple[int, float]]) -> None:
    book = Ledger(most=8)
    highest: dict[int, float] = {}
    for who, m in written:
        highest[who] = max(m, highest.get(who, 0.0))
        book.put(who, Entry(0, 20, highest[who], 50.0, "all actors"))
    for who, m in highest.items():
        assert book.get(who, 0).m >= m


def test_a_full_ledger_gives_hardly_any_stranger_what_others_left() -> None:
    book = Ledger(most=1000)
    for who in made.digests(np.arange(20_000)).tolist():
        book.put(who, Entry(0, 20, 0.5, 50.0, "all actors"))
    strangers = made.digests(np.arange(10**6, 10**6 + 2000)).tolist()
    assert sum(book.get(who, 0) != NOTHING for who in strangers) <= 2
    assert book.get(strangers[0], 1) == NOTHING
