r"""Keys of programs that use the HTTP API: 256 random bits, shown once, kept as their SHA-256.

A key is `fmk_ID_SECRET`: 16 hexadecimal digits that name it, and 64 that prove it. So many random bits need no slow
hash: nobody tries them out.

>>> text = key_text("0123456789abcdef", bytes)
>>> text[:28], text == read_key_text(f"{text}\n".encode())
('fmk_0123456789abcdef_0000000', True)
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from types import NoneType
from typing import Any, ClassVar, Literal, TypeAlias, get_args

from sqlalchemy import Connection, Row, select

from floodmark.errors import FloodmarkError
from floodmark.notices import stamp
from floodmark.register.database import RegisterDamaged
from floodmark.register.tables import api_keys

ApiScope: TypeAlias = Literal["evaluate", "read"]
SCOPES: tuple[ApiScope, ...] = get_args(ApiScope)
SECRET_BYTES = 32
LONGEST = 128  # characters of what is presented as a key
_FORM = re.compile(r"fmk_([0-9a-f]{16})_[0-9a-f]{64}")
_ID = re.compile(r"[0-9a-f]{16}")
_HASH = re.compile(r"[0-9a-f]{64}")
_NOBODYS = "0" * 64  # to compare with, where no key has the id


class ApiKeyRefused(FloodmarkError):
    """What was presented is no key, is not known here, or is no longer good."""

    slug: ClassVar[str] = "no-api-key"
    hint = "Ask whoever runs the server for a key that is good."


class ApiKeyNotFound(FloodmarkError):
    """No API key of this id is in the register."""

    slug: ClassVar[str] = "api-key-not-found"
    hint = "floodmark api-keys list shows them all."


@dataclass(frozen=True, kw_only=True)
class ApiKey:
    """What is known of a key; not the key itself. Times are `YYYY-MM-DDTHH:MM:SSZ`.

    Attributes:
        id: names it.
        label: whose it is, in the words of whoever made it.
        scopes: what it allows: `evaluate`, `read`, or both.
        customers: attested, of an organisation that evaluates; None for a key that does not allow that.
        made_at: when it was made.
        expires_at: from when it is good no more; None for never.
        revoked_at: when it was revoked; None if it was not.
    """

    id: str
    label: str
    scopes: tuple[ApiScope, ...]
    customers: int | None
    made_at: str
    expires_at: str | None = None
    revoked_at: str | None = None

    def state(self, now: datetime) -> Literal["good", "expired", "revoked"]:
        """How it stands."""
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at is not None and self.expires_at <= stamp(now) else "good"


class ApiKeys:
    """All keys of a register as they were at one moment, to look presented ones up in.

    Args:
        known: by id, what is known of a key and the SHA-256 of the key, in hexadecimal digits.
    """

    def __init__(self, known: Mapping[str, tuple[ApiKey, str]]) -> None:
        self._known = known

    def __iter__(self) -> Iterator[ApiKey]:
        return iter(key for key, _ in self._known.values())

    def holder_of(self, presented: str, now: datetime) -> ApiKey:
        """The key that was presented.

        Whatever is wrong with it, the same hash is made and compared. That it has expired or was revoked is told only
        to who has it.

        Args:
            presented: what somebody says is a key.
            now: with time zone.

        Raises:
            ApiKeyRefused: it is none, or is not good.
        """
        form = _FORM.fullmatch(presented)
        known = self._known.get(form[1]) if form else None
        right = hmac.compare_digest(key_hash(presented), _NOBODYS if known is None else known[1])
        if known is None or not right:
            raise ApiKeyRefused("This is no API key that is known here.")
        found, _ = known
        if (state := found.state(now)) != "good":
            raise ApiKeyRefused(f"The API key {'was revoked' if state == 'revoked' else 'has expired'}.")
        return found


def read_api_keys(connection: Connection) -> ApiKeys:
    """All keys, the newest last.

    Raises:
        RegisterDamaged: a row holds what Floodmark does not write.
    """
    query = select(api_keys).order_by(api_keys.c.made_at, api_keys.c.id)
    with _sound():
        return ApiKeys({row.id: (_api_key(row), row.sha256) for row in connection.execute(query)})


def get_api_key(connection: Connection, key_id: str) -> ApiKey:
    """One key.

    Raises:
        ApiKeyNotFound: there is none of this id.
        RegisterDamaged: the row holds what Floodmark does not write.
    """
    if key_id.startswith("fmk_"):
        raise ApiKeyNotFound(
            "A whole API key was given, or a part of one, and not its id.",
            "The id is the 16 digits after fmk_. If the rest stands in your shell's history now, renew the key.",
        )
    with _sound():
        query = select(api_keys).where(api_keys.c.id == key_id)
        row = connection.execute(query).one_or_none() if _ID.fullmatch(key_id) else None
        if row is None:
            raise ApiKeyNotFound("No API key has this id.")
        return _api_key(row)


def key_text(key_id: str, random: Callable[[int], bytes]) -> str:
    """A new key with this id.

    Args:
        key_id: 16 hexadecimal digits.
        random: gives so many random bytes; in use, `secrets.token_bytes`.
    """
    return f"fmk_{key_id}_{random(SECRET_BYTES).hex()}"


def key_hash(text: str) -> str:
    """What is kept of a key: 64 hexadecimal digits."""
    return hashlib.sha256(text[:LONGEST].encode("utf-8", "surrogatepass")).hexdigest()


def read_key_text(raw: bytes) -> str:
    """A key as a file has it.

    Raises:
        ApiKeyRefused: it is none; it is not repeated.
    """
    text = raw[:LONGEST].decode("ascii", "replace").strip()
    if not _FORM.fullmatch(text):
        raise ApiKeyRefused("What the file holds is no API key.", "A key is one line that begins with fmk_.")
    return text


@contextmanager
def _sound() -> Iterator[None]:
    try:
        yield
    except ValueError as error:  # scopes that are no JSON, numbers that are none
        raise RegisterDamaged("register.sqlite holds an API key that Floodmark did not write.") from error


def _api_key(row: Row[Any]) -> ApiKey:
    """What a row says.

    Raises:
        ValueError: it is not what Floodmark writes.
    """
    values = dict(row._mapping)
    scopes, customers, sha256 = values.pop("scopes"), values["customers"], values.pop("sha256")
    listed = isinstance(scopes, list) and scopes and all(scope in SCOPES for scope in scopes)
    if not listed or not _ID.fullmatch(row.id) or not _HASH.fullmatch(sha256):
        raise ValueError("no id, no hash, or scopes that there are none of")
    if not isinstance(customers, int if "evaluate" in scopes else NoneType):
        raise ValueError("customers that do not go with the scopes")
    return ApiKey(scopes=tuple(scopes), **values)
