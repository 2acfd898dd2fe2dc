"""The database that says what was spent: `budgets.sqlite`, apart from the register and of another kind.

The database itself keeps the limits: a row whose `elements` were more than its `quota` is refused (`CHECK`), and with
it the whole statement. So there is nothing between looking and taking that another process could do.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote

from floodmark.errors import FloodmarkError
from floodmark.register.folders import make_private

BUSY_SECONDS = 1.0
APPLICATION = 0x666D6B62  # "fmkb"
VERSION = 1

_PRAGMAS = (
    "PRAGMA secure_delete = ON",
    "PRAGMA synchronous = NORMAL",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
)
_SCHEMA = (
    # One row: the day that budgets are of, as days since 1970 in UTC, and the key of its hashes.
    """CREATE TABLE day (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        number INTEGER NOT NULL,
        salt BLOB NOT NULL CHECK (length(salt) = 32),
        tried INTEGER NOT NULL DEFAULT 0
    ) STRICT""",
    # Of this day: address, network (hashes) and server (no bytes).
    """CREATE TABLE spent (
        who BLOB PRIMARY KEY,
        elements INTEGER NOT NULL CHECK (elements >= 0),
        quota INTEGER NOT NULL,
        CHECK (elements <= quota)
    ) STRICT, WITHOUT ROWID""",
    # For ever: API key and epoch.
    """CREATE TABLE organisations (
        key TEXT NOT NULL,
        epoch INTEGER NOT NULL,
        elements INTEGER NOT NULL CHECK (elements >= 0),
        quota INTEGER NOT NULL,
        PRIMARY KEY (key, epoch),
        CHECK (elements <= quota)
    ) STRICT, WITHOUT ROWID""",
)


class BudgetsUnavailable(FloodmarkError):
    """What was spent cannot be read or written, so that nothing is granted."""

    slug: ClassVar[str] = "budgets-unavailable"
    hint = (
        "Check budgets.sqlite and its folder: permissions, free space, and that no other program holds it. Put"
        " back a damaged one from a copy, or move it away: then everything that was spent is forgotten."
    )


def open_file(path: Path) -> sqlite3.Connection:
    """A connection to the database, which is made if it does not exist; for several threads, one at a time.

    While it is opened it waits for others, and not from then on.

    Args:
        path: of the file; its folder is made, too.

    Raises:
        BudgetsUnavailable: it is damaged, something else, open to others, or cannot be written.
    """
    with unavailable():
        if not os.path.lexists(path):
            _make(path)
        check_private(path.stat())
        uri = "file:" + quote(os.fsencode(path.absolute())) + "?mode=rw"
        connection = sqlite3.connect(
            uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            for pragma in _PRAGMAS:
                connection.execute(pragma)
            _check(connection)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA busy_timeout = 0")
        except BaseException:
            connection.close()
            raise
        return connection


@contextmanager
def unavailable() -> Iterator[None]:
    """Failures of the database and of the system as `BudgetsUnavailable`, without values in them."""
    try:
        yield
    except sqlite3.Error as error:
        name = getattr(error, "sqlite_errorname", "no reason given")
        raise BudgetsUnavailable(f"The budgets cannot be kept: the database refused ({name}).") from error
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        raise BudgetsUnavailable(f"The budgets cannot be kept: {reason}.") from error


@contextmanager
def waiting(connection: sqlite3.Connection, seconds: float) -> Iterator[None]:
    """Wait for so long, within the block, when somebody else holds the file."""
    (before,) = connection.execute("PRAGMA busy_timeout").fetchone()
    connection.execute(f"PRAGMA busy_timeout = {seconds * 1000:.0f}")
    try:
        yield
    finally:
        connection.execute(f"PRAGMA busy_timeout = {before}")


def is_busy(error: sqlite3.Error) -> bool:
    """Whether somebody else holds the file."""
    code = getattr(error, "sqlite_errorcode", 0)  # none where the connection is closed
    return bool(code & 0xFF == sqlite3.SQLITE_BUSY)


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """A transaction that holds the write lock from its start, undone if the block raises."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _make(path: Path) -> None:
    """Make the file, whole or not at all; one that another process makes at the same time is left as it is.

    Nothing here opens the file itself: to close it again would end the locks of whoever uses it in this process.
    """
    make_private(path.parent)
    part = path.with_name(f".{path.name[:100]}.{secrets.token_hex(8)}.part")
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    try:
        connection = sqlite3.connect(part, isolation_level=None)
        try:
            connection.execute("PRAGMA page_size = 1024")  # small pages make a small log
            with transaction(connection):
                for statement in _SCHEMA:
                    connection.execute(statement)
                connection.execute(f"PRAGMA application_id = {APPLICATION}")
                connection.execute(f"PRAGMA user_version = {VERSION}")
        finally:
            connection.close()
        with suppress(FileExistsError):
            os.link(part, path)
    finally:
        part.unlink()


def check_private(about: os.stat_result) -> None:
    """See that a file is its owner's alone.

    Raises:
        BudgetsUnavailable: it is not.
    """
    if not stat.S_ISREG(about.st_mode) or about.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise BudgetsUnavailable(
            "The file of the budgets is open to others than its owner, or no ordinary file.",
            "Close it with chmod 600: it says from which networks was asked today.",
        )


def _check(connection: sqlite3.Connection) -> None:
    names = ("application_id", "user_version")
    found = tuple(connection.execute(f"PRAGMA {name}").fetchone()[0] for name in names)
    if found != (APPLICATION, VERSION):
        raise BudgetsUnavailable(
            "The file of the budgets is another program's, or of another version of this one.",
            "Name another file, or move it away: then everything that was spent is forgotten.",
        )
    if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
        raise BudgetsUnavailable("The file of the budgets is damaged.")
