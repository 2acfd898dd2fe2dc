"""Statements about leaks: what is recorded, in which order, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.assessment.statements.assertion import Assertion
from floodmark.assessment.statements.country_table import CountryRow, CountryTable, exactly
from floodmark.errors import UsageError
from floodmark.register import statement_room
from floodmark.register.forget import forget, trace
from floodmark.register.free_text import HoldsIdentifier, UnfitText
from floodmark.register.incidents import IncidentNotFound
from floodmark.register.leak_words import UnfitDate, UnfitSource
from floodmark.register.statements import (
    AlreadyRecorded,
    NoSource,
    Saying,
    StatementNotFound,
    TooManyStatements,
    TooManyTables,
    add_statement,
    get_statement,
    list_statements,
    partial_date,
    remove_statement,
)

NOW = datetime(2026, 1, 31, 13, 5, tzinfo=UTC)
DENIAL = Saying(
    kind="denial",
    speaker_kind="company",
    speaker="Example Ltd",
    said_on="2021-04-06",
    text="“The data is old.”",
    source_url="https://example.org/news",
)


@pytest.fixture
def record(workspace, save):
    """Records a statement about the leak that is saved."""
    save()

    def record_one(leak="made-up", **said):
        with workspace.writing("statement add") as connection:
            return add_statement(connection, leak, replace(DENIAL, **said), NOW)

    return record_one


def test_a_statement_is_kept_as_it_was_recorded(record, workspace):
    made = record(source="Its press page", learnt_on="2021-04-20")
    with workspace.connect() as connection:
        assert list_statements(connection) == [made] == [get_statement(connection, made.id)]
    assert (made.about, made.speaker, made.said_on, made.learnt_on) == (
        "made-up", "Example Ltd", "2021-04-06", "2021-04-20",
    )  # fmt: skip
    assert (made.source_url, made.source, made.recorded_at) == (
        "https://example.org/news", "Its press page", "2026-01-31T13:05:00Z",
    )  # fmt: skip


def test_statements_stand_in_the_order_in_which_they_were_made(record, workspace):
    for place, said_on in enumerate(("2021-04-06", "2021", "2021-04", "2019-12-31", "2021-04-06")):
        record(said_on=said_on, text=f"Part {place}.")
    with workspace.connect() as connection:
        found = list_statements(connection, "made-up")
    assert [one.said_on for one in found] == ["2019-12-31", "2021", "2021-04", "2021-04-06", "2021-04-06"]
    assert int(found[-2].id) < int(found[-1].id)


def test_the_statements_of_one_leak_are_listed_alone(record, save, workspace):
    save("another")
    record()
    other = record("another")
    with workspace.connect() as connection:
        assert list_statements(connection, "another") == [other]
        assert list_statements(connection, "no such leak") == []
        assert len(list_statements(connection)) == 2


def test_a_removed_statement_is_gone(record, workspace):
    made = record()
    with workspace.writing("statement remove") as connection:
        assert remove_statement(connection, made.id) == made
    with workspace.connect() as connection, pytest.raises(StatementNotFound):
        get_statement(connection, made.id)


def test_nothing_is_said_of_what_has_no_name(record):
    for slug in ("nothing", "../up", "\udcff"):
        with pytest.raises(IncidentNotFound):
            record(slug)


def test_statements_are_forgotten_with_their_leak(record, workspace):
    record(text="Quetzal words that occur nowhere else.")
    forget(workspace, "made-up")
    with workspace.connect() as connection:
        assert list_statements(connection) == []
    assert b"Quetzal" not in b"".join(path.read_bytes() for path in workspace.folder.glob("register*"))


def test_who_forgets_is_told_what_goes_and_what_else_mentions_it(record, save, workspace):
    save("another")
    record()
    record("another", text="The same as Xylophone Harvest.")
    found = trace(workspace, "made-up")
    assert (found.statements, found.mentioned_by) == (1, ("another",))
    forget(workspace, "made-up")
    with workspace.connect() as connection:
        assert [one.about for one in list_statements(connection)] == ["another"]


def test_a_leak_that_is_saved_anew_keeps_its_statements(record, save, workspace):
    made = record()
    save(replaces=True)
    with workspace.connect() as connection:
        assert list_statements(connection, "made-up") == [made]


@pytest.mark.parametrize("part", ["speaker", "text", "source"])
@pytest.mark.parametrize("held", ["+44 7700 900123", "ada@example.org", "1000 0000 0000 04"])
def test_a_statement_that_holds_an_identifier_is_refused_without_saying_it(record, part, held):
    with pytest.raises(HoldsIdentifier) as caught:
        record(**{part: f"He said: {held}"})
    assert held not in caught.value.message + caught.value.hint


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"kind": "gossip"}, UsageError),
        ({"speaker_kind": "neighbour"}, UsageError),
        ({"speaker": " "}, UnfitText),
        ({"speaker": "x" * 121}, UnfitText),
        ({"text": "\u200b"}, UnfitText),
        ({"text": "x" * 4_001}, UnfitText),
        ({"source_url": "", "source": " "}, NoSource),
        ({"source_url": "javascript:alert(1)"}, UnfitSource),
        ({"source_url": "data:text/html,x"}, UnfitSource),
        ({"source_url": "//example.org/x"}, UnfitSource),
        ({"source_url": "https://user:word@example.org/"}, UnfitSource),
        ({"source_url": "https://example.org:99999/"}, UnfitSource),
        ({"source_url": "https://example.org:0/"}, UnfitSource),
        ({"source_url": "https://example.org\\@evil.example/"}, UnfitSource),
        ({"source_url": "https://example.org\\evil.example/"}, UnfitSource),
        ({"source_url": 'https://example.org/"onload="x'}, UnfitSource),
        ({"source_url": "https://example.org/<x>"}, UnfitSource),
        ({"source_url": "https://example.org/447700900123"}, HoldsIdentifier),
        ({"said_on": "yesterday"}, UnfitDate),
        ({"said_on": "2021-02-30"}, UnfitDate),
        ({"said_on": "2021-W05"}, UnfitDate),
        ({"said_on": "2026-02-02"}, UnfitDate),
        ({"said_on": "2027"}, UnfitDate),
        ({"learnt_on": "2021-04-05"}, UnfitDate),
        ({"learnt_on": "2020"}, UnfitDate),
        ({"learnt_on": "soon"}, UnfitDate),
    ],
)
def test_a_statement_that_cannot_be_kept_is_refused(record, workspace, said, error):
    with pytest.raises(error):
        record(**said)
    with workspace.connect() as connection:
        assert list_statements(connection) == []


def test_a_date_that_is_known_in_part_agrees_with_one_that_is_known_whole(record):
    assert record(said_on="2021-04-06", learnt_on="2021").learnt_on == "2021"
    assert record(said_on="2021", learnt_on="2021-04-06").learnt_on == "2021-04-06"
    assert record(said_on="2026-02-01").said_on == "2026-02-01", "it is tomorrow somewhere"


def test_what_controls_a_terminal_does_not_get_in(record):
    made = record(text="Old\x1b[31m data.\r\nNothing \u202enew.", speaker="Example\tLtd\n")
    assert (made.text, made.speaker) == ("Old[31m data.\nNothing new.", "Example Ltd")


def test_a_leak_has_so_many_statements_at_most(record, monkeypatch):
    monkeypatch.setattr(statement_room, "MOST_STATEMENTS", 1)
    record()
    with pytest.raises(TooManyStatements):
        record(text="Another.")


def test_so_many_statements_of_a_leak_have_a_table_at_most(record, save, workspace, monkeypatch):
    save("another")
    monkeypatch.setattr(statement_room, "MOST_TABLES", 2)
    table = CountryTable((CountryRow("EG", exactly(44_823_547)),))
    for place in range(2):
        record(text=f"Part {place}.", assertions=(Assertion(kind="countries", table=table),))
    with pytest.raises(TooManyTables):
        record(text="Part 3.", assertions=(Assertion(kind="countries", table=table),))
    record(
        text="Part 3.", assertions=(Assertion(kind="countries", quantity=exactly(84)), Assertion(kind="new"))
    )
    record("another", assertions=(Assertion(kind="countries", table=table),))
    with workspace.writing("statement remove") as connection:
        remove_statement(connection, "1")
    record(text="Part 3.", assertions=(Assertion(kind="countries", table=table),))


def test_what_is_recorded_already_is_refused_with_its_number(record, workspace):
    said = {
        "assertions": (Assertion(kind="total", quantity=exactly(1_200), scope="US"),),
        "text": "1,200 rows.",
    }
    first = record(**said)
    with pytest.raises(AlreadyRecorded, match=f"statement {first.id}\\."):
        record(**said | {"text": " 1,200 rows. "})
    assert {record(**said | {name: "Another"}).id for name in ("source", "text", "speaker")} == {
        "2",
        "3",
        "4",
    }
    assert record(text="1,200 rows.").id == "5", "it claims nothing"


@pytest.mark.parametrize("typed", ["US", "USA", "United States", "Vereinigte Staaten", " us ".upper()])
def test_a_part_that_is_a_country_is_kept_by_its_code(record, typed):
    (kept,) = record(assertions=(Assertion(kind="new", scope=typed),)).assertions
    assert kept.scope == "US"


@pytest.mark.parametrize("typed", ["outage", "in", "Congo", "Africa", "A-Z", "I.T."])
def test_a_part_that_is_no_country_or_one_of_several_stays_as_it_was_typed(record, typed):
    (kept,) = record(assertions=(Assertion(kind="new", scope=typed),)).assertions
    assert kept.scope == typed


@given(st.dates().map(str), st.sampled_from([4, 7, 10]))
def test_every_day_month_and_year_is_a_date(day, length):
    assert partial_date(day[:length]) == day[:length]


@given(st.text("0123456789-/. T", max_size=12))
def test_what_is_read_as_a_date_is_written_as_one(text):
    found = partial_date(text)
    assert found is None or (found == text.strip() and len(found) in (4, 7, 10))
