"""Keys in one file, to keep a copy or to move them: format `floodmark/keys/1`.

    >>> from floodmark.register.key_files import seal
    >>> from floodmark.register.key_secrets import Secret
    >>> from floodmark.register.key_wrap import ByPassphrase
    >>> key = seal(
    ...     "signing", Secret(bytearray(32)), ByPassphrase.fresh(), created="2026-01-31T13:05:00Z",
    ...     ask=lambda: Secret(bytearray(b"correct horse battery")),
    ... )
    >>> unbundled(bundled([key])) == [key]
    True

An export is always closed: each key in it is under a passphrase, or the keys are bare and the whole file is sealed to
an age recipient. It never names a command, which an importer would then run.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import ClassVar

import pyrage

from floodmark.errors import FloodmarkError, UsageError
from floodmark.exposure import Recipient
from floodmark.register import key_files
from floodmark.register.key_files import PURPOSES, KeyDamaged, KeyFile, KeyTooNew
from floodmark.register.key_wrap import Bare, ByPassphrase

FORMAT = "floodmark/keys/1"
LARGEST = 64 * 1024
AGE = (b"age-encryption.org/", b"-----BEGIN AGE ENCRYPTED FILE-----")
HINT = "Use another export, or the file as it was written."


class ExportSealed(FloodmarkError):
    """An export is sealed to an age recipient, and was not opened."""

    slug: ClassVar[str] = "export-sealed"
    hint = "Give the identity of the recipient that it was sealed to: --identity FILE."


def bundled(files: Sequence[KeyFile]) -> bytes:
    """Keys as one JSON document."""
    content = {"format": FORMAT, "keys": [json.loads(file.to_bytes()) for file in files]}
    return (json.dumps(content, indent=2) + "\n").encode()


def unbundled(raw: bytes, *, bare: bool = False) -> list[KeyFile]:
    """The keys of such a document, each purpose at most once.

    Args:
        raw: the document.
        bare: whether it came out of a seal, in which keys are bare.

    Raises:
        KeyDamaged: it is not exactly what `bundled` writes.
        KeyTooNew: it is of a newer format, or one of its keys is.
    """
    fields = key_files.loaded(raw) if len(raw) <= LARGEST else None
    if not isinstance(fields, dict) or not isinstance(form := fields.get("format"), str):
        raise KeyDamaged("The file is no export of keys, or is cut short.", HINT)
    if form != FORMAT and form.startswith("floodmark/keys/"):
        raise KeyTooNew("The export is of a newer format than this version reads.")
    keys = fields.get("keys")
    if form != FORMAT or not isinstance(keys, list) or not 0 < len(keys) <= len(PURPOSES):
        raise KeyDamaged("The file is no export of keys.", HINT)
    found = [key_files.from_fields(key) for key in keys]
    if len({key.purpose for key in found}) != len(found) or bundled(found) != raw:
        raise KeyDamaged("The export does not have the form in which keys are written.", HINT)
    if not all(isinstance(key.wrap, Bare if bare else ByPassphrase) for key in found):
        raise KeyDamaged("The export holds keys that are wrapped as no export wraps them.", HINT)
    return found


def sealed(raw: bytes, recipients: Sequence[Recipient]) -> bytes:
    """A document, sealed so that only the holders of some age identities open it.

    Args:
        raw: the document.
        recipients: one or more.
    """
    return bytes(pyrage.encrypt(raw, list(recipients)))


def is_sealed(raw: bytes) -> bool:
    """Whether bytes are a file of age."""
    return raw.startswith(AGE)


def unsealed(raw: bytes, identities: bytes) -> bytes:
    """What is in a sealed document.

    Args:
        raw: the sealed document.
        identities: content of an age identity file: `AGE-SECRET-KEY-1…`, one a line, and comments.

    Raises:
        ExportSealed: none of them opens it.
        UsageError: there is no identity among the lines, or a line is none.
    """
    lines = (line.strip() for line in identities.decode("ascii", "replace").splitlines())
    known = [_identity(line) for line in lines if line and not line.startswith("#")]
    if None in known or not known:
        raise UsageError(
            "The identity file holds a line that is no age identity, or none at all.",
            "Lines of it start with AGE-SECRET-KEY-1, as age-keygen writes them.",
        )
    try:
        return bytes(pyrage.decrypt(raw, known))
    except pyrage.DecryptError:
        raise ExportSealed("The export was not sealed to this identity, or is damaged.") from None


def _identity(text: str) -> pyrage.x25519.Identity | None:
    """The identity, or None; an error would carry the line along."""
    try:
        return pyrage.x25519.Identity.from_str(text)
    except pyrage.IdentityError:
        return None
