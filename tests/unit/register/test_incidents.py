"""Incidents: what statements are about where there is no dump, in one name space with leaks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from floodmark.assessment.statements.statement import Incident
from floodmark.register.forget import forget, trace
from floodmark.register.free_text import HoldsIdentifier, UnfitText
from floodmark.register.incidents import (
    IncidentNotFound,
    drop_if_silent,
    ensure_incident,
    get_incident,
    has_incident,
    known_incidents,
)
from floodmark.register.slugs import BadSlug
from floodmark.register.statements import Saying, add_statement, list_statements, remove_statement

NOW = datetime(2026, 1, 31, 13, 5, tzinfo=UTC)
NOTICE = Saying(
    kind="outage-notice",
    speaker_kind="company",
    speaker="Example Ltd",
    said_on="2024-03-05",
    text="A technical issue.",
    source="Its status page",
)


@pytest.fixture
def outage(begun):
    with begun.writing("test") as connection:
        return ensure_incident(connection, "outage-2024", "Outage of\tMarch 2024 ", NOW)


def test_an_incident_needs_no_dump(workspace, outage):
    assert outage == Incident("outage-2024", "Outage of March 2024")
    with workspace.writing("test") as connection:
        made = add_statement(connection, "outage-2024", NOTICE, NOW)
    with workspace.connect() as connection:
        assert get_incident(connection, "outage-2024") == outage
        assert known_incidents(connection) == [outage]
        assert list_statements(connection, "outage-2024") == [made]


def test_a_title_that_is_there_stays(workspace, outage):
    with workspace.writing("test") as connection:
        assert ensure_incident(connection, "outage-2024", "Another title", NOW) == outage


def test_a_leak_that_is_saved_under_the_slug_of_an_incident_has_its_statements_and_the_leaks_title(
    workspace, save, outage
):
    with workspace.writing("test") as connection:
        made = add_statement(connection, "outage-2024", NOTICE, NOW)
    leak = save("outage-2024")
    with workspace.connect() as connection:
        assert get_incident(connection, "outage-2024").title == leak.title
        assert [one.title for one in known_incidents(connection)] == [leak.title]
        assert has_incident(connection, "outage-2024")
        assert list_statements(connection, "outage-2024") == [made]


def test_statements_of_an_incident_stay_when_the_leak_of_that_name_is_forgotten(workspace, save, outage):
    with workspace.writing("test") as connection:
        made = add_statement(connection, "outage-2024", NOTICE, NOW)
    save("outage-2024")
    found = trace(workspace, "outage-2024")
    assert (found.statements, found.incident) == (1, True)
    forget(workspace, "outage-2024")
    with workspace.connect() as connection:
        assert list_statements(connection) == [made]
        assert known_incidents(connection) == [outage]


def test_an_incident_of_which_nothing_is_left_goes(workspace, outage):
    with workspace.writing("test") as connection:
        said = (NOTICE, replace(NOTICE, text="Still down."))
        made = [add_statement(connection, "outage-2024", one, NOW) for one in said]
        remove_statement(connection, made[0].id)
        assert not drop_if_silent(connection, "outage-2024")
        remove_statement(connection, made[1].id)
        assert drop_if_silent(connection, "outage-2024")
        assert not drop_if_silent(connection, "outage-2024")
    with workspace.connect() as connection:
        assert known_incidents(connection) == []


def test_what_is_misspelt_is_suggested_be_it_a_leak_an_incident_or_a_public_one(workspace, save, outage):
    save()
    with workspace.connect() as connection:
        for typed, near in (
            ("outage-2042", "outage-2024"),
            ("madeup", "made-up"),
            ("whatsap-2022", "whatsapp-2022"),
        ):
            with pytest.raises(IncidentNotFound) as caught:
                get_incident(connection, typed)
            assert f"Did you mean {near}" in caught.value.hint
            assert "--incident" in caught.value.hint


@pytest.mark.parametrize("slug", ["nowhere", "", "\udcff", "x" * 100_000, "%", "OUTAGE-2024", "../up"])
def test_what_is_not_there_is_not_found_whatever_was_typed(workspace, outage, slug):
    with workspace.connect() as connection:
        with pytest.raises(IncidentNotFound):
            get_incident(connection, slug)
        assert not has_incident(connection, slug)


@pytest.mark.parametrize(
    ("slug", "title", "error"),
    [
        ("Outage 2024", "x", BadSlug),
        ("\udcff", "x", BadSlug),
        ("x" * 65, "x", BadSlug),
        ("call-447700900123", "x", HoldsIdentifier),
        ("outage", "Number 07700 900123", HoldsIdentifier),
        ("outage", " ", UnfitText),
        ("outage", "x" * 201, UnfitText),
    ],
)
def test_an_incident_that_cannot_be_named_so_is_refused(workspace, slug, title, error):
    with workspace.writing("test") as connection:
        with pytest.raises(error):
            ensure_incident(connection, slug, title, NOW)
        assert known_incidents(connection) == []


def test_an_incident_with_an_unfit_name_is_refused_in_words(workspace):
    with (
        workspace.writing("test") as connection,
        pytest.raises(BadSlug, match=r"cannot name an incident\."),
    ):
        ensure_incident(connection, "An Outage", "An outage", NOW)
