"""`floodmark check --batch` as an organisation runs it, on a real workspace and against servers on this machine."""

from __future__ import annotations

import csv
import io
import itertools
import json
import signal
import socket
import stat
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console

from floodmark.cli import main
from floodmark.cli.check_batch_text import render
from floodmark.reports.labels import field_name

from ..exposure.check.published import EMAIL, PHONE, ROOT, STRANGER, publish
from ..exposure.check.server import response, serving

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
ROOT_KEY = ROOT.public.hex()
GOES_ON = "the same command goes on from there"


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A snapshot that has not expired, whatever the day."""
    return publish(tmp_path_factory.mktemp("published"), datetime.now(UTC).replace(microsecond=0))


@pytest.fixture
def server(published):
    with serving(published) as made:
        yield made


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder with keys of its own, and no workspace yet."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FLOODMARK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("FLOODMARK_KEYS", str(tmp_path / "keys"))
    assert main(["keys", "init", "--wrap", "none"]) == 0
    return tmp_path


@pytest.fixture
def run(place, server, capsys):
    """A function that runs a batch against the server: exit code, stdout, stderr."""

    def running(*args, contacts=None, out="found.csv"):
        if contacts is not None:
            write(place, contacts)
        capsys.readouterr()
        code = main([*command(server, out), *map(str, args)])
        told = capsys.readouterr()
        return code, told.out, told.err

    return running


def command(server, out="found.csv"):
    asked = [
        "check",
        server.address,
        "--root-key",
        ROOT_KEY,
        "--batch",
        "customers.csv",
        "--column",
        "contact",
    ]
    return [*asked, "--size", "1000", *(["-o", out] if out else [])]


def write(place, contacts):
    lines = [f"c{at};{one}" for at, one in enumerate(contacts)]
    (place / "customers.csv").write_text("\n".join(["customer;contact", *lines, ""]))


def rows(path="found.csv"):
    with Path(path).open(newline="") as file:
        return list(csv.reader(file))


def numbers(count, first=0):
    return [f"+44 20 7946 {at:04d}" for at in range(first, first + count)]


def parts(server):
    return Counter(request.part for request in server.requests)


def test_what_is_found_is_written_by_row_and_counted_on_stdout(run):
    code, out, err = run("--id-column", "customer", contacts=[STRANGER, PHONE, "ada@", EMAIL])
    assert (code, err) == (10, "")
    assert rows() == [
        ["row", "id", "leak", "field_types", "synthetic"],
        ["2", "c1", "first", "phone full_name birth_date", "synthetic"],
        ["2", "c1", "second", "phone", "synthetic"],
        ["4", "c3", "first", "email password", "synthetic"],
    ]
    words = " ".join(out.split())
    assert "SYNTHETIC DATA: all of these leaks" in words
    assert "Found: 2 of 3 identifiers, on 2 of 4 rows, in 2 leaks of snapshot 1 (20" in words
    assert "The leak first (synthetic): 2 1 phone number, full name and birth date" in words
    assert "Not asked about, for want of a valid identifier: 1 row (1 no email address)." in words
    assert "Not looked in for every kind of identifier, as they were not sealed for all: second." in words
    assert "Spent in this epoch: 64 of 1,280 elements." in words


def test_no_identifier_is_in_any_file_or_on_any_stream(run, place):
    code, out, err = run(contacts=[PHONE, EMAIL])
    told = out + err + (place / "found.csv").read_text()
    kept = (place / "found.csv.progress").read_bytes()
    assert code == 10
    assert not any(part in told for part in ("ada@", "7946", "0001", "4420"))
    # Encrypted bytes have any four characters once in so many runs.
    assert not any(part in kept for part in (b"ada@example", b"79460001", b"7946 0001", b"44207946"))


def test_files_are_their_owners_alone(run, place):
    run(contacts=[PHONE])
    for name in ("found.csv", "found.csv.progress"):
        assert stat.S_IMODE((place / name).stat().st_mode) == 0o600


def test_nobody_found_exits_with_0_and_leaves_a_heading(run):
    code, out, _ = run(contacts=[STRANGER])
    assert (code, len(rows())) == (0, 1)
    assert "Found: 0 of 1 identifier, on 0 of 1 row" in " ".join(out.split())


def test_kinds_that_no_leak_was_sealed_for_are_said_and_are_no_all_clear(run, place):
    (place / "customers.csv").write_text("user\nada_1\n")
    code, out, _ = run("--column", "user=username")
    assert code == 11
    assert "Nothing is known of usernames: no leak was sealed for them." in " ".join(out.split())


def test_json_has_the_counts_and_no_rows(run):
    code, out, _ = run("-o", "json", "--out", "found.csv", contacts=[PHONE, EMAIL, "x"], out=None)
    table = json.loads(out)
    assert code == 10
    assert (table["format"], table["found"], table["exact"]) == ("floodmark/organisation/1", True, True)
    assert (table["rows"], table["identifiers"], table["identifiers_found"]) == (3, 2, 2)
    assert table["leaks"][0]["field_sets"][0]["identifiers"] == 1
    assert len(rows()) == 4


def test_cardinality_only_writes_no_row_and_no_small_count(run):
    code, out, _ = run("--cardinality-only", contacts=[PHONE, *numbers(7, first=100)])
    assert code == 10
    assert rows() == [
        ["leak", "field_types", "identifiers", "synthetic"],
        ["first", "", "8", "synthetic"],
        ["first", "*", "8", "synthetic"],
        ["second", "", "8", "synthetic"],
        ["second", "phone", "8", "synthetic"],
    ]
    words = " ".join(out.split())
    assert "Found: at least 8 of 8 identifiers, in 2 leaks of snapshot 1" in words
    assert "Counts of 1 to 4 are shown as <5" in words
    assert "How many are in any of several leaks is not told" in words


def test_no_subtraction_tells_who_is_in_one_leak_alone(run):
    """Somebody is in the first leak alone: neither form says that all together are one more than in the second."""
    args = ("--cardinality-only", "--file-changed")
    _, words, _ = run(*args, contacts=[EMAIL, *numbers(8, first=100), *numbers(8, first=100)])
    assert "Found: at least 9 of 9 identifiers, in 2 leaks" in " ".join(words.split())
    write(Path(), [PHONE, EMAIL, *numbers(4, first=100)])
    _, out, _ = run(*args, "-o", "json", "--out", "found.csv", out=None)
    table = json.loads(out)
    assert [leak["identifiers"] for leak in table["leaks"]] == [6, 5]
    assert table["identifiers_found"] == ">=6" and "rows_found" not in table


def test_an_id_that_a_spreadsheet_would_run_begins_with_an_apostrophe(run, place):
    (place / "customers.csv").write_text(f"customer,contact\n=1+1,{PHONE}\n")
    run("--id-column", "customer")
    assert {row[1] for row in rows()[1:]} == {"'=1+1"}


def test_the_same_command_again_costs_nothing(run, server):
    run(contacts=numbers(130))
    server.requests.clear()
    code, out, err = run()
    assert code == 10 and parts(server) == {"snapshot": 1}
    assert "Going on: 130 identifiers were evaluated before" in err
    assert "Spent in this epoch: 192 of 1,280" in out


def test_a_changed_file_is_refused_until_it_is_allowed(run, server):
    run(contacts=[PHONE])
    code, _, err = run(contacts=[PHONE, EMAIL])
    assert code == 2 and "customers-changed" in err and "--file-changed" in err
    assert run("--file-changed")[0] == 10


def test_more_customers_than_were_attested_are_refused_before_anything_is_sent(run, server):
    code, _, err = run("--size", "64", contacts=numbers(65))
    assert code == 2 and "too-many-customers" in err
    assert server.requests == [] and not Path("found.csv").exists()


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--batch", "customers.csv", "--size", "9", "-o", "found.csv"], "--column and --size"),
        (["--batch", "customers.csv", "--column", "contact", "-o", "found.csv"], "--column and --size"),
        (["--batch", "customers.csv", "--column", "contact", "--size", "9"], "to a file"),
        (["--batch", "customers.csv", "--column", "contact", "--size", "9", "-o", "json"], "to a file"),
        (["--batch", "customers.csv", "--column", "contact", "--size", "9", "-o", "-"], "to a file"),
        (
            ["--batch", "customers.csv", "--column", "contact", "--size", "9", "-o", "a", "--out", "b"],
            "no other",
        ),
        (["--batch", "customers.csv", "--column", "contact", "--size", "9", "-o", "/dev/null"], "to a file"),
        (
            ["--batch", "customers.csv", "--column", "contact", "--size", "9", "-o", "customers.csv"],
            "is an input",
        ),
        (
            ["--batch", "customers.csv", "--column", "contact", "--size", "9", "-o", "keys/x"],
            "folder of the keys",
        ),
        (["--batch", "customers.csv", "--explain"], "one identifier"),
        (["--column", "contact"], "goes with --batch alone"),
        (["-o", "found.csv"], "goes with --batch alone"),
    ],
)
def test_options_that_make_no_sense_are_refused_before_anything_is_sent(place, server, capsys, args, said):
    write(place, [PHONE])
    before = (place / "customers.csv").read_bytes()
    assert main(["check", server.address, "--root-key", ROOT_KEY, *args]) == 2
    assert said in capsys.readouterr().err
    assert server.requests == [] and (place / "customers.csv").read_bytes() == before


def test_without_keys_nothing_is_sent(run, server, monkeypatch, tmp_path):
    monkeypatch.setenv("FLOODMARK_KEYS", str(tmp_path / "none"))
    code, _, err = run(contacts=[PHONE])
    assert code == 1 and "no-keys" in err and server.requests == []


def test_a_spent_budget_stops_the_run_which_the_same_command_goes_on_with(run, server):
    places = itertools.count(1)

    def refuse(request):
        if next(places) > 4:
            return response("429 Too Many Requests", headers={"Retry-After": "7200"})
        return server.honest(request)

    server.lies["evaluate"] = refuse
    code, out, err = run(contacts=numbers(400))
    assert (code, out) == (1, "")
    assert "budget-spent" in err and "come again in 2 hours" in err
    assert "What was answered is kept in found.csv.progress: the same command goes on from there." in err
    assert not Path("found.csv").exists()
    server.lies.clear()
    server.requests.clear()
    assert run()[0] == 10
    assert parts(server)["evaluate"] == 3


def test_a_short_wait_is_waited_and_said(run, server):
    busy = iter([True])
    server.lies["evaluate"] = lambda request: (
        response("429 Too Many Requests", headers={"Retry-After": "1"})
        if next(busy, False)
        else server.honest(request)
    )
    code, _, err = run(contacts=[PHONE])
    assert code == 10 and "Waiting for 1 seconds" in err


def stopped(server, part, at, number, *args):
    """A process of its own whose run is stopped when the server is asked for the `at`-th time: exit code, stderr."""
    start = [sys.executable, "-c", "import sys; from floodmark.cli import main; sys.exit(main())"]
    child, places = [], itertools.count(1)

    def stop(request):
        if next(places) == at:
            child[0].send_signal(number)
            child[0].wait()  # nothing is answered that it could still take in
        return server.honest(request)

    server.requests.clear()
    server.lies[part] = stop
    with subprocess.Popen([*start, *command(server), *args], stderr=subprocess.PIPE) as process:
        child.append(process)
        _, told = process.communicate()
    server.wait_until_left()
    server.lies.clear()
    return process.returncode, told.decode()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
@pytest.mark.parametrize(("part", "at"), [("evaluate", 1), ("evaluate", 6), ("buckets", 1), ("buckets", 77)])
def test_a_run_that_is_stopped_goes_on_and_pays_twice_only_for_what_was_under_way(
    run, place, server, part, at, number
):
    write(place, numbers(500))
    code, told = stopped(server, part, at, number)
    assert code == (-9 if number == signal.SIGKILL else 130)
    assert ("the same command goes on from there" in told) == (number == signal.SIGINT)
    assert not (place / "found.csv").exists()
    before = parts(server)
    server.requests.clear()
    code, out, _ = run("-o", "json", "--out", "found.csv", out=None)
    after = parts(server)
    assert code == 10
    assert after["evaluate"] == {("evaluate", 1): 8, ("evaluate", 6): 3}.get((part, at), 0)
    assert json.loads(out)["spent"] == 512 + {("evaluate", 1): 64, ("evaluate", 6): 192}.get((part, at), 0)
    assert after["buckets"] <= 500 - max(before["buckets"] - 4, 0)
    assert {row[0] for row in rows()[1:]} == {"2", *(str(row) for row in range(101, 401))}


def test_spending_is_counted_over_kills_and_kept_to_the_budget(run, place, server):
    """Killed with four requests under way, then with one: what was sent is spent, until the client itself stops."""
    write(place, numbers(290))
    for at in (5, 1):
        assert stopped(server, "evaluate", at, signal.SIGKILL, "--size", "290")[0] == -9
    server.requests.clear()
    code, _, err = run("--size", "290")
    assert code == 1
    assert "256 elements are to be asked, and 192 of 576 are left in this epoch" in err
    assert "The progress file beside the output is what counts" in err and GOES_ON not in err
    assert parts(server)["evaluate"] == 0


def test_a_wrong_evaluator_costs_nothing_and_the_right_one_finds_everybody(run, place, server):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # and never listens
        dead = f"http://127.0.0.1:{closed.getsockname()[1]}"
        write(place, numbers(50, first=100))
        for _ in range(3):
            code, _, err = run("--size", "50", "--evaluator", dead, "--wait", "0")
            assert code == 1 and "server-failed" in err and GOES_ON in err
    code, out, _ = run("--size", "50")
    assert code == 10 and "Spent in this epoch: 64 of 320 elements." in out


def test_a_progress_file_that_cannot_be_used_is_no_reason_to_say_that_the_run_goes_on(run, place, server):
    write(place, numbers(130))
    run()
    server.requests.clear()
    kept = place / "found.csv.progress"
    whole = kept.read_bytes()
    kept.write_bytes(whole[:60] + bytes(4) + whole[64:])
    code, _, err = run()
    assert code == 1 and "(progress-damaged): found.csv.progress is damaged at byte" in err
    assert GOES_ON not in err and parts(server)["evaluate"] == 0
    kept.write_bytes(b"mine")
    code, _, err = run()
    assert code == 1 and "progress-locked" in err and GOES_ON not in err
    assert kept.read_bytes() == b"mine"


def test_a_file_of_customers_that_is_called_as_the_progress_file_would_be_is_refused_untouched(
    run, place, server
):
    write(place, [PHONE])
    file = (place / "customers.csv").rename(place / "found.csv.progress")
    file.chmod(0o644)
    before = file.read_bytes()
    code, _, err = run("--batch", file.name)
    assert code == 2 and "is an input" in err and server.requests == []
    assert stat.S_IMODE(file.stat().st_mode) == 0o644 and file.read_bytes() == before


def test_standard_input_is_no_file_of_customers(run, server):
    code, _, err = run("--batch", "-")
    assert code == 2 and "--batch reads a file, and standard input is none." in err
    assert "Save it as a file" in err and server.requests == []


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--column", "mail"], "The file's first line has no such column"),
        (["--column", "9"], "The file has 2 columns"),
    ],
)
def test_a_column_that_is_not_there_is_said_of_the_file_that_was_given(run, args, said):
    code, _, err = run(*args, contacts=[PHONE])
    assert code == 2 and said in err and "watch" not in err


def test_an_empty_file_is_said_to_be_empty(run, place):
    (place / "customers.csv").write_text("\n\n")
    code, _, err = run()
    assert code == 3 and "customers.csv holds no entry" in err and "watch" not in err


@pytest.mark.parametrize(
    "line",
    [
        "size = 1000000",
        "file-changed = true",
        "cardinality-only = true",
        "wait = 86400",
        'column = "contact"',
        'id-column = "name"',
        'batch = "customers.csv"',
        'out = "found.csv"',
    ],
)
def test_a_settings_file_that_lies_beside_the_customers_decides_nothing(place, server, capsys, line):
    write(place, [PHONE])
    (place / "floodmark.toml").write_text(f"[check]\n{line}\n")
    name = line.partition(" ")[0]
    args = command(server)
    if f"--{name}" in args:
        at = args.index(f"--{name}")
        del args[at : at + 2]
    elif name == "out":
        del args[args.index("-o") :]
    capsys.readouterr()
    assert main(args) == 2
    assert "given by hand" in capsys.readouterr().err and server.requests == []


def test_every_kind_of_data_and_every_leak_is_named(run):
    _, out, _ = run("-o", "json", "--out", "found.csv", contacts=[PHONE], out=None)
    table = json.loads(out)
    types = [
        "phone",
        "email",
        "full_name",
        "birth_date",
        "password",
        "gender",
        "city",
        "country",
        "employer",
        "job_title",
    ]
    table["leaks"][0]["field_sets"][0]["field_types"] = types
    table["not_looked_in"] = [f"leak-{at}" for at in range(12)]
    console = Console(width=300, file=io.StringIO())
    console.print(render(table))
    words = " ".join(console.file.getvalue().split())
    assert " more" not in words
    assert all(field_name(one) in words for one in types) and "leak-11." in words
