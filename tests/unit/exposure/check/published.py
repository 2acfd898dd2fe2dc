"""A small snapshot directory of made-up people, sealed by the same steps as any, and the keys that made it."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from floodmark.exposure.oprf import KeyPair, derive_key_pair, evaluate, evaluate_texts
from floodmark.exposure.sealed.manifest import CONTEXT, Manifest
from floodmark.exposure.sealed.matrix import PARTITIONS, Partition, keyed_filler, write_matrix
from floodmark.exposure.sealed.rows import derive
from floodmark.exposure.snapshots import Snapshot, SnapshotLeak, sign_snapshot
from floodmark.exposure.snapshots.source import Source
from floodmark.exposure.snapshots.write import write_buckets

NOW = datetime(2026, 1, 31, 13, 5, tzinfo=UTC)
PHONE, EMAIL, STRANGER = "+44 20 7946 0001", "ada@example.org", "nobody@example.org"
SETS = (("phone",), ("phone", "full_name", "birth_date"), ("email", "password"))


@dataclass(frozen=True)
class Key:
    """The key of an epoch, as a keyring has it."""

    epoch: int
    pair: KeyPair


KEY = Key(1, derive_key_pair(bytes(32), b"floodmark/epoch/1"))
OTHER_KEY = Key(1, derive_key_pair(bytes([1]) * 32, b"floodmark/epoch/1"))


class Root:
    """A root key."""

    def __init__(self, seed: int) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
        self.public = self._private.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        return self._private.sign(message)


ROOT = Root(7)


def sealed(
    folder: Path, slug: str, members: Mapping[str, int], kinds: Mapping[str, int], m: int = 16
) -> Source:
    """A sealed leak that holds these inputs, each with its field set."""
    outputs = evaluate_texts(KEY.pair.private, pl.Series(list(members)))
    seal_id = secrets.token_bytes(16)
    places = derive(outputs, seal_id, 2)
    cells = np.array(list(members.values()), np.uint32) ^ places.pads
    first = places.buckets >> 8

    def partition(number: int) -> Partition:
        own = first == number
        return Partition(places.buckets[own].astype(np.uint8), places.tags[own], cells[own])

    folder.mkdir(parents=True)
    rows = write_matrix(
        folder / "rows.npy",
        [partition(number) for number in range(PARTITIONS)],
        m,
        2,
        filler=keyed_filler(KEY.pair.private, seal_id),
    )
    manifest = Manifest(
        seal_id=seal_id.hex(),
        slug=slug,
        synthetic=True,
        sealed_at="2026-01-30T00:00:00Z",
        epoch=KEY.epoch,
        public_key=KEY.pair.public,
        members=dict(kinds),
        field_sets=SETS,
        cell_bytes=2,
        m=m,
        rows_bytes=rows.bytes,
        rows_sha256=rows.sha256,
    )
    return Source(manifest, ROOT.sign(CONTEXT + manifest.to_bytes()), folder)


def told(source: Source, **said: Any) -> SnapshotLeak:
    values = {
        "slug": source.manifest.slug,
        "title": f"The leak {source.manifest.slug}",
        "domain": "example.org",
        "description": "Made up.",
        "breach_date": "2019-08",
        "published_date": "2021-04-03",
        "verified": True,
        "fabricated": False,
        "spam_list": False,
        "malware": False,
        "stealer_log": False,
        "synthetic": True,
    }
    return SnapshotLeak(**(values | said), manifest=source.manifest, signature=source.signature)


@dataclass(frozen=True)
class Published:
    """A snapshot directory and what is in it."""

    folder: Path
    snapshot: Snapshot
    sources: Sequence[Source]

    def envelope(self, root: Root = ROOT, **changed: Any) -> bytes:
        """The envelope of the snapshot, with something changed."""
        return sign_snapshot(replace(self.snapshot, **changed), root)


def publish(folder: Path, now: datetime = NOW) -> Published:
    """Two leaks: phones and addresses in one, phones in the other; PHONE is in both, EMAIL in one."""
    padding = {f"phone:+44207946{number:04d}": 0 for number in range(100, 400)}
    one = sealed(
        folder / "one",
        "first",
        {"phone:+442079460001": 1, "email:ada@example.org": 2} | padding,
        {"email": 1, "phone": 301},
    )
    two = sealed(folder / "two", "second", {"phone:+442079460001": 0} | padding, {"phone": 301}, m=17)
    place = folder / "public"
    within = place / "v1" / "snapshots" / ("0a" * 16)
    within.mkdir(parents=True)
    with (within / "buckets.bin").open("w+b") as file:
        buckets = write_buckets(file, [one, two])
    snapshot = Snapshot(
        id=within.name,
        number=1,
        made_at=now - timedelta(days=1),
        expires_at=now + timedelta(days=30),
        predecessor=None,
        epoch=KEY.epoch,
        public_key=KEY.pair.public,
        leaks=(told(one), told(two, breach_date=None, verified=False)),
        buckets=buckets,
    )
    (place / "v1" / "snapshot").write_bytes(sign_snapshot(snapshot, ROOT))
    return Published(place, snapshot, (one, two))


def bucket_of(data: bytes) -> int:
    """The bucket of an input, by whoever has the key."""
    return int.from_bytes(evaluate(KEY.pair.private, data)[:2], "big")


def drawn(seed: int) -> Any:
    """Random bytes that can be replayed."""
    counter = iter(range(1 << 30))

    def take(size: int) -> bytes:
        return hashlib.shake_256(f"{seed}/{next(counter)}".encode()).digest(size)

    return take
