"""Sessions: how long they live whatever happens, and that nothing in the register opens one."""

from __future__ import annotations

import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2.profiles import CHEAPEST
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule
from sqlalchemy import func, select

from floodmark.register import lock, tables
from floodmark.register.analyst_changes import add_analyst, reset_analyst
from floodmark.register.passwords import normal
from floodmark.register.sessions import (
    IDLE,
    LONGEST,
    MOST,
    NOTED,
    begin_session,
    end_session,
    end_sessions,
    find_session,
    live_sessions,
)
from floodmark.register.sign_in_key import SignInKey
from floodmark.register.workspace import Workspace

START = datetime(2026, 1, 31, 13, 5, tzinfo=UTC)
KEY = SignInKey(bytes(32))


@pytest.fixture(scope="module", autouse=True)
def two_analysts(tmp_path_factory: pytest.TempPathFactory, blank: Path) -> Path:
    """A workspace that knows ada and bob, to copy."""
    folder = shutil.copytree(blank, tmp_path_factory.mktemp("analysts") / "floodmark")
    for name in ("ada", "bob"):
        add_analyst(Workspace.open(folder, wait=0), KEY, name, normal(b"x"), now=START, cost=CHEAPEST)
    Sessions.template = folder
    return folder


@pytest.fixture
def register(workspace: Workspace, two_analysts: Path) -> Workspace:
    shutil.copytree(two_analysts, workspace.folder)
    return workspace


def begun(workspace: Workspace, name: str = "ada", now: datetime = START) -> str:
    with workspace.writing("test") as connection:
        return begin_session(connection, name, now)


def test_a_session_ends_half_an_hour_after_it_was_last_used(register):
    token = begun(register)
    assert find_session(register, token, START + IDLE - timedelta(seconds=1))
    assert find_session(register, token, START + 2 * IDLE - timedelta(seconds=2))
    assert find_session(register, token, START + 3 * IDLE) is None


def test_a_session_ends_after_twelve_hours_however_it_is_used(register):
    token, now = begun(register), START
    while now < START + LONGEST - timedelta(minutes=20):
        now += timedelta(minutes=20)
        assert (find_session(register, token, now) is not None) == (now < START + LONGEST)
    assert find_session(register, token, START + LONGEST) is None


def test_a_session_of_a_clock_that_was_set_back_is_none(register):
    token = begun(register)
    assert find_session(register, token, START - timedelta(minutes=1))
    assert find_session(register, token, START - timedelta(minutes=10)) is None


def test_pages_are_read_while_another_process_saves(register):
    token = begun(register)
    own = Workspace.open(register.folder, wait=0)
    with lock.held(register.folder / "workspace.lock", "save", wait=0, waiting=None):
        assert find_session(own, token, START + NOTED)


def test_an_analyst_has_ten_sessions_at_most_and_the_oldest_go(register):
    tokens = [begun(register, now=START + timedelta(minutes=minute)) for minute in range(MOST + 2)]
    now = START + timedelta(minutes=MOST + 2)
    assert [find_session(register, token, now) is not None for token in tokens] == [False] * 2 + [True] * MOST
    with register.connect() as connection:
        assert live_sessions(connection, now) == {"ada": MOST}


def test_what_has_ended_is_removed_when_somebody_signs_in(register):
    begun(register, "bob")
    begun(register, "ada", START + IDLE)
    with register.connect() as connection:
        assert connection.execute(select(func.count()).select_from(tables.sessions)).scalar_one() == 1


def test_the_hash_that_the_register_has_opens_nothing(register):
    begun(register)
    with register.connect() as connection:
        row = connection.execute(select(tables.sessions)).one()
    assert find_session(register, row.sha256, START) is None
    assert find_session(register, row.csrf, START) is None


@settings(max_examples=30)
@given(st.text(max_size=100) | st.from_regex(r"[0-9a-f]{64}", fullmatch=True))
def test_what_was_made_up_is_no_session(token):
    with tempfile.TemporaryDirectory() as folder:
        assert find_session(Workspace.open(Path(folder) / "workspace"), token, START) is None


class Sessions(RuleBasedStateMachine):
    """Sessions of two analysts while time passes; `used` has when each was last seen alive, by its token."""

    tokens = Bundle("tokens")
    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.place = tempfile.TemporaryDirectory()
        folder = shutil.copytree(self.template, Path(self.place.name) / "workspace")
        self.workspace = Workspace.open(folder, wait=0)
        self.now = START
        self.began: dict[str, datetime] = {}
        self.used: dict[str, datetime] = {}
        self.whose: dict[str, str] = {}
        self.ended: set[str] = set()

    def teardown(self) -> None:
        self.place.cleanup()

    @rule(target=tokens, name=st.sampled_from(["ada", "bob"]))
    def sign_in(self, name):
        token = begun(self.workspace, name, self.now)
        self.began[token] = self.used[token] = self.now
        self.whose[token] = name
        return token

    @rule(seconds=st.sampled_from([1, 29, 59, 61, 600, 1739, 1741, 1800, 7200, 43199]))
    def wait(self, seconds):
        self.now += timedelta(seconds=seconds)

    @rule(token=tokens)
    def use(self, token):
        found = find_session(self.workspace, token, self.now)
        unused, age = self.now - self.used[token], self.now - self.began[token]
        if token in self.ended or unused >= IDLE or age >= LONGEST:
            assert found is None
        elif unused < IDLE - NOTED:
            assert found is not None
        assert found is None or found.analyst == self.whose[token]
        if found is None:
            self.ended.add(token)
        else:
            self.used[token] = self.now

    @rule(token=tokens)
    def sign_out(self, token):
        with self.workspace.writing("test") as connection:
            end_session(connection, token)
        self.ended.add(token)

    @rule(name=st.sampled_from(["ada", "bob"]))
    def sign_out_everywhere(self, name):
        with self.workspace.writing("test") as connection:
            end_sessions(connection, name)
        self.ended |= {token for token, theirs in self.whose.items() if theirs == name}

    @rule(name=st.sampled_from(["ada", "bob"]))
    def reset(self, name):
        reset_analyst(self.workspace, KEY, name, normal(b"y"), now=self.now, cost=CHEAPEST)
        self.ended |= {token for token, theirs in self.whose.items() if theirs == name}

    @invariant()
    def tokens_differ(self):
        assert len(set(self.began)) == len(self.began)


Sessions.TestCase.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
TestSessions = Sessions.TestCase
