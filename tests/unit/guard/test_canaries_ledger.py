"""Who asked for which canaries first: kept over restarts and kills, bounded, and never lost."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.files import OutputFailed
from floodmark.guard import CanaryLedger, GuardFileError
from floodmark.guard import canaries_ledger as module
from floodmark.guard.keyed_json import OtherKey

KEY_ID = "0123456789abcdef"
ADA, BOB = "account/00000000000000aa", "account/00000000000000bb"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "canaries-asked.jsonl"


def test_what_was_asked_outlasts_a_restart(path: Path) -> None:
    ledger = CanaryLedger.open(path, KEY_ID)
    assert ledger.add(5.0, ADA, [7, 8]) == 2
    ledger.close()
    again = CanaryLedger.open(path, KEY_ID)
    assert again.add(6.0, ADA, [8, 9]) == 3
    assert again.count(BOB) == 0
    again.close()
    assert [(one.at, one.digest) for one in CanaryLedger.read(path, KEY_ID).of(ADA)] == [
        (5.0, 7),
        (5.0, 8),
        (6.0, 9),
    ]
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_kill_at_any_byte_loses_only_the_line_that_was_being_written(path: Path, tmp_path: Path) -> None:
    ledger = CanaryLedger.open(path, KEY_ID)
    ledger.add(1.0, ADA, [7])
    whole = path.stat().st_size
    ledger.add(2.0, BOB, [8])
    ledger.close()
    held = path.read_bytes()
    cut = tmp_path / "cut.jsonl"
    for size in range(whole, len(held)):
        cut.write_bytes(held[:size])
        again = CanaryLedger.open(cut, KEY_ID)
        assert (again.count(ADA), again.count(BOB)) == (1, 0)
        assert again.add(3.0, BOB, [9]) == 1
        again.close()
        assert [one.digest for one in CanaryLedger.read(cut, KEY_ID).of(BOB)] == [9]


def test_a_ledger_that_is_none_is_refused(path: Path) -> None:
    head = b'{"version": 1, "key_id": "0123456789abcdef"}\n'
    for held in (
        b"x\n",
        b"[]\n",
        b"{}\n",
        head + b"[1]\n",
        head + b"x\n",
        head + b"9" * 5000,
        head + b'[1, "a", 7]\n',
    ):
        path.write_bytes(held)
        with pytest.raises(GuardFileError):
            CanaryLedger.open(path, KEY_ID)
        assert path.read_bytes() == held
    path.write_bytes(head)
    with pytest.raises(OtherKey):
        CanaryLedger.open(path, "f" * 16)
    path.unlink()
    path.mkdir()
    with pytest.raises(GuardFileError):
        CanaryLedger.read(path, KEY_ID)


def test_processes_that_open_a_new_ledger_at_once_write_to_one_file(path: Path) -> None:
    others: list[CanaryLedger] = []
    with pytest.MonkeyPatch.context() as monkey:
        monkey.setattr(
            module.fcntl, "flock", lambda *_: monkey.undo() or others.append(CanaryLedger.open(path, KEY_ID))
        )
        one = CanaryLedger.open(path, KEY_ID)
    for at, ledger in enumerate([one, *others]):
        ledger.add(float(at), ADA, [at])
        ledger.close()
    assert CanaryLedger.read(path, KEY_ID).count(ADA) == 2


def test_opening_a_ledger_again_cuts_off_nothing_that_another_process_wrote_meanwhile(path: Path) -> None:
    one = CanaryLedger.open(path, KEY_ID)
    one.add(1.0, ADA, [7])
    with pytest.MonkeyPatch.context() as monkey:
        monkey.setattr(module.fcntl, "flock", lambda *_: monkey.undo() or one.add(2.0, BOB, [8]))
        CanaryLedger.open(path, KEY_ID).close()
    one.close()
    assert CanaryLedger.read(path, KEY_ID).count(BOB) == 1


def test_a_link_in_the_place_of_a_ledger_leads_nowhere(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_text("precious")
    path.symlink_to(other)
    with pytest.raises(OutputFailed):
        CanaryLedger.open(path, KEY_ID)
    assert other.read_text() == "precious"


def test_a_full_ledger_keeps_whom_it_has_and_judges_others_by_the_request_at_hand(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "MOST", 3)
    ledger = CanaryLedger()
    assert ledger.add(1.0, ADA, [1, 2]) == 2
    assert not ledger.full
    assert ledger.add(2.0, BOB, [1, 2]) == 2
    assert ledger.full
    assert (ledger.count(ADA), ledger.count(BOB), ledger.kept) == (2, 1, 3)
    assert ledger.add(3.0, BOB, [3, 4]) == 3
    assert ledger.add(3.0, "account/00000000000000cc", [5]) == 1
    assert list(ledger) == [ADA, BOB]


def test_of_nobody_nothing_is_kept() -> None:
    ledger = CanaryLedger()
    assert ledger.add(1.0, "", [1, 2, 2]) == 2
    assert (ledger.kept, ledger.full, ledger.count("")) == (0, False, 0)


@given(
    st.lists(st.tuples(st.sampled_from([ADA, BOB]), st.lists(st.integers(0, 9), max_size=4), st.booleans()))
)
def test_every_count_is_that_of_different_canaries_whatever_restarts(
    requests: list[tuple[str, list[int], bool]],
) -> None:
    asked: dict[str, set[int]] = {ADA: set(), BOB: set()}
    with TemporaryDirectory() as folder:
        path = Path(folder) / "asked.jsonl"
        ledger = CanaryLedger.open(path, KEY_ID)
        for at, (who, digests, restarts) in enumerate(requests):
            if restarts:
                ledger.close()
                ledger = CanaryLedger.open(path, KEY_ID)
            asked[who] |= set(digests)
            assert ledger.add(float(at), who, digests) == len(asked[who])
        ledger.close()
        assert ledger.kept == sum(map(len, asked.values()))
