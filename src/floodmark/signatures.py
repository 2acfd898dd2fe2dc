r"""Detached signatures of files, format `floodmark/signature/1`: Ed25519 (RFC 8032) over a context and exact bytes.

The context, which ends in a zero byte, says what kind of file it is, so that a signature of one is none of another.

    >>> from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    >>> private = Ed25519PrivateKey.from_private_bytes(bytes(32))
    >>> public = private.public_key().public_bytes_raw()
    >>> file = signature_file(public, private.sign(b"floodmark/manifest/1\0" + b"{}"))
    >>> read_signature(file) == Signature(public, private.sign(b"floodmark/manifest/1\0" + b"{}"))
    True
    >>> signed(b"floodmark/manifest/1\0" + b"{}", read_signature(file))
    True
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FORMAT = "floodmark/signature/1"
ALGORITHM = "Ed25519"
PUBLIC = re.compile(r"[0-9a-f]{64}")
SIGNATURE = re.compile(r"[0-9a-f]{128}")


class Signer(Protocol):
    """Whatever signs: a key that stays where it is."""

    @property
    def public(self) -> bytes:
        """The public key, 32 bytes."""

    def sign(self, message: bytes) -> bytes:
        """The signature of a message, 64 bytes."""


@dataclass(frozen=True)
class Signature:
    """A public key, 32 bytes, and the signature, 64 bytes, that is said to be its."""

    public: bytes
    value: bytes


def signed(message: bytes, signature: Signature) -> bool:
    """Whether the signature of a message was made with the private key of its public one.

    Args:
        message: context and exact bytes.
        signature: as it was found; whose key it is has to be known from elsewhere.
    """
    try:
        Ed25519PublicKey.from_public_bytes(signature.public).verify(signature.value, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def signature_file(public: bytes, value: bytes) -> bytes:
    """The content of a `.sig` file."""
    made = {"format": FORMAT, "algorithm": ALGORITHM, "public_key": public.hex(), "signature": value.hex()}
    return (json.dumps(made, indent=2) + "\n").encode()


def read_signature(data: bytes) -> Signature | None:
    """The signature in a `.sig` file; None where it is none, or one of another form."""
    table = strict_table(data)
    if table is None or set(table) != {"format", "algorithm", "public_key", "signature"}:
        return None
    texts = [table[name] for name in ("format", "algorithm", "public_key", "signature")]
    if not all(isinstance(text, str) for text in texts) or texts[:2] != [FORMAT, ALGORITHM]:
        return None
    if not PUBLIC.fullmatch(texts[2]) or not SIGNATURE.fullmatch(texts[3]):
        return None
    return Signature(bytes.fromhex(texts[2]), bytes.fromhex(texts[3]))


def strict_table(data: bytes) -> dict[str, Any] | None:
    """A JSON object in UTF-8 that every reader reads alike; None for anything else.

    Refused are a name twice (of two, one reader takes the first and another the second) and numbers that JSON has not.
    """
    try:
        table = json.loads(data.decode(), object_pairs_hook=_once, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None
    return table if isinstance(table, dict) else None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) < len(pairs):
        raise ValueError("a name twice")
    return table


def _refuse(constant: str) -> float:
    raise ValueError(constant)
