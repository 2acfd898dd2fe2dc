"""Migrations and tables say the same, in every version and for both databases."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from floodmark.register import schema, tables
from floodmark.register.schema import MIGRATIONS, VERSIONS, Standing, standing, upgrade


@pytest.fixture
def connection():
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def test_the_migrations_build_exactly_the_tables(connection):
    upgrade(connection)
    options = {"compare_type": True, "compare_server_default": True}
    assert compare_metadata(MigrationContext.configure(connection, opts=options), tables.metadata) == []


def test_an_empty_database_becomes_current_and_an_old_one_is_told(connection, monkeypatch):
    assert standing(connection) is Standing.EMPTY
    upgrade(connection)
    assert standing(connection) is Standing.CURRENT
    monkeypatch.setattr(schema, "VERSIONS", (*VERSIONS, "next"))
    assert standing(connection) is Standing.OLDER


def test_upgrading_twice_changes_nothing(connection):
    upgrade(connection)
    before = connection.execute(text("SELECT name, sql FROM sqlite_master ORDER BY name")).all()
    upgrade(connection)
    assert connection.execute(text("SELECT name, sql FROM sqlite_master ORDER BY name")).all() == before


def test_an_upgrade_that_is_not_committed_leaves_no_trace(workspace):
    workspace.folder.mkdir()
    workspace.register.touch()
    engine = schema_engine(workspace)
    with engine.connect() as connection, connection.begin() as transaction:
        upgrade(connection)
        transaction.rollback()
    with engine.connect() as connection:
        assert standing(connection) is Standing.EMPTY
    engine.dispose()


def schema_engine(workspace):
    from floodmark.register.database import writing_engine

    return writing_engine(workspace.register)


def test_the_versions_named_are_those_of_the_migrations():
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    found = ScriptDirectory.from_config(config).walk_revisions()
    assert tuple(script.revision for script in found)[::-1] == VERSIONS


@pytest.mark.parametrize("dialect", [postgresql.dialect(), sqlite.dialect()], ids=["postgresql", "sqlite"])
def test_the_tables_can_be_made_in_both_databases(dialect):
    for table in tables.metadata.sorted_tables:
        assert f"CREATE TABLE {table.name}" in str(CreateTable(table).compile(dialect=dialect))
        for index in table.indexes:
            assert "CREATE INDEX" in str(CreateIndex(index).compile(dialect=dialect))


def test_the_migrations_run_for_postgresql_too(capsys):
    """Offline: Alembic writes the statements that it would run."""
    from alembic.runtime.environment import EnvironmentContext

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    script = ScriptDirectory.from_config(config)
    plan = script._upgrade_revs  # as in schema.upgrade
    with EnvironmentContext(config, script, fn=lambda at, _: plan("head", at), as_sql=True) as environment:
        environment.configure(dialect_name="postgresql")
        with environment.begin_transaction():
            environment.run_migrations()
    written = capsys.readouterr().out
    assert all(f"CREATE TABLE {table.name}" in written for table in tables.metadata.sorted_tables)


def test_an_older_register_is_brought_up_to_date_by_whoever_reads_it_first(workspace, save, monkeypatch):
    save()
    with workspace.writing("test") as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'before'"))
    seen = []
    monkeypatch.setattr(schema, "VERSIONS", ("before", *VERSIONS))

    def upgraded(connection):
        seen.append(standing(connection))
        connection.execute(text("UPDATE alembic_version SET version_num = :now"), {"now": VERSIONS[-1]})

    monkeypatch.setattr(schema, "upgrade", upgraded)
    for _ in range(2):
        with workspace.connect() as connection:
            assert standing(connection) is Standing.CURRENT
    assert seen == [Standing.OLDER]
