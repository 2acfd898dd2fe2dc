"""A command wraps keys: without a shell, within bounds, and without a word of what it says."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from floodmark.register.key_command import MOST_BYTES, KeyCommandFailed, resolved, run
from floodmark.register.key_secrets import Secret
from floodmark.register.key_wrap import ByCommand, no_passphrase

CAT = ("/bin/cat",)
SHELL = ("/bin/sh", "-c")
SHIFT, BACK = "LC_ALL=C tr '\\000-\\377' '\\001-\\377\\000'", "LC_ALL=C tr '\\001-\\377\\000' '\\000-\\377'"


@settings(max_examples=20)
@given(given_bytes=st.binary(min_size=1, max_size=MOST_BYTES))
def test_bytes_go_through_a_command_unchanged(given_bytes):
    assert bytes(run(CAT, given_bytes).reveal()) == given_bytes


@pytest.mark.parametrize("script", ["exit 3", "cat; exit 1", "kill -9 $$"])
def test_a_command_that_fails_is_an_error_whatever_it_answered(script):
    with pytest.raises(KeyCommandFailed, match="exit code"):
        run((*SHELL, script), b"x" * 32)


def test_silence_is_no_answer():
    with pytest.raises(KeyCommandFailed, match="nothing"):
        run((*SHELL, "cat > /dev/null"), b"x" * 32)


@pytest.mark.parametrize("script", [f"head -c {MOST_BYTES + 1} /dev/zero", "cat /dev/zero", "yes"])
def test_an_answer_without_end_is_cut_off(script):
    with pytest.raises(KeyCommandFailed, match="too much"):
        run((*SHELL, script), b"x" * 32)


def test_the_largest_answer_is_taken():
    assert len(run((*SHELL, f"head -c {MOST_BYTES} /dev/zero"), b"x")) == MOST_BYTES


@pytest.mark.parametrize(
    "script", ["exec sleep 3", "exec >&-; exec sleep 3", "cat; exec sleep 3", "sleep 3 & exec sleep 3"]
)
def test_a_command_that_does_not_end_is_stopped(script):
    with pytest.raises(KeyCommandFailed, match="too long"):
        run((*SHELL, script), b"x" * 32, time_out=0.2)


def test_a_command_that_reads_nothing_may_still_answer():
    assert bytes(run((*SHELL, "exec <&-; sleep 0.1; echo ok"), b"x" * MOST_BYTES).reveal()) == b"ok\n"


def test_a_command_may_answer_before_it_has_read_all():
    script = f"head -c {MOST_BYTES // 2} /dev/zero; cat > /dev/null"
    assert len(run((*SHELL, script), b"x" * 1_000_000)) == MOST_BYTES // 2


def test_what_it_says_on_stderr_is_thrown_away(capfd):
    with pytest.raises(KeyCommandFailed) as caught:
        run((*SHELL, "cat >&2; exit 1"), b"a secret that must not show")
    assert "secret that" not in str(caught.value) + caught.value.hint
    assert capfd.readouterr() == ("", "")


def test_arguments_are_not_a_shells(tmp_path):
    trap = tmp_path / "made"
    answer = run(("/bin/echo", f"; touch {trap} $(touch {trap}) `touch {trap}`"), b"x")
    assert b"$(touch" in bytes(answer.reveal())
    assert not trap.exists()


@pytest.mark.parametrize("program", ["/nowhere/at/all", "/etc/passwd", "/"])
def test_what_cannot_be_run_is_an_error(program):
    with pytest.raises(KeyCommandFailed):
        run((program,), b"x")
    with pytest.raises(KeyCommandFailed, match="not found"):
        resolved([program])


def test_a_program_is_named_by_its_full_path_from_then_on(monkeypatch, tmp_path):
    assert resolved(["cat", "-u"]) == (str(Path(resolved(["cat"])[0])), "-u")
    (tmp_path / "cat").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "cat").chmod(0o755)
    monkeypatch.chdir(tmp_path)
    for named in (["./cat"], ["sub/cat"], [], ["cat", "a\0b"]):
        with pytest.raises(KeyCommandFailed):
            resolved(named)
    monkeypatch.setenv("PATH", ".")
    with pytest.raises(KeyCommandFailed):
        resolved(["cat"])


def test_a_pair_of_commands_that_do_not_undo_each_other_wraps_nothing():
    lossy = ByCommand((*SHELL, "head -c 31"), CAT)
    with pytest.raises(KeyCommandFailed, match="does not give back"):
        lossy.seal(Secret(bytearray(range(32))), b"", no_passphrase)


def test_a_pair_that_does_wraps(tmp_path):
    pair = ByCommand((*SHELL, f"{SHIFT}; echo end"), (*SHELL, f"head -c -4 | {BACK}"))
    secret = Secret(bytearray(range(32)))
    sealed = pair.seal(secret, b"", no_passphrase)
    assert sealed != bytes(range(32))
    assert pair.open(sealed, b"", no_passphrase) == secret


@pytest.mark.parametrize(
    "wrap",
    [
        "cat",
        "base64",
        "base64 -w 20",
        "base64 | tr '+/' '-_'",
        "{ printf x; cat; } | base64",
        "{ printf xx; cat; } | base64 -w 7",
        "{ printf xxx; cat; printf yy; } | base64",
        "od -An -v -tx1",
        "od -An -v -tx1 | tr a-f A-F",
        "{ printf before; cat; printf after; }",
    ],
)
def test_a_command_that_leaves_the_key_readable_wraps_nothing(wrap):
    secret = Secret(bytearray(range(224, 256)))
    pair = ByCommand((*SHELL, wrap), (*SHELL, "printf unused"))
    with pytest.raises(KeyCommandFailed, match="readable"):
        pair.seal(secret, b"", no_passphrase)


def test_no_process_is_left_behind(tmp_path):
    mark = tmp_path / "pid"
    for seconds in (0.3, 3, 30):  # until the shell came as far as that
        with pytest.raises(KeyCommandFailed, match="too long"):
            run((*SHELL, f"echo $$ > {mark}; exec sleep 60"), b"x", time_out=seconds)
        if mark.exists() and mark.read_text().endswith("\n"):
            break
    with pytest.raises(ProcessLookupError):
        os.kill(int(mark.read_text()), 0)
