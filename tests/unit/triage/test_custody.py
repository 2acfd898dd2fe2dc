"""Custody: digests of what was read, and a record that says the same every time."""

import hashlib
import json
import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.errors import UsageError
from floodmark.triage.custody import Acquisition, BackgroundDigest, Custody, InputDigest, tool_versions

START = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def record(**changes):
    options = {
        "inputs": [InputDigest("twin.txt", 3, "ab" * 32)],
        "tool": tool_versions("9.0.43"),
        "options": {"region": None, "mode": "exact"},
        "started_at": START,
        "finished_at": START + timedelta(seconds=7.5),
    }
    return Custody(**{**options, **changes})


@given(st.lists(st.binary(max_size=200), max_size=40))
def test_the_digest_is_that_of_the_parts_together(parts):
    with BackgroundDigest() as digest:
        for part in parts:
            digest(part)
        found = digest.finish("a.txt")
    whole = b"".join(parts)
    assert found == InputDigest("a.txt", len(whole), hashlib.sha256(whole).hexdigest())


def test_a_reader_that_gives_up_leaves_no_thread_behind():
    before = set(threading.enumerate())
    with pytest.raises(RuntimeError), BackgroundDigest() as digest:
        for _ in range(100):
            digest(b"x" * 10_000)
        raise RuntimeError
    assert set(threading.enumerate()) <= before


def test_the_record_holds_what_a_replay_needs():
    custody = record(acquired=Acquisition("a forum post", "2026-01-01", None, "seen by two people")).to_dict()
    assert custody["acquired"] == {
        "from": "a forum post",
        "at": "2026-01-01",
        "by": None,
        "note": "seen by two people",
    }
    assert custody["inputs"] == [{"label": "twin.txt", "size": 3, "sha256": "ab" * 32}]
    assert custody["tool"]["phone_metadata"] == "9.0.43"
    assert {"floodmark", "python", "polars", "numpy"} < set(custody["tool"])
    assert custody["options"] == {"region": None, "mode": "exact"}
    assert (custody["started_at"], custody["finished_at"]) == ("2026-01-02T03:04:05Z", "2026-01-02T03:04:12Z")


def test_nothing_is_guessed_about_who_acquired_it():
    assert set(record().to_dict()["acquired"].values()) == {None}


def test_times_are_given_in_utc_whatever_their_zone():
    east = START.astimezone(timezone(timedelta(hours=5, minutes=30)))
    assert record(started_at=east).to_dict()["started_at"] == "2026-01-02T03:04:05Z"
    with pytest.raises(ValueError, match="time zone"):
        record(started_at=START.replace(tzinfo=None)).to_dict()


def test_equal_records_are_equal_bytes_in_the_file(tmp_path):
    record().write(tmp_path / "custody.json")
    written = (tmp_path / "custody.json").read_bytes()
    assert written == record().to_json()
    assert json.loads(written) == record().to_dict()


@pytest.mark.parametrize("at", ["2026-01-31", "2026-01-31T14:05:00Z", "2026-01-31T14:05:00+01:00"])
def test_a_time_of_acquisition_is_a_date_or_a_time_with_offset(at):
    assert Acquisition(at=at).at == at


@pytest.mark.parametrize("at", ["yesterday", "31/01/2026", "2026-01-31T14:05:00", "2026-02-30", ""])
def test_another_time_of_acquisition_is_refused_with_a_hint(at):
    with pytest.raises(UsageError) as caught:
        Acquisition(at=at)
    assert caught.value.hint
