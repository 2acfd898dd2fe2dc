"""Snapshots as the register knows them: rows that name a folder below snapshots/, and the hash of what was signed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, delete, insert, select

from floodmark.exposure.snapshots import Snapshot, SnapshotBroken
from floodmark.register.database import RegisterDamaged
from floodmark.register.snapshot_leftovers import ID
from floodmark.register.tables import snapshots


@dataclass(frozen=True)
class SnapshotRow:
    """What the register knows of a snapshot.

    Attributes:
        id: 32 hexadecimal digits, the name of its folder.
        number: 1 and up, in the order in which they were made.
        sha256: of its text, which the next one names.
        epoch: of the key.
        leaks: slugs, in their order; none when it was withdrawn, since one of its leaks was forgotten.
        made_at: ISO 8601 in UTC to the second.
        expires_at: the same.
    """

    id: str
    number: int
    sha256: str
    epoch: int
    leaks: tuple[str, ...]
    made_at: str
    expires_at: str


def list_snapshots(connection: Connection) -> list[SnapshotRow]:
    """All snapshots, the newest first.

    Raises:
        RegisterDamaged: a row cannot be one.
    """
    try:
        rows = connection.execute(select(snapshots).order_by(snapshots.c.number.desc())).all()
    except ValueError as error:  # leaks that are no JSON
        raise RegisterDamaged("register.sqlite holds a snapshot that cannot be read.") from error
    for row in rows:
        # It names a folder, so it must not lead anywhere else.
        if not ID.fullmatch(row.id) or not isinstance(row.leaks, list):
            raise RegisterDamaged("register.sqlite holds a snapshot that cannot be one.")
    return [SnapshotRow(**{**row._mapping, "leaks": tuple(row.leaks)}) for row in rows]


def check_known(connection: Connection, snapshot: Snapshot) -> None:
    """See that a snapshot and its predecessor are the ones that this workspace made, where it made them.

    Raises:
        SnapshotBroken: one of them has the id of one of the workspace's, and another text.
    """
    known = {row.id: row.sha256 for row in list_snapshots(connection)}
    before = snapshot.predecessor
    if known.get(snapshot.id, snapshot.sha256) != snapshot.sha256:
        raise SnapshotBroken("v1/snapshot is not the snapshot that this workspace made under its id.")
    if before is not None and known.get(before.id, before.sha256) != before.sha256:
        raise SnapshotBroken("v1/snapshot names another predecessor than the one that this workspace made.")


def put_snapshot(connection: Connection, row: SnapshotRow) -> None:
    """Keep the row of a snapshot."""
    connection.execute(insert(snapshots).values(asdict(row) | {"leaks": list(row.leaks)}))


def drop_snapshots(connection: Connection, ids: Sequence[str]) -> None:
    """Remove rows of snapshots."""
    connection.execute(delete(snapshots).where(snapshots.c.id.in_(ids)))
