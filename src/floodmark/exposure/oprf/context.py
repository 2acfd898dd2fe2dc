r"""What tells one protocol of RFC 9497 from another: the mode and the suite, in every hash.

>>> context(Mode.VOPRF)
b'OPRFV1-\x01-ristretto255-SHA512'
"""

from __future__ import annotations

from enum import IntEnum

SUITE = "ristretto255-SHA512"


class Mode(IntEnum):
    """Mode of RFC 9497, section 3.1. Floodmark's protocol uses VOPRF everywhere; OPRF is here for its vectors."""

    OPRF = 0x00
    VOPRF = 0x01


def context(mode: Mode) -> bytes:
    """The context string (RFC 9497, section 3.1, CreateContextString)."""
    return b"OPRFV1-" + bytes([mode]) + b"-" + SUITE.encode()


def framed(*parts: bytes) -> bytes:
    """Parts one after another, each after its length in two bytes.

    Raises:
        ValueError: a part is longer than 65,535 bytes.
    """
    if any(len(part) > 0xFFFF for part in parts):
        raise ValueError("a part is longer than 65,535 bytes")
    return b"".join(len(part).to_bytes(2, "big") + part for part in parts)
