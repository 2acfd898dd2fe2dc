"""`floodmark statement`: what was said of a leak, on a workspace of its own."""

from __future__ import annotations

import io
import json

import pytest

from floodmark.cli import main
from floodmark.register.leaks import Leak
from floodmark.register.workspace import Workspace

SAID = ["--kind", "denial", "--by", "company", "--speaker", "Acme Ltd", "--said", "2026-01-20"]
WHERE = ["--url", "https://acme.example/news"]
TEXT = ["--text", "We have no [bold]evidence[/bold]."]


@pytest.fixture(autouse=True)
def workspace(tmp_path, monkeypatch):
    monkeypatch.setenv("FLOODMARK_HOME", str(tmp_path / "floodmark"))
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(tmp_path)
    opened = Workspace.open()
    with opened.staging("acme") as staging:
        (staging.folder / "profile.json").write_bytes(b"{}")
        staging.commit(
            Leak(slug="acme", title="Acme", synthetic=True, rows=1, saved_at="2026-01-31T13:05:00Z"), []
        )
    return opened


def listed(capsys, *words):
    capsys.readouterr()
    assert main(["statement", "list", *words, "-o", "json"]) == 0
    return json.loads(capsys.readouterr().out)["statements"]


def test_a_statement_is_recorded_shown_listed_and_removed(capsys):
    assert main(["statement", "add", "acme", *SAID, *WHERE, *TEXT, "--known", "2026-01-21"]) == 0
    shown = capsys.readouterr()
    assert shown.err == "Recorded statement 1 of acme.\n"
    for words in ("2026-01-20  denial", "Acme Ltd (company), known since 2026-01-21",
                  "We have no [bold]evidence[/bold].", "source: https://acme.example/news"):  # fmt: skip
        assert words in shown.out
    (found,) = listed(capsys, "acme")
    assert (found["id"], found["about"], found["kind"], found["learnt_on"]) == (
        "1",
        "acme",
        "denial",
        "2026-01-21",
    )
    assert main(["statement", "remove", "1"]) == 0
    assert listed(capsys) == []


def test_a_long_text_comes_from_standard_input(capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO("Erste Zeile: ü.\nZweite.\n".encode())))
    assert main(["statement", "add", "acme", *SAID, *WHERE, "--text", "-", "-o", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["text"] == "Erste Zeile: ü.\nZweite."


def test_nothing_recorded_is_said_so(capsys):
    assert main(["statement", "list"]) == 0
    assert "No statement is recorded." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "code", "slug"),
    [
        (["add", "acme", *SAID, *TEXT], 2, "no-source"),
        (["add", "nothing", *SAID, *TEXT, *WHERE], 1, "incident-not-found"),
        (["add", "acme", *SAID, *WHERE, "--text", "Call +44 7700 900123."], 2, "holds-identifier"),
        (["add", "acme", *SAID, *TEXT, "--url", "javascript:alert(1)"], 2, "unfit-source"),
        (["list", "nothing"], 1, "incident-not-found"),
        (["remove", "7"], 1, "statement-not-found"),
    ],
)
def test_what_cannot_be_done_is_refused_by_name_without_the_words(capsys, words, code, slug):
    assert main(["statement", *words]) == code
    said = capsys.readouterr().err
    assert f"({slug})" in said
    assert "7700" not in said


@pytest.mark.parametrize(
    ("name", "option"), [("speaker", "--speaker"), ("text", "--text"), ("source_url", "--url")]
)
def test_a_file_in_the_folder_states_nothing(capsys, tmp_path, name, option):
    words = [*SAID, *TEXT, *WHERE]
    place = words.index(option)
    del words[place : place + 2]
    (tmp_path / "floodmark.toml").write_text(f'[statement.add]\n{name} = "made up"\n')
    assert main(["statement", "add", "acme", *words]) == 2
    assert "by hand only" in capsys.readouterr().err
    (tmp_path / "floodmark.toml").unlink()
    assert listed(capsys) == []
