"""Proof that one key evaluated a batch: the discrete-logarithm equality of RFC 9497, section 2.2."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from floodmark.exposure.oprf import group
from floodmark.exposure.oprf.context import Mode, context, framed
from floodmark.exposure.oprf.group import BadElement, BadScalar, Element, Scalar

MOST = 0xFFFF  # a batch's index has two bytes


@dataclass(frozen=True)
class Proof:
    """Challenge and response; 64 bytes when it is sent."""

    challenge: Scalar
    response: Scalar

    def to_bytes(self) -> bytes:
        """Challenge, then response."""
        return self.challenge + self.response

    @classmethod
    def from_bytes(cls, data: bytes) -> Proof:
        """A proof as it was sent.

        Raises:
            BadScalar: it is not two scalars.
        """
        if len(data) != 2 * group.BYTES:
            raise BadScalar("A proof is 64 bytes.")
        return cls(group.scalar(data[: group.BYTES], zero=True), group.scalar(data[group.BYTES :], zero=True))


def prove(
    key: Scalar,
    public: Element,
    asked: Sequence[Element],
    answered: Sequence[Element],
    mode: Mode,
    random: Scalar,
) -> Proof:
    """Prove that every answer is the key times what was asked (GenerateProof).

    Args:
        key: the private key.
        public: its public key.
        asked: blinded elements, 1 to 65,535.
        answered: evaluated elements, in their order.
        mode: of the protocol.
        random: fresh for every proof; whoever learns it learns the key.
    """
    weighted = _weighted(public, asked, answered, mode)
    asked_sum = _sum(weighted, asked)
    answered_sum = group.times(key, asked_sum)
    challenge = _challenge(
        public, asked_sum, answered_sum, group.times_base(random), group.times(random, asked_sum), mode
    )
    return Proof(challenge, group.minus(random, group.product(challenge, key)))


def holds(
    proof: Proof, public: Element, asked: Sequence[Element], answered: Sequence[Element], mode: Mode
) -> bool:
    """Whether a proof shows that every answer is the key times what was asked (VerifyProof).

    Args:
        proof: as it was sent.
        public: the public key that was expected.
        asked: blinded elements, 1 to 65,535.
        answered: evaluated elements, in their order.
        mode: of the protocol.
    """
    try:
        weighted = _weighted(public, asked, answered, mode)
        asked_sum, answered_sum = _sum(weighted, asked), _sum(weighted, answered)
        base = _two(proof.response, None, proof.challenge, public)
        batch = _two(proof.response, asked_sum, proof.challenge, answered_sum)
        return _challenge(public, asked_sum, answered_sum, base, batch, mode) == proof.challenge
    except (BadElement, RuntimeError):  # a sum is the identity, as nobody's honest proof has it
        return False


def _weighted(
    public: Element, asked: Sequence[Element], answered: Sequence[Element], mode: Mode
) -> list[Scalar]:
    """A weight for every pair, from a hash of all that is known (ComputeComposites)."""
    if not 1 <= len(asked) <= MOST or len(asked) != len(answered):
        raise ValueError("a proof is of 1 to 65,535 elements, and as many answers")
    seed = hashlib.sha512(framed(public, b"Seed-" + context(mode))).digest()
    tag = b"HashToScalar-" + context(mode)
    return [
        group.hash_to_scalar(
            framed(seed) + number.to_bytes(2, "big") + framed(one, other) + b"Composite", tag
        )
        for number, (one, other) in enumerate(zip(asked, answered, strict=True))
    ]


def _sum(weights: Sequence[Scalar], points: Sequence[Element]) -> Element:
    found = group.times(weights[0], points[0])
    for weight, point in zip(weights[1:], points[1:], strict=True):
        found = group.plus(found, group.times(weight, point))
    return group.element(found)


def _two(response: Scalar, point: Element | None, challenge: Scalar, other: Element) -> Element:
    """`response` times a point (the generator for None), plus `challenge` times another."""
    first = group.times_base(response) if point is None else group.times(response, point)
    return group.plus(first, group.times(challenge, other))


def _challenge(
    public: Element, asked: Element, answered: Element, base: Element, batch: Element, mode: Mode
) -> Scalar:
    message = framed(public, asked, answered, base, batch) + b"Challenge"
    return group.hash_to_scalar(message, b"HashToScalar-" + context(mode))
