"""Registers of older versions, as they lie on a disk, brought up to date with what is in them."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime

import pytest
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory

from floodmark.register.database import writing_engine
from floodmark.register.forget import forget
from floodmark.register.incidents import ensure_incident
from floodmark.register.schema import APPLICATION, MIGRATIONS, VERSIONS
from floodmark.register.statements import Saying, add_statement, list_statements, remove_statement
from floodmark.register.workspace import Workspace

NOW = datetime(2026, 1, 31, 13, 5, tzinfo=UTC)
OLD = Saying(
    kind="denial",
    speaker_kind="company",
    speaker="Acme Ltd",
    said_on="2026-01-20",
    text="It is old.",
    source="Press",
)
LEAK = {
    "slug": "acme", "title": "Acme", "saved_at": "2026-01-31T13:05:00Z", "modified_at": "2026-01-31T13:05:00Z",
    "synthetic": 1, "rows": 9, "field_types": '["phone"]', "digest_key_id": "0011223344556677",
    "profile_version": 2, "folder": "acme",
}  # fmt: skip
SAID = {
    "leak_slug": "acme", "kind": "denial", "speaker_kind": "company", "speaker": "Acme Ltd",
    "said_on": "2026-01-20", "learnt_on": "2026-01", "text": "Zeile eins: „ü“.\nQuetzal.",
    "source_url": "https://acme.example/", "source": "Press", "recorded_at": "2026-01-31T13:05:00Z",
}  # fmt: skip
EMPTY = ("domain", "description", "attribution", "disclosure_url")
FLAGS = (
    "verified",
    "fabricated",
    "sensitive",
    "retired",
    "spam_list",
    "malware",
    "stealer_log",
    "subscription_free",
)


@pytest.fixture
def older(tmp_path):
    """A workspace whose register was made by version 0003 and has statements in it, one number of which is free."""
    workspace = Workspace.open(tmp_path / "floodmark", wait=0)
    (workspace.folder / "leaks" / "acme").mkdir(parents=True)
    workspace.register.touch()
    engine = writing_engine(workspace.register)
    with engine.connect() as connection, connection.begin():
        migrate(connection, "0003")
    engine.dispose()
    database = sqlite3.connect(workspace.register)
    database.execute(f"PRAGMA application_id = {APPLICATION}")
    insert(database, "workspace", {"id": 1, "wipe_due": 0, "created_at": "2026-01-31T13:05:00Z"})
    insert(database, "leaks", LEAK | dict.fromkeys(EMPTY, "") | dict.fromkeys(FLAGS, 0))
    for number in (1, 2, 5):
        insert(database, "statements", SAID | {"id": number})
    insert(database, "statements", SAID | {"id": 7, "learnt_on": None, "said_on": "2021", "source": ""})
    database.commit()
    database.close()
    return workspace


def migrate(connection, version):
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    script = ScriptDirectory.from_config(config)
    plan = script._upgrade_revs  # as in schema.upgrade
    with EnvironmentContext(config, script, fn=lambda at, _: plan(version, at)) as environment:
        environment.configure(connection=connection, transactional_ddl=True)
        environment.run_migrations()


def insert(database, table, row):
    names = ", ".join(f'"{name}"' for name in row)
    database.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(row))})", [*row.values()])


def test_statements_of_version_3_are_kept_with_their_numbers(older):
    with older.connect() as connection:
        found = list_statements(connection, "acme")
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
        version = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one()
    assert version == VERSIONS[-1]
    assert [one.id for one in found] == ["7", "1", "2", "5"]
    kept = found[1]
    assert {name: getattr(kept, name) for name in SAID if name != "leak_slug"} == {
        name: value for name, value in SAID.items() if name != "leak_slug"
    }
    assert (kept.about, kept.assertions, kept.offer, kept.sample, kept.drawn) == ("acme", (), "", None, "")


def test_a_register_of_version_3_has_the_tables_of_a_new_one_afterwards(older, tmp_path):
    fresh = Workspace.open(tmp_path / "fresh", wait=0)
    with fresh.writing("test"):
        pass
    with older.writing("test"):
        pass
    assert columns(older) == columns(fresh)


def columns(workspace):
    """Columns, keys and indexes of every table, in no order."""
    database = sqlite3.connect(workspace.register)
    found = {}
    for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        found[table] = (
            sorted(row[1:] for row in database.execute(f"PRAGMA table_info({table})")),
            sorted(row[2:] for row in database.execute(f"PRAGMA foreign_key_list({table})")),
            sorted(row[1:] for row in database.execute(f"PRAGMA index_list({table})")),
        )
    database.close()
    return found


def test_a_number_is_given_once_in_new_registers_and_in_those_of_version_3(older, tmp_path):
    fresh = Workspace.open(tmp_path / "fresh", wait=0)
    for workspace, last in ((fresh, 0), (older, 7)):
        with workspace.writing("test") as connection:
            ensure_incident(connection, "acme", "Acme", NOW)
            assert int(add_statement(connection, "acme", OLD, NOW).id) == last + 1
        with workspace.writing("test") as connection:
            remove_statement(connection, str(last + 1))
        with workspace.writing("test") as connection:
            ensure_incident(connection, "acme", "Acme", NOW)
            assert int(add_statement(connection, "acme", OLD, NOW).id) == last + 2


def test_what_is_forgotten_after_the_change_of_version_leaves_no_byte(older):
    with older.connect() as connection:
        assert list_statements(connection)
    forget(older, "acme")
    assert b"Quetzal" not in b"".join(path.read_bytes() for path in older.folder.glob("register*"))
