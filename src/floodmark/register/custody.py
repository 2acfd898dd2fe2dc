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
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from floodmark.errors import FloodmarkError, UnreadableInput
from floodmark.register.array_files import pieces
from floodmark.register.slugs import SLUG
from floodmark.signatures import FORMAT as SIGNATURE_FORMAT
from floodmark.signatures import Signer, read_signature, signature_file, signed, strict_table

FORMAT = "floodmark/custody/1"
CONTEXT = b"floodmark/custody/1\0"
LARGEST = 16 << 20
_SHA256 = re.compile(r"[0-9a-f]{64}")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_OUTPUT = re.compile(r"profile\.json|digests/[a-z_]{1,40}(\.[a-z]{1,20})?\.npy")


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


def sign(data: bytes, key: Signer) -> bytes:
    """The content of `custody.json.sig` for the bytes of a `custody.json`."""
    return signature_file(key.public, key.sign(CONTEXT + data))


def verify(data: bytes, signature: bytes) -> bytes:
    """The public key, 32 bytes, that signed a record; whose key it is has to be known from elsewhere.

    Raises:
        CustodyBroken: the signature is not one of these bytes.
        CustodyTooNew: it is of a newer form.
    """
    _table(signature, "custody.json.sig", SIGNATURE_FORMAT)
    found = read_signature(signature)
    if found is None:
        raise CustodyBroken("custody.json.sig holds no signature.")
    if not signed(CONTEXT + data, found):
        raise CustodyBroken("custody.json is not what was signed: the signature does not fit.")
    return found.public


@dataclass(frozen=True)
class Record:
    """What a custody record says: of which leak, saved when, from which files, and what came of them."""

    slug: str
    saved_at: str
    inputs: tuple[NamedFile, ...]
    outputs: tuple[NamedFile, ...]


def read(data: bytes) -> Record:
    """A custody record, every part of which has the form that `record` gives it.

    Raises:
        CustodyBroken: it is no custody record.
        CustodyTooNew: it is of a newer form.
    """
    table = _table(data, "custody.json", FORMAT)
    found = Record(
        _text(table, "slug", SLUG),
        _text(table, "saved_at", _MOMENT),
        tuple(_file(item, "label") for item in _list(table, "inputs")),
        tuple(_file(item, "name") for item in _list(table, "outputs")),
    )
    names = [item.name for item in found.outputs]
    strange = [item for item in found.outputs if not _OUTPUT.fullmatch(item.name) or item.sha256 is None]
    if strange or len(set(names)) < len(names) or "profile.json" not in names:
        raise _lacking("outputs")
    return found


def read_bounded(path: Path) -> bytes:
    """The bytes of a record or a signature.

    Raises:
        UnreadableInput: it cannot be read.
        CustodyBroken: it is larger than any such file.
    """
    try:
        if not path.is_file():
            raise UnreadableInput(f"{path.name} is missing, or no ordinary file.")
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise UnreadableInput(f"{path.name} cannot be read: {error.strerror}.") from error
    if len(data) > LARGEST:
        raise CustodyBroken(f"{path.name} is larger than any custody record.")
    return data


def named(path: Path, name: str) -> NamedFile:
    """A file with its size and SHA-256, read now.

    Raises:
        UnreadableInput: it cannot be read.
    """
    found, size = hashlib.sha256(), 0
    try:
        if not path.is_file():
            raise UnreadableInput(f"{path.name} is missing, or no ordinary file.")
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
        if path.is_symlink() or path.parent.is_symlink() or not path.is_file():
            raise CustodyBroken(f"{item.name} is missing.")
        if named(path, item.name) != item:
            raise CustodyBroken(f"{item.name} is not what was signed.")
        advance(item.size)
        count += 1
    return count


def _table(data: bytes, name: str, form: str) -> dict[str, Any]:
    table = strict_table(data)
    if table is None or not isinstance(found := table.get("format"), str):
        raise CustodyBroken(f"{name} is no such record.")
    if found != form:
        stem = form.rpartition("/")[0]
        if found.startswith(stem + "/"):
            raise CustodyTooNew(f"{name} is of the form {found[:40]!r}, and this version knows {form!r}.")
        raise CustodyBroken(f"{name} is no such record.")
    return table


def _list(table: dict[str, Any], key: str) -> list[Any]:
    found = table.get(key)
    if not isinstance(found, list):
        raise _lacking(key)
    return found


def _text(table: dict[str, Any], key: str, form: re.Pattern[str]) -> str:
    found = table.get(key)
    if not isinstance(found, str) or not form.fullmatch(found):
        raise _lacking(key)
    return found


def _file(item: Any, key: str) -> NamedFile:
    if not isinstance(item, dict) or not isinstance(name := item.get(key), str):
        raise _lacking(key)
    size, sha256 = item.get("size"), item.get("sha256")
    if type(size) is not int or size < 0 or "sha256" not in item:
        raise _lacking(key)
    if sha256 is not None and not (isinstance(sha256, str) and _SHA256.fullmatch(sha256)):
        raise _lacking(key)
    return NamedFile(name, size, sha256)


def _lacking(key: str) -> CustodyBroken:
    return CustodyBroken(f"custody.json is no custody record: its {key} have not the form of one.")
