"""Freed pages of the register, made to hold nothing: after a leak is forgotten, no byte of it stays in any file.

Overwriting (`secure_delete`) clears what a row took in the database's own pages, but copies of old pages lie in the
write-ahead log until it is truncated, and `VACUUM` writes every page that is left anew.
"""

from __future__ import annotations

from sqlalchemy import Connection, update

from floodmark.register.database import BUSY_SECONDS, WorkspaceBusy, register_errors
from floodmark.register.tables import workspace

READERS_SECONDS = 5.0


def wipe(connection: Connection, *, patience: float | None = None) -> None:
    """Write the database anew without what was deleted, empty its log, and note that this is done.

    Args:
        connection: to the register, in no transaction; the caller holds the workspace's lock.
        patience: seconds to wait for readers, which keep old pages alive; None for as long as is usual.

    Raises:
        WorkspaceBusy: somebody still reads; the wipe stays due.
        WorkspaceUnwritable: no space for a second copy of the register; the wipe stays due.
    """
    with register_errors(writing=True):
        seconds = READERS_SECONDS if patience is None else patience
        _run(connection, f"PRAGMA busy_timeout = {int(seconds * 1000)}")
        try:
            _empty_log(connection)
            _run(connection, "VACUUM")
            _empty_log(connection)
            with connection.begin():
                connection.execute(update(workspace).values(wipe_due=False))
            _empty_log(connection)
        finally:
            _run(connection, f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}")


def _empty_log(connection: Connection) -> None:
    busy = _run(connection, "PRAGMA wal_checkpoint(TRUNCATE)")
    if busy:
        raise WorkspaceBusy(
            "Another process reads the register, so that freed pages cannot be wiped yet.",
            "End it; the next command that changes the workspace finishes the wipe.",
        )


def _run(connection: Connection, statement: str) -> int:
    """Run a statement that may be in no transaction; the first number of its answer, or 0."""
    driver = connection.connection.driver_connection
    if driver is None:
        raise RuntimeError("the connection to the register was closed")
    row = driver.execute(statement).fetchone()
    return int(row[0]) if row else 0
