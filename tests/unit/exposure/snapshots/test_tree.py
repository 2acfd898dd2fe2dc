"""The Merkle tree: the same as the recursive one of RFC 9162, and its paths lead to its root."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.exposure.snapshots.tree import Tree, leaf_hash, root_of


def plain(entries):
    """MTH of RFC 9162, section 2.1.1, word by word; for any number of entries."""
    if len(entries) == 1:
        return hashlib.sha256(b"\0" + entries[0]).digest()
    k = 1
    while k * 2 < len(entries):
        k *= 2
    return hashlib.sha256(b"\1" + plain(entries[:k]) + plain(entries[k:])).digest()


def plain_path(number, entries):
    """PATH of RFC 9162, section 2.1.3.1."""
    if len(entries) == 1:
        return []
    k = 1
    while k * 2 < len(entries):
        k *= 2
    if number < k:
        return [*plain_path(number, entries[:k]), plain(entries[k:])]
    return [*plain_path(number - k, entries[k:]), plain(entries[:k])]


ENTRIES = [number.to_bytes(2) * 3 for number in range(65536)]


@pytest.fixture(scope="module")
def tree():
    leaves = b"".join(leaf_hash(entry) for entry in ENTRIES)
    return Tree(np.frombuffer(leaves, np.uint8).reshape(-1, 32))


def test_the_root_is_that_of_the_plain_recursive_tree(tree):
    assert tree.root == plain(ENTRIES)


@pytest.mark.parametrize("number", [0, 1, 2, 255, 256, 32767, 32768, 40_001, 65534, 65535])
def test_a_path_is_that_of_the_plain_recursive_tree(tree, number):
    assert tree.paths(number, 1).tobytes() == b"".join(plain_path(number, ENTRIES))


def test_paths_of_a_block_are_those_of_its_buckets(tree):
    block = tree.paths(512, 256)
    assert block.shape == (256, 512)
    assert block[77].tobytes() == tree.paths(512 + 77, 1).tobytes()


@given(st.integers(0, 65535), st.integers(0, 511), st.integers(0, 7))
def test_a_path_leads_to_the_root_and_with_one_bit_flipped_does_not(tree, number, place, bit):
    path = bytearray(tree.paths(number, 1).tobytes())
    leaf = leaf_hash(ENTRIES[number])
    assert root_of(leaf, number, path) == tree.root
    path[place] ^= 1 << bit
    assert root_of(leaf, number, path) != tree.root


@given(st.integers(0, 65535), st.integers(0, 65535))
def test_the_path_of_another_bucket_does_not_lead_to_the_root(tree, number, other):
    path = tree.paths(number, 1).tobytes()
    assert (root_of(leaf_hash(ENTRIES[number]), other, path) == tree.root) == (number == other)


@pytest.mark.parametrize(("number", "size"), [(-1, 512), (65536, 512), (0, 511), (0, 544)])
def test_what_is_no_bucket_or_no_path_is_refused(number, size):
    with pytest.raises(ValueError, match="65,536"):
        root_of(bytes(32), number, bytes(size))


def test_leaves_of_another_number_are_refused():
    with pytest.raises(TypeError):
        Tree(np.zeros((65535, 32), np.uint8))
