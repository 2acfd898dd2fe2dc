"""A flipped bit anywhere in buckets.bin is found and named."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark.exposure.snapshots import Fault, SnapshotBroken, SnapshotDirectory, verify_buckets
from floodmark.exposure.snapshots.source import open_source
from floodmark.exposure.snapshots.write import write_buckets

SIZE, PATH = 810, 512


@pytest.fixture(scope="module")
def changing(made, tmp_path_factory):
    """A copy of the snapshot directory, changed and changed back by each test."""
    place, snapshot = made
    return shutil.copytree(place, tmp_path_factory.mktemp("changing") / "copy"), snapshot


def flip(directory, snapshot, place, bit=0):
    path = directory / "v1" / "snapshots" / snapshot.id / "buckets.bin"
    with path.open("r+b") as file:
        file.seek(place)
        byte = file.read(1)[0]
        file.seek(place)
        file.write(bytes([byte ^ 1 << bit]))


def test_a_sound_file_has_no_fault(made):
    place, snapshot = made
    told = []
    assert verify_buckets(SnapshotDirectory(place), snapshot, told.append) == ()
    assert sum(told) == snapshot.buckets_bytes


@settings(max_examples=6)
@given(st.integers(0, 65535), st.integers(0, SIZE - PATH - 1), st.integers(0, 7))
def test_a_flipped_bit_in_the_rows_is_named_with_its_bucket(changing, number, at, bit):
    directory, snapshot = changing
    flip(directory, snapshot, number * SIZE + at, bit)
    found = verify_buckets(SnapshotDirectory(directory), snapshot)
    flip(directory, snapshot, number * SIZE + at, bit)
    assert found[0] == Fault(None, "its SHA-256 is not the one that was signed")
    assert {fault.bucket for fault in found[1:]} == {number}
    assert Fault(number, "its rows are not what was signed") in found


@settings(max_examples=6)
@given(st.integers(0, 65535), st.integers(0, PATH - 1), st.integers(0, 7))
def test_a_flipped_bit_in_a_path_is_named_with_its_bucket(changing, number, at, bit):
    directory, snapshot = changing
    place = (number + 1) * SIZE - PATH + at
    flip(directory, snapshot, place, bit)
    found = verify_buckets(SnapshotDirectory(directory), snapshot)
    flip(directory, snapshot, place, bit)
    assert found[1:] == (Fault(number, "its path is not the one that was signed"),)


def test_broken_rows_and_paths_side_by_side_are_told_apart_where_they_can_be(changing):
    directory, snapshot = changing
    places = [100 * SIZE, (202 + 1) * SIZE - 1, 300 * SIZE, 301 * SIZE]
    for place in places:
        flip(directory, snapshot, place)
    found = verify_buckets(SnapshotDirectory(directory), snapshot)
    for place in places:
        flip(directory, snapshot, place)
    assert {fault for fault in found if "order" not in fault.what and fault.bucket is not None} == {
        Fault(100, "its rows are not what was signed"),
        Fault(202, "its path is not what was signed"),
        Fault(300, "its rows or its path are not what was signed"),
        Fault(301, "its rows or its path are not what was signed"),
    }


def test_a_file_that_is_cut_short_while_it_is_read_is_said(changing):
    directory, snapshot = changing
    path = directory / "v1" / "snapshots" / snapshot.id / "buckets.bin"
    data = path.read_bytes()
    with pytest.raises(SnapshotBroken, match="cut short"):
        verify_buckets(SnapshotDirectory(directory), snapshot, lambda size: os.truncate(path, 1_000_000))
    path.write_bytes(data)


def test_a_file_of_another_hash_is_said_even_when_all_answers_are_sound(made):
    place, snapshot = made
    other = replace(snapshot, buckets=replace(snapshot.buckets, sha256="0" * 64))
    found = verify_buckets(SnapshotDirectory(place), other)
    assert [fault.words for fault in found] == ["buckets.bin: its SHA-256 is not the one that was signed"]


def test_rows_out_of_order_are_named_though_all_is_as_it_was_signed(
    disordered, snapshot, root, told, tmp_path
):
    folder = tmp_path / "v1" / "snapshots" / snapshot.id
    folder.mkdir(parents=True)
    source = open_source(disordered, "made-up", root.public)
    with (folder / "buckets.bin").open("w+b") as file:
        buckets = write_buckets(file, [source])
    wrong = replace(snapshot, leaks=(told(source),), buckets=buckets)
    found = verify_buckets(SnapshotDirectory(tmp_path), wrong)
    assert [fault.words for fault in found] == [
        "buckets.bin, bucket 4711: the rows of made-up are not in ascending order"
    ]
