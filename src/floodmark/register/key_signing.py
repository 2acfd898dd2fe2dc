"""The Ed25519 key with which a workspace signs what it found (RFC 8032).

>>> key = SigningKey(bytes(range(32)))
>>> signature = key.sign(b"custody")
>>> from floodmark.signatures import Signature, signed
>>> signed(b"custody", Signature(key.public, signature)), signed(b"custody!", Signature(key.public, signature))
(True, False)
>>> key
SigningKey(id='24223c0a7eb7609b')
"""

from __future__ import annotations

import hashlib
from typing import NoReturn

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

SEED_BYTES = 32


class SigningKey:
    """A private key that signs; neither printed, copied nor pickled.

    Args:
        seed: 32 random bytes, the private key of RFC 8032.
    """

    __slots__ = ("_key", "public")

    def __init__(self, seed: bytes | memoryview) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = self._key.public_key().public_bytes_raw()

    @property
    def id(self) -> str:
        """16 hexadecimal digits that name the key."""
        return id_of(self.public)

    def sign(self, message: bytes) -> bytes:
        """The signature of a message, 64 bytes; the same message always gives the same one."""
        return self._key.sign(message)

    def __repr__(self) -> str:
        return f"SigningKey(id={self.id!r})"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a signing key is neither copied nor pickled")


def id_of(public: bytes) -> str:
    """Name of a signing key: the first 8 bytes of SHA-256("floodmark/key-id" public key), in hexadecimal."""
    return hashlib.sha256(b"floodmark/key-id" + public).digest()[:8].hex()
