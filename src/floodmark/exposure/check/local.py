"""Evaluating with a key that is at hand: an operator's own check of their own snapshot."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Protocol

from floodmark.exposure.check.asking import Evaluated, Random
from floodmark.exposure.oprf import Element, KeyPair, blind_evaluate, scalar
from floodmark.exposure.oprf.group import hash_to_scalar
from floodmark.exposure.snapshots import WrongEpoch


class EvaluationKey(Protocol):
    """The key of an epoch, as a keyring has it."""

    @property
    def epoch(self) -> int:
        """Its number."""

    @property
    def pair(self) -> KeyPair:
        """Private and public key."""


class LocalEvaluator:
    """An `Evaluator` with the key itself: whoever asks it tells nobody else, and has no secret from it.

    Args:
        key: of the epoch.
        random: gives so many random bytes; whoever knows them can compute the key from a proof.
    """

    def __init__(self, key: EvaluationKey, random: Random = secrets.token_bytes) -> None:
        self._key = key
        self._random = random

    @property
    def epoch(self) -> int:
        """Number of the key's epoch."""
        return self._key.epoch

    @property
    def public_key(self) -> bytes:
        """The key that proofs are checked with, 32 bytes."""
        return bytes(self._key.pair.public)

    def evaluate(self, epoch: int, elements: Sequence[Element]) -> Evaluated:
        """Evaluate blinded elements and prove it.

        Raises:
            WrongEpoch: the key is of another epoch.
        """
        if epoch != self._key.epoch:
            raise WrongEpoch(
                f"The snapshot is of epoch {epoch}, and the key of epoch {self._key.epoch}.",
                "Make a snapshot of leaks that are sealed with the key of today: floodmark seal, then snapshot make.",
            )
        fresh = scalar(hash_to_scalar(self._random(64), b"floodmark/check/prove"))
        answered, proof = blind_evaluate(self._key.pair, elements, fresh)
        return Evaluated(tuple(answered), proof.to_bytes())
