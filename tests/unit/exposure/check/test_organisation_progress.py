"""The progress file: what it gives back after a kill, and what it gives to a thief."""

from __future__ import annotations

import stat

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark.exposure.check.organisation_look_up import ANSWER, HIT
from floodmark.exposure.check.organisation_progress import Asking, CustomersChanged, Progress
from floodmark.exposure.check.organisation_records import MAGIC, ProgressBusy, ProgressLocked
from floodmark.files import OutputFailed
from floodmark.identifiers.digests import DigestKey

from .office import DIGEST_KEY, Office
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
    """Neither identifiers nor digests nor outputs, nor what the file of customers hashes to."""
    office = Office(tmp_path, published)
    customers = office.write(PHONE, EMAIL).customers()
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
        b"ada@",
        b"4420794",
        b"0a0a0a",
        customers.sha256[:16].encode(),
        bytes.fromhex(customers.sha256)[:8],
    ]
    assert not [part for part in parts if part in stolen]
    body = np.frombuffer(stolen[len(MAGIC) :], np.uint8)
    assert len(np.unique(body)) > 200


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


@pytest.mark.parametrize("content", [b"row,id,leak\r\n", b"x", MAGIC[:-1] + b"2" + bytes(100)])
def test_a_file_that_is_none_of_ours_is_left_alone(path, content):
    path.write_bytes(content)
    with pytest.raises(ProgressLocked):
        opened(path)
    assert path.read_bytes() == content


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
def test_a_flipped_bit_is_never_believed(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("progress") / "file"
    filled(path)
    whole = bytearray(path.read_bytes())
    bit = data.draw(st.integers(0, len(whole) * 8 - 1))
    whole[bit // 8] ^= 1 << bit % 8
    path.write_bytes(whole)
    try:
        with opened(path) as progress:
            assert progress.spent in (0, 64, 128)
            assert set(records(progress.answers)) <= set(records(answers(1, 2)))
            assert set(progress.hits.tolist()) <= set(hits(2).tolist())
    except ProgressLocked:
        pass


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


def test_a_full_disk_is_an_error_that_names_the_reason_and_spoils_nothing(path, monkeypatch):
    filled(path)
    before = path.read_bytes()
    with opened(path) as progress:
        progress.answered(answers(8))
        limit = len(before) + 20
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        import signal

        ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
        try:
            with pytest.raises(OutputFailed, match="File too large"):
                progress.keep()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
            signal.signal(signal.SIGXFSZ, ignored)
    assert path.read_bytes() == before
