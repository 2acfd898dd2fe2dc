"""The progress file: what it gives back after a kill, and what it gives to a thief."""

from __future__ import annotations

import resource
import signal
import stat
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark.exposure.check.organisation_look_up import ANSWER, HIT
from floodmark.exposure.check.organisation_progress import Asking, CustomersChanged, Progress
from floodmark.exposure.check.organisation_records import (
    MAGIC,
    ProgressBusy,
    ProgressDamaged,
    ProgressLocked,
    RecordFile,
)
from floodmark.files import OutputFailed
from floodmark.identifiers.digests import DigestKey

from .office import DIGEST_KEY, Office, numbers
from .published import EMAIL, KEY, PHONE, evaluate

ASKING = Asking("ab" * 32, "contact", 1, "cd" * 32)
SNAPSHOT = "0a" * 16


def answers(*digests: int, bucket: int = 7) -> np.ndarray:
    found = np.zeros(len(digests), ANSWER)
    found["digest"], found["bucket"], found["secret"] = digests, bucket, 5
    return found


def hits(*digests: int, leak: int = 0) -> np.ndarray:
    found = np.zeros(len(digests), HIT)
    found["digest"], found["leak"] = digests, leak
    return found


def records(found: np.ndarray) -> list[bytes]:
    return [one.tobytes() for one in found]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "found.csv.progress"


def opened(path, asking=ASKING, key=DIGEST_KEY, **options) -> Progress:
    return Progress.opened(path, key, asking, **options)


def filled(path) -> None:
    """A file as two runs leave it."""
    with opened(path) as progress:
        progress.ask(128)
        progress.keep()
        progress.answered(answers(1, 2))
        progress.refused(64)
        progress.keep()
    with opened(path) as progress:
        progress.fetched(SNAPSHOT)
        progress.looked_up(7, hits(2))
        progress.keep()


def test_a_later_run_knows_what_was_answered_spent_and_found(path):
    filled(path)
    with opened(path) as progress:
        assert (progress.spent, progress.resumed) == (64, True)
        assert records(progress.answers) == records(answers(1, 2))
        assert progress.hits.tolist() == hits(2).tolist()
        assert np.flatnonzero(progress.fetched(SNAPSHOT)).tolist() == [7]


def test_what_was_not_kept_is_not_there(path):
    with opened(path) as progress:
        progress.ask(64)
    with opened(path) as progress:
        assert progress.spent == 0


def test_the_file_is_its_owners_alone_whatever_it_was(path):
    filled(path)
    path.chmod(0o644)
    with opened(path):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_thief_of_the_file_alone_has_random_bytes(tmp_path, published):
    """Neither identifiers nor digests nor outputs, nor what the file of customers hashes to.

    What is shorter than eight bytes stands in random ones by chance; and every byte is there among some thousands.
    """
    office = Office(tmp_path, published)
    customers = office.write(PHONE, EMAIL, *numbers(80, first=100)).customers()
    office.check()
    stolen = office.progress.read_bytes()
    outputs = [evaluate(KEY.pair.private, text.encode()) for text in customers.inputs]
    parts = [part for output in outputs for part in (output[:8], output[32:40])]
    with opened(office.progress, Asking(customers.sha256, "", 1, KEY.pair.public.hex())) as progress:
        parts += [
            int(digest).to_bytes(8, order)
            for digest in progress.answers["digest"]
            for order in ("big", "little")
        ]
    parts += [
        b"ada@exam",
        b"44207946",
        b"0a0a0a0a",
        customers.sha256[:16].encode(),
        bytes.fromhex(customers.sha256)[:8],
    ]
    assert not [part for part in parts if part in stolen]
    body = np.frombuffer(stolen[len(MAGIC) :], np.uint8)
    assert len(body) > 3000 and len(np.unique(body)) > 200


def test_two_runs_encrypt_the_same_in_different_ways(path):
    with opened(path) as progress:
        progress.ask(64)
        progress.keep()
    first = path.read_bytes()
    path.unlink()
    with opened(path) as progress:
        progress.ask(64)
        progress.keep()
    assert path.stat().st_size == len(first)
    assert path.read_bytes()[len(MAGIC) :] != first[len(MAGIC) :]


def test_other_keys_open_nothing_and_change_nothing(path):
    filled(path)
    before = path.read_bytes()
    with pytest.raises(ProgressLocked):
        opened(path, key=DigestKey(bytes(32)))
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"row,id,leak\r\n", b"x", MAGIC[:-1] + b"2" + bytes(100), MAGIC + b"x"])
def test_a_file_that_is_none_of_ours_is_left_alone(path, content):
    path.write_bytes(content)
    path.chmod(0o644)
    with pytest.raises(ProgressLocked):
        opened(path)
    assert path.read_bytes() == content
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


def test_a_link_is_not_followed(path, tmp_path):
    (tmp_path / "other").write_bytes(b"")
    path.symlink_to(tmp_path / "other")
    with pytest.raises(OutputFailed):
        opened(path)


def test_two_processes_do_not_work_at_once(path):
    with opened(path), pytest.raises(ProgressBusy):
        opened(path)


def test_a_file_cut_short_anywhere_goes_on_from_what_is_whole(path):
    filled(path)
    whole = path.read_bytes()
    states = set()
    for length in range(len(whole) + 1):
        path.write_bytes(whole[:length])
        try:
            with opened(path) as progress:
                state = (progress.spent, len(progress.answers), len(progress.hits))
                progress.ask(64)
                progress.keep()
            with opened(path) as progress:
                assert (progress.spent - 64, len(progress.answers), len(progress.hits)) == state
        except ProgressLocked:
            assert length < len(MAGIC)
            continue
        states.add(state)
    assert states == {(0, 0, 0), (128, 0, 0), (128, 2, 0), (64, 2, 0), (64, 2, 1)}


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_changed_bytes_are_never_believed_nor_passed_over(tmp_path_factory, data):
    """What is changed before the last record is an error; the last one may be what a power cut left."""
    path = tmp_path_factory.mktemp("progress") / "file"
    filled(path)
    filled_size = path.stat().st_size
    whole = bytearray(path.read_bytes())
    first = data.draw(st.integers(0, len(whole) - 1))
    change = data.draw(st.binary(min_size=1, max_size=4).filter(any))
    for at, byte in enumerate(change[: len(whole) - first], first):
        whole[at] ^= byte
    if bytes(whole) == path.read_bytes():
        return
    path.write_bytes(whole)
    try:
        with opened(path) as progress:
            assert first >= filled_size - LAST
            assert (progress.spent, len(progress.hits)) == (64, 0)
            assert records(progress.answers) == records(answers(1, 2))
    except (ProgressLocked, ProgressDamaged):
        assert path.read_bytes() == whole


LAST = (
    17 + 5 + 1 + 32 + 16 + 5 + 1 + 2 + 14 + 16
)  # bytes: a salt, the name of a snapshot, and a bucket with a hit


def places(whole: bytes) -> list[int]:
    """Where the records of a file begin."""
    found, at = [], len(MAGIC)
    while at < len(whole):
        if whole[at : at + 1] == b"P":
            at += 17
        else:
            found.append(at)
            at += 5 + int.from_bytes(whole[at + 1 : at + 5])
    return found


@pytest.mark.parametrize("within", [0, 1, 3, 4, 5, 12])
def test_damage_before_the_last_record_is_named_and_nothing_is_changed(path, within):
    """Its mark, its length or what it says."""
    filled(path)
    whole = path.read_bytes()
    for at in places(whole)[:-1]:
        broken = bytearray(whole)
        broken[at + within] ^= 0x15
        path.write_bytes(broken)
        with pytest.raises(ProgressDamaged, match=f"found.csv.progress is damaged at byte {at}:") as caught:
            opened(path)
        assert "paid for again" in caught.value.hint
        assert path.read_bytes() == broken


def test_damage_from_somewhere_to_the_end_is_named_too(path):
    """More than the one record that a power cut may leave unwritten."""
    filled(path)
    broken = bytearray(path.read_bytes())
    *_, last_but_one, last = places(bytes(broken))
    broken[last_but_one + 9] ^= 1
    broken[last + 9] ^= 1
    path.write_bytes(broken)
    with pytest.raises(ProgressDamaged, match=f"byte {last_but_one}:"):
        opened(path)
    assert path.read_bytes() == broken


def test_records_that_were_taken_out_or_swapped_are_damage(path):
    filled(path)
    whole = path.read_bytes()
    first, second, third, *_ = places(whole)
    without = whole[:second] + whole[third:]
    swapped = whole[:first] + whole[second:third] + whole[first:second] + whole[third:]
    for broken in (without, swapped, whole + whole[len(MAGIC) :]):
        path.write_bytes(broken)
        with pytest.raises((ProgressDamaged, ProgressLocked)):
            opened(path)
        assert path.read_bytes() == broken


def test_the_end_of_a_file_that_was_never_written_to_the_disk_is_dropped(path):
    """A power cut may leave zeros where the last records were to be."""
    filled(path)
    whole = path.read_bytes()
    last = places(whole)[-1]
    for broken in (
        whole + bytes(5000),
        whole[: last + 5] + bytes(len(whole) - last - 5),
        whole[:last] + bytes(9),
    ):
        path.write_bytes(broken)
        with opened(path) as progress:
            assert (progress.spent, len(progress.answers)) == (64, 2)
        opened(path).close()


def test_another_file_or_column_is_refused_unless_it_is_allowed(path):
    filled(path)
    for asking, what in (
        (Asking("ef" * 32, *rest(ASKING)), "file"),
        (Asking("ab" * 32, "x", 1, "cd" * 32), "column"),
    ):
        with pytest.raises(CustomersChanged, match=f"The {what} is not the one"):
            opened(path, asking)
        with opened(path, asking, file_changed=True) as progress:
            assert len(progress.answers) == 2


def rest(asking: Asking) -> tuple[str, int, str]:
    return asking.column, asking.epoch, asking.public_key


@pytest.mark.parametrize("changed", [{"epoch": 2}, {"public_key": "ee" * 32}])
def test_a_new_epoch_or_key_begins_anew_and_needs_no_leave(path, changed):
    filled(path)
    asking = Asking(**({"sha256": "ef" * 32, "column": "x", "epoch": 1, "public_key": "cd" * 32} | changed))
    with opened(path, asking) as progress:
        assert (progress.spent, len(progress.answers), len(progress.hits), progress.resumed) == (
            0,
            0,
            0,
            False,
        )
        progress.ask(64)
        progress.keep()
    with opened(path, asking) as progress:
        assert progress.spent == 64


def test_another_snapshot_forgets_what_was_found_and_no_answer(path):
    filled(path)
    with opened(path) as progress:
        assert not progress.fetched("0b" * 16).any()
        assert (len(progress.hits), len(progress.answers)) == (0, 2)


def test_a_new_answer_opens_its_bucket_again_and_nothing_is_found_twice(path):
    filled(path)
    with opened(path) as progress:
        progress.answered(answers(3))
        assert not progress.fetched(SNAPSHOT)[7]
        progress.looked_up(7, hits(2, 3))
        assert progress.hits.tolist() == hits(2, 3).tolist()


def test_answers_and_hits_are_in_order_and_once_each(path):
    with opened(path) as progress:
        progress.answered(answers(9, 4))
        progress.answered(answers(4, 1))
        progress.looked_up(7, np.concatenate([hits(9, leak=1), hits(9), hits(4)]))
        progress.looked_up(7, hits(9))
        assert progress.answers["digest"].tolist() == [1, 4, 9]
        assert progress.hits[["digest", "leak"]].tolist() == [(4, 0), (9, 0), (9, 1)]


@contextmanager
def disk_with(size: int) -> Iterator[None]:
    """No file may be longer."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, ignored)


def test_a_full_disk_is_an_error_that_names_the_reason_and_spoils_nothing(path):
    filled(path)
    before = path.read_bytes()
    with opened(path) as progress:
        progress.answered(answers(8))
        with disk_with(len(before) + 20), pytest.raises(OutputFailed, match="File too large"):
            progress.keep()
    assert path.read_bytes() == before


def test_after_a_failed_write_the_next_records_are_under_another_key(path):
    """The same key at the same place would be one nonce for two texts, and of the first some may be on the disk."""
    with RecordFile.opened(path, bytes(32)) as file:
        file.append([b"one"])
        size = path.stat().st_size
        with disk_with(size + 20), pytest.raises(OutputFailed):
            file.append([b"lost" * 9])
        assert path.stat().st_size == size
        file.append([b"two", b"three"])
        assert path.read_bytes()[size : size + 1] == b"P"
    with RecordFile.opened(path, bytes(32)) as file:
        assert file.before == [b"one", b"two", b"three"]
