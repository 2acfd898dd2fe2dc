"""`floodmark triage` as a person runs it: a process of its own, its two streams, its files and its exit code."""

from __future__ import annotations

import gzip
import json
import os
import pty
import signal
import subprocess
import sys
import time
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from floodmark.synth import leak

FLOODMARK = [sys.executable, "-c", "import sys; from floodmark.cli import main; sys.exit(main())"]
SCHEMA = json.loads(files("floodmark.triage").joinpath("profile.schema.json").read_text())
FIRST = ("Zebulon", "Quillon", "Xanthippe", "Thaddeus", "Wilhelmina", "Ignatius")
LAST = ("Featherstonehaugh", "Quackenbush", "Zwingmann", "Oyelaran", "Papadimitriou")
PEOPLE = [
    (f"+20101{n:07d}", FIRST[n % 6], LAST[n % 5], f"own{n}.{FIRST[n % 6].lower()}@host{n}.example")
    for n in range(2_345_000, 2_345_120)
]


def run(*args: object, cwd: Path, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """One run without a terminal."""
    return subprocess.run(
        [*FLOODMARK, "triage", *map(str, args)],
        cwd=cwd,
        env={**os.environ, "FLOODMARK_TMP": str(cwd), **(env or {})},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `people.csv`: 120 made-up people under a header, one of them broken."""
    path = tmp_path_factory.mktemp("cli")
    lines = ["phone,first_name,last_name,email", *(",".join(row) for row in PEOPLE), "+20101, broken,\0"]
    (path / "people.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (path / "bare.csv").write_text("\n".join(lines[1:-1]) + "\n", encoding="utf-8")
    return path


def said_nothing_of_anybody(*texts: str) -> None:
    """No cell of the file is in any text; the failing cell is not shown either."""
    cells = {cell for row in PEOPLE for cell in row} | {row[0][1:] for row in PEOPLE}
    cells |= {row[3].partition("@")[2] for row in PEOPLE}
    assert sum(cell in text for cell in cells for text in texts) == 0


def test_json_on_stdout_is_the_profile_and_nothing_else(folder: Path) -> None:
    done = run("people.csv", "-o", "json", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    profile = json.loads(done.stdout)
    assert [*Draft202012Validator(SCHEMA).iter_errors(profile)] == []
    assert (profile["rows"], profile["mode"]) == (120, "exact")
    said_nothing_of_anybody(done.stdout)


def test_no_form_of_the_result_holds_a_cell_of_the_file(folder: Path) -> None:
    out = folder / "out"
    out.mkdir()
    done = run(
        *("people.csv", "--json", out / "p.json", "--html", out / "p.html", "--csv", out / "tables"),
        *("--acquired-from", "CERT-XX", "--acquired-at", "2026-01-31"),
        cwd=folder,
    )
    assert (done.returncode, done.stderr) == (0, "")
    written = [path for path in out.rglob("*") if path.is_file()]
    assert {"p.json", "p.json.custody.json", "p.html", "files.csv"} <= {path.name for path in written}
    said_nothing_of_anybody(done.stdout, *(path.read_text(encoding="utf-8") for path in written))
    profile = json.loads((out / "p.json").read_text())
    custody = json.loads((out / "p.json.custody.json").read_text())
    assert profile["custody"] == custody
    assert custody["acquired"] == {"from": "CERT-XX", "at": "2026-01-31", "by": None, "note": None}


def test_a_header_that_is_somebodys_record_is_not_shown(folder: Path) -> None:
    out = folder / "headless"
    out.mkdir()
    done = run(
        "bare.csv", "--header", "--json", out / "p.json", "--html", out / "p.html", "--csv", out, cwd=folder
    )
    assert done.returncode == 0
    said_nothing_of_anybody(
        done.stdout, done.stderr, *(p.read_text("utf-8") for p in out.rglob("*") if p.is_file())
    )


def test_quick_says_its_seed_and_that_no_digest_was_taken(folder: Path) -> None:
    done = run("people.csv", "--quick", "--seed", "7", "-o", "json", cwd=folder)
    profile = json.loads(done.stdout)
    assert [*Draft202012Validator(SCHEMA).iter_errors(profile)] == []
    assert (profile["mode"], profile["rows"], profile["unseen_rows"]) == ("quick", 120, 0)
    assert profile["custody"]["options"]["quick"]["seed"] == 7
    assert profile["files"][0]["sha256"] is None


def test_every_part_of_the_grammar_can_be_overridden(folder: Path) -> None:
    lines = ["made by hand", "and twice", *(f'{phone};"{first};{last}' for phone, first, last, _ in PEOPLE)]
    (folder / "odd.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = run(
        *("odd.txt", "-o", "json", "--delimiter", ";", "--no-header", "--preamble", 2, "--quote", ""),
        *("--columns", "phone,first_name,surname"),
        cwd=folder,
    )
    assert done.returncode == 0, done.stderr
    profile = json.loads(done.stdout)
    grammar = profile["files"][0]["grammar"]
    assert (grammar["delimiter"], grammar["header"], grammar["preamble"], grammar["quote"]) == (
        ";",
        False,
        2,
        None,
    )
    assert [column["name"] for column in grammar["columns"]] == ["phone", "first_name", "surname"]
    assert profile["files"][0]["lines"] == {
        "total": 122,
        "accepted": 120,
        "repaired": 0,
        "quarantined": 0,
        "skipped": 2,
    }


@pytest.mark.parametrize(
    ("args", "code", "word"),
    [
        (("missing.csv",), 3, "nothing-to-read"),
        (("blob.pdf",), 1, "unknown-container"),
        (("people.csv", "--region", "ZQ"), 2, "usage"),
        (("people.csv", "--json", "no/such/folder/p.json"), 1, "output-failed"),
        (("people.csv.gz", "--quick"), 1, "--exact"),
        (("people.csv", "blob.pdf"), 10, ""),
        (("people.csv", "blob.pdf", "--quick"), 10, ""),
        (("-",), 2, "Standard input"),
        (("people.csv", "--html", "people.csv"), 2, "usage"),
        (("people.csv", "--json", "one.out", "--html", "one.out"), 2, "usage"),
        (("people.csv", "--quick", "--seed", "-1"), 2, "--seed"),
        (("people.csv", "--region", "ß"), 2, "usage"),
    ],
)
def test_every_outcome_has_its_exit_code(folder: Path, args: tuple[str, ...], code: int, word: str) -> None:
    (folder / "blob.pdf").write_bytes(b"%PDF-1.7\n" + bytes(200))
    (folder / "people.csv.gz").write_bytes(gzip.compress((folder / "people.csv").read_bytes()))
    done = run(*args, cwd=folder)
    assert done.returncode == code
    assert word in done.stderr
    assert "Traceback" not in done.stderr
    said_nothing_of_anybody(done.stdout, done.stderr)


def test_an_output_that_cannot_show_a_character_shows_another(folder: Path) -> None:
    done = run("people.csv", cwd=folder, env={"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"})
    assert (done.returncode, done.stderr) == (0, "")


@pytest.fixture(scope="module")
def long_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that takes seconds to read: 200,000 numbers, many times over."""
    path = tmp_path_factory.mktemp("long") / "numbers.txt"
    leak("whatsapp-2022", 200_000, 1, path, damage=0.0)
    text = path.read_bytes().partition(b"\n")[2]
    with path.open("ab") as file:
        for _ in range(160):
            file.write(text)
    return path


def wait_until_it_reads(process: subprocess.Popen[bytes]) -> None:
    """Until the process has read past the sample that its grammar is inferred from, and the modules of its own."""
    until = time.monotonic() + 300
    while int(Path(f"/proc/{process.pid}/io").read_text().split()[1]) <= 120 << 20:
        assert process.poll() is None, "it ended before it could be stopped"
        assert time.monotonic() < until, "it never began to read"
        time.sleep(0.005)


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGKILL])
def test_a_run_that_is_stopped_leaves_nothing_behind(
    long_file: Path, tmp_path: Path, stop: signal.Signals
) -> None:
    terminal, ours = pty.openpty()
    process = subprocess.Popen(
        # Whoever watches it goes first, so that it is not done before that is noticed.
        ["nice", "-n", "5", *FLOODMARK, "triage", str(long_file), "--json", str(tmp_path / "p.json")],
        cwd=tmp_path,
        env={**os.environ, "FLOODMARK_TMP": str(tmp_path), "TMPDIR": str(tmp_path), "TERM": "xterm"},
        stdin=ours,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        wait_until_it_reads(process)
        process.send_signal(stop)
        stdout, stderr = process.communicate(timeout=120)
    finally:
        process.kill()
        process.communicate()
        os.close(terminal)
        os.close(ours)
    assert process.returncode == (130 if stop is signal.SIGINT else -signal.SIGKILL)
    assert stdout == b""
    assert b"Traceback" not in stderr
    assert [*tmp_path.rglob("*")] == []
