"""Cases in a real register: what is opened, tied, noted and met, and the clocks of a leak."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, func, select

from floodmark.errors import UsageError
from floodmark.notices import NoSuchDuty, State
from floodmark.register import case_changes, cases, tables
from floodmark.register.case_changes import (
    CaseClosed,
    CaseExists,
    DutyExempt,
    DutyMet,
    ImpossibleTime,
    NotLinkable,
)
from floodmark.register.cases import CaseNotFound, deadlines_by_leak, deadlines_of_leak, get_case, list_cases
from floodmark.register.free_text import HoldsIdentifier, UnfitText
from floodmark.register.leaks import Leak, LeakNotFound, put_leak
from floodmark.register.slugs import BadSlug
from floodmark.register.statements import StatementNotFound
from floodmark.register.workspace import Workspace

AWARE = datetime(2026, 1, 30, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
NOW = AWARE + 2 * HOUR


@pytest.fixture
def connection(begun) -> Iterator[Connection]:
    with begun, begun.writing("test") as connection:
        yield connection


@pytest.fixture
def case(connection) -> Connection:
    case_changes.open_case(connection, "acme", "Customer file", AWARE, NOW)
    return connection


def save(connection: Connection, *slugs: str) -> None:
    for slug in slugs:
        put_leak(
            connection,
            Leak(slug=slug, title=slug, synthetic=True, rows=1, saved_at="2026-01-31T13:05:00Z", folder=slug),
            [],
        )


def count(connection: Connection) -> int:
    """Rows of all tables of cases."""
    parts = (tables.cases, tables.case_links, tables.case_notes, tables.case_steps)
    return sum(connection.execute(select(func.count()).select_from(part)).scalar_one() for part in parts)


def test_a_case_is_read_back_as_it_was_opened(case):
    found = get_case(case, "acme")
    assert (found.slug, found.title, found.status) == ("acme", "Customer file", "open")
    assert (found.aware_at, found.opened_at, found.closed_at) == (AWARE, NOW, None)
    assert (found.links, found.notes, found.met, found.exempt) == ((), (), {}, frozenset())
    assert found.deadlines(NOW)[0].words() == "due in 22 h"


def test_a_case_survives_the_process_that_opened_it(tmp_path):
    with Workspace.open(tmp_path / "home") as workspace:
        with workspace.writing("test") as connection:
            case_changes.open_case(connection, "acme", "Customer file", AWARE, NOW)
        with workspace.connect() as connection:
            assert get_case(connection, "acme").title == "Customer file"


def test_an_empty_workspace_has_no_case(tmp_path):
    with Workspace.open(tmp_path / "home") as workspace, workspace.connect() as connection:
        assert list_cases(connection) == []
        assert deadlines_by_leak(connection, NOW) == {}
        with pytest.raises(CaseNotFound):
            get_case(connection, "acme")


def test_times_are_kept_in_utc_whatever_their_offset(connection):
    aware = AWARE.astimezone(ZoneInfo("America/New_York"))
    case_changes.open_case(connection, "acme", "x", aware, NOW)
    kept = connection.execute(select(tables.cases.c.aware_at)).scalar_one()
    assert kept == "2026-01-30T12:00:00Z"


def test_a_slug_is_used_once(case):
    with pytest.raises(CaseExists):
        case_changes.open_case(case, "acme", "Another", AWARE, NOW)
    assert get_case(case, "acme").title == "Customer file"


@pytest.mark.parametrize("slug", ["", "Acme", "acme/..", "../x", "a" * 65, "acme file", "-x"])
def test_what_is_no_slug_is_refused(connection, slug):
    with pytest.raises(BadSlug):
        case_changes.open_case(connection, slug, "x", AWARE, NOW)


def test_a_slug_or_title_with_an_identifier_is_refused_and_nothing_is_kept(connection):
    for slug, title in [
        ("case-447700900123", "x"),
        ("x", "Number 07700 900 123 rang"),
        ("x", "ada@example.org"),
    ]:
        with pytest.raises(HoldsIdentifier):
            case_changes.open_case(connection, slug, title, AWARE, NOW)
    with pytest.raises(UnfitText):
        case_changes.open_case(connection, "x", " ", AWARE, NOW)
    assert count(connection) == 0


def test_nobody_becomes_aware_in_the_future(connection):
    with pytest.raises(ImpossibleTime, match="future"):
        case_changes.open_case(connection, "acme", "x", NOW + HOUR, NOW)


def test_cases_are_listed_by_when_somebody_became_aware_latest_first(connection):
    for slug, hours in [("b", 0), ("c", 5), ("a", 0)]:
        case_changes.open_case(connection, slug, slug, AWARE + hours * HOUR, AWARE + 9 * HOUR)
    assert [one.slug for one in list_cases(connection)] == ["c", "b", "a"]


def test_leaks_are_tied_once_and_untied(case):
    save(case, "first", "second")
    for slug in ("first", "second", "first"):
        case_changes.link(case, "acme", "leak", slug, NOW)
    assert get_case(case, "acme").links == (("leak", "first"), ("leak", "second"))
    case_changes.unlink(case, "acme", "leak", "first")
    assert get_case(case, "acme").links == (("leak", "second"),)
    with pytest.raises(NotLinkable, match="not tied"):
        case_changes.unlink(case, "acme", "leak", "first")


@pytest.mark.parametrize("slug", ["nowhere", "", "\udcff", "x" * 1000, "../x"])
def test_a_leak_must_exist_to_be_tied(case, slug):
    with pytest.raises(LeakNotFound):
        case_changes.link(case, "acme", "leak", slug, NOW)


@pytest.mark.parametrize("slug", ["nowhere", "", "\udcff", "x" * 1000, "%", "ACME"])
def test_a_case_that_is_not_there_is_not_found_whatever_was_typed(case, slug):
    with pytest.raises(CaseNotFound):
        get_case(case, slug)


def test_a_case_that_is_misspelt_is_suggested(case):
    with pytest.raises(CaseNotFound) as caught:
        get_case(case, "acne")
    assert caught.value.hint == "Did you mean acme?"


def test_assessments_cannot_be_tied_as_long_as_none_are_kept(case):
    with pytest.raises(NotLinkable, match="ties no assessments"):
        case_changes.link(case, "acme", "assessment", "1", NOW)


@pytest.mark.parametrize("number", ["1", "0", "-1", "", "\udcff", "9" * 40, "acme"])
def test_a_statement_that_is_not_recorded_is_not_tied(case, number):
    with pytest.raises(StatementNotFound):
        case_changes.link(case, "acme", "statement", number, NOW)


@pytest.mark.parametrize("kind", ["notice", "exempt-duty", ""])
def test_nothing_else_is_tied(case, kind):
    with pytest.raises(UsageError):
        case_changes.link(case, "acme", kind, "gdpr-authority", NOW)


def test_notes_are_kept_in_the_order_of_writing_with_their_author(case):
    case_changes.add_note(case, "acme", "First,\nin two lines.", NOW)
    case_changes.add_note(case, "acme", "Second.", NOW, "duty officer")
    notes = get_case(case, "acme").notes
    assert [(note.text, note.author) for note in notes] == [
        ("First,\nin two lines.", ""),
        ("Second.", "duty officer"),
    ]
    assert notes[0].written_at == NOW


@pytest.mark.parametrize(("text", "author"), [("ring 07700 900123", ""), ("x", "ada@example.org")])
def test_a_note_with_an_identifier_is_refused_and_not_kept(case, text, author):
    with pytest.raises(HoldsIdentifier):
        case_changes.add_note(case, "acme", text, NOW, author)
    assert count(case) == 1


def test_a_duty_that_was_met_stops_its_clock_and_a_correction_replaces_it(case):
    case_changes.mark_done(case, "acme", "gdpr-authority", AWARE + 80 * HOUR, AWARE + 90 * HOUR)
    case_changes.mark_done(case, "acme", "gdpr-authority", AWARE + 70 * HOUR, AWARE + 90 * HOUR)
    found = get_case(case, "acme")
    assert found.met == {"gdpr-authority": AWARE + 70 * HOUR}
    states = {one.duty.slug: one.state for one in found.deadlines(AWARE + 1000 * HOUR)}
    assert states["gdpr-authority"] is State.MET
    case_changes.unmark_done(case, "acme", "gdpr-authority")
    assert get_case(case, "acme").met == {}


def test_no_duty_is_met_in_the_future_or_before_anybody_was_aware(case):
    for at, word in [(NOW + HOUR, "future"), (AWARE - HOUR, "before anybody")]:
        with pytest.raises(ImpossibleTime, match=word):
            case_changes.mark_done(case, "acme", "gdpr-authority", at, NOW)


@pytest.mark.parametrize(
    "change",
    [
        lambda at: case_changes.mark_done(at, "acme", "gdpr", NOW, NOW),
        lambda at: case_changes.unmark_done(at, "acme", "gdpr"),
        lambda at: case_changes.set_exempt(at, "acme", "gdpr", True, NOW),
    ],
)
def test_an_unknown_duty_is_refused(case, change):
    with pytest.raises(NoSuchDuty):
        change(case)


def test_a_duty_can_be_said_not_to_bind_and_to_bind_after_all(case):
    for exempt in (True, True):
        case_changes.set_exempt(case, "acme", "nis2-early-warning", exempt, NOW)
    found = get_case(case, "acme")
    assert found.exempt == {"nis2-early-warning"}
    assert found.links == ()
    assert found.deadlines(NOW)[-1].words() == "does not apply"
    for _ in range(2):
        case_changes.set_exempt(case, "acme", "nis2-early-warning", False, NOW)
    assert get_case(case, "acme").exempt == frozenset()


def test_a_corrected_time_of_becoming_aware_moves_the_clocks_and_leaves_a_note(case):
    case_changes.edit_case(case, "acme", NOW, title="Acme", aware=AWARE - HOUR)
    found = get_case(case, "acme")
    assert (found.title, found.aware_at) == ("Acme", AWARE - HOUR)
    assert [note.text for note in found.notes] == [
        "Became aware: corrected from 2026-01-30T12:00:00Z to 2026-01-30T11:00:00Z."
    ]
    case_changes.edit_case(case, "acme", NOW, aware=AWARE - HOUR)
    assert len(get_case(case, "acme").notes) == 1


def test_becoming_aware_is_not_moved_into_the_future_or_past_what_was_done(case):
    case_changes.mark_done(case, "acme", "gdpr-authority", AWARE + HOUR, NOW)
    for aware in (NOW + HOUR, AWARE + 90 * timedelta(minutes=1)):
        with pytest.raises(ImpossibleTime):
            case_changes.edit_case(case, "acme", NOW, aware=aware)


def test_a_closed_case_stands_still_until_it_is_opened_again(case):
    case_changes.close_case(case, "acme", NOW)
    found = get_case(case, "acme")
    assert (found.status, found.closed_at) == ("closed", NOW)
    assert found.deadlines(NOW + 1000 * HOUR) == found.deadlines(NOW)
    case_changes.reopen_case(case, "acme")
    found = get_case(case, "acme")
    assert (found.status, found.closed_at) == ("open", None)
    assert found.deadlines(NOW + 1000 * HOUR)[0].state is State.OVERDUE


@pytest.mark.parametrize(
    "change",
    [
        lambda at: case_changes.link(at, "acme", "leak", "first", NOW),
        lambda at: case_changes.unlink(at, "acme", "leak", "first"),
        lambda at: case_changes.mark_done(at, "acme", "gdpr-authority", NOW, NOW),
        lambda at: case_changes.unmark_done(at, "acme", "gdpr-authority"),
        lambda at: case_changes.set_exempt(at, "acme", "gdpr-authority", True, NOW),
        lambda at: case_changes.edit_case(at, "acme", NOW, title="x"),
        lambda at: case_changes.close_case(at, "acme", NOW),
    ],
)
def test_a_closed_case_takes_notes_only(case, change: Callable[[Connection], None]):
    case_changes.close_case(case, "acme", NOW)
    before = get_case(case, "acme")
    with pytest.raises(CaseClosed):
        change(case)
    assert get_case(case, "acme") == before
    case_changes.add_note(case, "acme", "Filed.", NOW)
    assert len(get_case(case, "acme").notes) == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda at: case_changes.add_note(at, "nobody", "x", NOW),
        lambda at: case_changes.close_case(at, "nobody", NOW),
        lambda at: case_changes.reopen_case(at, "nobody"),
        lambda at: case_changes.mark_done(at, "nobody", "gdpr-authority", NOW, NOW),
    ],
)
def test_a_case_that_is_not_there_is_not_changed(case, change):
    with pytest.raises(CaseNotFound):
        change(case)


def test_a_leak_has_the_clocks_of_its_open_cases_most_pressing_first(connection):
    save(connection, "first", "second", "third")
    for slug, hours in [("old", 0), ("new", 40), ("shut", 0)]:
        case_changes.open_case(connection, slug, f"Case {slug}", AWARE + hours * HOUR, AWARE + 50 * HOUR)
        case_changes.link(connection, slug, "leak", "first", NOW)
    case_changes.link(connection, "new", "leak", "second", NOW)
    case_changes.close_case(connection, "shut", AWARE + 50 * HOUR)
    case_changes.mark_done(connection, "new", "nis2-early-warning", AWARE + 45 * HOUR, AWARE + 50 * HOUR)
    case_changes.set_exempt(connection, "old", "gdpr-authority", True, NOW)
    now = AWARE + 50 * HOUR
    found = deadlines_of_leak(connection, "first", now)
    assert [(one.case, one.deadline.duty.slug, one.deadline.state.value) for one in found] == [
        ("old", "nis2-early-warning", "overdue"),
        ("old", "nis2-notification", "running"),
        ("new", "nis2-notification", "running"),
        ("new", "gdpr-authority", "running"),
        ("old", "nis2-final-report", "running"),
        ("new", "nis2-final-report", "running"),
    ]
    assert {one.case for one in deadlines_of_leak(connection, "second", now)} == {"new"}
    assert found[0].title == "Case old"
    assert deadlines_of_leak(connection, "third", now) == []
    assert sorted(deadlines_by_leak(connection, now)) == ["first", "second"]
    assert deadlines_by_leak(connection, now)["first"] == found


def test_a_case_of_two_leaks_has_each_clock_once(connection):
    save(connection, "first", "second")
    case_changes.open_case(connection, "acme", "x", AWARE, NOW)
    for slug in ("first", "second"):
        case_changes.link(connection, "acme", "leak", slug, NOW)
    assert len(cases.running(list_cases(connection), NOW)) == 4
    assert len(deadlines_of_leak(connection, "first", NOW)) == 4


def test_what_fails_halfway_leaves_nothing(tmp_path):
    with Workspace.open(tmp_path / "home") as workspace:
        with pytest.raises(LeakNotFound), workspace.writing("test") as connection:
            case_changes.open_case(connection, "acme", "x", AWARE, NOW)
            case_changes.link(connection, "acme", "leak", "nowhere", NOW)
        with workspace.connect() as connection:
            assert list_cases(connection) == []


def test_a_duty_that_was_met_keeps_its_time_and_one_that_does_not_bind_is_not_met(case):
    case_changes.mark_done(case, "acme", "gdpr-authority", NOW, NOW)
    with pytest.raises(DutyMet) as caught:
        case_changes.set_exempt(case, "acme", "gdpr-authority", True, NOW)
    assert "--undo" in caught.value.hint
    found = get_case(case, "acme")
    assert found.met == {"gdpr-authority": NOW} and not found.exempt
    case_changes.unmark_done(case, "acme", "gdpr-authority")
    case_changes.set_exempt(case, "acme", "gdpr-authority", True, NOW)
    with pytest.raises(DutyExempt) as refused:
        case_changes.mark_done(case, "acme", "gdpr-authority", NOW, NOW)
    assert "--undo" in refused.value.hint
    case_changes.set_exempt(case, "acme", "gdpr-authority", False, NOW)
    case_changes.mark_done(case, "acme", "gdpr-authority", NOW, NOW)
