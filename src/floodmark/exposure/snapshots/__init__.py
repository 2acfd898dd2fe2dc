"""Snapshots: sets of sealed leaks, joined bucket by bucket, signed, dated, and answered from."""

from floodmark.exposure.snapshots.answer import AnswerBroken, checked_answer
from floodmark.exposure.snapshots.directory import SnapshotDirectory
from floodmark.exposure.snapshots.envelope import (
    SnapshotExpired,
    SnapshotFromTheFuture,
    WrongEpoch,
    WrongRootKey,
    check_time,
    open_snapshot,
    read_snapshot,
    sign_snapshot,
)
from floodmark.exposure.snapshots.snapshot import (
    Buckets,
    Predecessor,
    Snapshot,
    SnapshotBroken,
    SnapshotLeak,
)

__all__ = [
    "AnswerBroken",
    "Buckets",
    "Predecessor",
    "Snapshot",
    "SnapshotBroken",
    "SnapshotDirectory",
    "SnapshotExpired",
    "SnapshotFromTheFuture",
    "SnapshotLeak",
    "WrongEpoch",
    "WrongRootKey",
    "check_time",
    "checked_answer",
    "open_snapshot",
    "read_snapshot",
    "sign_snapshot",
]
