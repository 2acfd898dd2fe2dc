"""The allow-list: who is never limited, why, and until when."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.errors import UsageError
from floodmark.guard import Actor, Allowance, AllowList, GuardFileError
from floodmark.guard.actors import PARTS
from floodmark.guard.allow import LONGEST
from floodmark.guard.allow_columns import let_through
from floodmark.guard.allow_file import EVERY, AllowFile
from floodmark.guard.keyed_json import OtherKey

KEY_ID = "0123456789abcdef"


def test_an_allowance_holds_from_its_start_until_just_before_its_end() -> None:
    allowed = AllowList().with_one("account", 7, "Call centre", 10.0, 20.0)
    held = [allowed.of(Actor(account=7), at) is not None for at in (9.9, 10.0, 19.9, 20.0)]
    assert held == [False, True, True, False]


def test_a_new_allowance_of_one_actor_takes_the_place_of_the_old_one() -> None:
    allowed = AllowList().with_one("account", 7, "Old", 0.0, 20.0).with_one("account", 7, "New", 5.0, 9.0)
    assert [(entry.reason, entry.until) for entry in allowed.entries] == [("New", 9.0)]
    assert allowed.without("account", 7).entries == []


def test_an_allowance_without_reason_or_without_end_is_refused() -> None:
    for reason, until in (
        ("", 10.0),
        (" \x07", 10.0),
        ("Why", 0.0),
        ("Why", LONGEST + 1),
        ("Why", float("inf")),
    ):
        with pytest.raises(UsageError):
            AllowList().with_one("account", 7, reason, 0.0, until)
    with pytest.raises(UsageError):
        AllowList().without("account", 7)


def test_to_look_at_the_past_who_is_allowed_now_was_allowed_ever_before() -> None:
    allowed = AllowList().with_one("account", 7, "Why", 50.0, 90.0).with_one("account", 8, "Ended", 0.0, 9.0)
    past = allowed.backdated(60.0)
    assert [past.of(Actor(account=7), at) is not None for at in (-5.0, 89.0, 90.0)] == [True, True, False]
    assert [past.of(Actor(account=8), at) is not None for at in (-5.0, 8.0, 9.0)] == [False, True, False]


def test_what_is_written_is_read_again_privately(tmp_path: Path) -> None:
    path = tmp_path / "allow.json"
    allowed = AllowList().with_one("prefix", 2**64 - 1, "Our \x1b[31moffice", 1.5, 9.5)
    allowed.write(path, KEY_ID)
    assert path.stat().st_mode & 0o777 == 0o600
    assert AllowList.read(path, KEY_ID).entries == allowed.entries
    assert "\x1b" not in allowed.entries[0].reason
    assert AllowList.read(tmp_path / "none.json", KEY_ID).entries == []


def test_a_list_under_another_key_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "allow.json"
    AllowList().with_one("account", 7, "Why", 0.0, 9.0).write(path, KEY_ID)
    with pytest.raises(OtherKey):
        AllowList.read(path, "f" * 16)


GOOD = {"part": "account", "digest": f"{7:016x}", "reason": "Why", "since": 0, "until": 9}


@pytest.mark.parametrize(
    "entry",
    [
        {},
        {**GOOD, "part": "planet"},
        {**GOOD, "digest": 7},
        {**GOOD, "digest": "x"},
        {**GOOD, "digest": "1" * 17},
        {**GOOD, "digest": "0"},
        {**GOOD, "until": "soon"},
        {**GOOD, "until": "inf"},
        {**GOOD, "until": 1e300},
        {**GOOD, "since": -1e300},
        {**GOOD, "until": LONGEST + 1},
        {**GOOD, "until": 0},
        {**GOOD, "since": 253_402_300_000.0, "until": 253_402_300_800.0},
        {**GOOD, "digest": " 1f"},
        {**GOOD, "digest": "0x1f"},
    ],
)
def test_a_damaged_entry_is_refused(tmp_path: Path, entry: dict[str, object]) -> None:
    path = tmp_path / "allow.json"
    path.write_text(json.dumps({"version": 1, "key_id": KEY_ID, "allowed": [entry]}))
    with pytest.raises(GuardFileError):
        AllowList.read(path, KEY_ID)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", "[" * 100_000, '{"version": 2, "key_id": "0123456789abcdef", "allowed": []}', "\udcff"],
)
def test_a_file_that_is_no_list_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "allow.json"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(GuardFileError):
        AllowList.read(path, KEY_ID)


def test_a_running_guard_heeds_what_was_added_and_keeps_it_when_the_file_is_damaged(tmp_path: Path) -> None:
    path, ada = tmp_path / "allow.json", Actor(account=7)
    file = AllowFile(path, KEY_ID)
    assert file.of(ada, 0.0) is None
    AllowList().with_one("account", 7, "Own", 0.0, 100.0).write(path, KEY_ID)
    assert file.of(ada, EVERY - 0.1) is None
    assert file.of(ada, EVERY) is not None
    path.write_text("{")
    assert file.of(ada, 3 * EVERY) is not None
    path.unlink()
    assert file.of(ada, 5 * EVERY) is None
    AllowList().with_one("account", 7, "Own", 0.0, 100.0).write(path, KEY_ID)
    assert file.of(ada, 0.0) is not None  # the clock went back


_SMALL = st.integers(1, 3)


@given(
    st.lists(st.tuples(st.sampled_from(PARTS), _SMALL, st.integers(0, 9), st.integers(1, 9)), max_size=6),
    st.lists(st.tuples(st.integers(0, 20), st.tuples(*[st.integers(0, 3) for _ in PARTS])), max_size=8),
)
def test_of_many_lookups_those_are_let_through_that_would_be_one_by_one(
    entries: list[tuple[str, int, int, int]], rows: list[tuple[int, tuple[int, ...]]]
) -> None:
    allowed = AllowList(
        Allowance(part, digest, "Why", since, since + lasts) for part, digest, since, lasts in entries
    )
    table = pl.DataFrame(
        {
            "at": [datetime.fromtimestamp(at, UTC) for at, _ in rows],
            **{part: [row[place] for _, row in rows] for place, part in enumerate(PARTS)},
        },
        schema={"at": pl.Datetime("us", "UTC"), **dict.fromkeys(PARTS, pl.UInt64)},
    )
    expected = [
        any(
            getattr(Actor(*row), entry.part) == entry.digest and entry.since <= at < entry.until
            for entry in allowed.entries
        )
        for at, row in rows
    ]
    assert let_through(table, allowed).to_list() == expected
    assert [allowed.of(Actor(*row), at) is not None for at, row in rows] == expected
