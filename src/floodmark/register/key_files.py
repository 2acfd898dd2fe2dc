"""The file of one key, format `floodmark/key/1`: what the key is, how it is wrapped, and the wrapped secret.

    >>> from floodmark.register.key_wrap import Bare
    >>> made = seal("signing", Secret(bytearray(32)), Bare(), created="2026-01-31T13:05:00Z")
    >>> parse(made.to_bytes()) == made
    True
    >>> made
    KeyFile(purpose='signing', id='...', created='2026-01-31T13:05:00Z', wrap='none')

A file has one form only: `parse` refuses what `to_bytes` would write otherwise, so every byte counts.
"""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from floodmark.errors import FloodmarkError
from floodmark.register import key_wrap
from floodmark.register.key_secrets import Secret
from floodmark.register.key_signing import SigningKey, id_of
from floodmark.register.key_wrap import SECRET_BYTES, Ask, Wrap, no_passphrase

__all__ = ["LARGEST", "PURPOSES", "KeyDamaged", "KeyFile", "KeyTooNew", "parse", "seal"]

FORMAT = "floodmark/key/1"
PURPOSES = ("digest", "signing", "evaluation")
LARGEST = 64 * 1024
NEWER = re.compile(r"floodmark/key/[0-9]{1,9}")
NAME = re.compile(r"[0-9a-f]{16}")
CREATED = re.compile(r"[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z")


class KeyDamaged(FloodmarkError):
    """A key file is cut short, altered or no key file at all."""

    slug: ClassVar[str] = "key-damaged"
    hint = "Restore the file from a backup, or import an export with floodmark keys import FILE --replace."


class KeyTooNew(FloodmarkError):
    """A key file, or an export, is of a form that this version does not know."""

    slug: ClassVar[str] = "key-too-new"
    hint = "Use the version of Floodmark that wrote it, or a newer one."


@dataclass(frozen=True)
class KeyFile:
    """One key at rest.

    Attributes:
        purpose: `digest`, `signing` or `evaluation`.
        id: 16 hexadecimal digits that name the key.
        created: when the key was made, ISO 8601 in UTC to the second.
        public: the public half of a signing or evaluation key, 32 bytes; None for a digest key.
        wrap: how the secret is wrapped.
        sealed: the wrapped secret.
        epoch: number of an evaluation key's epoch, 1 or more; None for others.
    """

    purpose: str
    id: str
    created: str
    public: bytes | None
    wrap: Wrap
    sealed: bytes = field(repr=False)
    epoch: int | None = None

    def header(self) -> bytes:
        """All but the secret, as compact JSON with sorted keys: the wrap's associated data."""
        return _compact(self._header())

    def to_bytes(self) -> bytes:
        """The file's content."""
        body = self._header() | {"secret": b64encode(self.sealed).decode()}
        whole = body | {"sha256": hashlib.sha256(_compact(body)).hexdigest()}
        return (json.dumps(whole, indent=2) + "\n").encode()

    def open(self, ask: Ask) -> Secret:
        """The secret, 32 bytes.

        Args:
            ask: gives the passphrase, if the wrap needs one.

        Raises:
            WrongPassphrase: it does not open the key.
            KeyCommandFailed: the unwrapping command failed.
            KeyDamaged: what came out is not the key that the file names.
        """
        secret = self.wrap.open(self.sealed, self.header(), ask)
        if len(secret) != SECRET_BYTES or _identity(self.purpose, secret, self.epoch) != (
            self.id,
            self.public,
        ):
            secret.wipe()
            raise KeyDamaged(f"The {self.purpose} key that came out is not the one that its file names.")
        return secret

    def _header(self) -> dict[str, Any]:
        epoch = {} if self.epoch is None else {"epoch": self.epoch}
        public = {} if self.public is None else {"public": self.public.hex()}
        return {
            "format": FORMAT,
            "purpose": self.purpose,
            "id": self.id,
            "created": self.created,
            **epoch,
            **public,
            "wrap": self.wrap.fields(),
        }

    def __repr__(self) -> str:
        epoch = "" if self.epoch is None else f", epoch={self.epoch}"
        return (
            f"KeyFile(purpose={self.purpose!r}, id={self.id!r}, created={self.created!r}{epoch}, "
            f"wrap={self.wrap.by!r})"
        )


def seal(
    purpose: str,
    secret: Secret,
    wrap: Wrap,
    *,
    created: str,
    ask: Ask = no_passphrase,
    epoch: int | None = None,
) -> KeyFile:
    """Wrap a secret into a key file.

    Args:
        purpose: `digest`, `signing` or `evaluation`.
        secret: 32 bytes.
        wrap: fresh, for this sealing.
        created: when the key was made, ISO 8601 in UTC to the second.
        ask: gives the passphrase, if the wrap needs one.
        epoch: of an evaluation key, and of no other.

    Raises:
        KeyCommandFailed: a command failed, or one does not undo the other.
    """
    if (epoch is not None) != (purpose == "evaluation"):
        raise ValueError("an evaluation key has an epoch, and no other")
    name, public = _identity(purpose, secret, epoch)
    blank = KeyFile(purpose, name, created, public, wrap, b"", epoch)
    return replace(blank, sealed=wrap.seal(secret, blank.header(), ask))


def parse(raw: bytes) -> KeyFile:
    """A key file from its bytes.

    Raises:
        KeyDamaged: they are not exactly what `KeyFile.to_bytes` writes.
        KeyTooNew: the format, the purpose or the wrap is not known to this version.
    """
    found = from_fields(loaded(raw))
    if found.to_bytes() != raw:
        raise KeyDamaged("A key file does not have the form in which keys are written.")
    return found


def loaded(raw: bytes) -> Any:
    """JSON values, or None; an error of the parser would carry the text along."""
    try:
        return json.loads(raw.decode("ascii"))
    except (ValueError, RecursionError):
        return None


def from_fields(fields: Any) -> KeyFile:
    """A key file from JSON values, whose form the caller compares.

    Raises:
        KeyDamaged: the checksum does not fit, or a value is missing or of the wrong form.
        KeyTooNew: the format, the purpose or the wrap is not known to this version.
    """
    if not isinstance(fields, dict) or not isinstance(form := fields.get("format"), str):
        raise KeyDamaged("A key file is cut short, or is no key file.")
    if form != FORMAT and NEWER.fullmatch(form):
        raise KeyTooNew("A key file is of a newer format than this version reads.")
    body = {name: value for name, value in fields.items() if name != "sha256"}
    if form != FORMAT or fields.get("sha256") != hashlib.sha256(_compact(body)).hexdigest():
        raise KeyDamaged("A key file was altered or damaged: its checksum does not fit.")
    try:
        found = _built(fields)
    except LookupError:
        raise KeyTooNew("A key file has a purpose or a wrap that this version does not know.") from None
    except ValueError:
        found = None
    if found is None:
        raise KeyDamaged("A key file has values that no key has.")
    return found


def _built(fields: Mapping[str, Any]) -> KeyFile:
    texts = [fields.get(name, "") for name in ("purpose", "id", "created", "public", "secret")]
    if not all(isinstance(text, str) for text in texts):
        raise ValueError("not text")
    purpose, name, created, public, sealed = texts
    if purpose not in PURPOSES:
        raise LookupError("a purpose that is not known")
    if not NAME.fullmatch(name) or not CREATED.fullmatch(created):
        raise ValueError("no id or no time")
    half = bytes.fromhex(public) if "public" in fields else None
    if (half is not None) != (purpose != "digest") or (half is not None and id_of(half) != name):
        raise ValueError("a public half that is not the key's")
    epoch = _epoch(fields, half) if purpose == "evaluation" else None
    wrap, wrapped = key_wrap.read(fields.get("wrap")), b64decode(sealed)
    if len(wrapped) not in wrap.lengths:
        raise ValueError("a secret that is too long or too short")
    return KeyFile(purpose, name, created, half, wrap, wrapped, epoch)


def _epoch(fields: Mapping[str, Any], public: bytes | None) -> int:
    """The epoch of an evaluation key, whose public half is seen to be one."""
    from floodmark.register.key_evaluation import is_epoch, is_public  # needs Polars, and signing does not

    epoch = fields.get("epoch")
    if public is None or not is_public(public) or not is_epoch(epoch):
        raise ValueError("no epoch, or no public key")
    return epoch


def _identity(purpose: str, secret: Secret, epoch: int | None) -> tuple[str, bytes | None]:
    """Name and public half of a key."""
    if purpose == "signing":
        key = SigningKey(secret.reveal())
        return key.id, key.public
    if epoch is not None:
        from floodmark.register.key_evaluation import EvaluationKey

        evaluation = EvaluationKey(secret.reveal(), epoch)
        return evaluation.id, evaluation.public
    from floodmark.identifiers.digests import DigestKey  # needs Polars, and listing keys does not

    return DigestKey(bytes(secret.reveal())).id, None


def _compact(fields: Mapping[str, Any]) -> bytes:
    return json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()
