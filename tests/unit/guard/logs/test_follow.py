"""A log that is followed is read once, in order, however it is turned, cut down or left for a while."""

from __future__ import annotations

import gzip
import os
import time
from dataclasses import replace

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from floodmark.errors import UnreadableInput
from floodmark.guard.logs.follow import Followed
from floodmark.guard.logs.open_log import HEAD
from floodmark.identifiers.digests import DigestKey

KEY = DigestKey(bytes(range(32)))
SECOND = 10**9  # as fine as some file systems keep times


def drained(followed: Followed) -> bytes:
    """All that is new; a file that was turned is left at the second look without anything new."""
    found, quiet = b"", 0
    while quiet < 3:
        data = followed.read()
        found, quiet = found + data, 0 if data else quiet + 1
    return found


@pytest.fixture
def log(tmp_path):
    return tmp_path / "access.log"


@pytest.fixture
def follow(log):
    opened = []

    def start(position=None, **options):
        opened.append(Followed(log, KEY, position, **options))
        return opened[-1]

    yield start
    for followed in opened:
        followed.close()


def test_a_log_that_is_not_there_yet_is_waited_for(log, follow):
    followed = follow()
    assert followed.read() == b""
    assert followed.position() is None
    log.write_bytes(b"one\n")
    assert drained(followed) == b"one\n"


def test_a_line_is_given_out_when_it_is_whole(log, follow):
    log.write_bytes(b"on")
    followed = follow()
    assert drained(followed) == b""
    with log.open("ab") as file:
        file.write(b"e\ntw")
    assert drained(followed) == b"one\n"
    assert followed.position().offset == 4


def test_what_is_written_to_the_old_file_after_it_was_turned_is_read_too(log, follow):
    log.write_bytes(b"one\n")
    followed = follow()
    assert followed.read() == b"one\n"
    old = log.rename(log.with_name("access.log.1"))
    log.write_bytes(b"three\n")
    with old.open("ab") as file:
        file.write(b"two\nhalf")
    assert drained(followed) == b"two\nhalf\nthree\n"
    assert followed.turns == 1


def test_a_log_that_is_cut_down_is_read_from_its_beginning(log, follow):
    log.write_bytes(b"one\ntwo\n")
    followed = follow()
    assert drained(followed) == b"one\ntwo\n"
    log.write_bytes(b"1\n")  # the same file
    assert drained(followed) == b"1\n"
    with log.open("r+b") as file:
        file.write(b"another, and longer than before\n")
    assert drained(followed) == b"another, and longer than before\n"
    assert followed.cuts == 2


def test_it_goes_on_after_a_restart_also_in_a_file_that_was_turned_meanwhile(log, follow):
    log.write_bytes(b"one\ntw")
    followed = follow()
    assert drained(followed) == b"one\n"
    position = followed.position()
    followed.close()
    old = log.rename(log.with_name("access.log.1"))
    with old.open("ab") as file:
        file.write(b"o\n")
    log.write_bytes(b"three\n")
    again = follow(position)
    assert drained(again) == b"two\nthree\n"
    assert again.missed == 0


def turned(log, number, text):
    """A file that was turned `number` looks ago, last written to in that order."""
    path = log.with_name(f"access.log{number}")
    path.write_bytes(text)
    return path


def test_a_log_that_was_turned_twice_between_two_looks_is_read_whole(log, follow):
    log.write_bytes(b"one\n")
    followed = follow()
    assert followed.read() == b"one\n"
    first = log.stat().st_mtime_ns
    log.rename(log.with_name("access.log.3"))
    for later, (name, text) in enumerate(((".2", b"two\n"), (".1", b"three\nhalf"), ("", b"four\n")), 1):
        os.utime(turned(log, name, text), ns=(first + later * SECOND, first + later * SECOND))
    turned(log, ".1.lock", b"no log\n")
    turned(log, ".bak", b"no log\n")
    assert drained(followed) == b"two\nthree\nhalf\nfour\n"
    assert (followed.turns, followed.missed) == (3, 0)


def test_a_file_that_was_compressed_before_it_was_read_is_said_to_be_missed(log, follow):
    log.write_bytes(b"one\n")
    followed = follow()
    assert followed.read() == b"one\n"
    first = log.stat().st_mtime_ns
    log.rename(log.with_name("access.log.2"))
    os.utime(turned(log, ".1.gz", gzip.compress(b"two\n")), ns=(first + SECOND, first + SECOND))
    turned(log, "", b"three\n")
    assert (drained(followed), followed.missed) == (b"three\n", 1)


def test_a_copy_of_what_was_read_is_not_read_again(log, follow):
    log.write_bytes(b"one\n")
    followed = follow()
    assert followed.read() == b"one\n"
    log.unlink()
    later = time.time() + 5
    os.utime(turned(log, ".1", b"one\n"), (later, later))
    turned(log, "", b"two\n")
    assert (drained(followed), followed.missed) == (b"two\n", 0)


def test_a_file_that_is_gone_after_a_restart_is_said_to_be_missed(log, follow):
    log.write_bytes(b"one\n")
    followed = follow()
    drained(followed)
    position = followed.position()
    log.rename(log.with_name("gone"))
    log.write_bytes(b"two\n")
    again = follow(position)
    assert (drained(again), again.missed) == (b"two\n", 1)


def test_another_file_with_the_same_number_is_not_taken_for_the_one_that_was_read(log, follow):
    log.write_bytes(b"something else, and longer\n")
    followed = follow()
    drained(followed)
    position = replace(followed.position(), head="0" * 32)
    again = follow(position)
    assert (drained(again), again.missed) == (b"something else, and longer\n", 1)


def test_it_may_begin_at_the_end(log, follow):
    log.write_bytes(b"x" * 2_000_000 + b"\none\ntw")
    followed = follow(from_start=False)
    with log.open("ab") as file:
        file.write(b"o\n")
    assert drained(followed) == b"two\n"


def test_a_line_without_an_end_takes_no_more_memory_than_the_longest_line(log, follow):
    log.write_bytes(b"one\n" + b"x" * 9_000_000)
    followed = follow()
    assert drained(followed) == b"one\n"
    assert followed.too_long == 1
    with log.open("ab") as file:
        file.write(b"x" * 3_000_000 + b"\ntwo\n")
    assert drained(followed) == b"two\n"
    assert followed.too_long == 1


def test_a_folder_is_no_log(log, follow):
    log.mkdir()
    with pytest.raises(UnreadableInput):
        follow().read()


class FollowingALog(RuleBasedStateMachine):
    """Every line that is written is read once and in order."""

    def __init__(self) -> None:
        super().__init__()
        import tempfile
        from pathlib import Path

        self.folder = tempfile.TemporaryDirectory()
        self.log = Path(self.folder.name) / "access.log"
        self.log.write_bytes(b"")
        self.followed = Followed(self.log, KEY)
        self.written, self.read, self.turns = b"", b"", 0

    @rule(text=st.sampled_from([b"one\n", b"two\nthree\n", b"ha", b"lf\n", b"x" * HEAD + b"\n"]))
    def write(self, text):
        with self.log.open("ab") as file:
            file.write(text)
        self.written += text

    @rule()
    def turn(self):
        self.turns += 1
        self.log.rename(self.log.with_name(f"access.log.{self.turns}"))
        self.log.write_bytes(b"")
        if not self.written.endswith(b"\n") and self.written:
            self.written += b"\n"  # a line that was begun in the old file ends with it
        self.read += drained(self.followed)

    @rule()
    def look(self):
        self.read += self.followed.read()

    @rule()
    def restart(self):
        position = self.followed.position()
        self.followed.close()
        self.followed = Followed(self.log, KEY, position)

    def teardown(self):
        self.read += drained(self.followed)
        whole = self.written[: self.written.rfind(b"\n") + 1]
        assert self.read == whole
        assert self.followed.missed == self.followed.cuts == 0
        self.followed.close()
        self.folder.cleanup()


TestFollowingALog = FollowingALog.TestCase
TestFollowingALog.settings = settings(max_examples=40, stateful_step_count=20)


def test_a_position_says_nothing_of_the_log(log, follow):
    log.write_bytes(b"ada,+447400123456\n")
    followed = follow()
    drained(followed)
    shown = repr(followed.position())
    assert "ada" not in shown
    assert "access" not in shown
    assert os.fspath(log.parent) not in shown
