"""Every bucket has the same number of rows in order, and nobody can tell filler from identifiers."""

from __future__ import annotations

import hashlib
import secrets
from pathlib import Path

import numpy as np
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CTR
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from floodmark.exposure.sealed.matrix import (
    Partition,
    encoded,
    filled,
    header,
    keyed_filler,
    write_matrix,
)
from floodmark.files import OutputFailed

WIDTHS = pytest.mark.parametrize("cell_bytes", [2, 4])


def drawn(count: int, cell_bytes: int, seed: int = 1) -> Partition:
    draw = np.random.default_rng(seed)
    return Partition(
        draw.integers(0, 256, count).astype(np.uint8),
        draw.integers(0, 1 << 48, count, np.uint64),
        draw.integers(0, 1 << 8 * cell_bytes, count).astype(np.uint32),
    )


def noise(m: int, cell_bytes: int) -> bytes:
    return secrets.token_bytes(256 * m * (6 + cell_bytes))


def rows_of(block: np.ndarray, width: int) -> list[list[bytes]]:
    return [[bucket[at : at + width].tobytes() for at in range(0, len(bucket), width)] for bucket in block]


@WIDTHS
def test_every_bucket_holds_its_identifiers_among_filler_in_order_of_the_bytes(cell_bytes: int) -> None:
    partition = drawn(3000, cell_bytes)
    block = filled(partition, 40, cell_bytes, noise(40, cell_bytes))
    assert block.shape == (256, 40 * (6 + cell_bytes))
    rows = rows_of(block, 6 + cell_bytes)
    assert all(bucket == sorted(bucket) and len(bucket) == 40 for bucket in rows)
    real = encoded(partition.tags, partition.cells, cell_bytes)
    for bucket, row in zip(partition.buckets.tolist(), real, strict=True):
        assert row.tobytes() in rows[bucket]


@WIDTHS
def test_the_extremes_of_tag_and_cell_are_kept(cell_bytes: int) -> None:
    top = (1 << 8 * cell_bytes) - 1
    tags = np.array([0, 0, (1 << 48) - 1, (1 << 48) - 1], np.uint64)
    cells = np.array([0, top, 0, top], np.uint32)
    block = filled(Partition(np.full(4, 255, np.uint8), tags, cells), 16, cell_bytes, noise(16, cell_bytes))
    rows = rows_of(block, 6 + cell_bytes)[255]
    assert rows[:2] == [bytes(6 + cell_bytes), bytes(6) + b"\xff" * cell_bytes]
    assert rows[-2:] == [b"\xff" * 6 + bytes(cell_bytes), b"\xff" * (6 + cell_bytes)]


def test_a_bucket_that_is_full_has_no_filler() -> None:
    partition = Partition(
        np.zeros(16, np.uint8), np.arange(16, dtype=np.uint64), np.arange(16).astype(np.uint32)
    )
    rows = rows_of(filled(partition, 16, 2, noise(16, 2)), 8)[0]
    assert rows == [number.to_bytes(6) + number.to_bytes(2) for number in range(16)]


def test_more_identifiers_than_rows_are_refused() -> None:
    with pytest.raises(ValueError, match="more identifiers"):
        partition = Partition(np.zeros(17, np.uint8), np.zeros(17, np.uint64), np.zeros(17, np.uint32))
        filled(partition, 16, 2, noise(16, 2))


def test_filler_is_used_as_it_is_given() -> None:
    """So it is as uniform as its source."""
    empty = Partition(np.empty(0, np.uint8), np.empty(0, np.uint64), np.empty(0, np.uint32))
    data = noise(16, 2)
    block = filled(empty, 16, 2, data)
    given = [data[at : at + 8] for at in range(0, len(data), 8)]
    assert sorted(given) == sorted(row for bucket in rows_of(block, 8) for row in bucket)


def test_filler_is_the_same_under_one_seal_id_and_another_for_every_other_bucket_seal_and_key() -> None:
    one = keyed_filler(bytes(32), bytes(16))
    assert one(5, 400) == keyed_filler(bytes(32), bytes(16))(5, 400)
    assert one(5, 400).startswith(one(5, 128)[:128])
    others = [one(6, 400), one(0, 400)]
    others += [
        keyed_filler(bytes(32), bytes(15) + b"1")(5, 400),
        keyed_filler(bytes([1] * 32), bytes(16))(5, 400),
    ]
    found = [one(5, 400), *others]
    blocks = {data[at : at + 16] for data in found for at in range(0, len(data), 16)}
    assert len(blocks) == len(found) * 256 * 400 // 16


def test_filler_of_a_bucket_is_a_keystream_of_its_own() -> None:
    """So that two files under one seal_id have the same, whichever version of Floodmark wrote them."""
    secret, seal_id = bytes(range(32)), bytes(range(16))
    key = HKDF(SHA256(), 32, None, b"floodmark/filler/1" + seal_id).derive(secret)
    for size in (128, 130, 8400):
        data = keyed_filler(secret, seal_id)(0xAB, size)
        for second in (0, 1, 0xFF):
            start = (0xAB00 + second).to_bytes(8) + bytes(8)
            stream = Cipher(AES256(key), CTR(start)).encryptor().update(bytes(size))
            assert data[second * size :][:size] == stream


def test_filler_is_uniform_in_every_byte_of_a_row() -> None:
    """A chi-squared test for each of the eight bytes, over all buckets."""
    filler = keyed_filler(bytes(range(32)), bytes(16))
    data = np.frombuffer(b"".join(filler(number, 128) for number in range(0, 256, 4)), np.uint8)
    data = data.reshape(-1, 8)
    for column in data.T:
        counts = np.bincount(column, minlength=256)
        expected = len(column) / 256
        assert abs(((counts - expected) ** 2 / expected).sum() - 255) < 6 * (2 * 255) ** 0.5


def test_two_files_under_one_seal_id_differ_in_nothing_but_who_is_left_out(tmp_path: Path) -> None:
    whole = drawn(600, 2)
    fewer = Partition(whole.buckets[1:], whole.tags[1:], whole.cells[1:])
    found = []
    for partition in (whole, fewer):
        empty = Partition(np.empty(0, np.uint8), np.empty(0, np.uint64), np.empty(0, np.uint32))
        filler = keyed_filler(bytes(32), bytes(16))
        write_matrix(tmp_path / "rows.npy", [partition, *[empty] * 255], 16, 2, filler=filler)
        rows = np.load(tmp_path / "rows.npy").reshape(-1, 8)
        found.append({row.tobytes() for row in rows})
    gone, come = found[0] - found[1], found[1] - found[0]
    assert gone == {encoded(whole.tags[:1], whole.cells[:1], 2)[0].tobytes()}
    assert len(come) == 1


@WIDTHS
def test_the_file_is_one_that_numpy_reads_and_its_checksum_is_told(tmp_path: Path, cell_bytes: int) -> None:
    class Drawn:
        def __getitem__(self, number: int) -> Partition:
            return drawn(number % 5, cell_bytes, number)

    told: list[int] = []
    path = tmp_path / "rows.npy"
    found = write_matrix(
        path,
        Drawn(),
        16,
        cell_bytes,
        filler=lambda number, size: secrets.token_bytes(256 * size),
        workers=3,
        advance=told.append,
    )
    array = np.load(path)
    assert array.shape == (65536, 16 * (6 + cell_bytes))
    assert array.dtype == np.uint8
    assert sum(told) == 65536
    data = path.read_bytes()
    assert (found.bytes, found.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    assert data[:128] == header(16 * (6 + cell_bytes))
    assert path.stat().st_mode & 0o777 == 0o600


def test_threads_write_the_same_file_as_one_does(tmp_path: Path) -> None:
    parts = [drawn(number % 9, 2, number) for number in range(256)]
    filler = keyed_filler(bytes(32), bytes(16))
    found = [
        write_matrix(tmp_path / f"{workers}.npy", parts, 16, 2, filler=filler, workers=workers)
        for workers in (1, 2, 8)
    ]
    assert len({one.sha256 for one in found}) == 1


def test_a_partition_that_cannot_be_read_ends_the_writing_and_leaves_no_file(tmp_path: Path) -> None:
    class Broken:
        def __getitem__(self, number: int) -> Partition:
            if number == 7:
                raise OSError(5, "Input/output error")
            return drawn(3, 2, number)

    with pytest.raises(OutputFailed):
        write_matrix(
            tmp_path / "rows.npy", Broken(), 16, 2, filler=keyed_filler(bytes(32), bytes(16)), workers=2
        )
    assert list(tmp_path.iterdir()) == []
