"""`floodmark statement`: what was said of a leak, on a workspace of its own."""

from __future__ import annotations

import io
import json
import subprocess
import sys

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


def test_a_statement_is_cut_into_assertions_by_hand(capsys):
    claims = ["--assert", "old=2019", "--assert", "total@US=32M phones", "--assert", "fields=phone,email"]
    assert main(["statement", "add", "acme", *SAID, *WHERE, *TEXT, *claims]) == 0
    assert (
        "claims: published before (since 2019); 32 million phone numbers (US); holds "
        in capsys.readouterr().out
    )
    (found,) = listed(capsys)
    assert found["assertions"] == [
        {"kind": "old", "on": "2019"},
        {"kind": "total", "quantity": {"value": 32_000_000, "digits": 2}, "of": "phones", "scope": "US"},
        {"kind": "fields", "fields": ["phone", "email"]},
    ]


def test_what_the_text_claims_is_hinted_at_and_taken_over_when_asked(capsys):
    text = ["--text", "487 million phone numbers from 84 countries. The data is old."]
    assert main(["statement", "add", "acme", *SAID, *WHERE, *text, "--assert", "countries=84"]) == 0
    told = capsys.readouterr().err
    assert "total: 487 million phone numbers" in told and "--cut" in told
    assert "countries:" not in told, "that was said by hand"
    assert main(["statement", "add", "acme", *SAID, *WHERE, *text, "--assert", "total=9 rows", "--cut"]) == 0
    first, second = listed(capsys)
    assert [one["kind"] for one in first["assertions"]] == ["countries"]
    assert [one["kind"] for one in second["assertions"]] == ["total", "total", "countries", "old"]


def test_a_statement_about_an_incident_needs_a_title_once_and_no_dump(capsys):
    assert main(["statement", "add", "outage-24", "--incident", "An outage", *SAID, *WHERE, *TEXT]) == 0
    assert "title already" not in capsys.readouterr().err
    assert main(["statement", "add", "outage-24", "--incident", "Another", *SAID, *WHERE, *TEXT]) == 2
    assert "That is recorded already: statement 1." in capsys.readouterr().err
    more = ["--text", "Still down."]
    assert main(["statement", "add", "outage-24", "--incident", "Another", *SAID, *WHERE, *more]) == 0
    assert "outage-24 has a title already, which stays: An outage" in capsys.readouterr().err
    assert len(listed(capsys, "outage-24")) == 2
    assert main(["statement", "remove", "1"]) == 0
    assert "which was removed" not in capsys.readouterr().err
    assert main(["statement", "remove", "2"]) == 0
    assert "the incident outage-24, which was removed with it" in capsys.readouterr().err
    assert main(["statement", "list", "outage-24"]) == 1


def test_a_statement_about_a_public_incident_needs_no_title(capsys):
    assert main(["statement", "list", "whatsapp-2022"]) == 1
    assert "floodmark statement list whatsapp-2022 --reference" in capsys.readouterr().err
    assert main(["statement", "add", "whatsapp-2022", *SAID, *WHERE, *TEXT]) == 0
    assert [one["id"] for one in listed(capsys, "whatsapp-2022")] == ["1"]
    both = listed(capsys, "whatsapp-2022", "--reference")
    assert {"1", "whatsapp-2022/advert"} <= {one["id"] for one in both}
    assert [one["said_on"] for one in both] == sorted(one["said_on"] for one in both)


def test_public_statements_are_listed_in_a_workspace_that_has_none(capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("FLOODMARK_HOME", str(tmp_path / "nowhere"))
    assert "facebook-2021/memo" in {one["id"] for one in listed(capsys, "--reference")}
    assert not (tmp_path / "nowhere").exists()


def test_an_advert_is_shown_with_what_tests_say_of_each_assertion(capsys):
    assert main(["statement", "show", "whatsapp-2022/advert"]) == 0
    shown = capsys.readouterr().out
    assert "countries: 84 countries" in shown and "(fingerprint)" in shown and "Egypt" in shown
    assert main(["statement", "show", "whatsapp-2022/advert", "-o", "json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)["statements"]
    assert all({"state", "evidence"} <= {*one} for one in found["assertions"])


def test_a_table_comes_with_a_statement_that_is_added(capsys, tmp_path, monkeypatch):
    (tmp_path / "t.csv").write_text("Egypt,44823547\nItaly,35677323\n")
    said = [*SAID, *WHERE, *TEXT, "--table"]
    assert main(["statement", "add", "acme", *said, "t.csv"]) == 0
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"Egypt 7\nItaly 8\n")))
    assert main(["statement", "add", "acme", *said, "-"]) == 0
    first, second = listed(capsys)
    assert [one["table"][0]["count"]["value"] for one in first["assertions"]] == [44_823_547]
    assert [one["table"][1]["count"]["value"] for one in second["assertions"]] == [8]
    assert main(["statement", "add", "acme", *SAID, *WHERE, "--text", "-", "--table", "-"]) == 2


def test_a_statement_is_tied_to_a_case_and_named_in_it(capsys):
    assert main(["statement", "add", "acme", *SAID, *WHERE, *TEXT]) == 0
    assert main(["case", "open", "inc", "--title", "x", "--aware", "2026-01-20T10:00Z"]) == 0
    assert main(["case", "link", "inc", "1", "--kind", "statement"]) == 0
    assert "statements: 1" in capsys.readouterr().out
    assert main(["case", "unlink", "inc", "1", "--kind", "statement", "-o", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["statements"] == []


def test_who_forgets_a_leak_is_told_that_statements_of_the_incident_stay(capsys):
    assert main(["forget", "acme", "--yes"]) == 0
    said = [*SAID, *WHERE, *TEXT]
    assert main(["statement", "add", "acme", "--incident", "An incident", *said]) == 0
    opened = Workspace.open()
    with opened.staging("acme") as staging:
        (staging.folder / "profile.json").write_bytes(b"{}")
        staging.commit(
            Leak(slug="acme", title="Acme", synthetic=True, rows=1, saved_at="2026-01-31T13:05:00Z"), []
        )
    capsys.readouterr()
    assert main(["forget", "acme", "--yes"]) == 0
    assert "1 statement about the incident of that name" in capsys.readouterr().err
    assert len(listed(capsys, "acme")) == 1


def test_listing_statements_imports_no_engine(tmp_path):
    program = (
        "import sys; from floodmark.cli import main; main(['statement', 'list', '--reference', '-o', 'json'])\n"
        "heavy = {'polars', 'numpy', 'rich', 'altair', 'vl_convert'} & set(sys.modules)\n"
        "raise SystemExit(sorted(heavy))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stderr.strip() == "[]"


@pytest.mark.parametrize(
    ("words", "code", "slug"),
    [
        (["add", "acme", *SAID, *TEXT], 2, "no-source"),
        (["add", "nothing", *SAID, *TEXT, *WHERE], 1, "incident-not-found"),
        (["add", "acme", *SAID, *WHERE, "--text", "Call +44 7700 900123."], 2, "holds-identifier"),
        (["add", "acme", *SAID, *TEXT, "--url", "javascript:alert(1)"], 2, "unfit-source"),
        (["list", "nothing"], 1, "incident-not-found"),
        (["remove", "7"], 1, "statement-not-found"),
        (["remove", "whatsapp-2022/advert"], 1, "statement-not-found"),
        (["show", "7"], 1, "statement-not-found"),
        (["show", "nowhere/memo"], 1, "statement-not-found"),
        (["add", "acme", *SAID, *WHERE], 2, "usage"),
        (["add", "acme", *SAID, *TEXT, *WHERE, "--assert", "old=soon"], 2, "unreadable-assertion"),
        (
            ["add", "acme", *SAID, *TEXT, *WHERE, "--assert", "attack-by=+44 7700 900123"],
            2,
            "holds-identifier",
        ),
        (["add", "acme", *SAID, *TEXT, *WHERE, "--offer", "sold"], 2, "unfit-sample"),
        (["add", "acme", *SAID, *TEXT, *WHERE, "--currency", "EUR"], 2, "usage"),
        (["add", "Out age", "--incident", "x", *SAID, *TEXT, *WHERE], 2, "bad-slug"),
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


@pytest.mark.parametrize("command", [["statement", "show", "1"], ["timeline", "acme"], ["timeline"]])
def test_a_profile_that_cannot_be_relied_on_is_told_wherever_statements_are_tested(capsys, command):
    assert main(["statement", "add", "acme", *SAID, *WHERE, *TEXT]) == 0
    capsys.readouterr()
    assert main(command) == 0
    assert "The profile of acme cannot be relied on, and its counts are left out." in capsys.readouterr().err
