"""The answer for a bucket, seen to be what the snapshot signed (protocol 1, section 5)."""

from __future__ import annotations

from itertools import accumulate, pairwise
from typing import ClassVar

from floodmark.errors import FloodmarkError
from floodmark.exposure.snapshots.snapshot import Snapshot
from floodmark.exposure.snapshots.tree import leaf_hash, root_of


class AnswerBroken(FloodmarkError):
    """The answer for a bucket is not that of the snapshot: another length, another bucket's, or changed."""

    slug: ClassVar[str] = "answer-broken"
    hint = "Whoever answers does not have the snapshot as it was signed. Tell them; do not rely on an answer."


def checked_answer(snapshot: Snapshot, number: int, answer: bytes) -> tuple[bytes, ...]:
    """The rows of a bucket.

    Args:
        snapshot: as `open_snapshot` gave it.
        number: of the bucket that was asked for, 0 to 65535.
        answer: what came.

    Returns:
        For each of the snapshot's leaks, in their order, its rows of the bucket.

    Raises:
        AnswerBroken: it is not that of the snapshot.
    """
    if len(answer) != snapshot.answer_bytes:
        raise AnswerBroken(f"The answer for bucket {number} has another length than the snapshot says.")
    rows = snapshot.rows_bytes
    if root_of(leaf_hash(answer[:rows]), number, answer[rows:]) != snapshot.buckets.root:
        raise AnswerBroken(
            f"The answer for bucket {number} does not lead to the root that the snapshot names."
        )
    ends = accumulate((leak.manifest.stride for leak in snapshot.leaks), initial=0)
    return tuple(answer[start:end] for start, end in pairwise(ends))
