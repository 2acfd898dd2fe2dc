"""`floodmark check` as a person runs it, on a real workspace and against servers on this machine."""

from __future__ import annotations

import ctypes
import io
import json
import resource
import sys
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from rich.console import Console

from floodmark.cli import main
from floodmark.cli.check_text import explanation, render
from floodmark.exposure.check import Checked, CheckedIdentifier, FoundLeak, LocalEvaluator, SnapshotFacts
from floodmark.exposure.snapshots import read_snapshot
from floodmark.register.keys import Keyring
from floodmark.reports.labels import field_name
from floodmark.synth import leak

from ..exposure.check.published import EMAIL, KEY, OTHER_KEY, ROOT, STRANGER, Key, Published, publish, told
from ..exposure.check.server import response, serving
from .test_passphrases import typed

SCHEMA = json.loads(files("floodmark.exposure.check").joinpath("check.schema.json").read_text())


def words(text):
    """Text without its line breaks, which depend on the width of the terminal."""
    return " ".join(text.split())


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A workspace with a snapshot of one twin, and a number that is in it."""
    folder = tmp_path_factory.mktemp("place")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("FLOODMARK_HOME", str(folder / "home"))
        patch.setenv("FLOODMARK_KEYS", str(folder / "keys"))
        leak("facebook-2021", 800, 5, folder / "twin.txt", damage=0, invalid=0, duplicates=0)
        assert main(["keys", "init", "--wrap", "none"]) == 0
        assert main(["save", "twin", "twin.txt", "--title", "A twin"]) == 0
        assert main(["seal", "twin", "--from", "twin.txt"]) == 0
        assert main(["snapshot", "make"]) == 0
    return folder


@pytest.fixture
def numbers(place):
    """International numbers of the twin."""
    lines = (place / "twin.txt").read_bytes().decode().splitlines()[1:]
    return ["+" + line.split(":")[0] for line in lines]


@pytest.fixture
def run(place, monkeypatch, capsys):
    """A function that runs a check with something on standard input: exit code, stdout, stderr."""
    monkeypatch.chdir(place)

    def running(*args, given=b"", home=place):
        monkeypatch.setenv("FLOODMARK_HOME", str(home / "home"))
        monkeypatch.setenv("FLOODMARK_KEYS", str(home / "keys"))
        capsys.readouterr()
        raw = given if isinstance(given, bytes) else given.encode()
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw)))
        code = main(["check", *map(str, args)])
        told = capsys.readouterr()
        return code, told.out, told.err

    return running


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    return publish(tmp_path_factory.mktemp("published"))


def test_who_is_found_is_told_what_of_theirs_when_how_sure_and_what_to_do(run, numbers):
    code, out, err = run(given=numbers[3] + "\n")
    assert (code, err) == (10, "")
    assert out.startswith("SYNTHETIC DATA")
    for part in (
        "Found in 1 of 1 leak",
        "A twin (synthetic)",
        "what of yours phone number, profile id, first name",
        "when it was taken is not known",
        "Nobody has verified that the data is real.",
        "TODAY",
        "Have your phone number locked",
        "WHAT NOT TO DO",
    ):
        assert part in words(out)
    assert "WHO LEARNT WHAT" not in out


def test_who_is_not_found_is_told_how_far_that_holds(run):
    code, out, err = run(given=STRANGER)
    assert (code, err) == (0, "")
    assert "Not found in 1 leak" in out and "no other leak has it" in words(out)
    assert "Have your phone number locked" not in out


@pytest.mark.parametrize("flag", ["sensitive", "retired"])
def test_a_snapshot_with_a_leak_that_must_not_be_told_of_any_more_answers_nobody(run, numbers, place, flag):
    run()  # for the environment
    assert main(["leak", "edit", "twin", f"--{flag}"]) == 0
    try:
        for given in (numbers[3], STRANGER):
            code, out, err = run(given=given)
            assert (code, out) == (2, "")
            assert "error (snapshot-outdated)" in err
    finally:
        assert main(["leak", "edit", "twin", f"--no-{flag}"]) == 0
    assert run(given=numbers[3])[0] == 10


def test_a_kind_that_was_not_sealed_is_not_said_to_be_not_found(run):
    code, out, _ = run("--kind", "profile_id", given="1234567")
    assert code == 11
    assert "Nothing is known" in out and "Not looked in" in out and "Not found" not in out
    code, out, _ = run("--kind", "profile_id", "-o", "json", given="1234567")
    assert code == 11
    assert json.loads(out)["identifiers"] == [
        {"kind": "profile_id", "leaks": [], "looked_in": 0, "not_looked_in": ["twin"]}
    ]


def test_json_follows_its_schema_and_has_the_advice(run, numbers):
    for given, count in ((numbers[0], 1), (STRANGER, 0)):
        code, out, err = run("-o", "json", "--language", "de", given=given)
        answer = json.loads(out)
        Draft202012Validator(SCHEMA).validate(answer)
        assert (code, answer["found"], len(answer["identifiers"][0]["leaks"]), err) == (
            10 * count,
            count > 0,
            count,
            "",
        )
    assert answer["advice"] == []
    answer = json.loads(run("-o", "json", "--language", "de", given=numbers[0])[1])
    assert answer["advice"][0]["urgency"] == "today" and "phone" in answer["advice"][0]["because"]
    assert "Rufnummer" in json.dumps(answer["advice"])


def test_no_identifier_is_in_what_is_shown(run, numbers):
    for args in ((), ("-o", "json"), ("--explain",)):
        _, out, err = run(*args, given=numbers[1])
        assert numbers[1] not in out + err and numbers[1][4:] not in out + err


IDENTIFIERS = [
    "ada@example.org",
    "+442079460001",
    "ada lovelace",
    "1234567",
    "@ada",
    "mailto:ada@example.org",
]


@pytest.mark.parametrize("identifier", IDENTIFIERS)
@pytest.mark.parametrize(
    "args",
    [
        ["{}"],
        ["{}", "{}"],
        ["{}", "-o", "json"],
        ["--kind", "{}"],
        ["--region", "{}"],
        ["--language", "{}"],
        ["--evaluator", "{}"],
        ["--root-key", "{}"],
        ["--output", "{}"],
        ["--{}"],
        ["--email={}"],
        ["-{}"],
        ["https://{}"],
        ["http://{}/"],
    ],
)
def test_an_identifier_as_an_argument_is_refused_and_not_repeated(run, args, identifier):
    code, out, err = run(*(arg.format(identifier) for arg in args), given=STRANGER)
    assert (code, out) == (2, "")
    assert "hint:" in err
    assert identifier not in err and "ada" not in err and "7946" not in err


def test_the_refusal_of_an_argument_says_why(run):
    _, _, err = run(EMAIL)
    assert "shell history" in err and "remove the line" in err


@pytest.mark.parametrize(
    ("given", "code", "slug"),
    [
        (b"", 3, "nothing-to-read"),
        (b"\n \n", 3, "nothing-to-read"),
        (b"ada@example.org\nbob@example.org\n", 2, "usage"),
        (b"ada@example.org" + b" " * 9000, 2, "usage"),
        (b"ada\xff@example.org", 2, "usage"),
        (b"ada at example", 2, "not-an-identifier"),
        (b"ada\0@example.org", 2, "not-an-identifier"),
        (b"a" * 2000 + b"@example.org", 2, "not-an-identifier"),
        (b"020 7946 0001", 2, "not-an-identifier"),
        (b"\x1b]0;ada\x07", 2, "not-an-identifier"),
    ],
)
def test_what_cannot_be_asked_is_refused_and_not_repeated(run, given, code, slug):
    got, out, err = run(given=given)
    assert (got, out) == (code, "")
    assert f"({slug})" in err and "ada" not in err and "7946" not in err


@pytest.mark.parametrize(
    "given", [b"\xef\xbb\xbfada@example.org\r\n", b"  ada@example.org  ", b"\nada@EXAMPLE.org\n\n"]
)
def test_one_line_is_read_whatever_is_around_it(run, given):
    assert run(given=given)[0] == 0


def test_national_numbers_need_their_region(run):
    assert run("--region", "gb", given="020 7946 0001")[0] == 0
    assert run("--region", "ZZ", given="020 7946 0001")[0] == 2


def test_where_there_is_no_snapshot_the_next_step_is_named(run, tmp_path):
    code, _, err = run(given=EMAIL, home=tmp_path)
    assert code == 3 and "floodmark snapshot make" in err
    code, _, err = run("https://check.example.org", given=EMAIL, home=tmp_path)
    assert code == 2 and "--root-key" in err
    assert [*tmp_path.iterdir()] == []


def test_another_publishers_snapshot_needs_their_root_key_and_their_evaluator(run, published):
    code, _, err = run(published.folder, given=EMAIL)
    assert code == 1 and "(wrong-root-key)" in err and "--root-key" in err
    code, _, err = run(published.folder, "--root-key", ROOT.public.hex(), given=EMAIL)
    assert code == 1 and "(snapshot-expired)" in err


def test_the_root_key_is_taken_from_the_environment_and_never_from_the_folders_settings(
    run, place, monkeypatch
):
    monkeypatch.setenv("FLOODMARK_CHECK_ROOT_KEY", "00" * 32)
    assert "(wrong-root-key)" in run(given=EMAIL)[2]
    monkeypatch.delenv("FLOODMARK_CHECK_ROOT_KEY")
    for line in (
        'root-key = "' + "00" * 32 + '"',
        'evaluator = "https://check.example.org"',
        'kind = "username"',
        'region = "DE"',
    ):
        (place / "floodmark.toml").write_text(f"[check]\n{line}\n")
        code, _, err = run(given=EMAIL)
        (place / "floodmark.toml").unlink()
        assert code == 2 and "(settings)" in err


def test_a_kind_and_a_region_of_a_file_that_came_with_a_dump_give_no_false_all_clear(run, place, numbers):
    for line in ('kind = "username"', 'region = "DE"'):
        (place / "floodmark.toml").write_text(f"[check]\n{line}\n")
        code, out, err = run(given=numbers[2])
        (place / "floodmark.toml").unlink()
        assert (code, out) == (2, "") and "by hand" in err
    assert run("--kind", "phone", "--region", "DE", given=numbers[2])[0] == 10


def test_what_a_variable_sets_wrongly_is_refused_with_its_name_and_not_repeated(run, monkeypatch):
    for option, name in (
        ("--root-key", "FLOODMARK_CHECK_ROOT_KEY"),
        ("--kind", "FLOODMARK_CHECK_KIND"),
        ("--explain", "FLOODMARK_CHECK_EXPLAIN"),
    ):
        monkeypatch.setenv(name, "ada@example.org")
        code, _, err = run(given=STRANGER)
        monkeypatch.delenv(name)
        assert code == 2 and f"{option} in {name}" in err and "ada" not in err
        if option != "--explain":
            code, _, err = run(option, "ada@example.org", given=STRANGER)
            assert code == 2 and option in err and name not in err and "ada" not in err


@pytest.fixture
def server(place):
    """A server that hosts the workspace's snapshot and evaluates with its key."""
    [folder] = (place / "home" / "snapshots").iterdir()
    with Keyring.open(place / "keys", workspace=place / "home") as keys:
        root, key = keys.signing_key().public, keys.evaluation_key()
    snapshot = read_snapshot((folder / "v1" / "snapshot").read_bytes(), root)
    with serving(Published(folder, snapshot, ()), key) as made:
        yield made


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_server_is_asked_and_it_is_said_who_learnt_what(run, numbers, server):
    code, out, err = run(server.address, "--explain", given=numbers[0])
    assert (code, err) == (10, "")
    name = server.address.removeprefix("http://")
    assert "Sent was one blinded element, which looks random to anyone, and four of 65,536 buckets" in words(
        out
    )
    assert f"{name} learnt that somebody at your network address checked" in words(out)
    assert "Nobody but you learnt whether anything was found" in words(out)
    assert len(server.requests) == 6
    assert numbers[0].encode()[4:] not in b"".join(request.raw for request in server.requests)


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_host_and_evaluator_can_be_two(run, numbers, server, place):
    [folder] = (place / "home" / "snapshots").iterdir()
    assert run(folder, "--evaluator", server.address, given=numbers[0])[0] == 10
    assert [request.part for request in server.requests] == ["evaluate"]
    server.requests.clear()
    with serving(server.published) as other:
        code, out, _ = run(other.address, "--evaluator", server.address, "--explain", given=numbers[0])
    assert (code, [request.part for request in server.requests]) == (10, ["evaluate"])
    assert [request.part for request in other.requests] == ["snapshot", *["buckets"] * 4]
    assert "only together" in words(out)


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_refusal_is_said_in_two_lines_and_its_text_is_not(run, server):
    evil = b"ada@example.org \x1b]0;pwned\x07"
    for status, slug in [
        ("429 Too Many Requests", "budget-spent"),
        ("409 Conflict", "wrong-epoch"),
        ("500 Oh", "server-failed"),
    ]:
        server.lies["evaluate"] = lambda request, status=status: response(
            status, evil, {"Retry-After": "7200"}
        )
        code, out, err = run(server.address, given=STRANGER)
        assert (code, out) == (1, "")
        assert f"({slug})" in err and "hint:" in err
        assert "ada" not in err and "pwned" not in err and "\x1b]" not in err
        assert ("in 2 hours" in err) == (slug == "budget-spent")


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_host_that_does_not_evaluate_says_what_to_name(run, server):
    server.lies["evaluate"] = lambda request: response("405 Method Not Allowed")
    assert "name the one that does as the evaluator" in run(server.address, given=STRANGER)[2]


def test_a_snapshot_of_another_key_names_the_evaluator_as_what_is_missing(run, place, tmp_path, monkeypatch):
    monkeypatch.setenv("FLOODMARK_KEYS", str(tmp_path / "keys"))
    monkeypatch.setenv("FLOODMARK_HOME", str(tmp_path / "home"))
    assert main(["keys", "init", "--wrap", "none"]) == 0
    [folder] = (place / "home" / "snapshots").iterdir()
    with Keyring.open(place / "keys", workspace=place / "home") as keys:
        root = keys.signing_key().public.hex()
    code, out, err = run(folder, "--root-key", root, given=STRANGER, home=tmp_path)
    assert (code, out) == (1, "")
    assert "(proof-failed)" in err and "--evaluator" in err


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_proof_that_a_server_made_with_another_key_is_not_to_be_used_and_no_other_server_is_named(
    run, server
):
    server.key = Key(server.key.epoch, OTHER_KEY.pair)
    named = ["--evaluator", server.address]
    for args in ([server.address], [server.address, *named], [server.published.folder, *named]):
        code, out, err = run(*args, given=STRANGER)
        assert (code, out) == (1, "")
        assert "(proof-failed)" in err and "Do not use the answer" in err and "--evaluator" not in err


def test_a_folder_without_any_key_to_evaluate_names_the_evaluator(run, published, tmp_path):
    code, out, err = run(published.folder, "--root-key", ROOT.public.hex(), given=EMAIL, home=tmp_path)
    assert (code, out) == (1, "")
    assert "(no-keys)" in err and "--evaluator" in err and "keys init" not in err


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_the_scheme_of_an_address_may_be_written_large(run, numbers, server):
    assert run(server.address.replace("http", "HTTP"), given=numbers[0])[0] == 10
    assert "(server-failed)" in run("HTTPS://127.0.0.1:1", given=numbers[0])[2]


def test_a_dash_is_no_place_to_ask(run):
    code, out, err = run("-", given=STRANGER)
    assert (code, out) == (2, "")
    assert "standard input" in err and "Leave it out" in err and "shell history" not in err


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_certificates_that_cannot_be_read_are_said_with_their_variable(run, monkeypatch, tmp_path):
    (tmp_path / "junk.pem").write_bytes(b"junk")
    for file in ("absent.pem", "junk.pem"):
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / file))
        for address in ("https://127.0.0.1:1", "http://127.0.0.1:1"):
            code, out, err = run(address, given=STRANGER)
            assert (code, out) == (2, "")
            assert "(bad-certificates)" in err and "SSL_CERT_FILE" in err and "room" not in err


@pytest.mark.parametrize(
    "args", [["check", "https://127.0.0.1:1", "--root-key", "00" * 32], ["optout", "confirm"]]
)
def test_no_core_is_dumped_from_before_anything_is_typed(tmp_path, monkeypatch, args):
    """The limit, and on Linux the mark as not dumpable, at the moment at which the identifier is read."""
    seen = []

    class Watched(io.BytesIO):
        def read(self, *rest):
            seen.append((resource.getrlimit(resource.RLIMIT_CORE)[0], dumpable()))
            return super().read(*rest)

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FLOODMARK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("FLOODMARK_KEYS", str(tmp_path / "keys"))
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(Watched()))
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
    dumpable(True)
    assert main(args) == 3
    assert seen == [(0, False)]


def dumpable(wanted=None):
    """Whether this process is, after it was made so where that is wanted (prctl(2)); never but on Linux."""
    if sys.platform != "linux":
        return False
    prctl = ctypes.CDLL(None).prctl
    if wanted is not None:
        prctl(4, int(wanted), 0, 0, 0)
    return prctl(3, 0, 0, 0, 0) == 1


TYPES = (
    *("phone", "email", "full_name", "birth_date", "gender", "city", "employer", "password", "address"),
    *("national_id", "ip_address", "username"),
)


def test_everything_that_a_leak_says_of_whoever_is_found_is_shown_and_every_leak_that_was_not_looked_in(
    published,
):
    slugs = tuple(f"{number:02d}-" + "a" * 61 for number in range(12))
    found = replace(
        FoundLeak.of(told(published.sources[0]), 1), field_types=TYPES, domain="a." * 100 + "example"
    )
    checked = Checked((CheckedIdentifier("phone", (found,), 1, slugs),), SnapshotFacts.of(published.snapshot))
    out = io.StringIO()
    Console(file=out, width=2000, highlight=False, markup=False).print(render(checked, [], []))
    shown = words(out.getvalue())
    assert len(TYPES) == 12 and all(field_name(one) in shown for one in TYPES)
    assert all(slug in shown for slug in slugs) and found.domain in shown
    assert " more" not in shown and "…" not in shown


def test_what_a_snapshot_says_of_a_leak_cannot_drive_a_terminal(published):
    evil = "Title\x1b[31m\x1b]0;pwned\x07\u202e[bold]"
    leak_of_it = told(published.sources[0], title=evil, domain=evil, description=evil * 500)
    found = FoundLeak.of(leak_of_it, 1)
    snapshot = SnapshotFacts.of(published.snapshot)
    checked = Checked((CheckedIdentifier("phone", (found,), 1, ("first",)),), snapshot)
    out = io.StringIO()
    Console(file=out, width=80, force_terminal=False, highlight=False, markup=False).print(
        render(checked, [], [])
    )
    assert not set(out.getvalue()) & {"\x1b", "\x07", "\u202e"}
    assert "[bold]" in out.getvalue() and len(out.getvalue()) < 5000


def test_the_identifier_is_typed_unseen_and_twice(tmp_path):
    assert typed(tmp_path, ["keys", "init", "--wrap", "none"])[0] == 0
    args = ["check", "https://127.0.0.1:1", "--root-key", "00" * 32]
    first, second = "E-mail address or phone number (not shown): ", "Once more, against typing errors: "
    code, shown = typed(tmp_path, args, (first, EMAIL), (second, EMAIL))
    assert code == 1 and "(server-failed)" in shown and "ada" not in shown
    code, shown = typed(tmp_path, args, (first, EMAIL), (second, STRANGER))
    assert code == 2 and "differ" in shown and "ada" not in shown
    code, shown = typed(tmp_path, args, (first, ""))
    assert code == 3
    code, shown = typed(tmp_path, args, (first, "\x04"))
    assert code == 130 and "Traceback" not in shown
    code, shown = typed(tmp_path, args, (first, "ad\xe9 latin"))
    assert code == 2 and "latin" not in shown


def test_what_is_explained_is_three_sentences_that_fit_where_was_asked():
    one, other, here = "https://a.example.org", "https://b.example.org", Path("here")
    told = {
        (here, "key"): explanation(here, LocalEvaluator(KEY)),
        (here, one): explanation(here, one),
        (one, "key"): explanation(one, LocalEvaluator(KEY)),
        (one, None): explanation(one, None),
        (one, one): explanation(one, one),
        (one, other): explanation(one, other),
    }
    assert all(len(sentences) == 3 for sentences in told.values())
    assert told[one, None] == told[one, one]
    assert len({tuple(sentences) for sentences in told.values()}) == 5
    assert told[here, "key"][0].startswith("Nothing was sent")
    assert "four" not in " ".join(told[here, one]) and "blinded" not in " ".join(told[one, "key"])
    assert all(name in " ".join(told[one, other]) for name in ("a.example.org", "b.example.org"))
