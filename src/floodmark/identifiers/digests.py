"""Digests: 64-bit keyed hashes of identifiers, the private join keys of the register.

>>> key = DigestKey(bytes(range(32)))
>>> key
DigestKey(id='bb7dbb44964705b2')
>>> one("phone", "+447700900123", key) == int(of_phones(np.array([447700900123], np.uint64), key)[0])
True

A digest is the first 8 bytes, big-endian, of HMAC-SHA-256(secret, x) with x = kind ":" canonical form, so that
numeric order is prefix order. Whoever has the secret can try all phone numbers; without it a digest says
nothing but whether two identifiers are the same.
"""

from __future__ import annotations

import hashlib
import hmac

import numpy as np
import polars as pl
from numpy.typing import NDArray

from floodmark.kernel import keyed_hash

SECRET_BYTES = 32
_INNER, _OUTER, _PAD = 0x36, 0x5C, 64 - SECRET_BYTES  # RFC 2104, section 2; a block of SHA-256 is 64 bytes


class DigestKey:
    """The secret under which identifiers are hashed; it is neither printed nor pickled, and its `id` names it.

    Args:
        secret: 32 random bytes.

    Raises:
        ValueError: it has another length.
    """

    __slots__ = ("_inner", "_outer", "_secret")

    def __init__(self, secret: bytes) -> None:
        if len(secret) != SECRET_BYTES:
            raise ValueError(f"a digest key is {SECRET_BYTES} bytes")
        self._secret = bytes(secret)
        self._inner = _keyed(self._secret, _INNER)
        self._outer = _keyed(self._secret, _OUTER)

    @property
    def secret(self) -> bytes:
        """The 32 bytes."""
        return self._secret

    @property
    def id(self) -> str:
        """16 hexadecimal digits that name the key and say nothing of it."""
        return hmac.digest(self._secret, b"floodmark/key-id", "sha256")[:8].hex()

    def first(self, text: bytes) -> int:
        """The first 8 bytes of HMAC-SHA-256(secret, text) as a number, from hashes that have taken the secret in."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(text)
        outer.update(inner.digest())
        return int.from_bytes(outer.digest()[:8])

    def __repr__(self) -> str:
        return f"DigestKey(id={self.id!r})"

    def __reduce__(self) -> str:
        raise TypeError("a digest key is not pickled")


def of_phones(numbers: NDArray[np.uint64], key: DigestKey) -> NDArray[np.uint64]:
    """Digests of phone numbers.

    Args:
        numbers: uint64, shape (n,): E.164 digits as a number, in canonical form.
        key: the digest key.

    Returns:
        uint64, shape (n,), of `phone:+<digits>`.

    Raises:
        TypeError: the numbers are of another dtype or shape.
    """
    return keyed_hash.of_numbers(key.secret, b"phone:+", numbers)


def of_profile_ids(numbers: NDArray[np.uint64], key: DigestKey) -> NDArray[np.uint64]:
    """Digests of profile ids, uint64 as for `of_phones`, of `profile_id:<digits>`."""
    return keyed_hash.of_numbers(key.secret, b"profile_id:", numbers)


def of_texts(kind: str, canonical: pl.Series, key: DigestKey) -> NDArray[np.uint64]:
    """Digests of identifiers of any kind as text.

    Args:
        kind: `email`, `username`, `domain`, ….
        canonical: String, without nulls, in canonical form.
        key: the digest key.

    Returns:
        uint64, shape (n,), of `<kind>:<canonical>`.

    Raises:
        TypeError: the series is not String.
        ValueError: it has nulls, or the kind has more than 31 bytes.
    """
    _check(canonical)
    if canonical.null_count():
        raise ValueError("identifiers to hash are never null")
    return keyed_hash.of_texts(key.secret, f"{kind}:".encode(), canonical)


def of(kind: str, canonical: pl.Series, key: DigestKey) -> NDArray[np.uint64]:
    """Digests of identifiers in the form in which their kind comes: numbers as UInt64, or text.

    Args:
        kind: of identifier.
        canonical: canonical forms, String; of phones and profile ids also UInt64; without nulls, shape (n,).
        key: the digest key.

    Returns:
        uint64, shape (n,).
    """
    if canonical.dtype == pl.String:
        return of_texts(kind, canonical, key)
    return (of_phones if kind == "phone" else of_profile_ids)(canonical.to_numpy(), key)


def value_digests(name: str, texts: pl.Series, key: DigestKey) -> NDArray[np.uint16]:
    """16-bit digests of values, to ask whether two leaks agree on them.

    Args:
        name: which value: `name`, `location`.
        texts: String; null or empty where there is none.
        key: the digest key.

    Returns:
        uint16, shape (n,): 0 for null or empty and never otherwise, else the first 2 bytes of
        HMAC-SHA-256(secret, "value/" name ":" text), where 0 becomes 1.

    Raises:
        TypeError: the series is not String.
        ValueError: the name has more than 25 bytes.
    """
    _check(texts)
    texts = texts.fill_null("")
    short = (keyed_hash.of_texts(key.secret, f"value/{name}:".encode(), texts) >> np.uint64(48)).astype(
        np.uint16
    )
    return np.where(texts.str.len_bytes().to_numpy() == 0, np.uint16(0), np.maximum(short, np.uint16(1)))


def one(kind: str, canonical: str, key: DigestKey) -> int:
    """Digest of one identifier."""
    return key.first(f"{kind}:{canonical}".encode())


def _keyed(secret: bytes, pad: int) -> hashlib._Hash:
    return hashlib.sha256(bytes(byte ^ pad for byte in secret) + bytes([pad]) * _PAD)


def _check(texts: pl.Series) -> None:
    if texts.dtype != pl.String:
        raise TypeError("texts are of dtype String")
