"""What a workspace knows when assertions are tested: tables of statements, and what triage counted in saved leaks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from floodmark.assessment.statements.assertion import Assertion
from floodmark.assessment.statements.country_table import CountryRow, CountryTable, exactly
from floodmark.assessment.statements.quantity import Quantity
from floodmark.assessment.statements.statement import Saying
from floodmark.cli import main
from floodmark.errors import FloodmarkError
from floodmark.register.forget import forget
from floodmark.register.incidents import ensure_incident
from floodmark.register.known_tables import known_tables, recorded
from floodmark.register.statements import add_statement
from floodmark.register.workspace import Workspace
from floodmark.synth import leak
from floodmark.triage import triage

NOW = datetime(2026, 1, 31, 13, 5, tzinfo=UTC)
ROWS = CountryTable((CountryRow("EG", exactly(44_823_547), source="A newspaper"),))
ADVERT = Saying(
    kind="advert",
    speaker_kind="seller",
    speaker="an account on a forum",
    said_on="2022-11-16",
    text="Numbers by country.",
    source="Thread",
    assertions=(
        Assertion(kind="total", quantity=Quantity(32_000_000, 2), scope="US"),
        Assertion(kind="total", quantity=Quantity(487_000_000, 3), of="phones"),
        Assertion(kind="countries", table=ROWS),
    ),
)


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    """One with a saved twin of 600 rows, an advert with a table and one without."""
    monkeypatch.setenv("FLOODMARK_HOME", str(tmp_path / "floodmark"))
    monkeypatch.setenv("FLOODMARK_KEYS", str(tmp_path / "keys"))
    leak("facebook-2021", 600, 7, tmp_path / "dump.txt")
    assert main(["keys", "init", "--wrap", "none"]) == 0
    assert main(["save", "twin", str(tmp_path / "dump.txt"), "--title", "A twin"]) == 0
    opened = Workspace.open()
    with opened.writing("test") as connection:
        ensure_incident(connection, "offer", "An offer", NOW)
        add_statement(connection, "offer", ADVERT, NOW)
        add_statement(connection, "offer", replace(ADVERT, assertions=(Assertion(kind="new"),)), NOW)
    return opened


def test_tables_are_those_of_statements_and_of_saved_leaks(workspace, tmp_path):
    said, counted = known_tables(workspace)
    assert (said.id, said.about, said.title, said.dated) == ("1", "offer", "An offer", "2022-11-16")
    assert (said.counts, said.total) == ({"EG": exactly(44_823_547)}, Quantity(487_000_000, 3))
    assert (said.sources, said.counted) == ({"EG": "A newspaper"}, False)
    profile = triage([tmp_path / "dump.txt"])
    assert counted.counts == {
        one.country: exactly(one.phones) for one in profile.countries if one.country not in ("ZZ", "001")
    }
    assert (counted.id, counted.about, counted.counted) == ("profile:twin", "twin", True)
    assert counted.synthetic
    assert counted.total == exactly(profile.rows)
    assert counted.title == "A twin (made-up data)"


def test_profiles_are_read_when_they_are_asked_for(workspace):
    found = recorded(workspace)
    assert (len(found.statements), [*found.profiles], found.unread) == (2, ["twin"], ())
    assert found.profiles["twin"]["rows"] == found.tables[1].total.value
    assert found.profiles.get("offer") is None
    fresh = recorded(workspace)
    forget(workspace, "twin")
    with pytest.raises(FloodmarkError):
        fresh.profiles["twin"]


def test_a_profile_that_is_not_what_was_signed_is_left_out_and_named(workspace):
    (path,) = workspace.leaks_folder.rglob("profile.json")
    path.write_bytes(path.read_bytes().replace(b"EG", b"IT"))
    found = recorded(workspace)
    assert (len(found.tables), dict(found.profiles), found.unread) == (1, {}, ("twin",))


def test_an_empty_workspace_knows_nothing(tmp_path):
    found = recorded(Workspace.open(tmp_path / "nowhere"))
    assert (found.statements, found.tables, dict(found.profiles), found.unread) == ((), (), {}, ())
    assert not (tmp_path / "nowhere").exists()
