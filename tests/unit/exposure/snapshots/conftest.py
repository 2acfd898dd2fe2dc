"""Sealed leaks made up for snapshots, and the root key that signs them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from floodmark.exposure.oprf import KeyPair, derive_key_pair
from floodmark.exposure.sealed.manifest import CONTEXT, NPY_HEADER, Manifest
from floodmark.exposure.sealed.rows import BUCKETS
from floodmark.exposure.snapshots.envelope import sign_snapshot
from floodmark.exposure.snapshots.snapshot import Snapshot, SnapshotLeak
from floodmark.exposure.snapshots.source import Source, open_source
from floodmark.exposure.snapshots.write import write_buckets
from floodmark.signatures import signature_file

NOW = datetime(2026, 1, 31, 13, 5, tzinfo=UTC)
PAIR: KeyPair = derive_key_pair(bytes(32), b"floodmark/epoch/1")


class Root:
    """A root key."""

    def __init__(self, seed: int) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
        self.public = self._private.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        return self._private.sign(message)


ROOT = Root(7)


def seal(folder: Path, slug: str, m: int, cell_bytes: int = 2, seed: int = 0, **said: object) -> Path:
    """A sealed leak of nothing but filler, rows in order."""
    drawn = np.random.default_rng([seed, m])
    width = 6 + cell_bytes
    rows = drawn.integers(0, 256, (BUCKETS, m, width), np.uint8)
    rows = np.sort(rows.view(f"S{width}"), axis=1).view(np.uint8).reshape(BUCKETS, -1)
    folder.mkdir(parents=True)
    np.save(folder / "rows.npy", rows)
    data = (folder / "rows.npy").read_bytes()
    assert len(data) == NPY_HEADER + rows.size
    manifest = Manifest(
        seal_id=hashlib.sha256(f"{slug}{seed}".encode()).hexdigest()[:32],
        slug=slug,
        synthetic=True,
        sealed_at="2026-01-30T00:00:00Z",
        epoch=1,
        public_key=PAIR.public,
        members={"phone": 3},
        field_sets=(("phone", "first_name"), ("phone",)),
        cell_bytes=cell_bytes,
        m=m,
        rows_bytes=len(data),
        rows_sha256=hashlib.sha256(data).hexdigest(),
    )
    write_manifest(folder, replace(manifest, **said))  # type: ignore[arg-type]
    return folder


def write_manifest(folder: Path, manifest: Manifest, root: Root = ROOT) -> None:
    data = manifest.to_bytes()
    (folder / "manifest.json").write_bytes(data)
    (folder / "manifest.json.sig").write_bytes(signature_file(root.public, root.sign(CONTEXT + data)))


def _told(source: Source) -> SnapshotLeak:
    """A leak of a snapshot."""
    return SnapshotLeak(
        slug=source.manifest.slug,
        title="Máde up",
        domain="example.org",
        description="Of two lines,\nthe second.",
        breach_date="2019-08",
        published_date=None,
        verified=True,
        fabricated=False,
        spam_list=False,
        malware=False,
        stealer_log=False,
        synthetic=source.manifest.synthetic,
        manifest=source.manifest,
        signature=source.signature,
    )


@pytest.fixture(scope="session")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two sealed leaks, of which nothing may be changed."""
    place = tmp_path_factory.mktemp("sealed")
    return seal(place / "one", "made-up", 16), seal(place / "two", "second", 17, 4)


@pytest.fixture(scope="session")
def sources(sealed: tuple[Path, Path]) -> list[Source]:
    return [
        open_source(folder, slug, ROOT.public)
        for folder, slug in zip(sealed, ("made-up", "second"), strict=True)
    ]


@pytest.fixture(scope="session")
def made(sources: list[Source], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Snapshot]:
    """A snapshot directory, of which nothing may be changed, and its snapshot."""
    place = tmp_path_factory.mktemp("snapshot")
    folder = place / "v1" / "snapshots" / ("0a" * 16)
    folder.mkdir(parents=True)
    with (folder / "buckets.bin").open("w+b") as file:
        buckets = write_buckets(file, sources)
    snapshot = Snapshot(
        id=folder.name,
        number=1,
        made_at=NOW,
        expires_at=NOW + timedelta(days=30),
        predecessor=None,
        epoch=1,
        public_key=PAIR.public,
        leaks=tuple(_told(source) for source in sources),
        buckets=buckets,
    )
    (place / "v1" / "snapshot").write_bytes(sign_snapshot(snapshot, ROOT))
    return place, snapshot


@pytest.fixture(scope="session")
def snapshot(made: tuple[Path, Snapshot]) -> Snapshot:
    return made[1]


@pytest.fixture
def directory(made: tuple[Path, Snapshot], tmp_path: Path) -> Path:
    """A copy of the snapshot directory, to change; its buckets are the same file, in whose place to put another."""
    place, found = made
    copy = tmp_path / "copy"
    within = copy / "v1" / "snapshots" / found.id
    within.mkdir(parents=True)
    (copy / "v1" / "snapshot").write_bytes((place / "v1" / "snapshot").read_bytes())
    (within / "buckets.bin").hardlink_to(place / "v1" / "snapshots" / found.id / "buckets.bin")
    return copy


@pytest.fixture(scope="session")
def root() -> Root:
    return ROOT


@pytest.fixture(scope="session")
def other_root() -> Root:
    return Root(8)


@pytest.fixture(scope="session")
def now() -> datetime:
    return NOW


@pytest.fixture
def told() -> Callable[[Source], SnapshotLeak]:
    """What a snapshot tells of a sealed leak."""
    return _told


@pytest.fixture
def disordered(sealed: tuple[Path, Path], tmp_path: Path) -> Path:
    """A sealed leak, soundly signed, of which two rows of bucket 4711 have changed places."""
    source = open_source(sealed[0], "made-up", ROOT.public)
    rows = np.load(sealed[0] / "rows.npy")
    rows[4711] = np.roll(rows[4711], 8)
    folder = tmp_path / "disordered"
    folder.mkdir()
    np.save(folder / "rows.npy", rows)
    sha256 = hashlib.sha256((folder / "rows.npy").read_bytes()).hexdigest()
    write_manifest(folder, replace(source.manifest, rows_sha256=sha256))
    return folder
