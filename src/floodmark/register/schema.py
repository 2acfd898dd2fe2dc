"""The version of the register's schema, and its way to the newest one.

The version is compared by plain SQL; Alembic, which takes longer to import than most commands run, is only loaded
when a register has to be made or brought up to date.
"""

from __future__ import annotations

from enum import Enum
from pathlib import Path

from sqlalchemy import Connection, inspect

from floodmark.errors import FloodmarkError
from floodmark.register.tables import metadata

VERSIONS = ("0001", "0002", "0003", "0004")  # oldest first; a test holds this to the migrations
APPLICATION = 0x464C4D4B  # "FLMK" in the database's header (PRAGMA application_id)
MIGRATIONS = Path(__file__).with_name("migrations")


class ForeignRegister(FloodmarkError):
    """register.sqlite is a database of some other program; it is left alone."""

    slug = "register-foreign"
    hint = "Point FLOODMARK_HOME to a folder of its own."


class RegisterNewer(FloodmarkError):
    """The register was made by a newer version of Floodmark, whose schema this one does not know."""

    slug = "register-newer"
    hint = "Upgrade floodmark, or use a workspace that this version made."


class Standing(Enum):
    """How a database stands to the schema of this version."""

    EMPTY = "empty"
    OLDER = "older"
    CURRENT = "current"


def standing(connection: Connection) -> Standing:
    """Whether a database is ours, and new enough.

    Raises:
        ForeignRegister: it has tables, and they are not ours.
        RegisterNewer: its version is unknown to us.
    """
    application = connection.exec_driver_sql("PRAGMA application_id").scalar_one()
    if application != APPLICATION:
        if application or inspect(connection).get_table_names():
            raise ForeignRegister("register.sqlite belongs to another program.")
        return Standing.EMPTY
    version = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one_or_none()
    if version not in VERSIONS:
        raise RegisterNewer("This workspace was made by a newer version of floodmark.")
    return Standing.CURRENT if version == VERSIONS[-1] else Standing.OLDER


def upgrade(connection: Connection) -> None:
    """Bring a database to the newest schema, from none or from any version, within the open transaction."""
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    script = ScriptDirectory.from_config(config)
    # `_upgrade_revs` is how Alembic's own commands and cookbook plan a run without an env.py.
    environment = EnvironmentContext(config, script, fn=lambda at, _: script._upgrade_revs("head", at))
    with environment:
        environment.configure(connection=connection, target_metadata=metadata, transactional_ddl=True)
        environment.run_migrations()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION}")
