"""Arrays of a leak: written block by block, read back as they were, and refused when they are not."""

import shutil
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark.register.array_files import described, growing
from floodmark.register.arrays import ArrayDamaged, LeakArrays
from floodmark.register.leaks import Leak
from floodmark.register.lease import Lease

LEAK = Leak(
    slug="leak",
    title="A leak",
    synthetic=True,
    rows=4,
    saved_at="2026-01-31T13:05:00Z",
    field_types=("phone", "gender", "location"),
)
DIGESTS = np.array([3, 7, 2**63, 2**64 - 1], np.uint64)


def write(folder, name, items, dtype, width=None, block=2):
    with growing(folder / f"{name}.npy", dtype, width) as array:
        for at in range(0, len(items), block):
            array.append(items[at : at + block])
    return described(folder / f"{name}.npy", name, array.length)


@pytest.fixture
def saved(tmp_path):
    folder = tmp_path / "digests"
    folder.mkdir()
    files = [
        write(folder, "phone", DIGESTS, "<u8"),
        write(folder, "phone.fields", np.array([0, 1, 1, 0], np.uint16), "<u2"),
        write(folder, "phone.values", np.array([[1, 2], [0, 4], [5, 0], [0, 0]], np.uint16), "<u2", 2),
        write(folder, "field_sets", np.array([0b001, 0b111], np.uint64), "<u8"),
        write(folder, "domain", np.array([10, 20], np.uint64), "<u8"),
        write(folder, "domain.counts", np.array([5, 1], np.uint64), "<u8"),
    ]
    return LeakArrays(Lease(LEAK, files, tmp_path, None)), tmp_path, files


@settings(max_examples=30)
@given(st.lists(st.integers(0, 7), max_size=6))
def test_an_array_that_grew_is_the_array_that_numpy_reads(tmp_path_factory, sizes):
    path = tmp_path_factory.mktemp("grown") / "a.npy"
    rng = np.random.default_rng(len(sizes))
    blocks = [rng.integers(0, 2**64, size, np.uint64) for size in sizes]
    with growing(path, "<u8") as array:
        for block in blocks:
            array.append(block)
    found = np.load(path, allow_pickle=False)
    assert found.tolist() == [item for block in blocks for item in block.tolist()]
    assert path.stat().st_mode & 0o777 == 0o600


def test_what_does_not_belong_into_an_array_is_refused(tmp_path):
    with growing(tmp_path / "a.npy", "<u2", 2) as array:
        for wrong in (np.zeros(2, np.uint16), np.zeros((2, 3), np.uint16), np.zeros((2, 2), np.uint64)):
            with pytest.raises(TypeError, match="shape"):
                array.append(wrong)


def test_arrays_read_back_as_they_were_written(saved):
    arrays, _, _ = saved
    arrays.verify()
    assert arrays.kinds == ["phone"]
    assert arrays.digests("phone").tolist() == DIGESTS.tolist()
    assert arrays.fields("phone").tolist() == [0, 1, 1, 0]
    assert arrays.values("phone").tolist() == [[1, 2], [0, 4], [5, 0], [0, 0]]
    assert arrays.field_sets == [["phone"], ["phone", "gender", "location"]]
    assert arrays.domain_counts(np.array([20, 30, 1, 10], np.uint64)).tolist() == [1, 0, 0, 5]
    assert not arrays.digests("phone").flags.writeable


def test_any_flipped_bit_is_found_and_the_array_named(saved):
    _, folder, files = saved
    for file in files:
        path = folder / "digests" / f"{file.name}.npy"
        whole = path.read_bytes()
        for place in range(0, len(whole), 7):
            path.write_bytes(whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :])
            arrays = LeakArrays(Lease(LEAK, files, folder, None))
            with pytest.raises(ArrayDamaged, match=f"{file.name}.npy of leak was altered"):
                arrays.verify()
        path.write_bytes(whole)
    LeakArrays(Lease(LEAK, files, folder, None)).verify()


def test_an_array_cut_short_missing_linked_or_swapped_is_named(saved):
    _, folder, files = saved
    path = folder / "digests" / "phone.npy"
    whole = path.read_bytes()
    path.write_bytes(whole[:-8])
    with pytest.raises(ArrayDamaged, match="another size"):
        LeakArrays(Lease(LEAK, files, folder, None)).digests("phone")
    path.unlink()
    with pytest.raises(ArrayDamaged, match="missing"):
        LeakArrays(Lease(LEAK, files, folder, None)).digests("phone")
    shutil.move(folder / "digests" / "domain.npy", folder / "elsewhere.npy")
    path.symlink_to(folder / "elsewhere.npy")
    with pytest.raises(ArrayDamaged, match="missing"):
        LeakArrays(Lease(LEAK, files, folder, None)).digests("phone")


def test_an_array_of_another_form_than_its_name_says_is_refused(saved, tmp_path):
    _, folder, files = saved
    np.save(folder / "digests" / "phone.npy", DIGESTS.astype(np.int64))
    wrong = [described(folder / "digests" / "phone.npy", "phone", 4), *files[1:]]
    with pytest.raises(ArrayDamaged, match="another type"):
        LeakArrays(Lease(LEAK, wrong, folder, None)).digests("phone")
    np.save(folder / "digests" / "phone.npy", np.array([object()] * 4), allow_pickle=True)
    pickled = [described(folder / "digests" / "phone.npy", "phone", 4), *files[1:]]
    with pytest.raises(ArrayDamaged, match="no array"):
        LeakArrays(Lease(LEAK, pickled, folder, None)).digests("phone")


@pytest.mark.parametrize("wrong", [[7, 3, 8, 9], [3, 3, 7, 9], [3, 7, 9, 9]])
def test_digests_out_of_order_are_refused(saved, wrong):
    _, folder, files = saved
    (folder / "digests" / "phone.npy").unlink()
    made = write(folder / "digests", "phone", np.array(wrong, np.uint64), "<u8")
    with pytest.raises(ArrayDamaged, match="ascending"):
        LeakArrays(Lease(LEAK, [made, *files[1:]], folder, None)).verify()


def test_order_is_checked_across_pieces_of_a_long_array(tmp_path):
    folder = tmp_path / "digests"
    folder.mkdir()
    long = np.arange((1 << 20) + 2, dtype=np.uint64)
    LeakArrays(Lease(LEAK, [write(folder, "phone", long, "<u8", block=1 << 18)], tmp_path, None)).verify()
    long[1 << 20] = long[(1 << 20) - 1]
    (folder / "phone.npy").unlink()
    with pytest.raises(ArrayDamaged, match="ascending"):
        LeakArrays(Lease(LEAK, [write(folder, "phone", long, "<u8", block=1 << 18)], tmp_path, None)).verify()


def test_a_leak_without_addresses_has_no_domain_counts(saved):
    _, folder, files = saved
    arrays = LeakArrays(
        Lease(LEAK, [file for file in files if not file.name.startswith("domain")], folder, None)
    )
    assert arrays.domain_counts(np.array([10, 20], np.uint64)).tolist() == [0, 0]


def test_an_empty_array_is_an_array(tmp_path):
    folder = tmp_path / "digests"
    folder.mkdir()
    files = [write(folder, "phone", np.empty(0, np.uint64), "<u8")]
    arrays = LeakArrays(Lease(replace(LEAK, rows=0), files, tmp_path, None))
    arrays.verify()
    assert arrays.digests("phone").size == 0
    assert arrays.field_sets == []
