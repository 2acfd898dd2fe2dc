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
from floodmark.exposure.snapshots.publish_folder import FolderTaken, Published, closed, published
from floodmark.exposure.snapshots.publish_withdraw import Withdrawn, standing, withdraw
from floodmark.exposure.snapshots.publishing import PublishBusy, PublishedNewer, PublishedOther, publish
from floodmark.exposure.snapshots.snapshot import (
    Buckets,
    Predecessor,
    Snapshot,
    SnapshotBroken,
    SnapshotLeak,
)
from floodmark.exposure.snapshots.source import Source, open_source
from floodmark.exposure.snapshots.verify import Fault, broken, check_buckets, verify_buckets
from floodmark.exposure.snapshots.write import write_buckets

__all__ = [
    "AnswerBroken",
    "Buckets",
    "Fault",
    "FolderTaken",
    "Predecessor",
    "PublishBusy",
    "Published",
    "PublishedNewer",
    "PublishedOther",
    "Snapshot",
    "SnapshotBroken",
    "SnapshotDirectory",
    "SnapshotExpired",
    "SnapshotFromTheFuture",
    "SnapshotLeak",
    "Source",
    "Withdrawn",
    "WrongEpoch",
    "WrongRootKey",
    "broken",
    "check_buckets",
    "check_time",
    "checked_answer",
    "closed",
    "open_snapshot",
    "open_source",
    "publish",
    "published",
    "read_snapshot",
    "sign_snapshot",
    "standing",
    "verify_buckets",
    "withdraw",
    "write_buckets",
]
