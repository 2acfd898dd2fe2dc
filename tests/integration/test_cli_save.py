"""Saving a leak as a person does it, and asking afterwards who signed what: processes of their own, real keys."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from floodmark.register.arrays import leak_arrays
from floodmark.register.workspace import Workspace
from floodmark.synth import leak
from floodmark.triage import triage
from floodmark.triage.profile_file import load_profile

FLOODMARK = [
    sys.executable,
    "-W",
    "error",
    "-c",
    "import sys; from floodmark.cli import main; sys.exit(main())",
]
SEVERAL = """
import contextlib, io, json, os, sys
from floodmark.cli import main
told = []
for folder, words in json.load(sys.stdin):
    os.chdir(folder)
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(words)
    told.append([words, code, out.getvalue(), err.getvalue()])
print(json.dumps(told))
"""
ROWS = 4000


class Place:
    """A folder with a dump, a workspace and keys."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home, self.keys = folder / "home", folder / "keys"
        self.dump = folder / "dump.txt"

    def run(
        self, *args: object, limit: int | None = None, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        places = {"FLOODMARK_HOME": str(self.home), "FLOODMARK_KEYS": str(self.keys)}
        # By the process itself: between fork and exec, no Python may run where there are threads.
        small = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit})); "
        return subprocess.run(
            [*FLOODMARK[:-1], (small if limit else "") + FLOODMARK[-1], *map(str, args)],
            cwd=self.folder,
            env={**os.environ, **places, **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    def several(
        self, commands: Sequence[Sequence[object]], folders: Sequence[Path] = ()
    ) -> list[subprocess.CompletedProcess[str]]:
        """Of several commands, one after the other in one process, each in its folder: what came of them."""
        asked = [[str(self.folder), [*map(str, words)]] for words in commands]
        for one, folder in zip(asked, folders, strict=False):
            one[0] = str(folder)
        done = subprocess.run(
            [*FLOODMARK[:-1], SEVERAL],
            env={**os.environ, "FLOODMARK_HOME": str(self.home), "FLOODMARK_KEYS": str(self.keys)},
            input=json.dumps(asked),
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == 0, done.stderr
        return [subprocess.CompletedProcess(*one) for one in json.loads(done.stdout)]

    def arrays(self, slug: str):
        with Workspace.open(self.home) as workspace:
            return leak_arrays(workspace, slug)


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Place:
    place = Place(tmp_path_factory.mktemp("saved"))
    leak("facebook-2021", ROWS, 7, place.dump)
    assert place.run("keys", "init", "--wrap", "none").returncode == 0
    done = place.run("save", "twin", place.dump, "--title", "A twin", "--acquired-from", "a test")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Synthetic. Saved twin:")
    return place


@pytest.fixture
def place(saved: Place, tmp_path: Path) -> Place:
    """A copy of the saved one, to damage."""
    shutil.copytree(saved.folder, tmp_path / "copy")
    return Place(tmp_path / "copy")


def test_what_was_saved_is_what_triage_says(saved: Place) -> None:
    arrays = saved.arrays("twin")
    arrays.verify()
    profile = load_profile(arrays.folder / "profile.json")
    plain = triage([saved.dump])
    assert {kind: len(arrays.digests(kind)) for kind in arrays.kinds} == {
        item.kind: item.distinct for item in plain.identifiers
    }
    assert profile.rows == plain.rows == arrays.leak.rows
    assert profile.statistics is not None
    assert profile.files == plain.files
    assert profile.field_sets == plain.field_sets
    assert arrays.leak.title == "A twin"
    assert arrays.leak.synthetic
    assert set(arrays.leak.field_types) == {item.type for item in plain.fields} - {"unknown"}


def test_no_identifier_or_name_is_in_any_file_of_the_workspace(saved: Place) -> None:
    kept = b"".join(path.read_bytes() for path in saved.home.rglob("*") if path.is_file())
    cells = {cell for line in saved.dump.read_bytes().splitlines()[1:800] for cell in line.split(b":")[:4]}
    telling = [cell for cell in cells if len(cell) > 6]
    assert len(telling) > 1500
    # Twelve digits stand in the random ones of a checksum by chance, so what is short is looked for elsewhere.
    fixed = re.sub(rb"[0-9a-f]{16,}", b"", kept)
    assert not [cell for cell in telling if cell in (fixed if len(cell) < 14 else kept)]


def test_triage_with_save_reports_and_keeps_in_one_reading(place: Place) -> None:
    done = place.run("triage", place.dump, "--save", "second", "-o", "json", "--html", "report.html")
    assert done.returncode == 0, done.stderr
    profile = json.loads(done.stdout)
    arrays = place.arrays("second")
    assert {i["kind"]: i["distinct"] for i in profile["identifiers"]} == dict(arrays.leak.identifiers)
    assert (place.folder / "report.html").exists()
    twin = place.arrays("twin")
    assert (arrays.digests("phone") == twin.digests("phone")).all()
    assert (arrays.values("phone") == twin.values("phone")).all()


def test_a_name_that_is_taken_is_refused_before_reading_and_replaced_when_asked(place: Place) -> None:
    refused = place.run("save", "twin", place.dump)
    assert refused.returncode == 1
    assert "leak-exists" in refused.stderr
    done = place.run("save", "twin", place.dump, "--replace", "-o", "json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["title"] == "A twin"
    assert [path.name for path in (place.home / "leaks").iterdir()] == ["twin@2"]
    assert place.run("custody", "verify", "twin", "--input", place.dump).returncode == 0


def test_without_keys_saving_says_how_to_make_them(place: Place) -> None:
    shutil.rmtree(place.keys)
    done = place.run("save", "other", place.dump)
    assert done.returncode == 1
    assert "floodmark keys init" in done.stderr


def test_other_keys_than_the_workspace_was_made_with_are_refused(place: Place) -> None:
    shutil.rmtree(place.keys)
    assert place.run("keys", "init", "--wrap", "none").returncode == 0
    done = place.run("save", "other", place.dump)
    assert done.returncode == 1
    assert "wrong-keys" in done.stderr
    assert [path.name for path in (place.home / "leaks").iterdir()] == ["twin"]


def test_options_that_contradict_are_refused(place: Place) -> None:
    wrong = (
        ("triage", place.dump, "--title", "x"),
        ("triage", place.dump, "--save", "quick", "--quick"),
        ("save", place.dump, place.dump),
        ("save", "Not A Slug", place.dump),
        ("save", "../up", place.dump),
    )
    assert [done.args for done in place.several(wrong) if done.returncode != 2] == []


def test_a_dump_without_a_record_saves_nothing(place: Place) -> None:
    (place.folder / "empty.txt").write_text("")
    done = place.run("save", "empty", "empty.txt")
    assert done.returncode == 3
    assert [path.name for path in (place.home / "leaks").iterdir()] == ["twin"]


def test_a_full_disk_leaves_the_leak_as_it_was_and_says_so(place: Place) -> None:
    before = {path: path.read_bytes() for path in (place.home / "leaks").rglob("*") if path.is_file()}
    done = place.run("save", "twin", place.dump, "--replace", limit=20_000)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "bug" not in done.stderr
    assert {path: path.read_bytes() for path in (place.home / "leaks").rglob("*") if path.is_file()} == before
    assert place.run("custody", "verify", "twin").returncode == 0


def test_custody_names_the_signer_and_compares_what_was_read(place: Place) -> None:
    keys = json.loads(place.run("keys", "list", "-o", "json").stdout)
    done = place.run("custody", "verify", "twin", "--input", place.dump, "-o", "json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["key_is_expected"] is True
    assert found["public_key"] in json.dumps(keys)
    assert [item["compared"] for item in found["inputs"]] == [True]
    assert found["outputs_checked"] > 10


def test_custody_that_was_handed_over_is_checked_against_the_signers_key(place: Place) -> None:
    public = json.loads(place.run("custody", "verify", "twin", "-o", "json").stdout)["public_key"]
    shutil.copytree(place.home / "leaks" / "twin", place.folder / "handed")
    shutil.rmtree(place.home)
    shutil.rmtree(place.keys)
    record = place.folder / "handed" / "custody.json"
    asked = [("custody", "verify", record, "--public-key", key) for key in (public, "00" * 32, "no key")]
    without, *others = place.several([("custody", "verify", record), *asked])
    assert "nothing here vouches" in without.stdout
    assert [done.returncode for done in others] == [0, 1, 2]


def test_a_dump_that_was_altered_or_is_another_is_found(place: Place) -> None:
    with place.dump.open("ab") as file:
        file.write(b"\n")
    done = place.run("custody", "verify", "twin", "--input", place.dump)
    assert done.returncode == 1
    assert "none of the files that were read" in done.stderr


@pytest.mark.parametrize("name", ["profile.json", "digests/phone.npy", "custody.json", "custody.json.sig"])
def test_a_file_that_was_altered_after_it_was_signed_is_found(place: Place, name: str) -> None:
    path = place.home / "leaks" / "twin" / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    done = place.run("custody", "verify", "twin")
    assert done.returncode == 1
    assert "custody-broken" in done.stderr


def test_the_report_of_a_saved_leak_is_shown_again_without_its_dump(place: Place) -> None:
    place.dump.unlink()
    done = place.run("leak", "profile", "twin", "-o", "json", "--html", "again.html")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["statistics"]["phones"]
    assert (place.folder / "again.html").exists()
    assert "WHAT CAN BE SAID" in place.run("leak", "profile", "twin").stdout.upper()


def resigned(place: Place, profile: bytes) -> None:
    """Put another profile in place, with custody that names it, signed with the workspace's own key."""
    from floodmark.register import custody

    folder = place.home / "leaks" / "twin"
    (folder / "profile.json").write_bytes(profile)
    record = json.loads((folder / "custody.json").read_text())
    new = custody.named(folder / "profile.json", "profile.json")
    record["outputs"][0] |= {"size": new.size, "sha256": new.sha256}
    data = json.dumps(record).encode()
    (folder / "custody.json").write_bytes(data)
    (folder / "custody.json.sig").write_bytes(signed(place, data))


def signed(place: Place, data: bytes) -> bytes:
    """The signature file of a custody record, with the workspace's own key."""
    from floodmark.register import custody
    from floodmark.register.keys import Keyring

    with Keyring.open(place.keys, workspace=place.home) as keys:
        return custody.sign(data, keys.signing_key())


@pytest.mark.parametrize(
    ("change", "slug"),
    [
        (lambda data: data.replace(b'"schema_version": 3', b'"schema_version": 4'), "profile-too-new"),
        (lambda data: data.replace(b'"rows": ', b'"rows": "x", "was": ', 1), "profile-damaged"),
        (lambda data: data[:-20], "profile-damaged"),
    ],
)
def test_a_profile_of_a_newer_schema_or_of_no_schema_is_refused(place: Place, change, slug: str) -> None:
    path = place.home / "leaks" / "twin" / "profile.json"
    changed = change(path.read_bytes())
    assert changed != path.read_bytes()
    resigned(place, changed)
    done = place.run("leak", "profile", "twin")
    assert done.returncode == 1
    assert slug in done.stderr


def test_a_profile_that_was_altered_is_refused(place: Place) -> None:
    path = place.home / "leaks" / "twin" / "profile.json"
    path.write_bytes(path.read_bytes().replace(b'"rows": ', b'"rows": 1', 1))
    done = place.run("leak", "profile", "twin")
    assert done.returncode == 1
    assert "custody-broken" in done.stderr


def test_custody_of_another_leak_or_of_an_earlier_save_is_refused(place: Place) -> None:
    leaks = place.home / "leaks"
    assert place.run("save", "other", place.dump).returncode == 0
    shutil.copytree(leaks / "twin", place.folder / "earlier")
    shutil.rmtree(leaks / "twin")
    shutil.copytree(leaks / "other", leaks / "twin")
    for done in place.several([("custody", "verify", "twin"), ("leak", "profile", "twin")]):
        assert done.returncode == 1, done.args
        assert "custody-broken" in done.stderr
    shutil.rmtree(leaks / "twin")
    shutil.copytree(place.folder / "earlier", leaks / "twin")
    assert place.run("custody", "verify", "twin").returncode == 0
    record = json.loads((leaks / "twin" / "custody.json").read_text())
    data = json.dumps(record | {"saved_at": "2020-01-01T00:00:00Z"}).encode()
    (leaks / "twin" / "custody.json").write_bytes(data)
    (leaks / "twin" / "custody.json.sig").write_bytes(signed(place, data))
    assert "another save" in place.run("custody", "verify", "twin").stderr


def test_a_settings_file_that_came_with_a_dump_cannot_save_over_a_leak_or_speak_for_custody(
    place: Place,
) -> None:
    save, read = ("save", "twin", place.dump), ("triage", place.dump)
    lines = ("replace = true", 'title = "x"', 'acquired_from = "x"', 'acquired_by = "x"', 'note = "x"')
    planted = [f"[{words[0]}]\n{line}\n" for words in (save, read) for line in lines]
    planted.append('[triage]\nslug = "planted"\n')
    folders = [place.folder / f"came-with-{number}" for number in range(len(planted))]
    for folder, text in zip(folders, planted, strict=True):
        folder.mkdir()
        (folder / "floodmark.toml").write_text(text)
    *several, slug = place.several([save] * 5 + [read] * 6, folders)
    for done, text in zip(several, planted[:-1], strict=True):
        assert done.returncode == 2, text
        assert "by hand only" in done.stderr
    assert slug.returncode == 2


def test_words_and_names_that_would_be_kept_hold_no_identifier(place: Place) -> None:
    telling = place.folder / "ada@example.org.txt"
    shutil.copy(place.dump, telling)
    wrong = (
        (place.dump, "--acquired-from", "ada@example.org"),
        (place.dump, "--note", "rang +447700900123"),
        (place.dump, "--columns", "phone,ada@example.org"),
        (place.dump, "--title", "+447700900123"),
        (telling,),
    )
    for done in place.several([("save", "other", *one) for one in wrong]):
        assert done.returncode == 2, done.args
        assert "holds-identifier" in done.stderr
        assert "ada@" not in done.stderr + done.stdout


def test_files_that_could_not_be_read_are_named(place: Place) -> None:
    (place.folder / "cut.gz").write_bytes(b"\x1f\x8b\x08\x00broken")
    done = place.run("save", "other", place.dump, "cut.gz", "missing.txt")
    assert done.returncode == 10
    assert "cut.gz" in done.stderr
    assert "missing.txt" in done.stderr
    assert "read whole: 1 of 3" in place.run("custody", "verify", "other").stdout


def test_a_file_named_like_a_leak_does_not_hide_it(place: Place) -> None:
    (place.folder / "twin").write_text("{}")
    assert place.run("custody", "verify", "twin").returncode == 0


def test_the_clock_of_a_case_is_shown_wherever_its_leak_is(place: Place) -> None:
    case = ("case", "open", "acme", "--title", "A case", "--aware", "2026-01-30T09:00Z", "--leak", "twin")
    (place.folder / "watch.txt").write_text("example.com\nexample.org\n")
    opened, other, *showing = place.several(
        (
            case,
            ("save", "other", place.dump),
            ("save", "twin", place.dump, "--replace"),
            ("triage", place.dump, "--save", "twin", "--replace"),
            ("overlap", "twin", "other"),
            ("match", "twin", "--watch", "watch.txt"),
            ("leaks",),
            ("leak", "show", "twin"),
            ("leak", "profile", "twin"),
        )
    )
    assert (opened.returncode, other.returncode) == (0, 0), opened.stderr + other.stderr
    for done in showing:
        assert "acme" in done.stdout + done.stderr, done.args
        assert "overdue" in done.stdout + done.stderr, done.args
