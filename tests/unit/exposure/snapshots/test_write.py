"""buckets.bin: what the protocol says it is, made of sealed leaks that are what their manifests say."""

from __future__ import annotations

import hashlib
import shutil

import numpy as np
import pytest

from floodmark.errors import UnreadableInput
from floodmark.exposure.sealed.sealed_folder import SealedLeakBroken, SignedByAnother
from floodmark.exposure.snapshots import SnapshotDirectory, checked_answer, open_source, write_buckets
from floodmark.exposure.snapshots.write import PASSES, block_buckets


def test_the_rows_of_a_bucket_are_those_of_every_leak_in_their_order(made, sealed):
    place, snapshot = made
    matrices = [np.load(folder / "rows.npy") for folder in sealed]
    for number in (0, 1, 255, 256, 40_000, 65_535):
        answer = SnapshotDirectory(place).bucket(snapshot, number)
        rows = checked_answer(snapshot, number, answer)
        assert rows == tuple(matrix[number].tobytes() for matrix in matrices)


def test_the_file_has_the_size_and_the_hash_that_the_snapshot_names(made):
    place, snapshot = made
    data = (place / "v1" / "snapshots" / snapshot.id / "buckets.bin").read_bytes()
    assert len(data) == snapshot.buckets_bytes == 65536 * (16 * 8 + 17 * 10 + 512)
    assert hashlib.sha256(data).hexdigest() == snapshot.buckets.sha256


def test_work_is_told_of_once_in_each_pass(sources, tmp_path):
    told = []
    with (tmp_path / "buckets.bin").open("w+b") as file:
        write_buckets(file, sources[:1], told.append)
    assert sum(told) == PASSES * (tmp_path / "buckets.bin").stat().st_size


@pytest.mark.parametrize("size", [640, 70_000, 300_000, 1 << 25, 1 << 27])
def test_a_block_is_of_bounded_size_and_divides_the_buckets(size):
    count = block_buckets(size)
    assert 65536 % count == 0
    assert count == 1 or count * size <= 64 << 20


@pytest.mark.parametrize("at", [0, 127, 128, 128 + 40_000 * 128 + 77, -1])
def test_a_flipped_bit_in_the_rows_of_a_sealed_leak_is_found_while_copying(sealed, root, tmp_path, at):
    folder = shutil.copytree(sealed[0], tmp_path / "sealed")
    data = bytearray((folder / "rows.npy").read_bytes())
    data[at] ^= 1
    (folder / "rows.npy").write_bytes(data)
    with (tmp_path / "buckets.bin").open("w+b") as file, pytest.raises(SealedLeakBroken, match="made-up"):
        write_buckets(file, [open_source(folder, "made-up", root.public)])


def test_rows_that_are_missing_a_link_or_of_another_size_are_refused(sealed, root, tmp_path):
    folder = shutil.copytree(sealed[0], tmp_path / "sealed")
    source = open_source(folder, "made-up", root.public)
    rows = folder / "rows.npy"
    with rows.open("r+b") as file:
        file.truncate(1_000_000)
    with pytest.raises(SealedLeakBroken, match="size"), source.reading():
        pass
    rows.unlink()
    with pytest.raises(UnreadableInput), source.reading():
        pass
    rows.symlink_to(sealed[0] / "rows.npy")
    with pytest.raises(UnreadableInput), source.reading():
        pass


def test_a_manifest_of_another_key_or_another_leak_is_refused(sealed, root, other_root):
    with pytest.raises(SignedByAnother):
        open_source(sealed[0], "made-up", other_root.public)
    with pytest.raises(SealedLeakBroken, match="another leak"):
        open_source(sealed[0], "second", root.public)
