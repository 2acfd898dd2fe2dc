"""`floodmark publish`: nothing leaves without --irrevocable, and nothing that clients would refuse."""

from __future__ import annotations

import json
import os
import pty
import shutil
import subprocess
import sysconfig
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from floodmark.cli import main
from floodmark.register.key_changes import make
from floodmark.register.key_wrap import Bare
from floodmark.register.keys import Keyring
from floodmark.register.saving import save
from floodmark.register.sealing import seal
from floodmark.register.snapshot_folders import latest_snapshot
from floodmark.register.snapshots import make_snapshot
from floodmark.register.workspace import Workspace
from floodmark.synth import leak

OTHER = "3b6a27bcceb6a42d62a3a8d02a6f0d73653215771de243a63ac048a18b59da29"


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """A workspace with one snapshot, of which nothing may be changed."""
    place = tmp_path_factory.mktemp("template")
    workspace = Workspace.open(place / "home", wait=0)
    make(place / "keys", Bare, created="2026-01-31T13:05:00Z", workspace=workspace.folder)
    leak("facebook-2021", 300, 5, place / "twin.txt")
    with Keyring.open(place / "keys", workspace=workspace.folder) as keyring:
        save(workspace, keyring, "twin", [place / "twin.txt"], title="A twin")
        seal(workspace, keyring, "twin", [place / "twin.txt"], workers=1)
        make_snapshot(workspace, keyring)
    return place


@pytest.fixture(autouse=True)
def home(template, tmp_path, monkeypatch):
    """A workspace of its own for each test."""
    shutil.copytree(template, tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("FLOODMARK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("FLOODMARK_KEYS", str(tmp_path / "keys"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "home"


def output(capsys, *args, code=0):
    assert main(["publish", *args]) == code
    return capsys.readouterr()


def again(home, **said):
    """Another snapshot."""
    with Keyring.open(home.parent / "keys", workspace=home) as keyring:
        return make_snapshot(Workspace.open(home, wait=0), keyring, **said)


def test_without_irrevocable_it_says_what_that_means_and_writes_nothing(capsys, tmp_path):
    told = output(capsys, "www", code=2)
    assert "error (irrevocable)" in told.err
    for words in (
        "cannot be taken back",
        "evaluation key is ever stolen",
        "twin:",
        "of kind phone",
        "SYNTHETIC",
        "--irrevocable",
    ):
        assert words in told.err
    assert not (tmp_path / "www").exists()


def test_a_settings_file_cannot_publish(capsys, tmp_path):
    (tmp_path / "floodmark.toml").write_text("[publish]\nirrevocable = true\n")
    assert "error (settings)" in output(capsys, "www", code=2).err
    assert not (tmp_path / "www").exists()


def test_what_is_published_verifies(capsys, tmp_path):
    assert "Published snapshot 1 to www." in output(capsys, "www", "--irrevocable").out
    assert main(["snapshot", "verify", "www"]) == 0
    assert sorted(path.name for path in (tmp_path / "www").rglob("*") if path.is_file()) == [
        "buckets.bin",
        "snapshot",
    ]


def test_json_has_what_was_kept_and_removed(capsys, home, tmp_path):
    first = json.loads(output(capsys, "www", "--irrevocable", "-o", "json").out)
    assert (first["kept"], first["removed"], first["synthetic"], first["number"]) == ([], [], True, 1)
    again(home)
    second = json.loads(output(capsys, "www", "--irrevocable", "-o", "json").out)
    assert (second["kept"], second["removed"]) == ([first["id"]], [])
    again(home)
    third = json.loads(output(capsys, "www", "--irrevocable", "-o", "json").out)
    assert (third["kept"], third["removed"]) == ([second["id"]], [first["id"]])


def test_a_snapshot_from_elsewhere_is_published_under_its_publishers_key(capsys, home, tmp_path):
    shutil.copytree(latest_snapshot(Workspace.open(home, wait=0)), tmp_path / "received")
    told = output(capsys, "www", "--snapshot", "received", "--root-key", OTHER, "--irrevocable", code=1)
    assert "error (wrong-root-key)" in told.err
    output(capsys, "www", "--snapshot", "received", "--irrevocable")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (["leak", "edit", "twin", "--sensitive"], "twin was marked as sensitive since"),
        (["leak", "edit", "twin", "--retired"], "twin was retired since"),
        (["forget", "twin", "--yes"], "twin was forgotten since"),
    ],
)
def test_a_leak_that_may_not_be_told_of_any_more_is_not_published(capsys, home, tmp_path, change, words):
    shutil.copytree(latest_snapshot(Workspace.open(home, wait=0)), tmp_path / "copy")
    assert main(change) == 0
    told = output(capsys, "www", "--snapshot", "copy", "--irrevocable", code=2)
    assert "error (snapshot-outdated)" in told.err
    assert words in told.err
    assert not (tmp_path / "www").exists()


def test_a_snapshot_is_not_published_over_itself(capsys, home, tmp_path):
    output(capsys, "www", "--irrevocable")
    assert "error (usage)" in output(capsys, "www", "--snapshot", "./www", "--irrevocable", code=2).err


def test_an_expired_snapshot_is_refused(capsys, home, tmp_path):
    again(home, clock=lambda: datetime.now(UTC) - timedelta(days=40))
    assert "error (snapshot-expired)" in output(capsys, "www", "--irrevocable", code=1).err
    assert not (tmp_path / "www").exists()


def test_a_damaged_snapshot_is_refused_before_anything_is_written(capsys, home, tmp_path):
    found = latest_snapshot(Workspace.open(home, wait=0))
    path = found / "v1" / "snapshots" / found.name / "buckets.bin"
    data = bytearray(path.read_bytes())
    data[123_456] ^= 1
    path.write_bytes(data)
    told = output(capsys, "www", "--irrevocable", code=1)
    assert "error (snapshot-broken)" in told.err
    assert f"bucket {123_456 // (len(data) // 65536)}" in told.err
    assert not (tmp_path / "www").exists()


@pytest.mark.parametrize("where", ["home", "home/www", "keys", "keys/www"])
def test_nothing_is_published_into_the_workspace_or_the_keys(capsys, where):
    assert "error (usage)" in output(capsys, where, "--irrevocable", code=2).err


def test_a_folder_of_something_else_is_refused(capsys, tmp_path):
    (tmp_path / "www").mkdir()
    (tmp_path / "www" / "index.html").write_text("theirs")
    assert "error (folder-taken)" in output(capsys, "www", "--irrevocable", code=2).err
    assert [path.name for path in Path("www").iterdir()] == ["index.html"]


def test_a_dash_is_no_folder(capsys, tmp_path):
    assert "error (usage)" in output(capsys, "-", "--irrevocable", code=2).err
    assert not (tmp_path / "-").exists()


def test_a_folder_that_others_cannot_enter_is_warned_of_and_left_so(capsys, tmp_path):
    (tmp_path / "www").mkdir(0o700)
    told = output(capsys, "www", "--irrevocable", "-o", "json")
    assert "Warning: others may not read www, " in told.err
    assert json.loads(told.out)["number"] == 1
    assert (tmp_path / "www").stat().st_mode & 0o777 == 0o700
    (tmp_path / "www").chmod(0o755)
    assert "Warning" not in output(capsys, "www", "--irrevocable").err


def test_of_two_snapshots_with_one_number_one_is_published(capsys, home, tmp_path):
    shutil.copytree(home, tmp_path / "backup")
    again(home)
    output(capsys, "www", "--irrevocable")
    shutil.rmtree(home)
    (tmp_path / "backup").rename(home)  # restored, which does not know of snapshot 2
    again(home)
    told = output(capsys, "www", "--irrevocable", code=2)
    assert "error (published-other)" in told.err
    assert "backup" in told.err
    again(home)
    assert "Published snapshot 3" in output(capsys, "www", "--irrevocable").out


def test_what_was_published_is_taken_down(capsys, tmp_path):
    output(capsys, "www", "--irrevocable")
    told = output(capsys, "www", "--withdraw", code=2)  # nobody can be asked
    assert "--withdraw --yes" in told.err
    assert (tmp_path / "www" / "v1" / "snapshot").exists()
    told = output(capsys, "www", "--withdraw", "--yes")
    assert told.out == "Withdrew snapshot 1 from www.\n"
    assert "twin" in told.err
    assert "takes nothing back" in told.err
    assert not list((tmp_path / "www").iterdir())
    assert "error (nothing-to-read)" in output(capsys, "www", "--withdraw", "--yes", code=3).err


@pytest.mark.parametrize(
    ("answer", "stays"), [(b"n\n", True), (b"\n", True), (b"\x04", True), (b"y\n", False)]
)
def test_a_person_is_asked_before_it_is_taken_down_and_only_yes_means_yes(capsys, tmp_path, answer, stays):
    output(capsys, "www", "--irrevocable")
    ours, theirs = pty.openpty()
    command = [shutil.which("floodmark", path=sysconfig.get_path("scripts")), "publish", "www", "--withdraw"]
    with subprocess.Popen(command, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        os.close(theirs)
        os.write(ours, answer)
        said = process.stdout.read().decode()
    os.close(ours)
    assert "Take it down? [y/N]" in said
    assert (process.returncode != 0) == stays == (tmp_path / "www" / "v1" / "snapshot").exists()


def test_it_is_taken_down_when_nothing_can_be_published_any_more(capsys, tmp_path):
    found = json.loads(output(capsys, "www", "--irrevocable", "-o", "json").out)
    assert main(["leak", "edit", "twin", "--sensitive"]) == 0
    assert main(["snapshot", "make"]) == 3
    assert "floodmark publish DIR --withdraw" in capsys.readouterr().err
    done = json.loads(output(capsys, "www", "--withdraw", "--yes", "-o", "json").out)
    assert done == {"id": found["id"], "number": 1, "removed": [found["id"]], "folder": "www"}


@pytest.mark.parametrize("option", [["--irrevocable"], ["--snapshot", "other"]])
def test_taking_down_and_publishing_at_once_is_refused(capsys, tmp_path, option):
    output(capsys, "www", "--irrevocable")
    assert "error (usage)" in output(capsys, "www", "--withdraw", "--yes", *option, code=2).err
    assert (tmp_path / "www" / "v1" / "snapshot").exists()


def test_what_another_publishes_is_taken_down_under_their_key_only(capsys, tmp_path):
    output(capsys, "www", "--irrevocable")
    told = output(capsys, "www", "--withdraw", "--yes", "--root-key", OTHER, code=2)
    assert "error (folder-taken)" in told.err
    assert (tmp_path / "www" / "v1" / "snapshot").exists()


@pytest.mark.parametrize(("name", "given"), [("withdraw", "--yes"), ("yes", "--withdraw")])
def test_a_settings_file_cannot_take_anything_down(capsys, tmp_path, name, given):
    output(capsys, "www", "--irrevocable")
    (tmp_path / "floodmark.toml").write_text(f"[publish]\n{name} = true\n")
    assert "error (settings)" in output(capsys, "www", given, code=2).err
    assert (tmp_path / "www" / "v1" / "snapshot").exists()


def test_without_a_snapshot_there_is_nothing_to_publish(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("FLOODMARK_HOME", str(tmp_path / "no-home"))
    assert "error (nothing-to-read)" in output(capsys, "www", "--irrevocable", code=3).err
