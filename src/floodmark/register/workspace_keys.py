"""A workspace belongs to the keys that its first leak was saved with: digests of two keys cannot be compared."""

from __future__ import annotations

import re
from typing import ClassVar

from sqlalchemy import Connection, func, select, update

from floodmark.errors import FloodmarkError
from floodmark.register import tables
from floodmark.register.database import RegisterDamaged

PUBLIC = re.compile(r"[0-9a-f]{64}")


class WrongKeys(FloodmarkError):
    """The keys are not those that the workspace was made with."""

    slug: ClassVar[str] = "wrong-keys"
    hint = "Point FLOODMARK_KEYS to this workspace's keys, import them, or use another workspace (FLOODMARK_HOME)."


def claim(connection: Connection, digest_key_id: str, signing_key: bytes, *, others: bool = False) -> None:
    """Tie a workspace that holds no digest to these keys, or see that it is tied to them.

    Args:
        connection: that may write.
        digest_key_id: of the digest key.
        signing_key: the public half, 32 bytes.
        others: whether another process is saving a leak now, whose keys the workspace then keeps.

    Raises:
        WrongKeys: leaks were saved with others, or are being saved; or somebody opted out under another digest key.
    """
    saved, opted_out = (
        connection.execute(select(func.count()).select_from(table)).scalar_one()
        for table in (tables.leaks, tables.optouts)
    )
    if saved or others:
        check(connection, digest_key_id, signing_key)
    elif opted_out:
        check(connection, digest_key_id)
    if saved:
        return
    connection.execute(
        update(tables.workspace).values(digest_key_id=digest_key_id, signing_key=signing_key.hex())
    )


def check(connection: Connection, digest_key_id: str, signing_key: bytes | None = None) -> None:
    """See that a workspace is tied to these keys, or to none yet.

    Raises:
        WrongKeys: leaks were saved, or are being saved, with others.
    """
    row = connection.execute(select(tables.workspace)).one_or_none()
    if row is None:
        return
    if row.digest_key_id not in (None, digest_key_id):
        raise WrongKeys(
            f"This workspace was made with the digest key {row.digest_key_id}, and the keys hold {digest_key_id}."
        )
    if signing_key is not None and row.signing_key not in (None, signing_key.hex()):
        raise WrongKeys("This workspace signs with another key than the keys hold.")


def signer(connection: Connection) -> bytes | None:
    """The public key that this workspace signs with, 32 bytes; None before the first save.

    Raises:
        RegisterDamaged: it is no such key.
    """
    found = connection.execute(select(tables.workspace.c.signing_key)).scalar_one_or_none()
    if found is not None and not PUBLIC.fullmatch(str(found)):
        raise RegisterDamaged("register.sqlite holds a signing key that is none.")
    return bytes.fromhex(found) if found else None
