"""Custody of a saved leak: what was read, how, and what came of it, signed with the workspace's Ed25519 key.

`custody.json` names every input and every output with its SHA-256, so that one signature covers them all. The
signature is beside it in `custody.json.sig`, over `floodmark/custody/1`, a zero byte and the exact bytes of the file:

    >>> from floodmark.register.key_signing import SigningKey
    >>> key = SigningKey(bytes(32))
    >>> signature = sign(b"{}", key)
    >>> verify(b"{}", signature).hex()[:8], key.public.hex()[:8]
    ('3b6a27bc', '3b6a27bc')
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from floodmark.errors import FloodmarkError, UnreadableInput
from floodmark.register.array_files import pieces
from floodmark.register.key_signing import SigningKey, signed

FORMAT = "floodmark/custody/1"
SIGNATURE_FORMAT = "floodmark/signature/1"
CONTEXT = b"floodmark/custody/1\0"
LARGEST = 256 << 20


class CustodyBroken(FloodmarkError):
    """A custody record, its signature or a file that it names is not what was signed."""

    slug: ClassVar[str] = "custody-broken"
    hint = "Ask whoever signed it for an intact copy; do not rely on this one."


class CustodyTooNew(FloodmarkError):
    """A custody record or signature is of a form that this version does not know."""

    slug: ClassVar[str] = "custody-too-new"
    hint = "Verify it with the version of Floodmark that wrote it, or a newer one."


@dataclass(frozen=True)
class NamedFile:
    """A file as custody names it: label or path in the leak's folder, bytes, SHA-256 (None where not read whole)."""

    name: str
    size: int
    sha256: str | None


def record(
    custody: Mapping[str, Any], slug: str, saved_at: str, digest_key_id: str, outputs: Iterable[NamedFile]
) -> bytes:
    """The custody record of a saved leak, as the bytes to sign.

    Args:
        custody: of the triage (`Custody.to_dict`).
        slug: the leak's.
        saved_at: ISO 8601, UTC.
        digest_key_id: of the key that its digests were made with.
        outputs: the files that came of it.
    """
    made = [{"name": item.name, "size": item.size, "sha256": item.sha256} for item in outputs]
    whole = {
        "format": FORMAT,
        "slug": slug,
        "saved_at": saved_at,
        **custody,
        "canon": 1,
        "digest_key_id": digest_key_id,
        "outputs": made,
    }
    return (json.dumps(whole, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "replace")


def sign(data: bytes, key: SigningKey) -> bytes:
    """The content of `custody.json.sig` for the bytes of a `custody.json`."""
    made = {
        "format": SIGNATURE_FORMAT,
        "algorithm": "Ed25519",
        "public_key": key.public.hex(),
        "signature": key.sign(CONTEXT + data).hex(),
    }
    return (json.dumps(made, indent=2) + "\n").encode()


def verify(data: bytes, signature: bytes) -> bytes:
    """The public key, 32 bytes, that signed a record; whose key it is has to be known from elsewhere.

    Raises:
        CustodyBroken: the signature is not one of these bytes.
        CustodyTooNew: it is of a newer form.
    """
    table = _table(signature, "custody.json.sig", SIGNATURE_FORMAT)
    try:
        public, made = bytes.fromhex(table["public_key"]), bytes.fromhex(table["signature"])
    except (KeyError, TypeError, ValueError):
        raise CustodyBroken("custody.json.sig holds no signature.") from None
    if table.get("algorithm") != "Ed25519" or not signed(CONTEXT + data, made, public):
        raise CustodyBroken("custody.json is not what was signed: the signature does not fit.")
    return public


def read(data: bytes) -> tuple[dict[str, Any], list[NamedFile], list[NamedFile]]:
    """A custody record with the inputs and the outputs that it names.

    Raises:
        CustodyBroken: it is no custody record.
        CustodyTooNew: it is of a newer form.
    """
    table = _table(data, "custody.json", FORMAT)
    try:
        inputs = [NamedFile(str(i["label"]), int(i["size"]), i["sha256"]) for i in table["inputs"]]
        outputs = [NamedFile(str(o["name"]), int(o["size"]), o["sha256"]) for o in table["outputs"]]
    except (KeyError, TypeError, ValueError):
        raise CustodyBroken("custody.json lacks its inputs or outputs.") from None
    return table, inputs, outputs


def named(path: Path, name: str) -> NamedFile:
    """A file with its size and SHA-256, read now.

    Raises:
        UnreadableInput: it cannot be read.
    """
    found, size = hashlib.sha256(), 0
    try:
        for piece in pieces(path):
            found.update(piece)
            size += len(piece)
    except OSError as error:
        raise UnreadableInput(f"{path.name} cannot be read: {error.strerror}.") from error
    return NamedFile(name, size, found.hexdigest())


def check_outputs(
    folder: Path, outputs: Iterable[NamedFile], advance: Callable[[int], None] = lambda size: None
) -> int:
    """Compare the files of a leak's folder with what its custody names.

    Args:
        folder: where they are.
        outputs: what custody names.
        advance: told of the bytes read.

    Returns:
        How many there are.

    Raises:
        CustodyBroken: one is missing or differs; it is named.
    """
    count = 0
    for item in outputs:
        path = folder / item.name
        if path.resolve() != folder.resolve() / item.name or not path.is_file():
            raise CustodyBroken(f"{item.name} is missing.")
        if named(path, item.name) != item:
            raise CustodyBroken(f"{item.name} is not what was signed.")
        advance(item.size)
        count += 1
    return count


def _table(data: bytes, name: str, form: str) -> dict[str, Any]:
    try:
        table = json.loads(data) if len(data) <= LARGEST else None
    except (ValueError, RecursionError):
        table = None
    if not isinstance(table, dict) or not isinstance(found := table.get("format"), str):
        raise CustodyBroken(f"{name} is no such record.")
    if found != form:
        stem = form.rpartition("/")[0]
        if found.startswith(stem + "/"):
            raise CustodyTooNew(f"{name} is of the form {found[:40]!r}, and this version knows {form!r}.")
        raise CustodyBroken(f"{name} is no such record.")
    return table
