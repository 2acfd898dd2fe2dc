"""Connections to `register.sqlite`, and its failures in words.

Foreign keys are checked, freed bytes are overwritten (`secure_delete`), a commit is on the disk before it returns
(`synchronous = FULL`), and temporary tables stay in memory, since what they hold is as secret as the register.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool, StaticPool

from floodmark.errors import FloodmarkError
from floodmark.register.tables import metadata

BUSY_SECONDS = 5.0
_PRAGMAS = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA synchronous = FULL",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA trusted_schema = OFF",
)


class WorkspaceUnwritable(FloodmarkError):
    """The workspace is read-only, full or not permitted; what was saved before is untouched."""

    slug = "workspace-unwritable"
    hint = (
        "Free some space, or point FLOODMARK_HOME to a folder that you may write to; nothing saved was lost."
    )


class WorkspaceBusy(FloodmarkError):
    """Another process holds the workspace, or saves the same leak."""

    slug = "workspace-busy"
    hint = "Wait until it ends, or stop it; a process that was killed holds nothing."


class RegisterDamaged(FloodmarkError):
    """register.sqlite is no database, or its pages contradict each other; nothing was changed."""

    slug = "register-damaged"
    hint = "Put back a copy of the whole workspace folder, or move register.sqlite and leaks/ away to start anew."


class RegisterUnreadable(FloodmarkError):
    """The register exists and cannot be opened, or has changes that read-only media cannot take up."""

    slug = "register-unreadable"
    hint = "Check its permissions; from read-only media, copy the folder to where it can be written and read it there."


def writing_engine(file: Path) -> Engine:
    """Engine whose transactions hold SQLite's write lock from their start; the file must exist."""
    return _engine(f"{_uri(file)}?mode=rw", "BEGIN IMMEDIATE", ())


def reading_engine(file: Path) -> Engine:
    """Engine that refuses to change anything; the file must exist."""
    mode = "rw" if os.access(file.parent, os.W_OK) else "ro"
    return _engine(f"{_uri(file)}?mode={mode}", "BEGIN", ("PRAGMA query_only = ON",))


def needs_copy(file: Path, error: DBAPIError) -> bool:
    """Whether a register that could not be read can be read from a copy in memory.

    In WAL mode SQLite makes files beside a database even to read it, which read-only media and a full disk refuse.
    The file alone is all there is, unless changes that were never merged lie beside it.
    """
    log = file.with_name(file.name + "-wal")
    refused = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_FULL)
    merged = not (log.exists() and log.stat().st_size)
    return _code(error) in refused and merged and file.is_file() and os.access(file, os.R_OK)


def copied_engine(raw: bytes) -> Engine:
    """Engine of a copy in memory, which refuses to change anything.

    Args:
        raw: the database's file, read while nobody wrote.
    """
    copy = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    # Bytes 18 and 19 say that there is a log (2) or none (1); a database in memory has none.
    copy.deserialize(raw[:18] + b"\1\1" + raw[20:])
    copy.execute("PRAGMA query_only = ON")
    return create_engine("sqlite://", creator=lambda: copy, poolclass=StaticPool, hide_parameters=True)


def empty_engine() -> Engine:
    """Engine of a register with no row, in memory: what a workspace is before anything was saved in it."""
    engine = create_engine("sqlite://", poolclass=StaticPool)
    metadata.create_all(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only = ON")
    return engine


@contextmanager
def register_errors(writing: bool) -> Iterator[None]:
    """Failures of the database as errors that a person can act upon, without SQL or values in them.

    Args:
        writing: whether something was to be changed.

    Raises:
        WorkspaceUnwritable: read-only, full, or the system failed to write.
        WorkspaceBusy: a program other than ours holds the database.
        RegisterDamaged: the file is no database or is broken.
        RegisterUnreadable: it cannot be opened.
    """
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        raised = _explained(_code(error), _name(error), writing)
        if raised is None:
            raise
        raise raised from error


def _code(error: DBAPIError | sqlite3.Error) -> int:
    """SQLite's result code without its extension, 0 for an error that is not SQLite's."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return int(getattr(cause, "sqlite_errorcode", 0)) & 0xFF


def _name(error: DBAPIError | sqlite3.Error) -> str:
    cause = error.orig if isinstance(error, DBAPIError) else error
    return str(getattr(cause, "sqlite_errorname", "unknown reason"))


def _explained(code: int, name: str, writing: bool) -> FloodmarkError | None:
    if (
        name == "SQLITE_IOERR_SHMSIZE"
    ):  # the file for the log's index could not be made as large as it must be
        code = sqlite3.SQLITE_FULL
    match code:
        case sqlite3.SQLITE_NOTADB | sqlite3.SQLITE_CORRUPT:
            return RegisterDamaged("register.sqlite is damaged, or is not a database.")
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return WorkspaceBusy("Another program holds register.sqlite.")
        case sqlite3.SQLITE_FULL if writing:
            return WorkspaceUnwritable("register.sqlite could not be written: no space left.")
        case (
            sqlite3.SQLITE_READONLY
            | sqlite3.SQLITE_IOERR
            | sqlite3.SQLITE_CANTOPEN
            | sqlite3.SQLITE_PERM
            | sqlite3.SQLITE_FULL
        ):
            if writing:
                return WorkspaceUnwritable(
                    f"register.sqlite could not be written: the system refused ({name})."
                )
            return RegisterUnreadable(f"register.sqlite could not be read: the system refused ({name}).")
    return None


def _engine(uri: str, begin: str, more: tuple[str, ...]) -> Engine:
    def open_database() -> sqlite3.Connection:
        connection = sqlite3.connect(
            uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            for pragma in (*_PRAGMAS, *more):
                connection.execute(pragma)
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    engine = create_engine("sqlite://", creator=open_database, poolclass=NullPool, hide_parameters=True)

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _uri(file: Path) -> str:
    return "file:" + quote(os.fsencode(file.absolute()))
