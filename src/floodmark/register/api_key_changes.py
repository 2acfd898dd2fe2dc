"""Making API keys, and changing what they allow.

    >>> from datetime import UTC
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from floodmark.register.api_keys import read_api_keys
    >>> from floodmark.register.workspace import Workspace
    >>> now = datetime(2026, 1, 31, 12, tzinfo=UTC)
    >>> with TemporaryDirectory() as folder:
    ...     workspace = Workspace.open(Path(folder) / "home")
    ...     with workspace.writing("api-keys make") as connection:
    ...         made, text = make_api_key(connection, "Example Bank", ["evaluate"], now, customers=20_000)
    ...     with workspace.connect() as connection:
    ...         read_api_keys(connection).holder_of(text, now) == made
    True

Every function takes the connection of a transaction that writes; whoever opened it commits. Times have a time zone.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime
from typing import ClassVar

from sqlalchemy import Connection, insert, update

from floodmark.errors import UsageError
from floodmark.notices import stamp
from floodmark.register.api_keys import SCOPES, ApiKey, get_api_key, key_hash, key_text
from floodmark.register.free_text import clean
from floodmark.register.tables import api_keys

MOST_CUSTOMERS = 10_000_000_000
LONGEST_LABEL = 60
ID_BYTES = 8


class ApiKeyRevoked(UsageError):
    """A key that was revoked is to be changed; exit code 2."""

    slug: ClassVar[str] = "api-key-revoked"
    hint = "It stays revoked. Make another with floodmark api-keys make."


class UnfitApiKey(UsageError):
    """What a key is to allow makes no sense; exit code 2."""

    slug: ClassVar[str] = "unfit-api-key"


def make_api_key(
    connection: Connection,
    label: str,
    scopes: Collection[str],
    now: datetime,
    *,
    customers: int | None = None,
    expires_at: datetime | None = None,
    random: Callable[[int], bytes] = secrets.token_bytes,
) -> tuple[ApiKey, str]:
    """Make a key.

    Args:
        connection: of a transaction that writes.
        label: whose it is, one line.
        scopes: what it allows.
        now: when it is made.
        customers: attested; with `evaluate`, and only with it.
        expires_at: from when it is good no more; None for never.
        random: gives so many random bytes.

    Returns:
        What is kept of it, and the key itself, which nobody can show again.

    Raises:
        UnfitApiKey: it would allow nothing, or customers and scopes do not go together.
        HoldsIdentifier, UnfitText: the label is none.
    """
    made = ApiKey(
        id=random(ID_BYTES).hex(),
        label=_label(label),
        scopes=tuple(scope for scope in SCOPES if scope in scopes),
        customers=customers,
        made_at=stamp(now),
        expires_at=None if expires_at is None else stamp(expires_at),
    )
    _check(made)
    text = key_text(made.id, random)
    values = {column.name: getattr(made, column.name, None) for column in api_keys.columns}
    values |= {"scopes": list(made.scopes), "sha256": key_hash(text)}
    connection.execute(insert(api_keys).values(values))
    return made, text


def edit_api_key(
    connection: Connection,
    key_id: str,
    *,
    label: str | None = None,
    customers: int | None = None,
    expires_at: datetime | None = None,
) -> ApiKey:
    """Change what is known of a key; what is None stays. What it has spent of its budget stays spent.

    Raises:
        ApiKeyNotFound: there is none of this id.
        ApiKeyRevoked: it was revoked.
        UnfitApiKey: customers and scopes do not go together.
        HoldsIdentifier, UnfitText: the label is none.
    """
    found = _unrevoked(connection, key_id)
    changed = replace(
        found,
        label=found.label if label is None else _label(label),
        customers=found.customers if customers is None else customers,
        expires_at=found.expires_at if expires_at is None else stamp(expires_at),
    )
    _check(changed)
    values = {"label": changed.label, "customers": changed.customers, "expires_at": changed.expires_at}
    connection.execute(update(api_keys).where(api_keys.c.id == key_id).values(values))
    return changed


def renew_api_key(
    connection: Connection, key_id: str, *, random: Callable[[int], bytes] = secrets.token_bytes
) -> tuple[ApiKey, str]:
    """Give a key another secret; the one before is refused from then on. What was spent under the id stays spent.

    Raises:
        ApiKeyNotFound: there is none of this id.
        ApiKeyRevoked: it was revoked.
    """
    found = _unrevoked(connection, key_id)
    text = key_text(found.id, random)
    connection.execute(update(api_keys).where(api_keys.c.id == key_id).values(sha256=key_hash(text)))
    return found, text


def revoke_api_key(connection: Connection, key_id: str, now: datetime) -> ApiKey:
    """Refuse a key from now on; one that was revoked before was so since then.

    Raises:
        ApiKeyNotFound: there is none of this id.
    """
    found = get_api_key(connection, key_id)
    revoked = replace(found, revoked_at=found.revoked_at or stamp(now))
    connection.execute(update(api_keys).where(api_keys.c.id == key_id).values(revoked_at=revoked.revoked_at))
    return revoked


def _label(text: str) -> str:
    return clean(text, "The label", LONGEST_LABEL, lines=False)


def _unrevoked(connection: Connection, key_id: str) -> ApiKey:
    found = get_api_key(connection, key_id)
    if found.revoked_at is not None:
        raise ApiKeyRevoked("This API key was revoked.")
    return found


def _check(key: ApiKey) -> None:
    """See that what a key allows makes sense.

    Raises:
        UnfitApiKey: it does not.
    """
    if not key.scopes:
        raise UnfitApiKey("A key that allows nothing is none.", f"Give a scope: {' or '.join(SCOPES)}.")
    if ("evaluate" in key.scopes) is (key.customers is None):
        raise UnfitApiKey(
            "An organisation that evaluates has a number of customers, and nobody else has.",
            "Give the number of customers with the scope evaluate, and only with it: its budget comes of it.",
        )
    if key.customers is not None and not 1 <= key.customers <= MOST_CUSTOMERS:
        raise UnfitApiKey(f"A number of customers is 1 to {MOST_CUSTOMERS:,}.", "Give the attested number.")
