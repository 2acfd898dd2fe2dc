"""The oblivious pseudorandom function of RFC 9497, suite ristretto255-SHA512, modes OPRF and VOPRF.

A client blinds what it asks about, the server evaluates without learning it, the client finalises; both get what
`evaluate` gives whoever has the key and the input:

    >>> pair = derive_key_pair(bytes(32), b"example")
    >>> factor = group.random_scalar()
    >>> asked = blind(b"phone:+447700900123", factor)
    >>> answers, proof = blind_evaluate(pair, [asked], group.random_scalar())
    >>> [output] = finalize([b"phone:+447700900123"], [factor], [asked], answers, proof, pair.public)
    >>> output == evaluate(pair.private, b"phone:+447700900123")
    True
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar, NoReturn

from floodmark.errors import FloodmarkError
from floodmark.exposure.oprf import group
from floodmark.exposure.oprf.context import Mode, context, framed
from floodmark.exposure.oprf.group import Element, Scalar
from floodmark.exposure.oprf.proof import Proof, holds, prove

SEED_BYTES = 32
OUTPUT_BYTES = 64
LONGEST_INPUT = 0xFFFF


class BadInput(FloodmarkError):
    """An input cannot be evaluated: too long, or one that nobody can find (its hash is the identity)."""

    slug: ClassVar[str] = "bad-input"
    hint = "Ask about a canonical identifier."


class ProofFailed(FloodmarkError):
    """A server's answer was not made with the key that it published."""

    slug: ClassVar[str] = "proof-failed"
    hint = "Do not use the answer: the server, or somebody between, gave another one than its key gives."


@dataclass(frozen=True)
class KeyPair:
    """A private key and its public key; neither printed nor pickled."""

    private: Scalar = field(repr=False)
    public: Element

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a private key is neither copied nor pickled")


def derive_key_pair(seed: bytes, info: bytes, mode: Mode = Mode.VOPRF) -> KeyPair:
    """DeriveKeyPair (RFC 9497, section 3.2.1).

    Args:
        seed: 32 random bytes.
        info: public, at most 65,535 bytes.
        mode: of the protocol.
    """
    if len(seed) != SEED_BYTES:
        raise ValueError(f"a seed is {SEED_BYTES} bytes")
    message, tag = seed + framed(info), b"DeriveKeyPair" + context(mode)
    for counter in range(256):
        private = group.hash_to_scalar(message + bytes([counter]), tag)
        if any(private):
            return KeyPair(private, group.times_base(private))
    raise ValueError("no key comes of this seed")  # as improbable as guessing one


def blind(data: bytes, factor: Scalar, mode: Mode = Mode.VOPRF) -> Element:
    """Blind an input (Blind, section 3.3.1).

    Args:
        data: the input.
        factor: a fresh random scalar; who knows it can unblind.
        mode: of the protocol.

    Raises:
        BadInput: the input cannot be evaluated.
    """
    return group.times(factor, _element_of(data, mode))


def blind_evaluate(
    pair: KeyPair, asked: Sequence[Element], random: Scalar, mode: Mode = Mode.VOPRF
) -> tuple[list[Element], Proof]:
    """Evaluate a batch of blinded elements, with one proof for all of them (BlindEvaluate, section 3.3.2).

    Args:
        pair: the server's key.
        asked: 1 to 65,535 blinded elements.
        random: fresh for every call.
        mode: of the protocol.
    """
    answered = [group.times(pair.private, one) for one in asked]
    return answered, prove(pair.private, pair.public, asked, answered, mode, random)


def finalize(
    data: Sequence[bytes],
    factors: Sequence[Scalar],
    asked: Sequence[Element],
    answered: Sequence[Element],
    proof: Proof,
    public: Element,
    mode: Mode = Mode.VOPRF,
) -> list[bytes]:
    """Check the proof, unblind the answers and hash them (Finalize, section 3.3.2).

    Args:
        data: the inputs.
        factors: what each was blinded with.
        asked: the blinded elements.
        answered: the server's answers.
        proof: the server's.
        public: the key that the client expects, never one that came with the answer.
        mode: of the protocol.

    Returns:
        64 bytes for each input.

    Raises:
        ProofFailed: the answers are not of that key.
    """
    if not holds(proof, public, asked, answered, mode):
        raise ProofFailed("An answer does not fit the key that the server published.")
    return [unblind(*one) for one in zip(data, factors, answered, strict=True)]


def unblind(data: bytes, factor: Scalar, answer: Element) -> bytes:
    """The output for one input, of an answer whose proof was checked, or in mode OPRF (section 3.3.1)."""
    return _output(data, group.times(group.inverse(factor), answer))


def evaluate(private: Scalar, data: bytes, mode: Mode = Mode.VOPRF) -> bytes:
    """The output for one input, by whoever has the key (Evaluate, section 3.3.1): 64 bytes.

    Raises:
        BadInput: the input cannot be evaluated.
    """
    return _output(data, group.times(private, _element_of(data, mode)))


def _element_of(data: bytes, mode: Mode) -> Element:
    if len(data) > LONGEST_INPUT:
        raise BadInput("An input is longer than 65,535 bytes.")
    point = group.hash_to_element(data, b"HashToGroup-" + context(mode))
    if not any(point):  # the identity; of a hash, nothing else can be wrong
        raise BadInput("An input cannot be evaluated.")
    return Element(point)


def _output(data: bytes, point: Element) -> bytes:
    return hashlib.sha512(framed(data, point) + b"Finalize").digest()
