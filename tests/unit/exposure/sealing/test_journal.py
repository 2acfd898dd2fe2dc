"""What a seal has evaluated survives a kill, whole or not at all, and is nothing to whoever has not the key."""

from __future__ import annotations

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from floodmark.exposure.sealing.journal import HEAD_BYTES, MAGIC, RECORD, SALT_BYTES, Journal, Records

SECRET = bytes(range(32))
SEAL = bytes(range(16))


def made(count: int, seed: int = 1) -> Records:
    draw = np.random.default_rng(seed)
    records = np.empty(count, RECORD)
    records["rank"] = np.arange(count) + 1000 * seed
    records["place"] = draw.integers(0, 1 << 64, count, np.uint64)
    records["cell"] = draw.integers(0, 1 << 16, count, np.uint32)
    return records


def kept(folder: Path, secret: bytes = SECRET, seal_id: bytes = SEAL) -> set[int]:
    with Journal(folder, secret, seal_id) as journal:
        return {int(rank) for records in journal.records() for rank in records["rank"]}


def written(folder: Path, *counts: int) -> Path:
    """A journal with a chunk of each size; returns its file."""
    with Journal(folder, SECRET, SEAL) as journal:
        for number, count in enumerate(counts, 1):
            journal.add(made(count, number))
            journal.flush()
    [path] = folder.glob("rows-*.journal")
    return path


def test_records_come_back_by_the_first_byte_of_their_bucket(tmp_path: Path) -> None:
    records = made(5000)
    with Journal(tmp_path, SECRET, SEAL, chunk_records=700) as journal:
        for start in range(0, 5000, 300):
            journal.add(records[start : start + 300])
        journal.flush()
        assert journal.length == 5000
        for number in range(256):
            expected = records[records["place"] >> np.uint64(56) == number]
            assert np.array_equal(journal.partition(number), expected)


def test_a_run_goes_on_after_others_and_keeps_what_they_had(tmp_path: Path) -> None:
    for run in (1, 2, 3):
        with Journal(tmp_path, SECRET, SEAL) as journal:
            assert journal.length == 100 * (run - 1)
            journal.add(made(100, run))
            journal.flush()
            assert journal.length == 100 * run
    assert len(kept(tmp_path)) == 300
    assert len(list(tmp_path.iterdir())) == 3


def test_what_was_not_flushed_is_not_there(tmp_path: Path) -> None:
    with Journal(tmp_path, SECRET, SEAL) as journal:
        journal.add(made(10))
    assert kept(tmp_path) == set()
    assert list(tmp_path.iterdir()) == []


def test_a_file_cut_short_anywhere_keeps_the_chunks_that_are_whole(tmp_path: Path) -> None:
    path = written(tmp_path, 3, 4)
    data = path.read_bytes()
    begins = len(MAGIC) + SALT_BYTES
    first = begins + HEAD_BYTES + 3 * (RECORD.itemsize + 16)  # in three partitions
    cuts = [0, 5, begins - 1, begins, begins + 9, first - 1, first, first + 1, len(data) - 1, len(data)]
    found = []
    for cut in cuts:
        path.write_bytes(data[:cut])
        found.append(len(kept(tmp_path)))
    assert found[:6] == [0] * 6
    assert found[6:] == [3, 3, 3, 7]


def test_a_flipped_bit_anywhere_drops_that_chunk_and_what_follows_and_never_changes_a_record(
    tmp_path: Path,
) -> None:
    path = written(tmp_path, 2, 2)
    data = path.read_bytes()
    good = {int(rank) for seed in (1, 2) for rank in made(2, seed)["rank"]}
    seen = set()
    for at in range(0, len(data), 7):
        path.write_bytes(data[:at] + bytes([data[at] ^ 1 << at % 8]) + data[at + 1 :])
        found = kept(tmp_path)
        assert found < good
        seen.add(len(found))
    assert seen == {0, 2}


def test_another_key_opens_nothing_and_nor_does_another_seal(tmp_path: Path) -> None:
    written(tmp_path, 50)
    assert kept(tmp_path, bytes(32)) == set()
    assert kept(tmp_path, seal_id=bytes(16)) == set()
    assert len(kept(tmp_path)) == 50


def test_a_chunk_moved_to_another_place_is_none(tmp_path: Path) -> None:
    path = written(tmp_path, 3, 3)
    data = path.read_bytes()
    begins = len(MAGIC) + SALT_BYTES
    half = (len(data) - begins) // 2
    path.write_bytes(data[:begins] + data[begins + half :] + data[begins : begins + half])
    assert kept(tmp_path) == set()


def test_the_file_is_private_and_shows_no_record(tmp_path: Path) -> None:
    path = written(tmp_path, 400)
    assert path.stat().st_mode & 0o777 == 0o600
    data = path.read_bytes()
    for record in made(400, 1)[:50]:
        assert record["place"].tobytes() not in data
        assert record.tobytes() not in data


def test_a_foreign_file_of_that_name_is_left_alone(tmp_path: Path) -> None:
    other = tmp_path / "rows-0000000000000000.journal"
    other.write_bytes(b"something else, of some length, that is no journal of ours")
    assert kept(tmp_path) == set()
    with Journal(tmp_path, SECRET, SEAL) as journal:
        journal.add(made(10))
        journal.flush()
    assert len(kept(tmp_path)) == 10
    assert other.read_bytes().startswith(b"something else")


def test_a_full_disk_leaves_what_was_written_before_and_no_key_meets_a_nonce_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writing = os.pwrite

    def half(descriptor: int, data: memoryview, at: int) -> int:
        if at > 500:  # behind the first chunk's beginning: the disk is full after a part
            writing(descriptor, data[: len(data) // 2], at)
            raise OSError(28, "No space left on device")
        return writing(descriptor, data, at)

    with Journal(tmp_path, SECRET, SEAL) as journal:
        journal.add(made(10, 1))
        journal.flush()
        monkeypatch.setattr("os.pwrite", half)
        journal.add(made(10, 2))
        with pytest.raises(OSError, match="No space"):
            journal.flush()
        monkeypatch.undo()
        assert journal.length == 10
        assert len(kept(tmp_path)) == 10
        journal.add(made(10, 3))
        journal.flush()  # there is room again
        assert journal.length == 30
    assert len(kept(tmp_path)) == 30
    assert len(list(tmp_path.iterdir())) == 2


def test_a_flush_that_is_interrupted_loses_nothing_that_comes_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(descriptor: int) -> None:
        raise KeyboardInterrupt

    with Journal(tmp_path, SECRET, SEAL) as journal:
        monkeypatch.setattr("os.fdatasync", interrupted)
        journal.add(made(10, 1))
        with pytest.raises(KeyboardInterrupt):
            journal.flush()
        monkeypatch.undo()
        journal.add(made(10, 2))
        journal.flush()
    assert len(kept(tmp_path)) == 20
    with Journal(tmp_path, SECRET, SEAL) as journal:
        assert sum(len(journal.partition(number)) for number in range(256)) == 20


def test_the_same_records_of_two_runs_have_nothing_in_common_on_the_disk(tmp_path: Path) -> None:
    for _ in range(2):
        with Journal(tmp_path, SECRET, SEAL) as journal:
            journal.add(made(50))
            journal.flush()
    begins = len(MAGIC) + SALT_BYTES
    one, other = (path.read_bytes()[begins:] for path in tmp_path.iterdir())
    assert len(one) == len(other)
    same = sum(a == b for a, b in zip(one, other, strict=True))
    assert same < len(one) / 64


def test_a_file_of_the_journal_that_was_copied_counts_once(tmp_path: Path) -> None:
    path = written(tmp_path, 300)
    (tmp_path / "rows-ffffffffffffffff.journal").write_bytes(path.read_bytes())
    with Journal(tmp_path, SECRET, SEAL) as journal:
        assert sum(len(journal.partition(number)) for number in range(256)) == 300


def test_a_thousand_runs_leave_no_file_open(tmp_path: Path) -> None:
    data = written(tmp_path, 1).read_bytes()
    for number in range(1000):
        (tmp_path / f"rows-{number:016x}.journal").write_bytes(data)
    with Journal(tmp_path, SECRET, SEAL) as journal:
        assert journal.length == 1001
        opened = [path.resolve() for path in Path("/proc/self/fd").iterdir()]
        assert opened and not any(path.is_relative_to(tmp_path) for path in opened)


def test_threads_add_and_flush_at_once_and_every_record_is_there_once(tmp_path: Path) -> None:
    with Journal(tmp_path, SECRET, SEAL, chunk_records=70) as journal:
        with ThreadPoolExecutor(8) as pool:
            for seed in range(40):
                pool.submit(journal.add, made(50, seed))
                pool.submit(journal.flush)
        journal.flush()  # what was added after the last of those
    assert kept(tmp_path) == {int(rank) for seed in range(40) for rank in made(50, seed)["rank"]}


def test_closing_waits_for_who_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else its bytes could go to another file, opened meanwhile under the number of the closed one."""
    reached, syncing = threading.Event(), os.fdatasync

    def slow(descriptor: int) -> None:
        reached.set()
        time.sleep(0.05)
        syncing(descriptor)  # raises for a descriptor that was closed

    monkeypatch.setattr("os.fdatasync", slow)
    with ThreadPoolExecutor(1) as pool:
        with Journal(tmp_path, SECRET, SEAL) as journal:
            journal.add(made(10))
            writing = pool.submit(journal.flush)
            assert reached.wait(60)
        assert writing.exception(60) is None
    assert len(kept(tmp_path)) == 10
