"""Snapshots as a terminal shows them and as JSON has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from floodmark.reports.numbers import size

if TYPE_CHECKING:
    from floodmark.exposure.snapshots import Snapshot, SnapshotLeak

SYNTHETIC = "SYNTHETIC: made-up data is in this snapshot."


def snapshot_values(snapshot: Snapshot) -> dict[str, Any]:
    """A snapshot as JSON values."""
    before = snapshot.predecessor
    return {
        "id": snapshot.id,
        "number": snapshot.number,
        "sha256": snapshot.sha256,
        "made_at": f"{snapshot.made_at:%Y-%m-%dT%H:%M:%SZ}",
        "expires_at": f"{snapshot.expires_at:%Y-%m-%dT%H:%M:%SZ}",
        "predecessor": None if before is None else {"id": before.id, "sha256": before.sha256},
        "epoch": snapshot.epoch,
        "synthetic": snapshot.synthetic,
        "leaks": [_leak_values(leak) for leak in snapshot.leaks],
        "buckets": {
            "answer_bytes": snapshot.answer_bytes,
            "bytes": snapshot.buckets_bytes,
            "sha256": snapshot.buckets.sha256,
        },
    }


def told(snapshot: Snapshot) -> str:
    """What a snapshot is, in lines."""
    lines = [f"Snapshot {snapshot.number} ({snapshot.id}), epoch {snapshot.epoch}"]
    lines += [f"  {leak.slug}: {_members(leak)}" for leak in snapshot.leaks]
    lines.append(
        f"Made {snapshot.made_at:%Y-%m-%dT%H:%M:%SZ}, expires {snapshot.expires_at:%Y-%m-%dT%H:%M:%SZ}; "
        f"{size(snapshot.answer_bytes)} an answer, {size(snapshot.buckets_bytes)} in all."
    )
    if snapshot.synthetic:
        lines.append(SYNTHETIC)
    return "\n".join(lines)


def _leak_values(leak: SnapshotLeak) -> dict[str, Any]:
    manifest = leak.manifest
    return {
        "slug": leak.slug,
        "seal_id": manifest.seal_id,
        "members": dict(manifest.members),
        "synthetic": leak.synthetic,
        "sealed_at": manifest.sealed_at,
    }


def _members(leak: SnapshotLeak) -> str:
    counts = [f"{count:,} of kind {kind}" for kind, count in leak.manifest.members.items()]
    return ", ".join(counts) or "no identifiers"
