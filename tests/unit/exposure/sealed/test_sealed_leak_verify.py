"""A rows.npy that is not what was sealed is found, and as much is said of where as can be known."""

from __future__ import annotations

import re

import numpy as np
import pytest

from floodmark.exposure.sealed import verify_rows
from floodmark.exposure.sealed.sealed_folder import SealedLeakBroken
from floodmark.exposure.sealed.sealed_leak import SealedLeak


def told(made) -> str | None:
    """What opening and verifying say; None where all is sound."""
    try:
        with SealedLeak.open(made.folder, root=made.root) as leak:
            leak.verify()
    except SealedLeakBroken as error:
        return error.message
    return None


def test_a_sound_one_is_read_through_and_every_byte_told(sealed):
    read = []
    with SealedLeak.open(sealed.folder, root=sealed.root) as leak:
        leak.verify(read.append)
    assert sum(read) == sealed.manifest.rows_bytes


def test_every_flipped_bit_of_the_header_is_found(damaged):
    for at in range(128):
        damaged.flip("rows.npy", at, at % 8)
        assert told(damaged) == "rows.npy was altered in its header, or is no file of such rows."
        damaged.flip("rows.npy", at, at % 8)
    assert told(damaged) is None


def test_flipped_bits_all_over_the_rows_are_found_and_their_bucket_named_where_order_shows_it(damaged):
    drawn = np.random.default_rng(5)
    manifest, placed = damaged.manifest, 0
    anywhere = [128, manifest.rows_bytes - 1, *drawn.integers(128, manifest.rows_bytes, 40).tolist()]
    flips = [(at, int(drawn.integers(8))) for at in anywhere]
    flips += [(128 + int(row) * manifest.row_bytes, 7) for row in drawn.integers(0, 65_536 * manifest.m, 10)]
    for at, bit in flips:
        damaged.flip("rows.npy", at, bit)
        message = told(damaged)
        damaged.flip("rows.npy", at, bit)
        assert message is not None
        assert message.startswith("rows.npy was altered since it was signed")
        if named := re.search(r"bucket (\d+), row (\d+) \(byte ([\d,]+)\)", message):
            bucket, row = (at - 128) // manifest.stride, (at - 128) % manifest.stride // manifest.row_bytes
            assert int(named[1]) == bucket
            assert int(named[2]) in (row, row + 1)
            start = 128 + bucket * manifest.stride + int(named[2]) * manifest.row_bytes
            assert int(named[3].replace(",", "")) == start
            placed += 1
        else:
            assert "where cannot be told" in message
    assert placed >= 10
    assert told(damaged) is None


@pytest.mark.parametrize("bucket", [0, 1, 4711, 65_535])
def test_rows_that_were_signed_out_of_order_are_blamed_on_whoever_sealed_them(damaged, bucket):
    width, start = damaged.manifest.row_bytes, 128 + bucket * damaged.manifest.stride
    data = bytearray((damaged.folder / "rows.npy").read_bytes())
    third, fourth = data[start + 2 * width : start + 3 * width], data[start + 3 * width : start + 4 * width]
    data[start + 2 * width : start + 4 * width] = fourth + third
    (damaged.folder / "rows.npy").write_bytes(data)
    assert "was altered" in (told(damaged) or "")
    message = told(damaged.sign_rows())
    assert message is not None
    assert f"as it was signed, but out of order at bucket {bucket}, row 3 " in message


@pytest.mark.parametrize("piece", [1000, 4096, 1 << 20])
def test_the_place_is_the_same_however_the_file_is_cut_into_pieces(damaged, monkeypatch, piece):
    monkeypatch.setattr(verify_rows, "PIECE_ROWS", piece)
    width, path = damaged.manifest.row_bytes, damaged.folder / "rows.npy"
    whole = path.read_bytes()
    for row in (1, 15, 1000, 4097, 16 * 65_535 + 15):  # of which one begins a piece
        start = 128 + row * width
        path.write_bytes(whole[:start] + bytes(width) + whole[start + width :])
        assert f"bucket {row // 16}, row {row % 16} " in (told(damaged) or "")
