"""`floodmark case` on a real workspace: what it shows, keeps and refuses."""

from __future__ import annotations

import io
import json
import os
import pty
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from floodmark.cli import main
from floodmark.cli.deadlines import say_clocks
from floodmark.register.leaks import Leak, put_leak
from floodmark.register.workspace import Workspace

AWARE = "2025-01-30T13:00+01:00"
SUBCOMMANDS = ["open", "show", "list", "edit", "note", "link", "unlink", "done", "exempt", "close", "reopen"]


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch) -> Path:
    folder = tmp_path / "home"
    monkeypatch.setenv("FLOODMARK_HOME", str(folder))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)
    return folder


@pytest.fixture
def run(capsys):
    def run(*args: str, code: int = 0) -> str:
        capsys.readouterr()
        assert main(["case", *args]) == code
        printed = capsys.readouterr()
        assert "Traceback" not in printed.err
        assert not (code and printed.out)
        return printed.err if code else printed.out

    return run


@pytest.fixture
def acme(run) -> None:
    run("open", "acme", "--title", "Customer file", "--aware", AWARE)


def values(run, *args: str) -> dict[str, Any]:
    return json.loads(run(*args, "-o", "json"))


def by_duty(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["duty"]: one for one in found["deadlines"]}


def save_leak(slug: str) -> None:
    with Workspace.open() as workspace, workspace.writing("test") as connection:
        leak = Leak(
            slug=slug, title=slug, synthetic=True, rows=1, saved_at="2025-01-31T13:05:00Z", folder=slug
        )
        put_leak(connection, leak, [])


def test_an_opened_case_is_shown_with_every_duty_most_pressing_first(run, acme):
    shown = run("show", "acme", "--as-of", "2025-01-31T14:30Z")
    assert shown.startswith("acme: Customer file\nopen, became aware 2025-01-30 12:00 UTC, 1 day 2 h ago\n")
    order = re.findall(r"(nis2-[a-z-]+|gdpr-[a-z]+) \(", shown)
    assert order == [
        "nis2-early-warning",
        "nis2-notification",
        "gdpr-authority",
        "nis2-final-report",
        "gdpr-persons",
    ]
    assert "2025-01-31 12:00   overdue by 2 h 30 min     nis2-early-warning (NIS2 23(4)(a))" in shown
    assert "2025-02-02 12:00   due in 1 day 21 h         gdpr-authority (GDPR 33(1))" in shown
    assert "2025-03-02 12:00   due in 29 days 21 h       nis2-final-report" in shown
    assert "counts from the latest time for nis2-notification" in shown
    assert "\x1b" not in shown


def test_a_plain_page_is_at_most_eighty_columns_wide(run, acme):
    save_leak("a-leak-with-a-very-long-name-of-sixty-four-characters-in-all-000")
    run("link", "acme", "a-leak-with-a-very-long-name-of-sixty-four-characters-in-all-000")
    for args in (["show", "acme", "--zone", "Europe/Brussels"], ["list"]):
        assert max(map(len, run(*args).splitlines())) <= 80


def test_json_has_the_same_facts(run, acme):
    found = values(run, "show", "acme", "--as-of", "2025-01-31T14:30Z")
    assert found["aware_at"] == "2025-01-30T12:00:00Z"
    assert found["as_of"] == "2025-01-31T14:30:00Z"
    first = found["deadlines"][0]
    assert (first["duty"], first["state"], first["seconds_left"]) == (
        "nis2-early-warning",
        "overdue",
        -9000,
    )
    assert first["due_at"] == "2025-01-31T12:00:00Z"


def test_every_command_that_changes_a_case_shows_its_deadlines_in_both_forms(run, acme):
    save_leak("first")
    steps = [
        ["link", "acme", "first"],
        ["note", "acme", "Told counsel."],
        ["done", "acme", "gdpr-authority"],
        ["exempt", "acme", "nis2-early-warning"],
        ["edit", "acme", "--title", "Acme"],
        ["unlink", "acme", "first"],
        ["close", "acme"],
        ["reopen", "acme"],
    ]
    for number, step in enumerate(steps):
        if number % 2:
            assert len(values(run, *step)["deadlines"]) == 5
            assert "nis2-notification (NIS2" in run("show", "acme")
        else:
            assert "nis2-notification (NIS2" in run(*step)
            assert len(values(run, "show", "acme")["deadlines"]) == 5


def test_what_was_tied_noted_and_met_is_shown(run, acme):
    save_leak("first")
    run("link", "acme", "first")
    run("note", "acme", "Told counsel.", "--by", "duty officer")
    run("done", "acme", "gdpr-authority", "--at", "2025-02-01T10:00Z")
    run("done", "acme", "nis2-early-warning", "--at", "2025-01-31T12:05Z")
    run("exempt", "acme", "gdpr-persons")
    shown = run("show", "acme")
    assert "leaks: first" in shown
    assert re.search(r"note of .* UTC, duty officer\n  Told counsel\.", shown)
    assert "met late by 5 min" in shown
    assert "does not apply" in shown
    found = by_duty(values(run, "show", "acme"))
    assert (found["gdpr-authority"]["state"], found["gdpr-authority"]["met_at"]) == (
        "met",
        "2025-02-01T10:00:00Z",
    )
    assert found["nis2-early-warning"]["state"] == "met-late"


def test_an_opening_with_leaks_and_a_note_is_done_whole_or_not_at_all(run):
    save_leak("first")
    args = ["open", "acme", "--title", "x", "--aware", AWARE, "--note", "Begun."]
    assert "leak-not-found" in run(*args, "--leak", "first", "--leak", "nowhere", code=1)
    assert "case-not-found" in run("show", "acme", code=1)
    found = values(run, *args, "--leak", "first")
    assert found["leaks"] == ["first"]
    assert [note["text"] for note in found["notes"]] == ["Begun."]


def test_a_mark_can_be_taken_back(run, acme):
    run("done", "acme", "gdpr-authority")
    run("exempt", "acme", "nis2-notification", "nis2-early-warning")
    run("done", "acme", "gdpr-authority", "--undo")
    found = by_duty(values(run, "exempt", "acme", "nis2-notification", "nis2-early-warning", "--undo"))
    assert {slug for slug, one in found.items() if one["state"] != "overdue"} == {"gdpr-persons"}


def test_now_is_a_time(run):
    before = datetime.now(UTC).replace(microsecond=0)
    found = values(run, "open", "acme", "--title", "x", "--aware", "now")
    aware = datetime.fromisoformat(found["aware_at"])
    assert before <= aware <= datetime.now(UTC)
    assert found["deadlines"][0]["seconds_left"] in range(24 * 3600 - 60, 24 * 3600 + 1)


def test_due_times_are_shown_in_a_zone_too_and_months_counted_there(run, acme, monkeypatch):
    shown = run("show", "acme", "--zone", "Asia/Tokyo")
    assert "2025-01-31 12:00" in shown and "2025-01-31 21:00 JST" in shown
    monkeypatch.setenv("FLOODMARK_CASE_SHOW_ZONE", "America/New_York")
    assert "2025-01-31 07:00 EST" in run("show", "acme")
    assert "No time zone" in run("show", "acme", "--zone", "../../etc/passwd", code=2)


@pytest.mark.parametrize(
    ("aware", "hint"),
    [("2025-01-30", "time of day"), ("2025-01-30T13:00", "offset"), ("yesterday", "offset")],
)
def test_a_time_that_is_not_clear_is_refused_with_what_it_lacks(run, aware, hint):
    told = run("open", "acme", "--title", "x", "--aware", aware, code=2)
    assert "unclear-time" in told and hint in told


def test_a_time_in_the_future_is_refused(run):
    ahead = (datetime.now(UTC) + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%MZ")
    assert "impossible-time" in run("open", "acme", "--title", "x", "--aware", ahead, code=2)


def test_kinds_that_come_later_are_refused_in_words(run, acme):
    assert "not-linkable" in run("link", "acme", "1", "--kind", "assessment", code=1)


def test_a_statement_that_is_not_recorded_is_not_tied(run, acme):
    assert "statement-not-found" in run("link", "acme", "1", "--kind", "statement", code=1)


@pytest.mark.parametrize(
    "args",
    [
        ["open", "x", "--title", "Number 07700 900123", "--aware", AWARE],
        ["open", "x", "--title", "x", "--aware", AWARE, "--note", "Mail to ada@example.org bounced"],
        ["open", "case-447700900123", "--title", "x", "--aware", AWARE],
        ["note", "acme", "+44 7700 900123 rang"],
        ["note", "acme", "x", "--by", "ada@example.org"],
        ["edit", "acme", "--title", "ada@example.org"],
    ],
)
def test_an_identifier_is_refused_everywhere_and_lands_nowhere(run, acme, home, args):
    told = run(*args, code=2)
    assert "holds-identifier" in told and "Leave identifiers out" in told
    assert "900123" not in told and "ada" not in told
    kept = b"".join(file.read_bytes() for file in home.rglob("*") if file.is_file())
    assert b"900123" not in kept and b"ada@" not in kept


@pytest.mark.parametrize(
    "command", [["note", "acme", "-"], ["open", "x", "--title", "x", "--aware", AWARE, "--note", "-"]]
)
def test_a_note_comes_from_stdin(run, acme, monkeypatch, command):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("Zwei\r\nZeilen, größer.\n".encode())))
    found = values(run, *command)
    assert [note["text"] for note in found["notes"]] == ["Zwei\nZeilen, größer."]


@pytest.mark.parametrize(
    ("raw", "said"), [(b"\xff\xfe", "not UTF-8"), (b"x" * 70_000, "too long"), (b"", "empty")]
)
def test_a_stdin_that_is_no_note_is_refused(run, acme, monkeypatch, raw, said):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
    assert said in run("note", "acme", "-", code=2)


def test_the_list_shows_every_running_clock_before_the_cases(run, acme):
    run("open", "second", "--title", "Another", "--aware", "2025-01-31T12:00Z")
    run("open", "third", "--title", "Done with", "--aware", AWARE)
    run("close", "third")
    shown = run("list", "--as-of", "2025-02-01T00:00Z")
    first = shown.index("overdue by 12 h")
    assert first < shown.index("second   nis2-early-warning") < shown.index("most pressing")
    assert "third    nis2" not in shown
    assert re.search(r"third +Done with +closed", shown)
    found = values(run, "list", "--as-of", "2025-02-01T00:00Z")
    assert [one["slug"] for one in found["cases"]] == ["second", "third", "acme"]
    assert {one["case"] for one in found["deadlines"]} == {"acme", "second"}
    due = [one["due_at"] for one in found["deadlines"]]
    assert due == sorted(due)


def test_a_command_about_leaks_can_say_what_presses_in_their_cases(run, capsys):
    for slug in ("first", "second", "third"):
        save_leak(slug)
    run("open", "calm", "--title", "x", "--aware", "2025-01-31T12:00Z", "--leak", "first", "--leak", "second")
    run("open", "hot", "--title", "x", "--aware", AWARE, "--leak", "first")
    now = datetime(2025, 1, 31, 13, 0, tzinfo=UTC)
    say_clocks(["second", "first"], now)
    assert capsys.readouterr() == (
        "",
        "Case hot: nis2-early-warning overdue by 1 h; see floodmark case show hot\n"
        "Case calm: nis2-early-warning due in 23 h; see floodmark case show calm\n",
    )
    say_clocks(["third", "nowhere"], now)
    assert capsys.readouterr() == ("", "")


def test_a_workspace_without_cases_says_so_and_is_not_made(run, home):
    assert "case open" in run("list")
    assert values(run, "list")["cases"] == []
    assert not home.exists()


def test_a_closed_case_says_that_its_deadlines_stand_still(run, acme):
    shown = run("close", "acme")
    assert "deadlines as they stood then" in shown
    assert "case-closed" in run("done", "acme", "gdpr-authority", code=1)
    assert "Filed." in run("note", "acme", "Filed.")


def test_an_unknown_duty_lists_those_that_there_are(run, acme):
    assert "gdpr-authority" in run("done", "acme", "gdpr", code=2)


@pytest.mark.parametrize(
    ("table", "args"),
    [
        ('[case.open]\naware = "2025-01-01T00:00Z"', ["open", "x", "--title", "x"]),
        ("[case.done]\nundo = true", ["done", "acme", "gdpr-authority"]),
        ('[case.done]\nat = "2025-01-30T12:00Z"', ["done", "acme", "gdpr-authority"]),
        ('[case.show]\nas-of = "2025-01-30T12:00Z"', ["show", "acme"]),
    ],
)
def test_a_settings_file_that_came_with_a_dump_sets_no_fact_of_a_case(run, acme, tmp_path, table, args):
    (tmp_path / "floodmark.toml").write_text(table)
    assert "by hand only" in run(*args, code=2)


def test_the_zone_may_be_a_setting(run, acme, tmp_path):
    (tmp_path / "floodmark.toml").write_text('[case.show]\nzone = "Asia/Tokyo"')
    assert "21:00 JST" in run("show", "acme")


def test_an_edit_of_nothing_is_refused(run, acme):
    assert "--title" in run("edit", "acme", code=2)


def test_markup_and_escapes_in_a_text_are_only_text(run):
    shown = run(
        "open", "acme", "--title", "[bold]x[/bold] \x1b[31mred", "--aware", AWARE, "--note", "[link=x]y"
    )
    assert "acme: [bold]x[/bold] [31mred" in shown
    assert "[link=x]y" in shown
    assert "\x1b" not in shown


def coloured(args: list[str]) -> str:
    """What a terminal is sent."""
    reader, writer = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "100"}
    program = "from floodmark.cli import main; raise SystemExit(main())"
    process = subprocess.Popen([sys.executable, "-c", program, "case", *args], stdout=writer, env=environment)
    os.close(writer)
    seen = b""
    while True:
        try:
            piece = os.read(reader, 65_536)
        except OSError:  # Linux: the other end is closed
            break
        if not piece:
            break
        seen += piece
    os.close(reader)
    assert process.wait() == 0
    return seen.decode()


def test_a_terminal_shows_urgency_in_colour(run, acme):
    shown = coloured(["show", "acme", "--as-of", "2025-01-31T14:00Z"])
    assert "\x1b[1;31moverdue by 2 h" in shown
    assert "\x1b[32mdue in 1 day 22 h" in shown
    assert "\x1b[33mdue in 22 h" in coloured(["show", "acme", "--as-of", "2025-02-01T14:00Z"])
    assert "\x1b[31mdue in 2 h" in coloured(["show", "acme", "--as-of", "2025-02-02T10:00Z"])


def test_the_deadlines_need_no_engine():
    program = (
        "import sys; from floodmark.cli import main; code = main(['case', 'list', '-o', 'json'])\n"
        "heavy = {'polars', 'numpy', 'altair', 'vl_convert', 'alembic', 'rich'} & set(sys.modules)\n"
        "raise SystemExit(code or sorted(heavy))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stderr.strip() == "[]"


@pytest.mark.parametrize("name", SUBCOMMANDS)
def test_each_command_helps_and_misses_its_case_in_words(run, name):
    assert "Usage:" in run(name, "--help")
    if name != "list":
        assert "SLUG" in run(name, code=2)
