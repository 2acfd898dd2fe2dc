"""Analysts who sign in: codes that count once, waits that keep out nobody who is known, names that nobody can tell."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from argon2.profiles import CHEAPEST, RFC_9106_LOW_MEMORY
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from floodmark.register import signing_in, tables
from floodmark.register.analyst_changes import add_analyst, reset_analyst
from floodmark.register.analysts import (
    AnalystExists,
    AnalystNotFound,
    BadAnalystName,
    get_analyst,
    list_analysts,
    remove_analyst,
)
from floodmark.register.known_browsers import LIFETIME, browser_of, mark_browser
from floodmark.register.one_time_codes import code_at, step_at, step_of
from floodmark.register.passwords import normal
from floodmark.register.sessions import find_session, live_sessions
from floodmark.register.sign_in_key import SignInKey
from floodmark.register.signing_in import FRESH, LONGEST_WAIT, SignedIn, begin, finish
from floodmark.register.workspace import Workspace

START = datetime(2026, 1, 31, 13, 5, tzinfo=UTC)
KEY = SignInKey(bytes(range(32)))
PASSWORD = b"correct horse battery"


def later(**by: float) -> datetime:
    return START + timedelta(**by)


def added(workspace: Workspace, name: str = "ada", now: datetime = START) -> bytes:
    """An authenticator's secret; the same in every run, since of secrets drawn anew two have one code now and then."""
    random = Random(f"{name} added").randbytes
    return add_analyst(workspace, KEY, name, normal(PASSWORD), now=now, cost=CHEAPEST, random=random)


def anew(
    workspace: Workspace, now: datetime, *, key: SignInKey = KEY, password: bytes = PASSWORD
) -> tuple[bytes, int]:
    """New secrets for ada, and how many sessions ended; the same secret in every run, too."""
    random = Random("ada anew").randbytes
    return reset_analyst(workspace, key, "ada", normal(password), now=now, cost=CHEAPEST, random=random)


@pytest.fixture
def secret(begun: Workspace) -> bytes:
    """The authenticator's secret of the analyst ada, who was added the day before."""
    return added(begun, now=later(days=-1))


@pytest.fixture
def sign_in(workspace: Workspace) -> Callable[..., SignedIn | None]:
    """One attempt, whole."""

    def attempt(
        code: str, now: datetime = START, *, name: str = "ada", password: bytes = PASSWORD, mark: str = ""
    ) -> SignedIn | None:
        begun = begin(workspace, KEY, name, code, mark, now)
        return begun and finish(workspace, KEY, begun, normal(password), now, cost=CHEAPEST)

    return attempt


def code(secret: bytes, now: datetime = START) -> str:
    return code_at(secret, step_at(now))


def wrong(secret: bytes, now: datetime = START) -> str:
    """Six digits that are no code of now."""
    near = {code_at(secret, step_at(now) + around) for around in (-1, 0, 1)}
    return next(text for text in map("{:06}".format, itertools.count()) if text not in near)


def test_an_analyst_signs_in_with_password_and_code(workspace, secret, sign_in):
    found = sign_in(code(secret))
    session = find_session(workspace, found.token, later(minutes=5))
    assert session is not None and session.analyst == "ada"


@pytest.mark.parametrize("typed", [" ADA ", "Ada", "ada"])
def test_a_name_may_be_typed_in_capitals(secret, sign_in, typed):
    assert sign_in(code(secret), name=typed)


def test_no_code_counts_twice(secret, sign_in):
    assert sign_in(code(secret))
    assert sign_in(code(secret)) is None
    assert sign_in(code(secret, later(seconds=30)), later(seconds=30))


def test_a_code_before_one_that_was_used_counts_no_more(secret, sign_in):
    assert sign_in(code(secret, later(seconds=30)))
    assert sign_in(code(secret)) is None


def test_of_many_attempts_with_one_code_at_one_time_one_wins(workspace, secret):
    def attempt(_: int) -> bool:
        own = Workspace.open(workspace.folder)
        begun = begin(own, KEY, "ada", code(secret), "", START)
        return begun is not None and begun.code_right

    with ThreadPoolExecutor(6) as threads:
        assert sum(threads.map(attempt, range(6))) == 1


def test_a_wrong_password_uses_the_code_up(secret, sign_in):
    assert sign_in(code(secret), password=b"another horse battery") is None
    assert sign_in(code(secret)) is None


def test_only_a_right_code_has_the_password_hashed(workspace, secret, monkeypatch):
    def refuse(*_: object) -> bool:
        raise AssertionError("hashed")

    monkeypatch.setattr(signing_in.passwords, "fits", refuse)
    for name, typed in [("ada", wrong(secret)), ("bob", code(secret)), ("ada", "")]:
        begun = begin(workspace, KEY, name, typed, "", START)
        assert begun and finish(workspace, KEY, begun, normal(PASSWORD), START) is None


@pytest.mark.parametrize("name", ["bob", "", "ADA LOVELACE", "\x00", "\udcff", "a" * 1000, "ada'--"])
def test_a_name_that_nobody_has_is_treated_as_one_that_somebody_has(workspace, secret, sign_in, name):
    assert sign_in(code(secret), name=name) is None
    with workspace.connect() as connection:
        rows = {row.name: row for row in connection.execute(select(tables.analysts))}
    assert rows[""].failures == 1 and rows["ada"].failures == 0
    assert rows[""].password.startswith("$argon2id$")
    assert [len(rows[""].totp), len(rows[""].password)] == [len(rows["ada"].totp), len(rows["ada"].password)]


def test_nobody_is_not_listed_and_cannot_sign_in_reset_or_go(workspace, secret, sign_in):
    with workspace.writing("test") as connection:
        assert [one.name for one in list_analysts(connection)] == ["ada"]
        for refused in (get_analyst, remove_analyst):
            with pytest.raises(AnalystNotFound):
                refused(connection, "")
    with pytest.raises(AnalystNotFound):
        reset_analyst(workspace, KEY, "", normal(PASSWORD), now=START, cost=CHEAPEST)


def test_without_analysts_nobody_signs_in(workspace):
    assert begin(workspace, KEY, "ada", "000000", "", START) is None


def test_failures_make_strangers_wait_twice_as_long_each_time_and_a_quarter_of_an_hour_at_most(
    workspace, secret, sign_in
):
    now, waits = START, []
    for _ in range(20):
        assert sign_in(wrong(secret, now), now) is None
        with workspace.connect() as connection:
            until = get_analyst(connection, "ada").locked_until
        waits.append((until - now).total_seconds() if until and until > now else 0.0)
        now = max(until or now, now)
    assert waits[:5] == [0] * 5 and waits[5:9] == [2, 4, 8, 16]
    assert max(waits) == waits[-1] == LONGEST_WAIT.total_seconds()


def test_during_a_wait_a_stranger_is_refused_with_everything_right_and_the_wait_grows_no_longer(
    workspace, secret, sign_in
):
    for _ in range(8):
        sign_in(wrong(secret))
    with workspace.connect() as connection:
        until = get_analyst(connection, "ada").locked_until
    for _ in range(30):
        assert sign_in(code(secret)) is None
    with workspace.connect() as connection:
        after = get_analyst(connection, "ada")
    assert after.locked_until == until and after.failures == 38
    assert sign_in(code(secret, until), until)


def test_who_fails_on_purpose_keeps_no_known_browser_out(secret, sign_in):
    first = sign_in(code(secret))
    now = START
    for _ in range(60):
        now += timedelta(seconds=45)
        assert sign_in(wrong(secret, now), now) is None
    assert sign_in(code(secret, now), now) is None
    assert sign_in(code(secret, now), now, mark=first.mark)


def test_who_fails_on_purpose_keeps_nobody_out_who_was_given_new_secrets_this_hour(
    workspace, secret, sign_in
):
    for _ in range(30):
        sign_in(wrong(secret))
    new, _ = anew(workspace, later(minutes=1))
    almost = later(minutes=1) + FRESH - timedelta(seconds=1)
    for now in (later(minutes=2), almost):
        for _ in range(30):
            assert sign_in(wrong(new, now), now) is None
        assert sign_in(code(new, now), now)
    for _ in range(30):
        sign_in(wrong(new, almost), almost)
    with workspace.connect() as connection:
        counted = get_analyst(connection, "ada")
    assert (counted.failures, counted.locked_until) == (30, None)
    over = almost + timedelta(seconds=30)
    assert sign_in(wrong(new, over), over) is None
    assert sign_in(code(new, over), over) is None, "the hour is over, and those failures count"


def test_a_clock_that_is_behind_the_last_change_of_secrets_gives_no_such_hour(workspace, secret, sign_in):
    before = later(days=-2)
    for _ in range(6):
        sign_in(wrong(secret, before), before)
    assert sign_in(code(secret, before), before) is None


def test_failures_are_forgotten_a_day_after_the_last_wait(workspace, secret, sign_in):
    for _ in range(30):
        sign_in(wrong(secret))
    sign_in(wrong(secret, later(days=1, minutes=16)), later(days=1, minutes=16))
    with workspace.connect() as connection:
        assert get_analyst(connection, "ada").failures == 1


def test_a_clock_that_was_set_back_makes_nobody_wait_for_it(secret, sign_in):
    for _ in range(30):
        sign_in(wrong(secret, later(days=30)), later(days=30))
    assert sign_in(code(secret))


def test_whoever_signs_in_has_no_failures_any_more(workspace, secret, sign_in):
    for _ in range(4):
        sign_in(wrong(secret))
    assert sign_in(code(secret))
    with workspace.connect() as connection:
        assert get_analyst(connection, "ada").failures == 0


def test_a_known_browser_does_not_forgive_the_failures_of_strangers(workspace, secret, sign_in):
    first = sign_in(code(secret))
    for _ in range(7):
        sign_in(wrong(secret, later(minutes=1)), later(minutes=1))
    assert sign_in(code(secret, later(minutes=2)), later(minutes=2), mark=first.mark)
    with workspace.connect() as connection:
        assert get_analyst(connection, "ada").failures == 7


def test_a_mark_is_for_one_analyst_and_ends_with_the_secrets(workspace, secret, sign_in):
    first = sign_in(code(secret))
    bob = added(workspace, "bob")
    new, _ = anew(workspace, later(seconds=60))
    now = later(hours=2)
    for name, theirs in (("ada", new), ("bob", bob)):
        for _ in range(12):
            sign_in(wrong(theirs, now), now, name=name)
        assert sign_in(code(theirs, now), now, name=name, mark=first.mark) is None


@given(
    st.text(max_size=200)
    | st.from_regex(r"[0-9a-f]{32}\.[0-9]{1,11}\.[0-9]{1,11}\.[0-9a-f]{64}", fullmatch=True)
)
def test_a_mark_that_was_made_up_is_none(mark):
    assert browser_of(KEY, mark, "ada", START) is None


def test_a_mark_grows_old():
    mark = mark_browser(KEY, "ada", "2026-01-01T00:00:00Z", START)
    assert browser_of(KEY, mark, "ada", START + LIFETIME - timedelta(seconds=1))
    assert browser_of(KEY, mark, "ada", START + LIFETIME) is None
    assert browser_of(KEY, mark, "ada", START - timedelta(hours=1)) is None


def test_new_secrets_void_the_old_ones_and_end_all_sessions(workspace, secret, sign_in):
    first = sign_in(code(secret))
    now = later(minutes=1)
    new, ended = anew(workspace, now, password=b"a new horse battery")
    assert ended == 1 and find_session(workspace, first.token, now) is None
    assert sign_in(code(secret, now), now) is None
    assert sign_in(code(new, now), now, password=b"a new horse battery")


def test_secrets_that_change_while_somebody_signs_in_let_nobody_in(workspace, secret):
    begun = begin(workspace, KEY, "ada", code(secret), "", START)
    anew(workspace, START)
    assert begun and finish(workspace, KEY, begun, normal(PASSWORD), START, cost=CHEAPEST) is None
    with workspace.connect() as connection:
        assert live_sessions(connection, START) == {}


def test_an_analyst_who_is_removed_is_signed_out(workspace, secret, sign_in):
    found = sign_in(code(secret))
    with workspace.writing("test") as connection:
        remove_analyst(connection, "ada")
    assert find_session(workspace, found.token, START) is None
    assert sign_in(code(secret, later(minutes=1)), later(minutes=1)) is None


def test_a_hash_of_another_cost_is_made_anew_and_browsers_stay_known(workspace, secret):
    def kept() -> str:
        with workspace.connect() as connection:
            return str(
                connection.execute(
                    select(tables.analysts.c.password).where(tables.analysts.c.name == "ada")
                ).scalar_one()
            )

    before = kept()
    begun = begin(workspace, KEY, "ada", code(secret), "", START)
    found = finish(workspace, KEY, begun, normal(PASSWORD), START, cost=RFC_9106_LOW_MEMORY)
    assert "m=65536,t=3,p=4" in kept() and "m=65536" not in before
    assert begin(workspace, KEY, "ada", "", found.mark, START).known


def test_secrets_under_another_key_let_nobody_in_and_are_told_apart_for_the_log(workspace, secret):
    other = SignInKey(bytes(32))
    begun = begin(workspace, other, "ada", code(secret), "", START)
    assert begun and begun.lost and not begun.code_right
    new, _ = anew(workspace, START, key=other)
    begun = begin(workspace, other, "ada", code(new), "", START)
    assert begun and finish(workspace, other, begun, normal(PASSWORD), START, cost=CHEAPEST)
    nobody = begin(workspace, other, "bob", "", "", START)
    assert nobody and not nobody.lost


def test_a_name_is_given_once(workspace, secret):
    with pytest.raises(AnalystExists):
        add_analyst(workspace, KEY, "ada", normal(PASSWORD), now=START, cost=CHEAPEST)


@pytest.mark.parametrize("name", ["", "Ada", "ada@example.org", "07400123456", "a b", "-a", "é", "a" * 65])
def test_a_name_is_no_identifier_and_no_address(workspace, name):
    with pytest.raises(BadAnalystName) as refused:
        add_analyst(workspace, KEY, name, normal(PASSWORD), now=START, cost=CHEAPEST)
    assert not name or name not in str(refused.value)


def test_nothing_that_is_kept_opens_anything(workspace, secret, sign_in):
    found = sign_in(code(secret))
    stored = (workspace.register.read_bytes(), workspace.register.with_name("register.sqlite-wal"))
    raw = stored[0] + (stored[1].read_bytes() if stored[1].exists() else b"")
    assert found.token.encode() not in raw and secret not in raw and PASSWORD not in raw
    assert found.token not in repr(found) and found.mark not in repr(found)


@given(st.integers(10, 1 << 30), st.integers(-3, 3), st.integers(-3, 3))
def test_a_code_counts_in_its_own_step_and_those_beside_it_if_later_than_the_last(step, around, after):
    secret, now = bytes(range(20)), datetime.fromtimestamp(step * 30 + 7, UTC)
    this = step_at(now)
    found = step_of(secret, code_at(secret, this + around), now, this + after)
    # Two steps may have one code by chance: then the later one is meant.
    assert (found is not None and found > this + after) == (
        any(
            code_at(secret, this + around) == code_at(secret, this + near) and near > after
            for near in (-1, 0, 1)
        )
    )


@given(st.text())
def test_what_is_no_code_is_none(typed):
    secret = bytes(range(20))
    digits = "".join(character for character in typed if character.isdigit())
    if len(digits) != 6:
        assert step_of(secret, typed, START, 0) is None


def test_codes_are_those_of_rfc_6238():
    secret = b"12345678901234567890"
    vectors = {59: "287082", 1111111109: "081804", 1111111111: "050471", 20000000000: "353130"}
    assert {at: code_at(secret, at // 30) for at in vectors} == vectors
