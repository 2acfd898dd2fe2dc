"""What is known of each leak: rows of the register, as values that cannot change.

>>> leak = Leak(slug="made-up", title="Made up", synthetic=True, rows=300, saved_at="2026-01-31T13:05:00Z")
>>> leak.verified, leak.identifiers
(False, {})
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, insert, select, update

from floodmark.errors import FloodmarkError
from floodmark.register.database import RegisterDamaged
from floodmark.register.slugs import FOLDER, SLUG
from floodmark.register.tables import leak_arrays, leaks

KINDS = ("phone", "email", "profile_id", "username")  # of identifiers; `identifiers.IdentifierKind`


class LeakNotFound(FloodmarkError):
    """No leak of this slug is saved in the workspace."""

    slug = "leak-not-found"


class LeakExists(FloodmarkError):
    """A leak of this slug is saved already, and was not to be replaced."""

    slug = "leak-exists"
    hint = "Choose another slug, or replace what was saved with --replace."


@dataclass(frozen=True, kw_only=True)
class Leak:
    """One published set: the words of whoever keeps the register, and what triage counted.

    Dates are `YYYY-MM-DD` or None, times `YYYY-MM-DDTHH:MM:SSZ`. `field_types` are labels of
    `identifiers.FieldType`; `identifiers` counts distinct identifiers by kind, and is read, never written.
    """

    slug: str
    title: str
    synthetic: bool
    rows: int
    saved_at: str
    modified_at: str = ""  # empty: when it was saved
    domain: str = ""
    description: str = ""
    attribution: str = ""
    disclosure_url: str = ""
    breach_date: str | None = None
    published_date: str | None = None
    verified: bool = False
    fabricated: bool = False
    sensitive: bool = False
    retired: bool = False
    spam_list: bool = False
    malware: bool = False
    stealer_log: bool = False
    subscription_free: bool = False
    field_types: tuple[str, ...] = ()
    digest_key_id: str = ""
    profile_version: int = 0
    folder: str = ""  # below leaks/; chosen when it is saved
    identifiers: Mapping[str, int] = field(default_factory=dict)


COUNTED = ("synthetic", "rows", "field_types", "digest_key_id", "profile_version", "saved_at", "modified_at")
"""What of a leak comes from its dump; the rest is what somebody said of it."""


@dataclass(frozen=True)
class ArrayFile:
    """One array of a leak: its name (`phone`, `phone.fields`), how many items, and its file's size and checksums.

    The checksums, SHA-256 and 128-bit XXH3, are hexadecimal digits.
    """

    name: str
    length: int
    bytes: int
    sha256: str
    xxh3: str


def list_leaks(connection: Connection) -> list[Leak]:
    """Every leak, by slug.

    Raises:
        RegisterDamaged: a row holds what Floodmark does not write.
    """
    counts = _counts(connection)
    found = _rows(connection, select(leaks).order_by(leaks.c.slug))
    return [_leak(row, counts.get(row.slug, {})) for row in found]


def get_leak(connection: Connection, slug: str) -> Leak:
    """One leak.

    Raises:
        LeakNotFound: there is none of this slug; the hint has those that come close.
        RegisterDamaged: the row holds what Floodmark does not write.
    """
    # What is no slug is not asked for: text that is not Unicode would not even reach the database.
    for row in _rows(connection, select(leaks).where(leaks.c.slug == slug)) if SLUG.fullmatch(slug) else ():
        return _leak(row, _counts(connection, slug).get(slug, {}))
    raise _not_found(connection, slug)


def has_leak(connection: Connection, slug: str) -> bool:
    """Whether a leak of this slug is saved."""
    if not SLUG.fullmatch(slug):
        return False
    return connection.execute(select(leaks.c.slug).where(leaks.c.slug == slug)).one_or_none() is not None


def list_arrays(connection: Connection, slug: str) -> list[ArrayFile]:
    """The arrays of a leak, by name; empty when there is no such leak."""
    if not SLUG.fullmatch(slug):
        return []
    columns = (
        leak_arrays.c.name,
        leak_arrays.c.length,
        leak_arrays.c.bytes,
        leak_arrays.c.sha256,
        leak_arrays.c.xxh3,
    )
    found = connection.execute(
        select(*columns).where(leak_arrays.c.slug == slug).order_by(leak_arrays.c.name)
    )
    return [ArrayFile(*row) for row in found]


def put_leak(connection: Connection, leak: Leak, arrays: Iterable[ArrayFile]) -> None:
    """Insert a leak with its arrays, or put them in place of what has its slug; links of cases to it stay.

    Raises:
        ValueError: the leak has no folder.
    """
    if not FOLDER.fullmatch(leak.folder):
        raise ValueError("a leak is put with the name of its folder")
    values = {column.name: getattr(leak, column.name) for column in leaks.columns}
    values["modified_at"] = leak.modified_at or leak.saved_at
    values["field_types"] = list(leak.field_types)
    connection.execute(delete(leak_arrays).where(leak_arrays.c.slug == leak.slug))
    if not connection.execute(update(leaks).where(leaks.c.slug == leak.slug).values(values)).rowcount:
        connection.execute(insert(leaks).values(values))
    rows = [{"slug": leak.slug, **_columns(array)} for array in arrays]
    if rows:
        connection.execute(insert(leak_arrays), rows)


def folders_named(connection: Connection) -> set[str]:
    """Folders below leaks/ that are some leak's."""
    return set(connection.execute(select(leaks.c.folder)).scalars())


def known_slugs(connection: Connection) -> list[str]:
    """Slugs of every leak, sorted."""
    return list(connection.execute(select(leaks.c.slug).order_by(leaks.c.slug)).scalars())


def _not_found(connection: Connection, slug: str) -> LeakNotFound:
    known = known_slugs(connection)
    if not known:
        hint = "No leak is saved in this workspace: save one with floodmark save, or set FLOODMARK_HOME."
    elif close := difflib.get_close_matches(slug, known, n=3):
        hint = f"Did you mean {' or '.join(close)}?"
    else:
        hint = "floodmark leaks lists what is saved."
    return LeakNotFound("No leak of that slug is saved.", hint)


def _rows(connection: Connection, query: Select[Any]) -> Sequence[Row[Any]]:
    try:
        return connection.execute(query).all()
    except ValueError as error:  # field types that are no JSON, flags that are neither 0 nor 1
        raise RegisterDamaged("register.sqlite holds a leak with a value that cannot be read.") from error


def _counts(connection: Connection, slug: str | None = None) -> dict[str, dict[str, int]]:
    """Distinct identifiers by leak and kind: lengths of the arrays that hold digests of identifiers."""
    query = select(leak_arrays.c.slug, leak_arrays.c.name, leak_arrays.c.length).order_by(leak_arrays.c.name)
    if slug is not None:
        query = query.where(leak_arrays.c.slug == slug)
    found: dict[str, dict[str, int]] = {}
    for row in connection.execute(query):
        if row.name in KINDS:
            found.setdefault(row.slug, {})[row.name] = row.length
    return found


def _leak(row: Row[Any], identifiers: dict[str, int]) -> Leak:
    if not FOLDER.fullmatch(row.folder):  # written by something else; it could lead out of the workspace
        raise RegisterDamaged("register.sqlite names a folder that cannot be a leak's.")
    values = dict(row._mapping)
    types = values["field_types"]
    if not isinstance(types, list) or not all(isinstance(label, str) for label in types):
        raise RegisterDamaged("register.sqlite holds a leak whose field types are no list of names.")
    values["field_types"] = tuple(types)
    return Leak(**values, identifiers=identifiers)


def _columns(array: ArrayFile) -> dict[str, Any]:
    return {part.name: getattr(array, part.name) for part in fields(array)}
