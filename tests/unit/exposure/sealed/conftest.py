"""A small sealed leak with identifiers in it, written by hand from the protocol, to open and to damage."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from floodmark.exposure.oprf import derive_key_pair
from floodmark.exposure.sealed.manifest import CONTEXT, Manifest
from floodmark.exposure.sealed.matrix import Partition, write_matrix
from floodmark.exposure.sealed.rows import Places, derive
from floodmark.signatures import signature_file

FIELD_SETS = (("phone",), ("phone", "email"), ("phone", "first_name"))


def sign(folder: Path, data: bytes, seed: int = 7) -> bytes:
    """Write a manifest's bytes and its signature; the key that signed."""
    private = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
    public = private.public_key().public_bytes_raw()
    (folder / "manifest.json").write_bytes(data)
    (folder / "manifest.json.sig").write_bytes(signature_file(public, private.sign(CONTEXT + data)))
    return public


@dataclass(frozen=True)
class Made:
    """A sealed leak and what is in it."""

    folder: Path
    manifest: Manifest
    root: bytes
    places: Places
    numbers: np.ndarray

    def copy(self, folder: Path) -> Made:
        shutil.copytree(self.folder, folder)
        return replace(self, folder=folder)

    def sign(self, seed: int = 7, **said: object) -> Made:
        """The same, with another manifest."""
        manifest = replace(self.manifest, **said)  # type: ignore[arg-type]
        return replace(self, manifest=manifest, root=sign(self.folder, manifest.to_bytes(), seed))

    def sign_bytes(self, data: bytes) -> None:
        """The same key's signature of any manifest.json."""
        sign(self.folder, data)

    def sign_rows(self) -> Made:
        """The same, as if rows.npy had been sealed as it is now."""
        data = (self.folder / "rows.npy").read_bytes()
        return self.sign(rows_sha256=hashlib.sha256(data).hexdigest())

    def flip(self, name: str, at: int, bit: int) -> None:
        with (self.folder / name).open("r+b") as file:
            file.seek(at)
            byte = file.read(1)[0]
            file.seek(at)
            file.write(bytes([byte ^ 1 << bit]))


def make(folder: Path, cell_bytes: int, count: int = 3000, m: int = 16) -> Made:
    folder.mkdir()
    drawn = np.random.default_rng(cell_bytes)
    seal_id = drawn.bytes(16)
    places = derive(drawn.integers(0, 256, (count, 64), np.uint8), seal_id, cell_bytes)
    numbers = drawn.integers(0, len(FIELD_SETS), count).astype(np.uint32)
    first = places.buckets >> 8
    partitions = [
        Partition(
            places.buckets[first == one].astype(np.uint8),
            places.tags[first == one],
            (numbers ^ places.pads)[first == one],
        )
        for one in range(256)
    ]
    rows = write_matrix(
        folder / "rows.npy", partitions, m, cell_bytes, filler=lambda _, size: drawn.bytes(256 * size)
    )
    manifest = Manifest(
        seal_id=seal_id.hex(),
        slug="made-up",
        synthetic=True,
        sealed_at="2026-01-31T13:05:00Z",
        epoch=1,
        public_key=derive_key_pair(bytes(32), b"floodmark/epoch/1").public,
        members={"phone": count},
        field_sets=FIELD_SETS,
        cell_bytes=cell_bytes,
        m=m,
        rows_bytes=rows.bytes,
        rows_sha256=rows.sha256,
    )
    return Made(folder, manifest, sign(folder, manifest.to_bytes()), places, numbers)


@pytest.fixture(scope="session", params=[2, 4])
def sealed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """One of each width, of which nothing may be changed."""
    return make(tmp_path_factory.mktemp("sealed") / "made-up", request.param)


@pytest.fixture
def damaged(sealed: Made, tmp_path: Path) -> Made:
    """A copy, to damage."""
    return sealed.copy(tmp_path / "copy")
