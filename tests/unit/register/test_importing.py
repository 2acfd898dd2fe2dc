"""Files of statements recorded together: all or none, whoever else writes and whenever the process is killed."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from floodmark.assessment import reference
from floodmark.assessment.statements.assertion import Assertion
from floodmark.assessment.statements.country_table import CountryRow, CountryTable, exactly
from floodmark.assessment.statements.document import Document, Said, document_values, read_document
from floodmark.assessment.statements.statement import Incident, Saying
from floodmark.register.free_text import HoldsIdentifier
from floodmark.register.importing import import_statements, look_at
from floodmark.register.incidents import IncidentNotFound, known_incidents
from floodmark.register.slugs import BadSlug
from floodmark.register.statements import TooManyStatements, TooManyTables, list_statements
from floodmark.register.workspace import Workspace

from ..assessment.statements.made_up import sayings

NOW = datetime(2026, 1, 31, 13, 5, tzinfo=UTC)
DENIAL = Saying(
    kind="denial",
    speaker_kind="company",
    speaker="Acme Ltd",
    said_on="2026-01-20",
    text="It is old.",
    source="Press page",
    assertions=(Assertion(kind="old"),),
)
ACME = Incident("acme", "Acme")
LEAKY = Said("acme", replace(DENIAL, text="Ask ada@example.org."))
PROGRAM = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from sqlalchemy import event
from floodmark.assessment.statements.document import read_document
from floodmark.register.importing import import_statements
from floodmark.register.workspace import Workspace

document = read_document(Path(sys.argv[1]).read_bytes())

def run(folder, left):
    with Workspace.open(Path(folder), wait=60).writing("statement import") as connection:
        @event.listens_for(connection, "after_cursor_execute")
        def count(connection, cursor, statement, *rest):
            nonlocal left
            if statement.startswith("INSERT"):
                left -= 1
                if not left:
                    os.kill(os.getpid(), signal.SIGKILL)

        import_statements(connection, document, datetime(2026, 1, 31, 13, 5, tzinfo=UTC))

for folder, left in zip(sys.argv[2::2], map(int, sys.argv[3::2])):  # each in a process of its own
    if left < 0:
        run(folder, left)
    elif not (child := os.fork()):
        run(folder, left)
        os._exit(4)
    else:
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def of(count: int) -> Document:
    said = (Said("acme", replace(DENIAL, text=f"It is old: part {number}.")) for number in range(count))
    return Document((ACME,), tuple(said))


def written(folder: Path, document: Document) -> Path:
    path = folder / "statements.json"
    said = [
        {"about": one.about, **vars(one.said), "assertions": [{"kind": "old"}]} for one in document.statements
    ]
    titled = [vars(one) for one in document.incidents]
    path.write_text(json.dumps({"incidents": titled, "statements": said}))
    return path


def recorded(workspace):
    with workspace.connect() as connection:
        return list_statements(connection)


def imported(workspace, document):
    with workspace.writing("statement import") as connection:
        return import_statements(connection, document, NOW)


def test_all_statements_of_a_file_are_recorded_with_what_they_are_about(workspace):
    made = imported(workspace, of(3))
    assert recorded(workspace) == made
    assert [one.text[-2:] for one in made] == ["0.", "1.", "2."]
    with workspace.connect() as connection:
        assert known_incidents(connection) == [ACME]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15, deadline=None)
@given(st.lists(sayings(), min_size=1, max_size=5, unique=True))
def test_what_is_listed_is_the_same_in_a_fresh_workspace(tmp_path_factory, blank, said):
    folders = [tmp_path_factory.mktemp("w") / "floodmark" for _ in range(2)]
    first, second = (Workspace.open(shutil.copytree(blank, folder), wait=0) for folder in folders)
    imported(first, Document((ACME,), tuple(Said("acme", one) for one in said)))
    with first.connect() as connection:
        listed = document_values(list_statements(connection), known_incidents(connection))
    imported(second, read_document(json.dumps(listed).encode()))
    with second.connect() as connection:
        again = document_values(list_statements(connection), known_incidents(connection))
    for one in (*listed["statements"], *again["statements"]):
        assert one.pop("recorded_at") == "2026-01-31T13:05:00Z"
        assert one.pop("id").isdecimal(), "those of one day may be numbered in another order"
    assert again == listed


def test_what_is_recorded_already_or_twice_in_the_file_is_left_out(workspace):
    imported(workspace, of(2))
    document = of(3)
    twice = replace(document, statements=document.statements * 2)
    with workspace.connect() as connection:
        found = look_at(connection, twice, NOW)
    assert (len(found.statements), found.known, found.incidents) == (1, 5, ())
    assert len(imported(workspace, twice)) == 1
    assert imported(workspace, twice) == []
    assert len(recorded(workspace)) == 3


def test_what_comes_with_the_program_is_left_out(workspace):
    listed = document_values(reference.statements(), reference.incidents())
    document = read_document(json.dumps(listed).encode())
    assert imported(workspace, document) == []
    with workspace.connect() as connection:
        assert known_incidents(connection) == []


def test_an_incident_that_comes_with_the_program_needs_no_title(workspace):
    about = reference.incidents()[0]
    imported(workspace, Document((), (Said(about.slug, DENIAL),)))
    with workspace.connect() as connection:
        assert known_incidents(connection) == [about]


@pytest.mark.parametrize(
    ("document", "error"),
    [
        (Document((), of(1).statements), IncidentNotFound),
        (Document((Incident("Acme", "Acme"),), (Said("Acme", DENIAL),)), BadSlug),
        (Document((Incident("acme", "+44 7700 900123"),), of(1).statements), HoldsIdentifier),
        (
            Document((ACME,), (*of(3).statements, Said("acme", replace(DENIAL, text="ada@example.org")))),
            HoldsIdentifier,
        ),
    ],
)
def test_nothing_is_recorded_where_one_statement_cannot_be(workspace, document, error):
    with workspace.connect() as connection, pytest.raises(error) as caught:
        look_at(connection, document, NOW)
    assert f"Statement {len(document.statements)} of the file: " in caught.value.message
    assert "7700" not in caught.value.message and "example.org" not in caught.value.message
    with pytest.raises(error):
        imported(workspace, document)
    assert recorded(workspace) == []
    with workspace.connect() as connection:
        assert known_incidents(connection) == []


def test_a_leak_has_so_many_statements_at_most_and_else_none_of_the_file(workspace):
    imported(workspace, of(1))
    with pytest.raises(TooManyStatements):
        imported(workspace, of(501))
    assert len(recorded(workspace)) == 1
    assert len(imported(workspace, of(500))) == 499


def test_more_tables_than_a_leak_keeps_are_told_before_anything_is_asked(workspace):
    table = CountryTable((CountryRow("EG", exactly(44_823_547)),))
    with_table = (Assertion(kind="countries", table=table),)
    said = tuple(
        Said("acme", replace(DENIAL, text=f"Part {number}.", assertions=with_table)) for number in range(51)
    )
    with workspace.connect() as connection, pytest.raises(TooManyTables):
        look_at(connection, Document((ACME,), said), NOW)
    assert len(imported(workspace, Document((ACME,), said[1:]))) == 50
    with workspace.connect() as connection, pytest.raises(TooManyTables):
        look_at(connection, Document((ACME,), said[:1]), NOW)


def test_a_kill_in_the_middle_leaves_all_or_nothing(tmp_path):
    """The incident is one insert, and each of forty statements two."""
    killed = {left: Workspace.open(tmp_path / str(left), wait=0) for left in (1, 2, 3, 40, 80, 81)}
    asked = [str(part) for left, workspace in killed.items() for part in (workspace.folder, left)]
    command = [sys.executable, "-c", PROGRAM, written(tmp_path, of(40)), *asked]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert done.stdout.split() == [str(-signal.SIGKILL)] * len(killed)
    for workspace in killed.values():
        assert recorded(workspace) == []
        with workspace.connect() as connection:
            assert known_incidents(connection) == []
        assert len(imported(workspace, of(40))) == 40


def test_two_imports_at_once_record_every_statement_once(workspace, tmp_path):
    path = written(tmp_path, of(60))
    command = [sys.executable, "-c", PROGRAM, path, workspace.folder, "-1"]
    started = [subprocess.Popen(command) for _ in range(2)]
    assert [one.wait() for one in started] == [0, 0]
    assert sorted(one.text for one in recorded(workspace)) == sorted(
        one.said.text for one in of(60).statements
    )
