"""A bar where stderr is a terminal, and silence elsewhere."""

from __future__ import annotations

import os
import pty
import select
import sys

import pytest

from floodmark.cli.progress import progress


def read_until(reader: int, text: str) -> str:
    """What a terminal shows, up to `text` or until it stays silent; a terminal hands it out in pieces."""
    seen = b""
    while text not in seen.decode(errors="replace") and select.select([reader], [], [], 60)[0]:
        seen += os.read(reader, 65_536)
    return seen.decode(errors="replace")


def test_nothing_is_shown_where_stderr_is_no_terminal(capsys):
    with progress(100, "Reading") as advance:
        advance(60)
        advance(40)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(("total", "shown"), [(2_000_000, "1.9/1.9"), (None, "1.9/?")])
def test_a_terminal_shows_what_is_going_on_and_how_much_is_done(monkeypatch, total, shown):
    reader, writer = pty.openpty()
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    with os.fdopen(writer, "w") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        with progress(total, "Reading") as advance:
            advance(1_500_000)
            advance(500_000)
        printed = read_until(reader, shown)
    os.close(reader)
    assert "Reading" in printed
    assert shown in printed


def test_a_dumb_terminal_shows_nothing(monkeypatch):
    reader, writer = pty.openpty()
    os.set_blocking(reader, False)
    monkeypatch.setenv("TERM", "dumb")
    with os.fdopen(writer, "w") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        with progress(10, "Reading") as advance:
            advance(10)
        with pytest.raises(BlockingIOError):
            os.read(reader, 10)
    os.close(reader)
