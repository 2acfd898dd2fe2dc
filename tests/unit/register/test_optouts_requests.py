"""Proof of control: codes that are sent, typed, wrong, late, killed and asked for again."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.exposure.check.asked import read
from floodmark.identifiers import digests
from floodmark.identifiers.digests import DigestKey
from floodmark.notices.sending import NotSent, PerhapsSent
from floodmark.register.optout_codes import ALPHABET, NoCode, kept, new_code, read_code
from floodmark.register.optout_requests import CodeRefused, NotProvable, confirm, request
from floodmark.register.optouts import opted_out
from floodmark.register.workspace import Workspace
from floodmark.register.workspace_keys import WrongKeys

KEY = DigestKey(bytes(range(32)))
NOW = datetime(2026, 1, 31, 13, 5, tzinfo=UTC)
ADA = read("ada@example.org")
PHONE = read("+44 7400 123456")
WRONG = "0000-0000"


class Post:
    """Keeps what is sent, or fails as it is told to."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.codes: list[str] = []
        self.failure = failure

    def __call__(self, code: str) -> None:
        self.codes.append(code)
        if self.failure is not None:
            raise self.failure


def ask(workspace, post, *, asked=ADA, purpose="optout", after=timedelta(0), key=KEY):
    request(workspace, key, asked, purpose, post, now=NOW + after)


def use(workspace, code, *, asked=ADA, purpose="optout", after=timedelta(0), key=KEY):
    confirm(workspace, key, asked, purpose, code, now=NOW + after)


def stored(workspace) -> list[tuple]:
    with sqlite3.connect(workspace.register) as connection:
        rows = connection.execute(
            "SELECT kind, digest, code, attempts FROM optout_requests ORDER BY kind"
        ).fetchall()
    connection.close()
    return rows


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.mark.parametrize("asked", [ADA, PHONE])
def test_whoever_gives_the_code_back_has_opted_out(workspace, post, asked):
    ask(workspace, post, asked=asked)
    use(workspace, post.codes[0].lower().replace("-", " "), asked=asked)
    kind, _, canonical = asked.data.decode().partition(":")
    assert opted_out(workspace, kind).tolist() == [digests.one(kind, canonical, KEY)]


def test_the_register_holds_neither_identifier_nor_code(workspace, post):
    ask(workspace, post)
    ask(workspace, post, asked=PHONE)
    raw = b"".join(path.read_bytes() for path in workspace.folder.rglob("*") if path.is_file())
    for secret in (b"ada@example", b"7400123456", *(code.encode() for code in post.codes)):
        assert secret not in raw
        assert secret.replace(b"-", b"") not in raw


def test_what_is_kept_of_a_code_holds_for_one_key_purpose_kind_and_identifier():
    given = (KEY, "optout", "email", "00" * 8, "K7QM3XRP")
    other = (DigestKey(bytes(32)), "withdraw", "phone", "01" * 8, "K7QM3XRQ")
    changed = [kept(*(other[i] if i == place else given[i] for i in range(5))) for place in range(5)]
    assert len({kept(*given), *changed}) == 6


@pytest.mark.parametrize(
    ("asked", "purpose", "after"),
    [
        (PHONE, "optout", timedelta(0)),
        (ADA, "withdraw", timedelta(0)),
        (ADA, "optout", timedelta(minutes=30)),
        (ADA, "optout", timedelta(days=400)),
        (ADA, "optout", timedelta(minutes=-3)),  # the clock was set back
    ],
)
def test_a_code_is_for_one_identifier_one_purpose_and_half_an_hour(workspace, post, asked, purpose, after):
    ask(workspace, post)
    with pytest.raises(CodeRefused):
        use(workspace, post.codes[0], asked=asked, purpose=purpose, after=after)
    assert opted_out(workspace, "email").size == opted_out(workspace, "phone").size == 0


def test_a_clock_that_is_set_right_by_seconds_kills_no_code(workspace, post):
    ask(workspace, post)
    use(workspace, post.codes[0], after=timedelta(seconds=-90))


def test_all_refusals_are_in_the_same_words(workspace, post):
    said = set()
    for step in ("never asked", "wrong", "another purpose", "expired", "used", "dead"):
        if step == "dead":
            ask(workspace, post, after=timedelta(minutes=50))
            for _ in range(5):
                with pytest.raises(CodeRefused):
                    use(workspace, WRONG, after=timedelta(minutes=50))
        after = timedelta(minutes={"expired": 35, "used": 40, "dead": 50}.get(step, 0))
        if step == "wrong":
            ask(workspace, post)
        if step == "used":
            ask(workspace, post, after=after)
            use(workspace, post.codes[-1], after=after)
        code = WRONG if step in ("never asked", "wrong") else post.codes[-1]
        with pytest.raises(CodeRefused) as raised:
            use(workspace, code, purpose="withdraw" if step == "another purpose" else "optout", after=after)
        said.add((raised.value.message, raised.value.hint, raised.value.exit_code))
    assert len(said) == 1


def test_after_five_wrong_codes_the_right_one_is_dead_and_a_new_one_is_not(workspace, post):
    ask(workspace, post)
    for _ in range(5):
        with pytest.raises(CodeRefused):
            use(workspace, WRONG)
    with pytest.raises(CodeRefused):
        use(workspace, post.codes[0])
    ask(workspace, post, after=timedelta(minutes=2))
    use(workspace, post.codes[1], after=timedelta(minutes=2))


def test_the_fifth_attempt_may_be_the_right_one(workspace, post):
    ask(workspace, post)
    for _ in range(4):
        with pytest.raises(CodeRefused):
            use(workspace, WRONG)
    use(workspace, post.codes[0])


def test_what_is_no_code_costs_no_attempt(workspace, post):
    ask(workspace, post)
    for _ in range(9):
        with pytest.raises(NoCode):
            use(workspace, "what code?")
    use(workspace, post.codes[0])


def test_one_code_in_two_minutes_and_five_a_day_whatever_is_asked(workspace, post):
    for second in range(0, 6 * 60, 30):
        ask(workspace, post, after=timedelta(seconds=second))
    assert len(post.codes) == 3
    for hour in range(1, 24):
        ask(workspace, post, after=timedelta(hours=hour), purpose="withdraw")
    assert len(post.codes) == 5
    ask(workspace, post, asked=PHONE, after=timedelta(hours=23))
    assert len(post.codes) == 6  # somebody else is not held up
    ask(workspace, post, after=timedelta(hours=24))
    assert len(post.codes) == 7


def test_a_clock_set_back_locks_nobody_out(workspace, post):
    for minute in range(0, 10, 2):
        ask(workspace, post, after=timedelta(days=365, minutes=minute))
    ask(workspace, post)
    assert len(post.codes) == 6
    use(workspace, post.codes[-1])


def test_a_code_that_is_dead_by_a_later_one_is_not_brought_back(workspace, post):
    ask(workspace, post)
    ask(workspace, post, after=timedelta(minutes=2))
    with pytest.raises(CodeRefused):
        use(workspace, post.codes[0], after=timedelta(minutes=2))
    use(workspace, post.codes[1], after=timedelta(minutes=2))


def test_what_was_certainly_not_sent_does_not_count_and_leaves_the_code_before_it_alive(workspace, post):
    ask(workspace, post)
    before = stored(workspace)
    for _ in range(7):
        with pytest.raises(NotSent):
            ask(workspace, Post(NotSent("refused")), after=timedelta(minutes=3))
    assert stored(workspace) == before
    use(workspace, post.codes[0], after=timedelta(minutes=3))


def test_what_was_perhaps_sent_counts_and_its_code_is_good(workspace, post):
    lost = Post(PerhapsSent("broke"))
    with pytest.raises(PerhapsSent):
        ask(workspace, lost)
    ask(workspace, post)
    assert not post.codes
    use(workspace, lost.codes[0])


def test_withdrawing_needs_a_code_of_its_own_and_leaves_no_trace_of_the_digest(workspace, post):
    ask(workspace, post)
    use(workspace, post.codes[0])
    ask(workspace, post, purpose="withdraw", after=timedelta(minutes=2))
    with pytest.raises(CodeRefused):
        use(workspace, post.codes[1], after=timedelta(minutes=2))
    assert opted_out(workspace, "email").size == 1
    use(workspace, post.codes[1], purpose="withdraw", after=timedelta(minutes=2))
    assert opted_out(workspace, "email").size == 0
    with pytest.raises(CodeRefused):
        use(workspace, WRONG, after=timedelta(days=2))  # which removes the day's count
    with workspace.writing("optout"):
        pass
    digest = f"{digests.one('email', 'ada@example.org', KEY):016x}".encode()
    assert not any(digest in path.read_bytes() for path in workspace.folder.rglob("*") if path.is_file())


def test_withdrawing_empties_the_log_of_the_register_in_which_old_pages_would_stay(workspace, post):
    ask(workspace, post)
    use(workspace, post.codes[0])
    with closing(sqlite3.connect(workspace.register)) as idle:  # keeps the log when the last writer ends
        idle.execute("SELECT count(*) FROM optouts").fetchone()
        ask(workspace, post, purpose="withdraw", after=timedelta(minutes=2))
        log = workspace.register.with_name(f"{workspace.register.name}-wal")
        assert log.stat().st_size
        use(workspace, post.codes[1], purpose="withdraw", after=timedelta(minutes=2))
        assert not log.stat().st_size
        assert idle.execute("SELECT wipe_due FROM workspace").fetchone() == (0,)


def test_an_attempt_writes_to_the_disk_whether_there_is_a_code_to_try_or_not(workspace, post):
    ask(workspace, post, asked=PHONE)  # ties the workspace to the key
    log = workspace.register.with_name(f"{workspace.register.name}-wal")
    with closing(sqlite3.connect(workspace.register)) as idle:  # keeps the log when the last writer ends
        idle.execute("SELECT count(*) FROM optouts").fetchone()

        def written() -> int:
            """Bytes that an attempt adds to the log."""
            idle.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            with pytest.raises(CodeRefused):
                use(workspace, WRONG)
            return log.stat().st_size

        never_asked = written()
        ask(workspace, post)
        sizes = [written() for _ in range(6)]  # the last at a dead code
    assert {never_asked, *sizes} == {sizes[0]}
    assert never_asked > 0


@pytest.mark.parametrize(("text", "kind"), [("1234567", "profile_id"), ("ada", "username")])
def test_what_no_message_reaches_cannot_be_proven(workspace, post, text, kind):
    with pytest.raises(NotProvable):
        ask(workspace, post, asked=read(text, kind))
    with pytest.raises(NotProvable):
        use(workspace, WRONG, asked=read(text, kind))
    assert not workspace.folder.exists()


def test_another_digest_key_is_refused_before_anything_is_sent(workspace, post):
    ask(workspace, post)
    other = DigestKey(bytes(32))
    with pytest.raises(WrongKeys):
        ask(workspace, post, key=other, after=timedelta(minutes=3))
    with pytest.raises(WrongKeys):
        use(workspace, post.codes[0], key=other)
    assert len(post.codes) == 1


def test_two_requests_at_once_send_one_code(workspace):
    post, folder = Post(), workspace.folder
    barrier = threading.Barrier(4)

    def one() -> None:
        barrier.wait()
        ask(Workspace.open(folder, wait=30), post)

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(post.codes) == 1
    use(workspace, post.codes[0])


KILLED = """
import os, signal, sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from floodmark.exposure.check.asked import read
from floodmark.identifiers.digests import DigestKey
from floodmark.register import optout_requests
from floodmark.register.workspace import Workspace
die = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
workspace, key = Workspace.open(Path(sys.argv[1])), DigestKey(bytes(range(32)))
now = datetime(2026, 1, 31, 13, 5, tzinfo=UTC)
if sys.argv[2] == "sending":
    optout_requests.request(workspace, key, read("ada@example.org"), "optout", die, now=now)
else:
    optout_requests.hmac.compare_digest = die
    optout_requests.confirm(workspace, key, read("ada@example.org"), "optout", sys.argv[3], now=now)
"""


def killed(workspace, *arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLED, os.fspath(workspace.folder), *arguments], check=False
    )
    assert done.returncode == -signal.SIGKILL


def test_a_kill_while_sending_lets_no_second_message_out(workspace, post):
    killed(workspace, "sending")
    ask(workspace, post)
    assert not post.codes
    ask(workspace, post, after=timedelta(minutes=2))
    use(workspace, post.codes[0], after=timedelta(minutes=2))


def test_a_kill_at_the_comparison_gives_no_attempt_back(workspace, post):
    ask(workspace, post)
    for _ in range(2):
        killed(workspace, "comparing", post.codes[0])
    assert [row[3] for row in stored(workspace) if row[2]] == [2]
    assert opted_out(workspace, "email").size == 0
    use(workspace, post.codes[0])


@given(st.binary(min_size=5, max_size=5))
def test_every_code_reads_back_however_it_is_typed(raw):
    code = new_code(lambda size: raw[:size])
    plain = code.replace("-", "")
    assert len(plain) == 8 and set(plain) <= set(ALPHABET)
    assert read_code(code) == plain
    assert read_code(f"  {plain.lower().replace('0', 'o').replace('1', 'l')} \n") == plain
    assert int.from_bytes(raw) == sum(ALPHABET.index(c) << 5 * (7 - place) for place, c in enumerate(plain))


@given(st.text(max_size=80))
def test_no_text_breaks_the_reading_of_codes(text):
    try:
        assert len(read_code(text)) == 8
    except NoCode as error:
        assert "code" in error.message
