"""The whole check, without I/O: what is asked, in which order, and what of the answers is believed (protocol 1, 6).

1. One snapshot, which is verified before anything is made of the identifiers.
2. One evaluation, whose proof is checked under the snapshot's key.
3. Four answers for each identifier, in random order: its own bucket's and decoys', all different.
4. Every answer is verified, of decoys too, so that one that was tampered with says nothing of which is which.
5. What came is looked up when the connections are closed (`Fetched.looked_up`), so that not even the moment at which
   they are closed depends on whether anything is found.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from floodmark.exposure.check.asked import Asked
from floodmark.exposure.check.asking import Evaluate, Evaluated, GetBucket, GetSnapshot, Random, Steps
from floodmark.exposure.check.evaluation import blind_one, finalised
from floodmark.exposure.check.result import Checked, CheckedIdentifier, FoundLeak, SnapshotFacts
from floodmark.exposure.sealed.bucket_rows import look_up_one
from floodmark.exposure.sealed.rows import derive
from floodmark.exposure.snapshots import AnswerBroken, Snapshot, SnapshotLeak, checked_answer, open_snapshot

ANSWERS = 4  # for an identifier: its own and three decoys
MOST_IDENTIFIERS = 64


@dataclass(frozen=True)
class Fetched:
    """Everything that a check needs, verified and not yet looked at.

    Attributes:
        asked: the identifiers.
        outputs: of their evaluation, 64 bytes each.
        rows: by bucket, those of every leak.
        snapshot: from which they come.
    """

    asked: Sequence[Asked] = field(repr=False)
    outputs: Sequence[bytes] = field(repr=False)
    rows: Mapping[int, Sequence[bytes]] = field(repr=False)
    snapshot: Snapshot = field(repr=False)

    def looked_up(self) -> Checked:
        """What is found of each identifier."""
        identifiers = [
            look_up(self.snapshot, one, output, self.rows[bucket_of(output)])
            for one, output in zip(self.asked, self.outputs, strict=True)
        ]
        return Checked(tuple(identifiers), SnapshotFacts.of(self.snapshot))


def steps(
    asked: Sequence[Asked], root_key: bytes, *, clock: Callable[[], datetime], random: Random
) -> Steps[Fetched]:
    """A check as a generator: it yields what to ask, is sent the answer, and returns what to look up in.

    Args:
        asked: 1 to 64 identifiers.
        root_key: public root key, 32 bytes, of the client's own settings.
        clock: the time now, with time zone.
        random: gives so many random bytes; they blind, and choose the decoys.

    Raises:
        FloodmarkError: an answer is refused (protocol 1, section 5).
        TypeError: the clock's time has no time zone.
    """
    with_zone(clock())
    if not 1 <= len(asked) <= MOST_IDENTIFIERS:
        raise ValueError("1 to 64 identifiers")
    envelope: bytes = yield GetSnapshot()
    snapshot = open_snapshot(envelope, root_key, with_zone(clock()))
    blinded = [blind_one(one.data, random) for one in asked]
    answer: Evaluated = yield Evaluate(snapshot.epoch, tuple(one.element for one in blinded))
    outputs = finalised(blinded, answer, snapshot.public_key)
    numbers = with_decoys([bucket_of(output) for output in outputs], random)
    answers: dict[int, bytes] = {}
    for number in numbers:
        answers[number] = yield GetBucket(snapshot, number)
    return Fetched(asked, outputs, verified(snapshot, answers), snapshot)


def with_zone(moment: datetime) -> datetime:
    """A time, which has to say of which time zone it is.

    Raises:
        TypeError: it does not.
    """
    if moment.utcoffset() is None:
        raise TypeError("the clock has to give a time with its time zone, such as datetime.now(UTC)")
    return moment


def bucket_of(output: bytes) -> int:
    """The bucket of an identifier, from the evaluation's output."""
    return int.from_bytes(output[:2], "big")


def with_decoys(buckets: Sequence[int], random: Random) -> list[int]:
    """Buckets to ask for: those that are needed among decoys, all different, in random order.

    Args:
        buckets: of each identifier; two may have the same.
        random: gives so many random bytes.

    Returns:
        Four numbers for each identifier.

    Examples:
        >>> import secrets
        >>> numbers = with_decoys([7], secrets.token_bytes)
        >>> len(set(numbers)), 7 in numbers
        (4, True)
    """
    numbers = dict.fromkeys(buckets)
    while len(numbers) < ANSWERS * len(buckets):
        numbers.setdefault(int.from_bytes(random(2), "big"))
    return sorted(numbers, key=lambda _: random(16))


def verified(snapshot: Snapshot, answers: Mapping[int, bytes]) -> dict[int, tuple[bytes, ...]]:
    """The rows in every answer, by bucket, each a tuple with those of every leak.

    Raises:
        AnswerBroken: an answer is not that of the snapshot; which one is not said.
    """
    try:
        return {number: checked_answer(snapshot, number, answer) for number, answer in answers.items()}
    except AnswerBroken:
        raise AnswerBroken("The answer for a bucket is not that of the snapshot.") from None


def look_up(snapshot: Snapshot, asked: Asked, output: bytes, rows: Sequence[bytes]) -> CheckedIdentifier:
    """What the rows of its bucket hold of an identifier.

    Args:
        snapshot: verified.
        asked: the identifier.
        output: of its evaluation, 64 bytes.
        rows: of its bucket, for every leak.
    """
    found = [
        FoundLeak.of(leak, number)
        for leak, leak_rows in zip(snapshot.leaks, rows, strict=True)
        if (number := field_set(leak, output, leak_rows)) is not None
    ]
    skipped = [leak.slug for leak in snapshot.leaks if asked.kind not in leak.manifest.members]
    return CheckedIdentifier(asked.kind, tuple(found), len(snapshot.leaks) - len(skipped), tuple(skipped))


def field_set(leak: SnapshotLeak, output: bytes, rows: bytes) -> int | None:
    """The field set that a leak holds of an identifier; None when it does not hold it."""
    manifest = leak.manifest
    outputs = np.frombuffer(output, np.uint8).reshape(1, -1)
    places = derive(outputs, bytes.fromhex(manifest.seal_id), manifest.cell_bytes)
    return look_up_one(
        rows, manifest.row_bytes, int(places.tags[0]), int(places.pads[0]), len(manifest.field_sets)
    )
