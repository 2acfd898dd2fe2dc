"""`floodmark leaks`, `floodmark leak show|edit` and `floodmark forget`, on a workspace of their own."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from floodmark.cli import main
from floodmark.register import tables
from floodmark.register.case_changes import link, open_case
from floodmark.register.leaks import ArrayFile, Leak, get_leak
from floodmark.register.workspace import Workspace

LEAK = Leak(
    slug="made-up",
    title="Xylophone [bold]Harvest[/bold]",
    synthetic=True,
    rows=533_313_128,
    saved_at="2026-01-31T13:05:00Z",
    field_types=("phone", "first_name", "birth_date"),
    digest_key_id="0011223344556677",
    profile_version=2,
)
ARRAYS = [
    ArrayFile("phone", 509_458_528, 4_075_668_352, "a" * 64, "1" * 32),
    ArrayFile("email", 2_529_621, 20_237_096, "b" * 64, "2" * 32),
    ArrayFile("domain", 12, 224, "c" * 64, "3" * 32),
]


@pytest.fixture(autouse=True)
def workspace(tmp_path, monkeypatch):
    monkeypatch.setenv("FLOODMARK_HOME", str(tmp_path / "floodmark"))
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(tmp_path)
    return Workspace.open()


@pytest.fixture
def saved(workspace):
    with workspace.staging("made-up") as staging:
        (staging.folder / "profile.json").write_bytes(bytes(1_500_000))
        staging.commit(LEAK, ARRAYS)
    return workspace


@pytest.fixture
def case(saved):
    now = datetime.now(UTC)
    with saved.writing("test") as connection:
        open_case(connection, "acme", "Customer file", now - timedelta(hours=30), now)
        link(connection, "acme", "leak", "made-up", now)
    return saved


def stored(workspace):
    with workspace.connect() as connection:
        return get_leak(connection, "made-up")


def output(capsys, *args, code=0):
    assert main(list(args)) == code
    return capsys.readouterr()


def answer(capsys, *args):
    return json.loads(output(capsys, *args).out)


def test_before_anything_is_saved_there_are_no_leaks_and_nothing_is_made(capsys, workspace):
    assert (
        output(capsys, "leaks").out
        == "No leak was saved here yet. Save one with: floodmark save SLUG FILE...\n"
    )
    assert answer(capsys, "leaks", "-o", "json")["leaks"] == []
    assert answer(capsys, "leaks", "-o", "hibp") == []
    assert not workspace.folder.exists()


def test_the_list_shows_each_leak_with_its_counts_and_that_it_is_synthetic(capsys, saved):
    shown = output(capsys, "leaks").out
    for words in (
        "made-up",
        "Xylophone",
        "[bold]Harvest[/bold]",
        "SYNTHETIC",
        "533,313,128 rows",
        "509,458,528 phone numbers",
        "2,529,621 e-mail addresses",
        "birth date",
    ):
        assert words in shown
    assert "domain" not in shown


def test_the_list_shows_the_most_pressing_deadline_of_an_open_case(capsys, case):
    shown = output(capsys, "leaks").out
    assert "overdue by" in shown
    assert "acme" in shown
    found = answer(capsys, "leaks", "-o", "json")["leaks"][0]["deadlines"][0]
    assert (found["case"], found["state"]) == ("acme", "overdue")


@pytest.mark.parametrize("width", ["40", "80", "200"])
def test_the_list_fits_any_width(capsys, saved, monkeypatch, width):
    monkeypatch.setenv("COLUMNS", width)
    lines = output(capsys, "leaks").out.splitlines()
    assert max(map(len, lines)) <= int(width)


def test_a_leak_as_json_has_all_that_is_known_and_no_path(capsys, saved):
    found = answer(capsys, "leak", "show", "made-up", "-o", "json")
    assert found["identifiers"] == {"email": 2_529_621, "phone": 509_458_528}
    assert found["field_types"] == ["phone", "first_name", "birth_date"]
    assert [array["name"] for array in found["arrays"]] == ["domain", "email", "phone"]
    assert found["deadlines"] == []
    assert "folder" not in found
    listed = answer(capsys, "leaks", "-o", "json")["leaks"][0]
    assert {name: found[name] for name in listed} == listed


def test_a_leak_is_shown_with_its_arrays_and_deadlines(capsys, case):
    shown = output(capsys, "leak", "show", "made-up").out
    for words in (
        "SYNTHETIC DATA",
        "Xylophone [bold]Harvest[/bold]",
        "4.1 GB",
        "overdue by",
        "acme",
    ):
        assert words in shown


def test_a_leak_in_the_words_of_have_i_been_pwned_is_one_of_its_list(capsys, saved):
    one = answer(capsys, "leak", "show", "made-up", "-o", "hibp")
    assert one["PwnCount"] == 509_458_528
    assert answer(capsys, "leaks", "-o", "hibp") == [one]


@pytest.mark.parametrize("args", [["leak", "show"], ["leak", "edit", "--title", "x"], ["forget", "--yes"]])
def test_a_slug_that_is_not_there_is_told_with_the_nearest(capsys, saved, args):
    told = output(capsys, *args, "made-upp", code=1).err
    assert "error (leak-not-found): No leak of that slug is saved." in told
    assert "Did you mean made-up?" in told


def test_an_edit_is_kept(capsys, saved):
    args = [
        "--title",
        "New",
        "--breach-date",
        "2019-08-31",
        "--verified",
        "--no-sensitive",
        "--domain",
        "Example.ORG",
    ]
    assert output(capsys, "leak", "edit", "made-up", *args).out == ""
    leak = stored(saved)
    assert (leak.title, leak.breach_date, leak.verified, leak.sensitive) == ("New", "2019-08-31", True, False)
    assert leak.domain == "example.org"
    assert leak.modified_at > LEAK.saved_at


def test_every_flag_and_word_of_a_leak_can_be_edited(capsys, saved):
    flags = ("fabricated", "sensitive", "retired", "spam-list", "malware", "stealer-log", "subscription-free")
    words = {"description": "What.", "attribution": "Who", "disclosure-url": "https://example.org/x"}
    args = [f"--{flag}" for flag in flags] + [
        part for name, text in words.items() for part in (f"--{name}", text)
    ]
    output(capsys, "leak", "edit", "made-up", *args, "--published-date", "2021-04-03")
    leak = stored(saved)
    assert all(getattr(leak, flag.replace("-", "_")) for flag in flags)
    assert [getattr(leak, name.replace("-", "_")) for name in words] == list(words.values())
    output(capsys, "leak", "edit", "made-up", "--published-date", "", "--no-malware", "--attribution", "")
    assert (stored(saved).published_date, stored(saved).malware, stored(saved).attribution) == (
        None,
        False,
        "",
    )


def test_an_edit_of_nothing_is_a_usage_error(capsys, saved):
    assert "Nothing was given to change" in output(capsys, "leak", "edit", "made-up", code=2).err


@pytest.mark.parametrize(
    "args",
    [
        ["--breach-date", "2019-02-30"],
        ["--published-date", "3 April"],
        ["--domain", "x"],
        ["--disclosure-url", "x"],
        ["--title", ""],
        ["--title", "rang +44 7700 900123"],
    ],
)
def test_an_edit_that_cannot_be_is_a_usage_error_and_changes_nothing(capsys, saved, args):
    before = stored(saved)
    told = output(capsys, "leak", "edit", "made-up", *args, code=2).err
    assert "7700" not in told
    assert stored(saved) == before


def test_a_settings_file_in_the_folder_neither_edits_nor_forgets(capsys, saved, tmp_path):
    (tmp_path / "floodmark.toml").write_text('[forget]\nyes = true\n[leak.edit]\ntitle = "Theirs"\n')
    before = stored(saved)
    output(capsys, "leak", "edit", "made-up", code=2)
    output(capsys, "forget", "made-up", code=2)
    assert stored(saved) == before


def test_forgetting_says_what_goes_and_leaves_nothing(capsys, case):
    printed = output(capsys, "forget", "made-up", "--yes")
    assert printed.out == "Forgot made-up.\n"
    assert "533,313,128 rows" in printed.err
    assert "3 arrays and all its files (1.5 MB)" in printed.err
    assert "Cases that lose their link to it: acme." in printed.err
    assert answer(capsys, "leaks", "-o", "json")["leaks"] == []
    files = [path for path in case.folder.rglob("*") if path.is_file()]
    assert not [
        path for path in files if b"Xylophone" in path.read_bytes() or b"made-up" in path.read_bytes()
    ]


def test_nothing_is_forgotten_where_nobody_can_be_asked(capsys, saved, monkeypatch):
    with Path(os.devnull).open() as nobody:
        monkeypatch.setattr("sys.stdin", nobody)
        told = output(capsys, "forget", "made-up", code=2).err
    assert "floodmark forget made-up --yes" in told
    assert stored(saved).slug == "made-up"


@pytest.mark.parametrize(("said", "code"), [("y", 0), ("n", 130)])
def test_on_a_terminal_it_is_asked_first(saved, said, code):
    reader, writer = pty.openpty()
    command = [
        sys.executable,
        "-c",
        "from floodmark.cli import main; raise SystemExit(main())",
        "forget",
        "made-up",
    ]
    with subprocess.Popen(
        command, stdin=writer, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        os.write(reader, f"{said}\n".encode())
        out, err = process.communicate()
    os.close(reader)
    os.close(writer)
    assert "Forget it?" in err
    assert (process.returncode, out) == (code, "Forgot made-up.\n" if said == "y" else "")


def test_a_reader_that_delays_the_wipe_is_said_with_an_exit_code_of_its_own(capsys, saved, monkeypatch):
    monkeypatch.setattr("floodmark.register.wipe.READERS_SECONDS", 0.1)
    with saved.connect() as reader:
        reader.execute(select(tables.leaks)).all()
        told = output(capsys, "forget", "made-up", "--yes", code=10)
    assert told.out == "Forgot made-up.\n"
    assert "the next command that writes removes what is left" in told.err


def test_a_command_that_has_to_wait_says_for_whom_and_then_does_its_work(saved):
    main_of = [sys.executable, "-c", "from floodmark.cli import main; raise SystemExit(main())"]
    with saved.writing("save"):
        command = [*main_of, "leak", "edit", "made-up", "--title", "New"]
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        assert process.stderr is not None
        told = process.stderr.readline()
        assert told.startswith(f"The workspace is held by floodmark save (process {os.getpid()}, since ")
        assert told.endswith("). Waiting.\n")
        assert stored(saved).title == LEAK.title
    with process:
        assert process.stderr.read() == "Edited made-up: title.\n"
    assert process.returncode == 0
    assert stored(saved).title == "New"


def test_listing_loads_neither_alembic_nor_numbers(saved):
    program = (
        "import sys; from floodmark.cli import main; main(['leaks'])\n"
        "raise SystemExit(sorted({'polars', 'numpy', 'alembic', 'altair'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stderr.strip() == "[]"


def test_a_slug_that_is_no_unicode_names_no_leak(saved, capsys):
    odd = "\udcff"
    for args in (
        ["leak", "show", odd],
        ["leak", "profile", odd],
        ["leak", "edit", odd, "--title", "x"],
        ["forget", odd, "--yes"],
        ["custody", "verify", odd],
        ["case", "open", "acme", "--title", "x", "--aware", "now", "--leak", odd],
    ):
        assert main(args) in (1, 2, 3), args
        printed = capsys.readouterr()
        assert "bug" not in printed.err and not printed.out
        assert printed.err.replace("\n", "").isprintable()


def test_strays_are_said_when_leaks_are_listed(saved, capsys):
    (saved.leaks_folder / "odd\x1b[31m").mkdir()
    assert main(["leaks", "-o", "json"]) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out)["leaks"][0]["slug"] == "made-up"
    assert "leaks/odd\ufffd[31m, which is left alone" in printed.err
