"""A person is asked on the terminal, unseen, and told when there is none."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

# Runs the program on a terminal of its own, types each answer when its prompt is there, and prints what was seen.
ON_A_TERMINAL = """
    import json, os, pty, select, sys
    program, answers = json.loads(sys.argv[1]), json.loads(sys.argv[2])
    pid, terminal = pty.fork()
    if not pid:
        os.execvp(program[0], program)
    seen = b""
    for prompt, answer in answers:
        while prompt.encode() not in seen:
            if not select.select([terminal], [], [], 60)[0]:
                sys.exit("no prompt in a minute: " + seen.decode())
            seen += os.read(terminal, 4096)
        seen = seen[seen.index(prompt.encode()) + len(prompt):]
        os.write(terminal, answer.encode("latin-1") + b"\\n")
    rest = seen
    while True:
        try:
            more = os.read(terminal, 4096)
        except OSError:
            break
        if not more:
            break
        rest += more
    print(json.dumps([os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), rest.decode(errors="replace")]))
"""
FLOODMARK = str(Path(sys.executable).with_name("floodmark"))


def environment(home: Path) -> dict[str, str]:
    return {"HOME": str(home), "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "TERM": "dumb"}


def typed(home: Path, args: list[str], *answers: tuple[str, str]) -> tuple[int, str]:
    """Exit code, and what the terminal showed after the last prompt."""
    driver = [sys.executable, "-c", textwrap.dedent(ON_A_TERMINAL)]
    command = [*driver, json.dumps([FLOODMARK, *args]), json.dumps(answers)]
    done = subprocess.run(
        command, cwd=home, env=environment(home), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    code, shown = json.loads(done.stdout)
    return code, shown


def test_a_new_passphrase_is_typed_twice_and_not_shown(tmp_path):
    code, shown = typed(
        tmp_path,
        ["keys", "init"],
        ("New passphrase for the new keys: ", "correct horse battery"),
        ("Once more: ", "correct horse battery"),
    )
    assert (code, "correct horse" in shown) == (0, False)
    code, shown = typed(
        tmp_path, ["keys", "wrap", "--to", "none"], ("Passphrase for the keys: ", "correct horse battery")
    )
    assert (code, "correct horse" in shown) == (0, False)


def test_two_that_differ_make_no_keys(tmp_path):
    code, shown = typed(
        tmp_path,
        ["keys", "init"],
        ("New passphrase for the new keys: ", "correct horse battery"),
        ("Once more: ", "correct horse buttery"),
    )
    assert code == 1
    assert "(passphrase-refused)" in shown and "horse" not in shown
    assert not (tmp_path / ".config").exists()


def test_what_is_no_text_is_refused_at_once_and_not_shown(tmp_path):
    answer = ("New passphrase for the new keys: ", "latin \xe9\xe8\xe0 letters")
    code, shown = typed(tmp_path, ["keys", "init"], answer)
    assert code == 1
    assert "(passphrase-refused)" in shown and "latin" not in shown


@pytest.mark.parametrize(("key", "code"), [("\x03", 130), ("\x04", 130)])
def test_ctrl_c_and_ctrl_d_end_it_cleanly(tmp_path, key, code):
    got, shown = typed(tmp_path, ["keys", "init"], ("New passphrase for the new keys: ", key))
    assert got == code
    assert "Interrupted." in shown and "Traceback" not in shown
    assert not (tmp_path / ".config").exists()


def untyped(home: Path, *args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [FLOODMARK, "keys", *args],
        cwd=home,
        env=environment(home),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        start_new_session=True,
        check=False,
    )


def test_without_a_terminal_it_says_how_else_to_give_it(tmp_path):
    done = untyped(tmp_path, "init")
    assert done.returncode == 1
    assert "error (no-passphrase)" in done.stderr
    assert "Give --passphrase-file FILE" in done.stderr
    assert not (tmp_path / ".config").exists()
    assert untyped(tmp_path, "init", "--wrap", "none").returncode == 0
    done = untyped(tmp_path, "wrap", "--to", "passphrase")
    assert done.returncode == 1
    assert "Give --new-passphrase-file FILE" in done.stderr
