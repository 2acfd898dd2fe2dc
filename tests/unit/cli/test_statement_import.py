"""`floodmark statement import`: tables and documents become statements, after it was said what was understood."""

from __future__ import annotations

import io
import json
import os
import pty
import subprocess
import sys

import pytest

from floodmark.cli import main
from floodmark.register.leaks import Leak
from floodmark.register.workspace import Workspace

SAID = ["--about", "acme", "--kind", "advert", "--by", "seller", "--speaker", "an account on a forum",
        "--said", "2026-01", "--text", "A table of countries.", "--source", "Thread, INC-4711"]  # fmt: skip
PASTED = (
    "Country      Records\nEgypt        44,823,547\nItaly        35.6M\nNarnia       12\nTotal        100M\n"
)


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


@pytest.fixture
def table(tmp_path):
    (tmp_path / "table.txt").write_text(PASTED)
    return "table.txt"


def listed(capsys, *words):
    capsys.readouterr()
    assert main(["statement", "list", *words, "-o", "json"]) == 0
    return json.loads(capsys.readouterr().out)["statements"]


def typed(monkeypatch, text):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))


def document(tmp_path, **changed):
    said = {"about": "acme", "kind": "denial", "speaker_kind": "company", "speaker": "Acme Ltd",
            "said_on": "2026-01-20", "text": "It is old.", "source": "Press page",
            "assertions": [{"kind": "old"}]}  # fmt: skip
    (tmp_path / "statements.json").write_text(json.dumps({"statements": [said | changed]}))
    return "statements.json"


def test_a_pasted_table_is_one_statement_with_its_countries_and_its_total(capsys, table):
    assert main(["statement", "import", table, *SAID, "--yes"]) == 0
    told = capsys.readouterr().err
    for words in (
        "Warning: ",
        "names no country that is known",
        "less than the total",
        "Egypt    44,823,547",
        "Recorded 1 statement.",
    ):
        assert words in told
    (found,) = listed(capsys)
    countries, total = found["assertions"]
    assert countries["table"][0] == {"country": "EG", "count": {"value": 44_823_547, "digits": 8}}
    assert countries["table"][1]["count"] == {"value": 35_600_000, "digits": 3}
    assert total == {"kind": "total", "quantity": {"value": 100_000_000, "digits": 3}, "of": "rows"}


def test_a_total_that_was_asserted_by_hand_is_not_asserted_again(capsys, table):
    said = ["--assert", "total=100M phones", "--assert", "new", "--sample", "1000", "--offer", "sold"]
    assert main(["statement", "import", table, *SAID, *said, "--yes"]) == 0
    (found,) = listed(capsys)
    assert [one["kind"] for one in found["assertions"]] == ["total", "new", "countries"]
    assert (found["offer"], found["sample"], found["drawn"]) == ("sold", 1_000, "unknown")


def test_a_total_by_hand_that_differs_stands_beside_that_of_the_table(capsys, table):
    assert main(["statement", "import", table, *SAID, "--assert", "total=120M phones", "--yes"]) == 0
    (found,) = listed(capsys)
    assert [one["quantity"]["value"] for one in found["assertions"] if one["kind"] == "total"] == [
        120_000_000, 100_000_000,
    ]  # fmt: skip


def test_how_many_countries_was_said_goes_with_the_table(capsys, table):
    assert main(["statement", "import", table, *SAID, "--assert", "countries=84", "--yes"]) == 0
    (found,) = listed(capsys)
    (one,) = [one for one in found["assertions"] if one["kind"] == "countries"]
    assert (one["quantity"]["value"], len(one["table"])) == (84, 2)


def test_nothing_is_recorded_where_nobody_can_be_asked(capsys, monkeypatch, table):
    typed(monkeypatch, "")
    assert main(["statement", "import", table, *SAID]) == 2
    assert "Nobody can be asked here" in capsys.readouterr().err
    typed(monkeypatch, PASTED)
    assert main(["statement", "import", "-", *SAID]) == 2
    assert listed(capsys) == []


@pytest.mark.parametrize(("answer", "code", "count"), [("y", 0, 1), ("n", 130, 0), ("", 130, 0)])
def test_a_terminal_is_asked_after_it_was_told(capsys, table, answer, code, count):
    ours, theirs = pty.openpty()
    program = "import sys; from floodmark.cli import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", program, "statement", "import", table, *SAID]
    started = subprocess.Popen(
        command, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    os.write(ours, f"{answer}\n".encode())
    told = started.communicate()[1]
    os.close(ours)
    os.close(theirs)
    assert started.returncode == code, told
    assert told.index("names no country that is known") < told.index("Record it? [y/N]")
    assert len(listed(capsys)) == count


def test_a_dry_run_says_all_and_records_nothing(capsys, table, tmp_path):
    before = (tmp_path / "floodmark" / "register.sqlite").read_bytes()
    assert main(["statement", "import", table, *SAID, "--dry-run", "-o", "json"]) == 0
    shown = capsys.readouterr()
    assert "Nothing was recorded." in shown.err
    (found,) = json.loads(shown.out)["statements"]
    assert (found["id"], found["about"]) == ("", "acme")
    assert listed(capsys) == []
    assert (tmp_path / "floodmark" / "register.sqlite").read_bytes() == before


def test_a_table_comes_from_standard_input_too(capsys, monkeypatch):
    typed(monkeypatch, "Ägypten;44.823.547\nItalien;35,6 Mio.\n")
    assert main(["statement", "import", "-", *SAID, "--yes"]) == 0
    (found,) = listed(capsys)
    assert [row["country"] for row in found["assertions"][0]["table"]] == ["EG", "IT"]


def test_columns_and_the_currency_are_named_where_a_table_is_not_clear(capsys, tmp_path):
    (tmp_path / "t.csv").write_text("land,old,new,ask\nEgypt,1000,2000,70\nItaly,3000,4000,80\n")
    named = ["--count-column", "new", "--price-column", "ask", "--currency", "EUR", "--yes"]
    assert main(["statement", "import", "t.csv", *SAID, *named]) == 0
    (found,) = listed(capsys)
    row = found["assertions"][0]["table"][0]
    assert (row["count"]["value"], row["price"]["value"], row["price"]["currency"]) == (2_000, 70, "EUR")


def test_what_was_imported_is_not_imported_again(capsys, table):
    for told in ("Recorded 1 statement.", "Left out, since they are recorded already: 1 statement."):
        assert main(["statement", "import", table, *SAID, "--yes"]) == 0
        assert told in capsys.readouterr().err
    assert len(listed(capsys)) == 1


def test_what_is_listed_is_imported_into_a_fresh_workspace(capsys, monkeypatch, tmp_path, table):
    assert main(["statement", "import", table, *SAID, "--yes", "--assert", "fields=phone,email"]) == 0
    outage = ["--kind", "outage-notice", "--by", "company", "--speaker", "Example Ltd", "--said", "2024-03-05",
              "--text", "A technical issue.", "--source", "Status page", "--assert", "fault"]  # fmt: skip
    assert main(["statement", "add", "outage", "--incident", "The outage", *outage]) == 0
    capsys.readouterr()
    assert main(["statement", "list", "-o", "json"]) == 0
    first = json.loads(capsys.readouterr().out)
    (tmp_path / "all.json").write_text(json.dumps(first))
    monkeypatch.setenv("FLOODMARK_HOME", str(tmp_path / "fresh"))
    assert main(["statement", "import", "all.json", "--yes"]) == 0
    assert "New incident acme: Acme" in capsys.readouterr().err
    assert main(["statement", "list", "-o", "json"]) == 0
    second = json.loads(capsys.readouterr().out)
    for one in (*first["statements"], *second["statements"]):
        del one["id"], one["recorded_at"]
    assert second == first


def test_what_show_prints_can_be_imported(capsys, monkeypatch, tmp_path):
    assert main(["statement", "import", document(tmp_path), "--yes"]) == 0
    capsys.readouterr()
    assert main(["statement", "show", "1", "-o", "json"]) == 0
    (tmp_path / "one.json").write_text(capsys.readouterr().out)
    assert main(["statement", "import", "one.json", "--yes"]) == 0
    assert "recorded already" in capsys.readouterr().err


def test_a_document_says_itself_what_options_would_say(capsys, tmp_path):
    assert (
        main(["statement", "import", document(tmp_path), "--yes", "--kind", "report", "--about", "acme"]) == 2
    )
    assert "--about, --kind" in capsys.readouterr().err
    assert listed(capsys) == []


@pytest.mark.parametrize(
    ("changed", "slug", "code"),
    [
        ({"about": "nothing"}, "incident-not-found", 1),
        ({"about": "\udcff"}, "incident-not-found", 1),
        ({"text": "Call +44 7700 900123."}, "holds-identifier", 2),
        ({"text": "\ud800"}, "unfit-text", 2),
        ({"source": ""}, "no-source", 2),
        ({"source_url": "javascript:alert(1)"}, "unfit-source", 2),
        ({"said_on": "2099"}, "unfit-date", 2),
        ({"kind": "gossip"}, "usage", 2),
        ({"sample": -1}, "unfit-sample", 2),
        ({"assertions": [{"kind": "total"}]}, "unfit-assertion", 2),
        ({"more": 7}, "unfit-document", 2),
    ],
)
def test_a_document_that_cannot_be_recorded_is_refused_by_name_without_its_words(
    capsys, tmp_path, changed, slug, code
):
    assert main(["statement", "import", document(tmp_path, **changed), "--yes"]) == code
    told = capsys.readouterr().err
    assert f"({slug})" in told and "Statement 1 of the file" in told
    assert "7700" not in told
    assert listed(capsys) == []


def test_a_dump_is_no_table(capsys, tmp_path):
    rows = "".join(f"+44770090{number:04},Ada,ada{number}@example.org\n" for number in range(200))
    (tmp_path / "dump.csv").write_text(rows)
    assert main(["statement", "import", "dump.csv", *SAID, "--yes"]) == 1
    told = capsys.readouterr().err
    assert "floodmark triage" in told
    assert "44770" not in told and "ada" not in told.lower().replace("read", "")


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        (["nowhere.txt", *SAID, "--yes"], "unreadable-input"),
        (["floodmark", *SAID, "--yes"], "unreadable-input"),
        (["table.txt", *SAID[2:], "--yes"], "usage"),
        (["table.txt", "--about", "acme", "--yes"], "usage"),
        (["table.txt", *SAID, "--drawn", "seller", "--yes"], "usage"),
        (["table.txt", *SAID, "--assert", "gossip", "--yes"], "unreadable-assertion"),
    ],
)
def test_what_cannot_be_done_is_refused_by_name(capsys, table, words, slug):
    assert main(["statement", "import", *words]) != 0
    assert f"({slug})" in capsys.readouterr().err


def test_a_file_in_the_folder_does_not_say_yes(capsys, tmp_path, table):
    (tmp_path / "floodmark.toml").write_text("[statement.import]\nyes = true\n")
    assert main(["statement", "import", table, *SAID]) == 2
    assert "by hand only" in capsys.readouterr().err
