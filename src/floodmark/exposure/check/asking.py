"""What a check asks of the world, one thing at a time, and who answers.

A check is a generator (`steps`) that yields these and is sent the answers. It does no I/O, so that one order of
requests holds for files, for blocking sockets and for an event loop.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias, TypeVar

from floodmark.exposure.oprf import Element
from floodmark.exposure.snapshots import Snapshot

Result = TypeVar("Result")


@dataclass(frozen=True)
class GetSnapshot:
    """Answered with the envelope of the snapshot, bytes, unverified."""


@dataclass(frozen=True)
class Evaluate:
    """Answered with `Evaluated`, unverified.

    Attributes:
        epoch: of the key.
        elements: blinded, 1 to 1,000.
    """

    epoch: int
    elements: tuple[Element, ...]


@dataclass(frozen=True)
class GetBucket:
    """Answered with the answer for the bucket, bytes, unverified.

    Attributes:
        snapshot: verified.
        number: of the bucket, 0 to 65,535.
    """

    snapshot: Snapshot = field(repr=False)
    number: int = field(repr=False)


@dataclass(frozen=True)
class Evaluated:
    """What an evaluator answers; nothing of it is believed before its proof is checked.

    Attributes:
        elements: evaluated elements, in the order of those that were asked.
        proof: 64 bytes.
    """

    elements: tuple[bytes, ...]
    proof: bytes = field(repr=False)


Ask: TypeAlias = GetSnapshot | Evaluate | GetBucket
Random: TypeAlias = Callable[[int], bytes]
Steps: TypeAlias = Generator[Ask, Any, Result]


class Source(Protocol):
    """A snapshot and its buckets: a folder, or a server."""

    def envelope(self) -> bytes:
        """The signed snapshot as it is."""

    def bucket(self, snapshot: Snapshot, number: int) -> bytes:
        """The answer for a bucket of it, of `answer_bytes` bytes, unverified."""


class Evaluator(Protocol):
    """Whoever has the key of the epoch."""

    def evaluate(self, epoch: int, elements: Sequence[Element]) -> Evaluated:
        """Evaluate blinded elements and prove it.

        Raises:
            WrongEpoch: the key is of another epoch.
            BudgetSpent: the asker has asked enough.
        """


class AsyncSource(Protocol):
    """A `Source` that is awaited."""

    def envelope(self) -> Awaitable[bytes]:
        """As `Source.envelope`."""

    def bucket(self, snapshot: Snapshot, number: int) -> Awaitable[bytes]:
        """As `Source.bucket`."""


class AsyncEvaluator(Protocol):
    """An `Evaluator` that is awaited."""

    def evaluate(self, epoch: int, elements: Sequence[Element]) -> Awaitable[Evaluated]:
        """As `Evaluator.evaluate`."""
