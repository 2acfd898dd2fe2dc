"""Budgets in a folder: restarts, kills, other processes, changed policies and damage."""

from __future__ import annotations

import signal
import stat
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark.errors import NothingToRead
from floodmark.files import OutputFailed
from floodmark.guard.actors import Actor
from floodmark.guard.budgets import BadState, Budgets, Limit, StateInUse
from floodmark.guard.budgets.changed_limits import carry_over
from floodmark.guard.budgets.numbered import numbered, renumbered
from floodmark.guard.reduction import Reduced
from floodmark.kernel.buckets import Asking, Rules, Sizes, Tables

LIMITS = (Limit("account", 3, 1 / 60), Limit("prefix", 100, 1.0))
ADA = Actor(account=1, prefix=9)
MEMORY = 1 << 16


def identifiers(*digests: int) -> list[Reduced]:
    return [Reduced(digest, block=0, position=0) for digest in digests]


def opened(folder: Path, limits=LIMITS, at: float = 0.0) -> Budgets:
    return Budgets.open(folder, limits, at=at, memory=MEMORY)


def test_a_restart_forgets_neither_what_is_spent_nor_what_is_known(tmp_path: Path) -> None:
    with opened(tmp_path) as budgets:
        budgets.take(0.0, ADA, "x", identifiers(1, 2))
    with opened(tmp_path) as budgets:
        assert budgets.take(0.0, ADA, "x", identifiers(2, 1, 3, 4)).refused == (3,)
        assert budgets.counts()["asked"] == 6


def test_a_state_is_for_its_user_alone_and_as_large_as_it_will_ever_be(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "guard"
    with opened(folder) as budgets:
        size = (folder / "budgets.state").stat().st_size
        budgets.take(0.0, ADA, "x", identifiers(1, 2))
        assert (folder / "budgets.state").stat().st_size == size == budgets.bytes + (1 << 16)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}


# It ends before the budget of all three is spent, however far the others came before they were killed.
KILLED = """
import signal, sys
from pathlib import Path
from floodmark.guard.actors import Actor
from floodmark.guard.budgets import Budgets, Limit
from floodmark.guard.reduction import Reduced
start = int(sys.argv[2])
limits = [Limit("account", 20_000, 1e-4), Limit("prefix", 100_000, 1.0)]
budgets = Budgets.open(Path(sys.argv[1]), limits, at=0.0, memory=65536)
for digest in range(start, start + 6000):
    taken = budgets.take(0.0, Actor(account=1, prefix=digest % 50 + 1), "x", [Reduced(digest, 0, 0)])
    print(digest if taken.granted else "refused", flush=True)
signal.pause()
"""


def test_a_process_that_is_killed_while_it_answers_leaves_every_answer_charged(tmp_path: Path) -> None:
    answered: list[int] = []
    for start in (100_000, 200_000, 300_000):
        command = [sys.executable, "-c", KILLED, str(tmp_path), str(start)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            answered += [int(child.stdout.readline()) for _ in range(start // 200)]
            child.send_signal(signal.SIGKILL)
            answered += [int(line) for line in child.stdout.read().split()]
        assert child.returncode == -signal.SIGKILL
    limits = [Limit("account", 20_000, 1e-4), Limit("prefix", 100_000, 1.0)]
    with Budgets.open(tmp_path, limits, at=0.0, memory=MEMORY) as budgets:
        used = budgets.standing(0.0, Actor(account=1), "x")[0].used
        assert len(answered) == len(set(answered)) <= used <= len(answered) + 3
        more = budgets.take(0.0, Actor(account=1), "x", identifiers(*range(10**6, 10**6 + 25_000)))
        assert len(answered) + more.new <= 20_000


def test_processes_that_share_a_folder_share_its_budgets(tmp_path: Path) -> None:
    one, other = opened(tmp_path), opened(tmp_path)
    with one, other:
        assert one.take(0.0, ADA, "x", identifiers(1, 2)).new == 2
        assert other.take(0.0, ADA, "x", identifiers(2, 3, 4)).refused == (2,)
        assert one.take(0.0, ADA, "x", identifiers(3, 5)).refused == (1,)


def test_a_process_that_was_forked_takes_from_the_same_budget_under_a_lock_of_its_own(tmp_path: Path) -> None:
    limits = [Limit("account", 900, 1e-6)]
    script = """
import os, sys
from pathlib import Path
from floodmark.guard.actors import Actor
from floodmark.guard.budgets import Budgets, Limit
from floodmark.guard.reduction import Reduced
budgets = Budgets.open(Path(sys.argv[1]), [Limit("account", 900, 1e-6)], at=0.0, memory=65536)
children = []
for number in range(3):
    child = os.fork()
    if child == 0:
        new = 0
        for digest in range(number * 1000, number * 1000 + 500):
            new += budgets.take(0.0, Actor(account=1), "x", [Reduced(digest, 0, 0)]).new
        os._exit(new // 10)
    children.append(child)
print(sum(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children))
"""
    found = subprocess.run(
        [sys.executable, "-c", script, tmp_path], capture_output=True, text=True, check=True, timeout=300
    )
    assert 87 <= int(found.stdout) <= 90
    with Budgets.open(tmp_path, limits, at=0.0) as budgets:
        assert budgets.standing(0.0, ADA, "x")[0].used == pytest.approx(900, abs=0.01)
        assert budgets.counts()["granted_new"] == 900


def test_the_order_of_a_policy_does_not_matter(tmp_path: Path) -> None:
    with opened(tmp_path) as budgets:
        budgets.take(0.0, ADA, "x", identifiers(1, 2))
    with opened(tmp_path, LIMITS[::-1]) as budgets:
        taken = budgets.take(0.0, ADA, "x", identifiers(1, 3, 4))
        assert (taken.refused, [standing.used for standing in taken.standings]) == ((2,), [3.0, 3.0])


def test_a_changed_limit_keeps_what_is_spent_up_to_its_new_burst(tmp_path: Path) -> None:
    with opened(tmp_path) as budgets:
        budgets.take(0.0, ADA, "x", identifiers(1, 2, 3))
    for burst, used in ((10, 3.0), (2, 2.0), (10, 2.0)):
        with opened(tmp_path, (Limit("account", burst, 1 / 600), LIMITS[1])) as budgets:
            account, prefix = budgets.standing(0.0, ADA, "x")
            assert (account.used, prefix.used) == (pytest.approx(used, abs=1e-6), 3.0)
            assert account.used >= used


def test_a_limit_that_is_gone_and_comes_back_begins_empty_and_its_place_is_used_again(tmp_path: Path) -> None:
    with opened(tmp_path) as budgets:
        budgets.take(0.0, ADA, "x", identifiers(1, 2, 3))
    with opened(tmp_path, (LIMITS[1], Limit("app", 2, 1 / 60))) as budgets:
        assert [standing.used for standing in budgets.standing(0.0, Actor(prefix=9, app=1), "x")] == [
            3.0,
            0.0,
        ]
    with opened(tmp_path) as budgets:
        assert [standing.used for standing in budgets.standing(0.0, ADA, "x")] == [0.0, 3.0]


def test_another_policy_has_to_wait_until_nobody_holds_the_folder(tmp_path: Path) -> None:
    with opened(tmp_path), pytest.raises(StateInUse):
        opened(tmp_path, LIMITS[:1])
    opened(tmp_path, LIMITS[:1]).close()


def test_a_state_that_is_there_keeps_its_size(tmp_path: Path) -> None:
    opened(tmp_path).close()
    with Budgets.open(tmp_path, LIMITS, at=0.0, memory=1 << 20) as budgets:
        assert budgets.bytes < MEMORY


def test_whoever_looks_at_a_state_sees_it_as_it_is_and_changes_nothing(tmp_path: Path) -> None:
    with pytest.raises(NothingToRead):
        Budgets.look(tmp_path, LIMITS, at=0.0)
    with opened(tmp_path) as budgets:
        budgets.take(0.0, ADA, "x", identifiers(1, 2))
        before = (tmp_path / "budgets.state").read_bytes()
        for limits in (LIMITS, LIMITS[::-1], (Limit("account", 2, 1 / 600),)):
            with Budgets.look(tmp_path, limits, at=0.0) as seen:
                assert max(one.used for one in seen.standing(0.0, ADA, "x")) == pytest.approx(2.0, abs=1e-6)
                seen.take(0.0, ADA, "x", identifiers(3))
        assert (tmp_path / "budgets.state").read_bytes() == before
        assert budgets.take(0.0, ADA, "x", identifiers(3, 4)).refused == (1,)


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:-8],
        lambda data: data + b"\0",
        lambda data: b"\0" * len(data),
        lambda data: data.replace(b'"version": 1', b'"version": 2'),
        lambda data: data.replace(b"floodmark budgets", b"floodmark baskets"),
        lambda data: data.replace(b'"number": 0', b'"number":99'),
        lambda data: data.replace(b'"sizes": [', b'"sizes": [3,'),
        lambda data: data.replace(b'"number": 0', b'"number":1e999').replace(b"    ", b"", 1),
        lambda data: b"[" * 65536 + data[65536:],
    ],
)
def test_a_damaged_state_is_refused_and_left_as_it_is(tmp_path: Path, damage) -> None:
    opened(tmp_path).close()
    file = tmp_path / "budgets.state"
    data = damage(file.read_bytes())
    file.write_bytes(data)
    with pytest.raises(BadState) as caught:
        opened(tmp_path)
    assert str(tmp_path) not in str(caught.value)
    assert file.read_bytes() == data


def test_a_folder_that_cannot_be_made_is_an_error_with_a_reason(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputFailed):
        opened(tmp_path / "file" / "guard")


def test_descriptors_are_given_back_and_closing_twice_does_no_harm(tmp_path: Path) -> None:
    def held() -> list[str]:
        """What is open of the folder; other parts of this process open and close what they like meanwhile."""
        found = []
        for descriptor in Path("/proc/self/fd").iterdir():
            with suppress(OSError):
                found.append(str(descriptor.readlink()))
        return [path for path in found if path.startswith(str(tmp_path.resolve()))]

    for _ in range(5):
        budgets = opened(tmp_path)
        assert held()
        budgets.flush()
        budgets.close()
        budgets.close()
    del budgets
    assert held() == []


@settings(max_examples=60)
@given(
    st.integers(1, 50),
    st.sampled_from([0.1, 1 / 7, 3.0]),
    st.sampled_from([0.1, 1 / 7, 3.0]),
    st.integers(1, 60),
    st.integers(0, 90),
    st.integers(-50, 50),
)
def test_a_policy_that_changes_gives_nothing_back(spent, old_rate, new_rate, new_burst, wait, jump) -> None:
    old, new = (Limit("account", 50, old_rate),), (Limit("account", new_burst, new_rate),)
    tables = Tables.in_memory(Sizes(2, 1, 64))
    before = numbered(old)
    asking = Asking(tables, Rules([one.rule for one in before]))
    second = 10**9
    asking.take(1000 * second, [7], range(spent))
    latest = (1000 + wait) * second
    asking.take(latest, [8], [1])
    used = asking.take(latest, [7], []).ahead[0] / old[0].cost
    after = renumbered(new, before)
    carry_over(tables, before, after, latest + jump * second)
    found = Asking(tables, Rules([one.rule for one in after])).take(latest, [7], []).ahead[0] / new[0].cost
    assert found >= min(used, new_burst) - max(jump, 0) * new_rate * 1.001
    assert found <= min(used, new_burst) + max(jump, 0) * new_rate + 1e-3


def test_a_policy_that_changes_takes_those_who_lost_their_place_along() -> None:
    old, new = (Limit("account", 50, 0.1),), (Limit("account", 50, 0.01),)
    tables = Tables.in_memory(Sizes(2, 1, 64))
    before = numbered(old)
    Asking(tables, Rules([one.rule for one in before])).take(0, [7], range(20))
    for actor in range(100, 140):
        Asking(tables, Rules([one.rule for one in before])).take(0, [actor], range(30))
    after = renumbered(new, before)
    carry_over(tables, before, after, 0)
    assert Asking(tables, Rules([one.rule for one in after])).take(0, [7], []).ahead[0] >= 20 * new[0].cost
