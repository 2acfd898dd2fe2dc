"""The group ristretto255 (RFC 9496) and what RFC 9497 asks of it, on libsodium: constant time in every scalar.

Elements and scalars are their 32-byte encodings; nothing else is ever handed around. `element` and `scalar` are the
only doors for bytes from outside.

    >>> element(bytes(32))
    Traceback (most recent call last):
    floodmark.exposure.oprf.group.BadElement: A group element is the identity.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import ClassVar, NewType

import rbcl

from floodmark.errors import FloodmarkError

Element = NewType("Element", bytes)
Scalar = NewType("Scalar", bytes)

BYTES = 32
HASH_BYTES = 64
BLOCK_BYTES = 128  # of SHA-512
LONGEST_DST = 255
FIELD = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493


class BadElement(FloodmarkError):
    """Bytes are no element of the group, or the identity."""

    slug: ClassVar[str] = "bad-element"
    hint = "The other side does not follow the protocol: ask it for another answer, or do not trust it."


class BadScalar(FloodmarkError):
    """Bytes are no scalar: zero, or not below the group's order."""

    slug: ClassVar[str] = "bad-scalar"
    hint = "A key or proof was damaged, or made by something that does not follow the protocol."


def element(data: bytes) -> Element:
    """An element from its encoding (RFC 9497, section 2.1, DeserializeElement).

    Raises:
        BadElement: not the one encoding of an element, or the identity.
    """
    # Some releases of libsodium pass over the highest bit, which RFC 9496 (section 4.3.1) refuses.
    spelled_once = len(data) == BYTES and int.from_bytes(data, "little") < FIELD
    if not spelled_once or not rbcl.crypto_core_ristretto255_is_valid_point(bytes(data)):
        raise BadElement("Bytes are no encoding of a group element.")
    if not any(data):
        raise BadElement("A group element is the identity.")
    return Element(bytes(data))


def scalar(data: bytes, *, zero: bool = False) -> Scalar:
    """A scalar from its encoding, little-endian and below the group's order (DeserializeScalar).

    Args:
        data: 32 bytes.
        zero: whether zero may be one; a key or a blind is never zero.

    Raises:
        BadScalar: it is none.
    """
    if len(data) != BYTES or int.from_bytes(data, "little") >= ORDER:
        raise BadScalar("Bytes are no scalar below the group's order.")
    if not zero and not any(data):
        raise BadScalar("A scalar is zero.")
    return Scalar(bytes(data))


def random_scalar() -> Scalar:
    """A scalar that is not zero, from the system's random source."""
    while True:
        wide = rbcl.crypto_core_ristretto255_scalar_reduce(secrets.token_bytes(HASH_BYTES))
        if any(wide):
            return Scalar(wide)


def times(factor: Scalar, point: Element) -> Element:
    """The element multiplied by a scalar that is not zero."""
    return Element(rbcl.crypto_scalarmult_ristretto255(factor, point))


def times_base(factor: Scalar) -> Element:
    """The group's generator multiplied by a scalar that is not zero."""
    return Element(rbcl.crypto_scalarmult_ristretto255_base(factor))


def plus(one: Element, other: Element) -> Element:
    """The sum of two elements."""
    return Element(rbcl.crypto_core_ristretto255_add(one, other))


def inverse(factor: Scalar) -> Scalar:
    """The scalar whose product with this one is 1."""
    return Scalar(rbcl.crypto_core_ristretto255_scalar_invert(factor))


def product(one: Scalar, other: Scalar) -> Scalar:
    """The product of two scalars."""
    return Scalar(rbcl.crypto_core_ristretto255_scalar_mul(one, other))


def minus(one: Scalar, other: Scalar) -> Scalar:
    """The first scalar less the second."""
    return Scalar(rbcl.crypto_core_ristretto255_scalar_sub(one, other))


def hash_to_element(message: bytes, dst: bytes) -> bytes:
    """HashToGroup (RFC 9497, section 4.1): an encoding that can be the identity's, which the caller refuses."""
    return bytes(rbcl.crypto_core_ristretto255_from_hash(expand_message(message, dst, HASH_BYTES)))


def hash_to_scalar(message: bytes, dst: bytes) -> Scalar:
    """HashToScalar (RFC 9497, section 4.1); zero with a probability of 2**-252."""
    return Scalar(rbcl.crypto_core_ristretto255_scalar_reduce(expand_message(message, dst, HASH_BYTES)))


def expand_message(message: bytes, dst: bytes, size: int) -> bytes:
    """`expand_message_xmd` of RFC 9380, section 5.3.1, with SHA-512.

    Args:
        message: any length.
        dst: domain separation tag, 1 to 255 bytes.
        size: bytes wanted, at most 255 times 64.
    """
    if not 1 <= len(dst) <= LONGEST_DST or not 1 <= size <= LONGEST_DST * HASH_BYTES:
        raise ValueError("a tag of 1 to 255 bytes, and at most 16,320 bytes")
    prime = dst + bytes([len(dst)])
    first = hashlib.sha512(bytes(BLOCK_BYTES) + message + size.to_bytes(2, "big") + b"\0" + prime).digest()
    block, found = bytes(HASH_BYTES), b""
    for number in range(1, -(-size // HASH_BYTES) + 1):
        mixed = (int.from_bytes(first) ^ int.from_bytes(block)).to_bytes(HASH_BYTES)
        block = hashlib.sha512(mixed + bytes([number]) + prime).digest()
        found += block
    return found[:size]
