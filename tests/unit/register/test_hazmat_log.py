"""The log of who looked at raw lines: it is on the disk first, and a line that was changed is seen."""

from __future__ import annotations

import hashlib
import json
import stat
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from floodmark.errors import FloodmarkError
from floodmark.hazmat import Look
from floodmark.register.free_text import HoldsIdentifier, UnfitText
from floodmark.register.hazmat_log import HazmatLogChanged, append, check, entries, fit_reason
from floodmark.register.workspace import Workspace

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


def look(offset: int) -> Look:
    return Look("ab" * 32, 1000, 0, offset, 1, "Mending the grammar")


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    return Workspace.open(tmp_path / "home")


def log(place: Workspace) -> Path:
    return place.folder / "hazmat.jsonl"


def test_looks_are_kept_in_their_order_in_a_file_of_this_user_alone(place: Workspace) -> None:
    for offset in range(3):
        append(place, look(offset), NOON, "ada")
    found = entries(place)
    assert [one.look for one in found] == [look(offset) for offset in range(3)]
    assert {(one.time, one.user, one.intact) for one in found} == {("2026-01-31T12:00:00Z", "ada", True)}
    assert stat.S_IMODE(log(place).stat().st_mode) == 0o600
    check(found)


def test_without_a_look_there_is_no_log_and_reading_makes_none(place: Workspace) -> None:
    assert entries(place) == []
    assert not place.folder.exists()


@pytest.mark.parametrize("number", range(3))
def test_a_line_that_was_changed_is_seen_and_so_is_the_next(place: Workspace, number: int) -> None:
    for offset in range(3):
        append(place, look(offset), NOON, "ada")
    lines = log(place).read_bytes().splitlines()
    lines[number] = lines[number].replace(b'"ada"', b'"bob"')
    log(place).write_bytes(b"\n".join(lines) + b"\n")
    broken = [one.intact for one in entries(place)]
    # What follows a line vouches for it; nothing follows the last.
    assert broken == [n != number + 1 for n in range(3)]


def test_a_line_that_was_taken_out_is_seen(place: Workspace) -> None:
    for offset in range(3):
        append(place, look(offset), NOON, "ada")
    first, _, last = log(place).read_bytes().splitlines()
    log(place).write_bytes(first + b"\n" + last + b"\n")
    with pytest.raises(HazmatLogChanged, match="Line 2"):
        check(entries(place))


def test_a_log_that_was_cut_off_goes_on_and_the_cut_is_seen(place: Workspace) -> None:
    append(place, look(0), NOON, "ada")
    with log(place).open("r+b") as file:
        file.truncate(40)
    append(place, look(1), NOON, "ada")
    assert [(one.look.offset, one.intact) for one in entries(place)] == [(0, False), (1, True)]


@pytest.mark.parametrize(
    "line", [b"", b"null", b"[]", b"7", b"{}", b"\xff", b"[" * 100_000, b'{"previous":1}']
)
def test_a_line_of_any_kind_is_damage_and_no_traceback(place: Workspace, line: bytes) -> None:
    append(place, look(0), NOON, "ada")
    with log(place).open("ab") as file:
        file.write(line + b"\n")
    assert [one.intact for one in entries(place)] == [True, False]


def test_a_link_in_the_place_of_the_log_is_not_followed(place: Workspace, tmp_path: Path) -> None:
    append(place, look(0), NOON, "ada")
    log(place).unlink()
    other = tmp_path / "elsewhere"
    other.touch()
    log(place).symlink_to(other)
    with pytest.raises(FloodmarkError):
        append(place, look(1), NOON, "ada")
    assert other.read_bytes() == b""


def test_a_reason_has_words_and_no_identifier() -> None:
    assert fit_reason("  Mending\nthe\x1b[31m grammar,  INC-123 ") == "Mending the[31m grammar, INC-123"
    with pytest.raises(UnfitText):
        fit_reason(" \u200b ")
    with pytest.raises(UnfitText):
        fit_reason("x " * 300)
    with pytest.raises(HoldsIdentifier):
        fit_reason("Is ada@example.org in it?")


def test_the_json_form_has_what_the_log_has(place: Workspace) -> None:
    append(place, look(7), NOON, "ada")
    (one,) = entries(place)
    kept = json.loads(log(place).read_bytes())
    assert one.to_dict() == {key: value for key, value in kept.items() if key != "previous"} | {
        "intact": True
    }


def test_a_member_is_named(place: Workspace) -> None:
    named = replace(look(7), member=2, label="set.zip/parts/2.csv")
    append(place, named, NOON, "ada")
    (one,) = entries(place)
    assert one.look == named


def test_lines_of_before_members_were_named_stay_whole_and_lines_go_on_behind_them(place: Workspace) -> None:
    append(place, look(0), NOON, "ada")
    old = json.loads(log(place).read_bytes())
    del old["label"]
    written = json.dumps(old, separators=(",", ":")).encode()
    second = json.dumps(
        old | {"previous": hashlib.sha256(written).hexdigest()}, separators=(",", ":")
    ).encode()
    log(place).write_bytes(written + b"\n" + second + b"\n")
    append(place, replace(look(1), label="set.zip/1.csv"), NOON, "ada")
    found = entries(place)
    check(found)
    assert [one.look.label for one in found] == ["", "", "set.zip/1.csv"]
