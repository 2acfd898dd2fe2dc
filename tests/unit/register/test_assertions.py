"""What of a statement can be tested, as the register keeps it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import func, select, text

from floodmark.assessment.statements.assertion import Assertion
from floodmark.assessment.statements.country_table import CountryRow, CountryTable, exactly
from floodmark.assessment.statements.quantity import Quantity
from floodmark.assessment.statements.values import UnfitAssertion
from floodmark.errors import UsageError
from floodmark.register import case_changes, tables
from floodmark.register.cases import get_case
from floodmark.register.database import RegisterDamaged
from floodmark.register.forget import forget, trace
from floodmark.register.free_text import HoldsIdentifier, UnfitText
from floodmark.register.leak_words import UnfitDate
from floodmark.register.statement_words import UnfitSample
from floodmark.register.statements import (
    Saying,
    add_statement,
    get_statement,
    list_statements,
    remove_statement,
)

from ..assessment.statements.made_up import sayings

NOW = datetime(2026, 1, 31, 13, 5, tzinfo=UTC)
TOTAL = Assertion(kind="total", quantity=Quantity(487_000_000, 3), of="phones", quote="487 million")
TABLE = CountryTable(
    (CountryRow("EG", exactly(44_823_547), source="A newspaper"), CountryRow("US", exactly(7)))
)
ADVERT = Saying(
    kind="advert",
    speaker_kind="seller",
    speaker="an account on a forum",
    said_on="2022-11-16",
    text="487 million numbers.",
    source="Thread",
    offer="sold",
    sample=1_000,
    drawn="seller",
    assertions=(TOTAL, Assertion(kind="countries", quantity=exactly(84), table=TABLE), Assertion(kind="new")),
)


@pytest.fixture
def record(workspace, save):
    save()

    def record_one(**said):
        with workspace.writing("statement add") as connection:
            return add_statement(connection, "made-up", replace(ADVERT, **said), NOW)

    return record_one


def test_assertions_are_kept_in_their_order_with_their_statement(record, workspace):
    made = [record(), record(assertions=()), record(assertions=ADVERT.assertions[::-1])]
    with workspace.connect() as connection:
        assert list_statements(connection) == made
        assert get_statement(connection, made[2].id).assertions == ADVERT.assertions[::-1]
    assert (made[0].offer, made[0].sample, made[0].drawn) == ("sold", 1_000, "seller")
    assert made[0].table == TABLE


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(sayings())
def test_what_is_recorded_is_read_again_as_it_was(record, workspace, said):
    with workspace.writing("test") as connection:
        made = add_statement(connection, "made-up", said, NOW)
        assert {name: getattr(made, name) for name in vars(said)} == vars(said)
        remove_statement(connection, made.id)


def test_assertions_and_ties_go_with_their_statement(record, workspace):
    made = record()
    with workspace.writing("test") as connection:
        case_changes.open_case(connection, "acme", "Acme", NOW, NOW)
        case_changes.link(connection, "acme", "statement", made.id, NOW)
        case_changes.link(connection, "acme", "statement", made.id, NOW)
        assert get_case(connection, "acme").links == (("statement", made.id),)
        remove_statement(connection, made.id)
        assert get_case(connection, "acme").links == ()
        assert connection.execute(select(func.count()).select_from(tables.assertions)).scalar_one() == 0
    assert record().id == "2", "whoever cited the first by its number is not led to another"


def test_assertions_and_ties_are_forgotten_with_their_leak(record, workspace):
    made = record(assertions=(Assertion(kind="attack-by", who="Quetzal Brigade"),))
    with workspace.writing("test") as connection:
        case_changes.open_case(connection, "acme", "Acme", NOW, NOW)
        case_changes.link(connection, "acme", "statement", made.id, NOW)
    assert trace(workspace, "made-up").cases == ("acme",)
    assert forget(workspace, "made-up").cases == ("acme",)
    with workspace.connect() as connection:
        assert get_case(connection, "acme").links == ()
    assert b"Quetzal" not in b"".join(path.read_bytes() for path in workspace.folder.glob("register*"))


def test_a_tie_is_taken_back(record, workspace):
    made = record()
    with workspace.writing("test") as connection:
        case_changes.open_case(connection, "acme", "Acme", NOW, NOW)
        case_changes.link(connection, "acme", "statement", made.id, NOW)
        case_changes.unlink(connection, "acme", "statement", made.id)
        assert get_case(connection, "acme").links == ()


@pytest.mark.parametrize(
    "one",
    [
        replace(TOTAL, scope="ask +44 7700 900123"),
        replace(TOTAL, quote="ada@example.org"),
        Assertion(kind="attack-by", who="+44 7700 900123"),
        Assertion(
            kind="countries", table=CountryTable((CountryRow("EG", exactly(7), source="07700 900 123"),))
        ),
    ],
)
def test_an_assertion_that_holds_an_identifier_is_refused_without_saying_it(record, one):
    with pytest.raises(HoldsIdentifier) as caught:
        record(assertions=(one,))
    assert "7700" not in caught.value.message + caught.value.hint


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"assertions": (Assertion(kind="gossip"),)}, UnfitAssertion),
        ({"assertions": (Assertion(kind="total"),)}, UnfitAssertion),
        ({"assertions": (Assertion(kind="fields", fields=("shoe_size",)),)}, UnfitAssertion),
        ({"assertions": (Assertion(kind="fields", fields=("unknown",)),)}, UnfitAssertion),
        ({"assertions": (Assertion(kind="new"),) * 51}, UnfitAssertion),
        ({"assertions": (Assertion(kind="fixed-before", on="soon"),)}, UnfitDate),
        ({"assertions": (Assertion(kind="dated", on="2021-02-30"),)}, UnfitDate),
        ({"assertions": (replace(TOTAL, quote="x" * 601),)}, UnfitText),
        ({"assertions": (replace(TOTAL, scope="x" * 61),)}, UnfitText),
        ({"offer": "gossip"}, UsageError),
        ({"offer": "sold", "kind": "denial"}, UnfitSample),
        ({"drawn": "dice"}, UsageError),
        ({"sample": 0}, UnfitSample),
        ({"sample": -7}, UnfitSample),
        ({"sample": 10**16}, UnfitSample),
    ],
)
def test_what_cannot_be_kept_is_refused_and_leaves_nothing(record, workspace, said, error):
    with pytest.raises(error):
        record(**said)
    with workspace.connect() as connection:
        assert list_statements(connection) == []


def test_what_controls_a_terminal_does_not_get_in(record):
    made = record(
        assertions=(Assertion(kind="attack-by", who="The\x1b[31m \u202eBrigade\n", scope="Two\twords"),)
    )
    (one,) = made.assertions
    assert (one.who, one.scope) == ("The[31m Brigade", "Two words")


@pytest.mark.parametrize("value", ["{", "7", "[]", '{"kind": "gossip"}', '{"kind": "total", "quantity": 7}'])
def test_an_assertion_that_floodmark_did_not_write_is_a_damaged_register(record, workspace, value):
    record()
    with workspace.writing("test") as connection:
        connection.execute(text("UPDATE assertions SET value = :value"), {"value": value})
    with workspace.connect() as connection, pytest.raises(RegisterDamaged):
        list_statements(connection)
