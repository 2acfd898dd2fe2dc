"""Who wants no sealed leak to hold them, as digests: what sealing leaves out, and what was sealed too early for it.

    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from floodmark.register.workspace import Workspace
    >>> with TemporaryDirectory() as folder:
    ...     opted_out(Workspace.open(Path(folder) / "floodmark"), "phone")
    array([], dtype=uint64)

An opt-out takes effect when a leak is next sealed. What was sealed or published before holds what it held: nobody can
take back what others have downloaded.
"""

from __future__ import annotations

import binascii
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, delete, func, insert, select, update

from floodmark.notices import stamp
from floodmark.register.database import RegisterDamaged
from floodmark.register.tables import optouts, sealed
from floodmark.register.tables import workspace as workspaces
from floodmark.register.workspace import Workspace

KINDS = ("email", "phone")  # whose owners can be sent a code
DIGITS = 16  # of a digest in the register, hexadecimal


@dataclass(frozen=True)
class OptedOut:
    """Opt-outs of one kind: how many, and the days of the first and the last proof (ISO 8601)."""

    kind: str
    number: int
    first: str
    last: str


@dataclass(frozen=True)
class Pending:
    """A sealed leak, when it was sealed, and how many opt-outs of the kinds in it were proven since.

    Whether the leak holds any of them is not looked up: the number is the same for whoever is in it and who is not.
    """

    slug: str
    sealed_at: str
    newer: int


def opted_out(source: Connection | Workspace, kind: str) -> NDArray[np.uint64]:
    """Digests that sealing leaves out.

    Args:
        source: a workspace, or a connection of it that sees what else is read at this moment.
        kind: kind of identifier; of those that no message reaches there are none.

    Returns:
        uint64, shape (n,), ascending, without repeats.

    Raises:
        RegisterDamaged: a row is no digest.
    """
    with _connected(source) as connection:
        found = list(connection.execute(select(optouts.c.digest).where(optouts.c.kind == kind)).scalars())
    try:
        whole = all(map(DIGITS.__eq__, map(len, found)))
        digests = np.frombuffer(binascii.unhexlify("".join(found)), ">u8") if whole else None
    except (ValueError, TypeError):
        digests = None
    if digests is None:
        raise RegisterDamaged("register.sqlite holds an opt-out that is no digest.")
    return np.unique(digests.astype(np.uint64))


def counts(connection: Connection) -> list[OptedOut]:
    """Opt-outs by kind, for those kinds that have any."""
    day = func.substr(optouts.c.proven_at, 1, 10)
    found = select(optouts.c.kind, func.count(), func.min(day), func.max(day)).group_by(optouts.c.kind)
    return [OptedOut(*row) for row in connection.execute(found.order_by(optouts.c.kind))]


def pending(source: Connection | Workspace) -> list[Pending]:
    """Every sealed leak by slug, with the number of opt-outs that its next seal will apply for the first time.

    An opt-out of the very second of a seal counts as newer. Kinds that were not sealed do not count.
    """
    found = select(sealed.c.slug, sealed.c.sealed_at, sealed.c.members).order_by(sealed.c.slug)
    with _connected(source) as connection:
        return [
            Pending(slug, at, _newer(connection, tuple(members), at))
            for slug, at, members in connection.execute(found).all()
        ]


def add(connection: Connection, kind: str, digest: str, now: datetime) -> None:
    """Keep an opt-out; one that is there keeps its date.

    Args:
        connection: of a transaction that writes.
        kind: one of `KINDS`.
        digest: 16 hexadecimal digits.
        now: with time zone. Where the clock was set back since a seal, the opt-out is dated as that seal, which did
            not see it.
    """
    same = (optouts.c.kind == kind) & (optouts.c.digest == digest)
    if connection.execute(select(optouts.c.kind).where(same)).first():
        return
    last_seal = connection.execute(select(func.max(sealed.c.sealed_at))).scalar_one()
    proven_at = max(stamp(now), last_seal or "")
    connection.execute(insert(optouts).values(kind=kind, digest=digest, proven_at=proven_at))


def remove(connection: Connection, kind: str, digest: str) -> None:
    """Remove an opt-out, if there is one; its bytes are to be wiped from the database then.

    Args:
        connection: of a transaction that writes.
        kind: one of `KINDS`.
        digest: 16 hexadecimal digits.
    """
    same = (optouts.c.kind == kind) & (optouts.c.digest == digest)
    if connection.execute(delete(optouts).where(same)).rowcount:
        connection.execute(update(workspaces).values(wipe_due=True))


def _newer(connection: Connection, kinds: tuple[str, ...], sealed_at: str) -> int:
    later = optouts.c.kind.in_(kinds) & (optouts.c.proven_at >= sealed_at)
    return connection.execute(select(func.count()).where(later)).scalar_one()


@contextmanager
def _connected(source: Connection | Workspace) -> Iterator[Connection]:
    if isinstance(source, Connection):
        yield source
        return
    with source.connect() as connection:
        yield connection
