"""What was sealed is found, and files that are not what was signed are refused by name."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import numpy as np
import pytest

from floodmark.errors import UnreadableInput
from floodmark.exposure.sealed.bucket_rows import look_up_one
from floodmark.exposure.sealed.manifest import ManifestBroken, ProtocolRefused
from floodmark.exposure.sealed.sealed_folder import SealedLeakBroken, SignedByAnother
from floodmark.exposure.sealed.sealed_leak import SealedLeak

FILES = ("manifest.json", "manifest.json.sig", "rows.npy")


def test_what_was_sealed_is_found_with_its_field_set_and_nothing_else_is(sealed):
    places = sealed.places
    with SealedLeak.open(sealed.folder, root=sealed.root) as leak:
        assert (leak.manifest, leak.signer) == (sealed.manifest, sealed.root)
        found = leak.look_up(places.buckets, places.tags, places.pads)
        assert found.tolist() == sealed.numbers.tolist()
        for other in (
            (places.buckets ^ 1, places.tags, places.pads),
            (places.buckets, places.tags ^ np.uint64(1), places.pads),
            (places.buckets, places.tags, places.pads ^ np.uint32(1 << 15)),
        ):
            assert (leak.look_up(*other) == -1).all()


def test_a_bucket_is_its_bytes_in_the_file(sealed):
    data, stride = (sealed.folder / "rows.npy").read_bytes(), sealed.manifest.stride
    with SealedLeak.open(sealed.folder, root=sealed.root) as leak:
        for number in (0, 1, 40_000, 65_535):
            assert leak.bucket(number) == data[128 + number * stride : 128 + (number + 1) * stride]
        for number in (-1, 65_536):
            with pytest.raises(IndexError, match="65,535"):
                leak.bucket(number)


def test_a_client_finds_in_one_bucket_what_the_whole_answers(sealed):
    places, width = sealed.places, sealed.manifest.row_bytes
    with SealedLeak.open(sealed.folder, root=sealed.root) as leak:
        for i in range(100):
            rows, tag, pad = leak.bucket(int(places.buckets[i])), int(places.tags[i]), int(places.pads[i])
            assert look_up_one(rows, width, tag, pad, 3) == sealed.numbers[i]
            assert look_up_one(rows, width, tag ^ 1, pad, 3) is None


@pytest.mark.parametrize(("rows", "width"), [(bytes(15), 8), (bytes(16), 10), (bytes(18), 9), (bytes(8), 6)])
def test_bytes_that_are_no_whole_rows_are_no_bucket(rows, width):
    with pytest.raises(ValueError, match="whole rows"):
        look_up_one(rows, width, 1, 1, 1)


def test_a_bucket_without_rows_holds_nobody():
    assert look_up_one(b"", 8, 1, 1, 1) is None


def test_without_a_root_key_any_sound_signature_is_taken_and_named(sealed):
    with SealedLeak.open(sealed.folder, root=None) as leak:
        assert leak.signer == sealed.root


def test_the_signature_of_another_key_is_refused(damaged):
    other = damaged.sign(seed=8)
    with pytest.raises(SignedByAnother, match=r"manifest\.json\.sig"):
        SealedLeak.open(damaged.folder, root=damaged.root)
    with SealedLeak.open(damaged.folder, root=None) as leak:
        assert leak.signer == other.root != damaged.root


def test_a_signature_that_names_the_expected_key_and_is_anothers_is_refused(damaged):
    theirs = (damaged.folder / "manifest.json.sig").read_bytes()
    other = damaged.sign(seed=8)
    mixed = (damaged.folder / "manifest.json.sig").read_bytes()
    mixed = mixed.replace(other.root.hex().encode(), damaged.root.hex().encode())
    assert mixed != theirs
    (damaged.folder / "manifest.json.sig").write_bytes(mixed)
    with pytest.raises(SealedLeakBroken, match="do not fit"):
        SealedLeak.open(damaged.folder, root=damaged.root)


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_missing_is_named(damaged, name):
    (damaged.folder / name).unlink()
    with pytest.raises(UnreadableInput, match=f"^{name} cannot be read: No such file"):
        SealedLeak.open(damaged.folder, root=damaged.root)


@pytest.mark.parametrize("name", FILES)
def test_a_link_is_not_followed_and_named(damaged, name, tmp_path):
    (damaged.folder / name).rename(tmp_path / "elsewhere")
    (damaged.folder / name).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UnreadableInput, match=f"^{name} is a link"):
        SealedLeak.open(damaged.folder, root=damaged.root)


@pytest.mark.parametrize("name", FILES)
def test_a_folder_or_a_pipe_is_named_and_not_waited_for(damaged, name):
    path = damaged.folder / name
    path.unlink()
    path.mkdir()
    with pytest.raises(UnreadableInput, match=f"^{name} is no ordinary file"):
        SealedLeak.open(damaged.folder, root=damaged.root)
    path.rmdir()
    os.mkfifo(path)
    with pytest.raises(UnreadableInput, match=f"^{name} is no ordinary file"):
        SealedLeak.open(damaged.folder, root=damaged.root)


@pytest.mark.parametrize(("name", "size"), [("manifest.json", (64 << 20) + 1), ("manifest.json.sig", 4097)])
def test_a_file_larger_than_any_is_not_read_whole(damaged, name, size):
    with (damaged.folder / name).open("wb") as file:
        file.truncate(size)
    with pytest.raises(SealedLeakBroken, match=f"^{name} is larger"):
        SealedLeak.open(damaged.folder, root=damaged.root)


@pytest.mark.parametrize("change", [-1, 1, 4096])
def test_rows_of_another_size_are_refused(damaged, change):
    os.truncate(damaged.folder / "rows.npy", damaged.manifest.rows_bytes + change)
    with pytest.raises(SealedLeakBroken, match=r"^rows\.npy has"):
        SealedLeak.open(damaged.folder, root=damaged.root)


def test_rows_that_a_manifest_says_to_be_more_than_any_disk_holds_are_refused(damaged):
    stride = (1 << 40) * damaged.manifest.row_bytes
    damaged.sign(m=1 << 40, rows_bytes=128 + 65_536 * stride)
    with pytest.raises(SealedLeakBroken, match=r"^rows\.npy has"):
        SealedLeak.open(damaged.folder, root=damaged.root)


@pytest.mark.parametrize(
    "header",
    [
        b"{'descr': '|i1', 'fortran_order': False, 'shape': (65536, %d), }",
        b"{'descr': '|O', 'fortran_order': False, 'shape': (65536, %d), }",
        b"{'descr': '|u1', 'fortran_order': True, 'shape': (65536, %d), }",
        b"{'descr': '|u1', 'fortran_order': False, 'shape': (65535, %d), }",
        b"{'descr': '|u1', 'fortran_order': False, 'shape': (65536, %d1), }",
        b"__import__('os').abort() #%d",
    ],
)
def test_rows_with_the_header_of_another_array_are_refused(damaged, header):
    with (damaged.folder / "rows.npy").open("r+b") as file:
        file.seek(10)
        file.write((header % damaged.manifest.stride).ljust(117) + b"\n")
    signed = damaged.sign_rows()
    with pytest.raises(SealedLeakBroken, match=r"^rows\.npy was altered in its header"):
        SealedLeak.open(signed.folder, root=signed.root)


@pytest.mark.parametrize(
    ("found", "put"),
    [
        (b'"mode":1', b'"mode":0'),
        (b'"canon":1', b'"canon":2'),
        (b"ristretto255-SHA512", b"P256-SHA256"),
        (b"floodmark/manifest/1", b"floodmark/manifest/2"),
    ],
)
def test_a_manifest_that_is_soundly_signed_and_of_another_protocol_is_refused_by_name(damaged, found, put):
    damaged.sign_bytes(damaged.manifest.to_bytes().replace(found, put))
    with pytest.raises(ProtocolRefused, match=r"^manifest\.json: "):
        SealedLeak.open(damaged.folder, root=damaged.root)


@pytest.mark.parametrize(
    ("found", "put"),
    [
        (b'"epoch":1', b'"epoch":0'),
        (b'"epoch":1', b'"epoch":1.0'),
        (b'"m":16', b'"m":15'),
        (b'"m":16', b'"m":17'),
        (b'"m":16', b'"m":1e1'),
        (b'"phone":3000', b'"phone":1048577'),
        (b'"phone":3000', b'"phone":-1'),
        (b'["phone"]', b'["Phone"]'),
        (b'"slug":"made-up"', b'"slug":"../../x"'),
        (b'"synthetic":true', b'"synthetic":1'),
        (b'"t":1', b'"t":2'),
        (b"{", b"["),
        (b"}", b',"x":1}'),
        (b",", b", "),
    ],
)
def test_a_manifest_that_is_soundly_signed_and_says_what_cannot_be_is_refused_by_name(damaged, found, put):
    data = damaged.manifest.to_bytes()
    assert found in data
    damaged.sign_bytes(data.replace(found, put, 1))
    with pytest.raises(ManifestBroken, match=r"^manifest\.json: "):
        SealedLeak.open(damaged.folder, root=damaged.root)


@pytest.mark.parametrize("data", [b"", b"[" * 100_000, b"\xff" * 100, b'{"format":NaN}', b"null"])
def test_anything_in_place_of_a_manifest_is_refused(damaged, data):
    (damaged.folder / "manifest.json").write_bytes(data)
    with pytest.raises(SealedLeakBroken, match=r"manifest\.json and manifest\.json\.sig do not fit"):
        SealedLeak.open(damaged.folder, root=damaged.root)
    damaged.sign_bytes(data)
    with pytest.raises(ManifestBroken, match=r"^manifest\.json: "):
        SealedLeak.open(damaged.folder, root=damaged.root)


@pytest.mark.parametrize("root", ["expected", "unknown"])
@pytest.mark.parametrize("name", ["manifest.json", "manifest.json.sig"])
def test_a_flipped_bit_anywhere_in_the_manifest_or_its_signature_is_found_and_named(damaged, name, root):
    whole = (damaged.folder / name).read_bytes()
    for at in range(len(whole)):
        bits = range(8) if at % 16 == 0 else (at % 8,)
        for bit in bits:
            damaged.flip(name, at, bit)
            with pytest.raises((SealedLeakBroken, SignedByAnother), match=name.replace(".", r"\.")):
                SealedLeak.open(damaged.folder, root=damaged.root if root == "expected" else None)
            (damaged.folder / name).write_bytes(whole)
    with SealedLeak.open(damaged.folder, root=damaged.root) as leak:
        assert leak.manifest == damaged.manifest


def test_look_ups_in_a_file_that_was_cut_short_meanwhile_are_refused_and_nothing_dies(damaged):
    places = damaged.places
    with SealedLeak.open(damaged.folder, root=damaged.root) as leak:
        os.truncate(damaged.folder / "rows.npy", 4096)
        with pytest.raises(SealedLeakBroken, match=r"^rows\.npy has 4,096 bytes"):
            leak.look_up(places.buckets, places.tags, places.pads)
        with pytest.raises(SealedLeakBroken, match=r"^rows\.npy was cut short"):
            leak.bucket(65_535)
        with pytest.raises(SealedLeakBroken, match=r"^rows\.npy has 4,096 bytes"):
            leak.verify()


def test_a_leak_whose_folder_is_removed_or_replaced_answers_as_it_was(damaged):
    places = damaged.places
    with SealedLeak.open(damaged.folder, root=damaged.root) as leak:
        before = leak.bucket(9)
        (damaged.folder / "rows.npy").unlink()
        (damaged.folder / "rows.npy").write_bytes(b"another")
        assert leak.look_up(places.buckets, places.tags, places.pads).tolist() == damaged.numbers.tolist()
        assert leak.bucket(9) == before
        leak.verify()


def test_closing_twice_is_no_error_and_later_look_ups_are(sealed):
    leak = SealedLeak.open(sealed.folder, root=sealed.root)
    leak.close()
    leak.close()
    with pytest.raises(ValueError, match="closed"):
        leak.look_up(sealed.places.buckets, sealed.places.tags, sealed.places.pads)
    with pytest.raises(ValueError, match="closed"):
        leak.bucket(1)


def test_threads_look_up_in_one_leak_at_once(sealed):
    places, answers = sealed.places, []
    with SealedLeak.open(sealed.folder, root=sealed.root) as leak:

        def ask():
            answers.append(leak.look_up(places.buckets, places.tags, places.pads).tolist())

        threads = [threading.Thread(target=ask) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert answers == [sealed.numbers.tolist()] * 8


def test_open_files_are_closed_when_a_leak_is_refused(damaged):
    os.truncate(damaged.folder / "rows.npy", 1)
    with pytest.raises(SealedLeakBroken):
        SealedLeak.open(damaged.folder, root=damaged.root)
    opened = [path.resolve() for path in Path("/proc/self/fd").iterdir()]
    assert opened and not any(path.is_relative_to(damaged.folder) for path in opened)
