"""Sealed leaks of the workspace: the row that names one, and the folder where its files are."""

from __future__ import annotations

import os
import weakref
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from sqlalchemy import Connection, delete, insert, select

from floodmark.errors import FloodmarkError
from floodmark.register.database import RegisterDamaged
from floodmark.register.leaks import get_leak
from floodmark.register.lease import Lease, lease, share
from floodmark.register.tables import sealed

if TYPE_CHECKING:
    from floodmark.register.workspace import Workspace

FOLDER = "sealed"


class NotSealed(FloodmarkError):
    """The leak is saved, and has no sealed leak."""

    slug: ClassVar[str] = "not-sealed"
    hint = "Make one from its dump: floodmark seal SLUG --from DUMP."


@dataclass(frozen=True)
class SealedRow:
    """What the register knows of a sealed leak.

    Attributes:
        slug: the leak's.
        seal_id: 32 hexadecimal digits, the name of its folder.
        epoch: of the key.
        public_key: of the epoch, 64 hexadecimal digits.
        members: identifiers by kind.
        m: rows of a bucket.
        bytes: size of rows.npy.
        manifest_sha256: of manifest.json.
        sealed_at: ISO 8601 in UTC to the second.
    """

    slug: str
    seal_id: str
    epoch: int
    public_key: str
    members: Mapping[str, int]
    m: int
    bytes: int
    manifest_sha256: str
    sealed_at: str


class SealedFolder:
    """A sealed leak to read; its files stay until it is closed or no longer referred to, also when it is sealed anew.

    Attributes:
        row: what the register knows of it.
        folder: where its files are.
    """

    def __init__(self, row: SealedRow, folder: Path, held: Lease, descriptor: int | None) -> None:
        self.row = row
        self.folder = folder
        self._leak = held
        self._close = weakref.finalize(self, os.close, descriptor) if descriptor is not None else None

    def close(self) -> None:
        """Let the files go."""
        if self._close is not None:
            self._close()
        self._leak.close()


def sealed_of(workspace: Workspace, slug: str) -> SealedFolder:
    """The sealed leak of a leak. Where its folder is missing, whoever opens its files says so.

    Raises:
        LeakNotFound: no leak of that slug is saved.
        NotSealed: it is not sealed.
    """
    previous = None
    while True:
        held = lease(workspace, slug)
        with workspace.connect() as connection:
            row = sealed_row(connection, slug)
        if row is None:
            raise NotSealed(f"{slug} is not sealed.")
        folder = held.folder / FOLDER / row.seal_id
        descriptor = share(folder)
        if descriptor is not None or row.seal_id == previous:
            return SealedFolder(row, folder, held, descriptor)
        previous = row.seal_id  # gone; if it was sealed anew meanwhile, the row names another by now


def sealed_row(connection: Connection, slug: str) -> SealedRow | None:
    """The row of a leak's sealed leak; None where it has none.

    Raises:
        LeakNotFound: no leak of that slug is saved.
        RegisterDamaged: the row cannot be one.
    """
    get_leak(connection, slug)
    return next((row for row in list_sealed(connection) if row.slug == slug), None)


def list_sealed(connection: Connection) -> list[SealedRow]:
    """All sealed leaks, by slug.

    Raises:
        RegisterDamaged: a row cannot be one.
    """
    rows = connection.execute(select(sealed).order_by(sealed.c.slug)).all()
    found = [SealedRow(**row._mapping) for row in rows]
    for row in found:
        # It names a folder, so it must not lead anywhere else.
        if len(row.seal_id) != 32 or not set(row.seal_id) <= set("0123456789abcdef"):
            raise RegisterDamaged("register.sqlite holds a sealed leak whose name is none.")
    return found


def put_sealed(connection: Connection, row: SealedRow) -> None:
    """Keep the row of a leak's sealed leak, in place of a former one."""
    drop_sealed(connection, row.slug)
    connection.execute(insert(sealed).values(asdict(row)))


def drop_sealed(connection: Connection, slug: str) -> None:
    """Remove the row of a leak's sealed leak, if it has one."""
    connection.execute(delete(sealed).where(sealed.c.slug == slug))
