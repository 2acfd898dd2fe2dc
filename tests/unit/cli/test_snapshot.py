"""`floodmark snapshot make|verify|list` as a person runs it, on a real workspace with a sealed leak."""

from __future__ import annotations

import json
import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from floodmark.cli import main
from floodmark.register.key_changes import make
from floodmark.register.key_wrap import Bare
from floodmark.register.keys import Keyring
from floodmark.register.saving import save
from floodmark.register.sealing import seal
from floodmark.register.snapshots import make_snapshot
from floodmark.register.workspace import Workspace

OTHER = "3b6a27bcceb6a42d62a3a8d02a6f0d73653215771de243a63ac048a18b59da29"


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """A workspace with a sealed leak and one that is not, of which nothing may be changed."""
    place = tmp_path_factory.mktemp("template")
    workspace = Workspace.open(place / "home", wait=0)
    make(place / "keys", Bare, created="2026-01-31T13:05:00Z", workspace=workspace.folder)
    dump = place / "dump.csv"
    rows = [f"+4477008{person:05d},person.{person}@example.org,Ada Example" for person in range(60)]
    dump.write_text("\n".join(["phone,email,full_name", *rows]) + "\n")
    with Keyring.open(place / "keys", workspace=workspace.folder) as keyring:
        save(workspace, keyring, "made-up", [dump], title="Made up")
        seal(workspace, keyring, "made-up", [dump], workers=1)
        save(workspace, keyring, "not-sealed", [dump])
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
    assert main(["snapshot", *args]) == code
    return capsys.readouterr()


def made(capsys, *args):
    return json.loads(output(capsys, "make", "-o", "json", *args).out)


def buckets(found):
    return Path(found["folder"]) / "v1" / "snapshots" / found["id"] / "buckets.bin"


def flip(path, at):
    with path.open("r+b") as file:
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes([byte ^ 4]))


def test_a_snapshot_is_made_verified_and_listed(capsys, home):
    told = output(capsys, "make")
    assert re.search(
        r"Snapshot 1 \([0-9a-f]{32}\), epoch 1\n  made-up: 60 of kind phone, 60 of kind email\n", told.out
    )
    assert "Left out: not-sealed is not sealed." in told.err
    verified = output(capsys, "verify")
    assert "Every bucket is as it was signed." in verified.out
    assert "Signed by" in verified.out
    assert verified.err == ""
    listed = json.loads(output(capsys, "list", "-o", "json").out)
    assert [(row["number"], row["leaks"]) for row in listed] == [(1, ["made-up"])]
    assert Path(listed[0]["folder"]).is_relative_to(home)
    assert re.match(r" +1  [0-9a-f]{32}  made .* expires .* epoch 1  made-up\n$", output(capsys, "list").out)


def test_json_has_what_is_in_it_and_what_was_left_out(capsys):
    found = made(capsys)
    assert found["leaks"][0]["members"] == {"phone": 60, "email": 60}
    assert found["left_out"] == [
        {"slug": "not-sealed", "reason": "not-sealed", "message": "not-sealed is not sealed."}
    ]
    assert found["predecessor"] is None
    assert (
        found["buckets"]["bytes"] == 65536 * found["buckets"]["answer_bytes"] == buckets(found).stat().st_size
    )
    second = made(capsys)
    assert second["predecessor"] == {"id": found["id"], "sha256": found["sha256"]}


def test_a_leak_that_is_named_and_cannot_go_in_is_an_error(capsys):
    told = output(capsys, "make", "made-up", "not-sealed", code=1)
    assert "error (not-sealed)" in told.err
    assert main(["leak", "edit", "made-up", "--sensitive"]) == 0
    told = output(capsys, "make", "made-up", code=2)
    assert "error (sensitive-leak)" in told.err
    told = output(capsys, "make", code=3)
    assert "error (nothing-to-read)" in told.err
    assert "made-up is marked as sensitive, and such a leak never enters a snapshot." in told.err
    assert "not-sealed is not sealed." in told.err
    assert "error (leak-not-found)" in output(capsys, "make", "nowhere", code=1).err


@pytest.mark.parametrize(("text", "hours"), [("36h", 36), ("1d", 24), ("2w", 336), ("366d", 8784)])
def test_a_snapshot_expires_when_it_was_told_to(capsys, text, hours):
    found = made(capsys, "--expires-in", text)
    times = [datetime.strptime(found[name], "%Y-%m-%dT%H:%M:%SZ") for name in ("made_at", "expires_at")]
    assert times[1] - times[0] == timedelta(hours=hours)


@pytest.mark.parametrize("text", ["", "30", "0d", "367d", "-1d", "1y", "٣d", "99999d", "1d1h"])
def test_a_length_of_time_that_cannot_be_is_a_usage_error(capsys, text):
    assert "error (usage)" in output(capsys, "make", f"--expires-in={text}", code=2).err


def test_without_a_snapshot_there_is_nothing_to_read(capsys):
    assert "floodmark snapshot make" in output(capsys, "verify", code=3).err
    assert "floodmark snapshot make" in output(capsys, "list").out
    assert json.loads(output(capsys, "list", "-o", "json").out) == []
    assert "error (nothing-to-read)" in output(capsys, "verify", ".", code=3).err


def test_a_folder_that_is_not_there_is_said_before_a_key_is_asked_for(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("FLOODMARK_HOME", str(tmp_path / "no-home"))
    told = output(capsys, "verify", "nonexistent", code=3)
    assert "error (nothing-to-read)" in told.err
    assert "root key" not in told.err


def test_a_flipped_bit_in_the_buckets_is_named_with_its_bucket(capsys):
    found = made(capsys)
    size = found["buckets"]["answer_bytes"]
    flip(buckets(found), 4711 * size + 3)
    flip(buckets(found), 50_000 * size + size - 1)
    told = output(capsys, "verify", code=1)
    assert "error (snapshot-broken)" in told.err
    assert "buckets.bin, bucket 4711: its rows are not what was signed" in told.err
    assert "buckets.bin, bucket 50000: its path is not what was signed" in told.err
    assert told.out == ""
    table = json.loads(output(capsys, "verify", "-o", "json", code=1).out)
    assert {fault["bucket"] for fault in table["faults"]} == {None, 4711, 50_000}


def test_a_flipped_bit_in_the_envelope_is_found(capsys):
    found = made(capsys)
    envelope = Path(found["folder"]) / "v1" / "snapshot"
    for at in range(0, envelope.stat().st_size, 401):
        flip(envelope, at)
        assert "error (" in output(capsys, "verify", code=1).err
        flip(envelope, at)
    output(capsys, "verify")


def test_a_snapshot_from_elsewhere_needs_the_key_of_its_publisher(capsys, home, tmp_path, monkeypatch):
    found = made(capsys)
    folder = Path(shutil.copytree(found["folder"], tmp_path / "received"))
    key = json.loads(output(capsys, "verify", "received", "-o", "json").out)["root_key"]
    assert "error (wrong-root-key)" in output(capsys, "verify", "received", "--root-key", OTHER, code=1).err
    monkeypatch.setenv("FLOODMARK_HOME", str(tmp_path / "no-home"))
    assert "--root-key" in output(capsys, "verify", str(folder), code=2).err
    assert key in output(capsys, "verify", str(folder), "--root-key", key).out
    assert not (tmp_path / "no-home").exists()


def test_an_expired_snapshot_is_sound_and_said_to_be_refused(capsys, home, tmp_path):
    long_ago = datetime.now(UTC) - timedelta(days=31)
    with Keyring.open(tmp_path / "keys", workspace=home) as keyring:
        make_snapshot(Workspace.open(home, wait=0), keyring, clock=lambda: long_ago)
    told = output(capsys, "verify", code=10)
    assert "Every bucket is as it was signed." in told.out
    assert "expired" in told.err
    assert "Clients refuse it" in told.err
    table = json.loads(output(capsys, "verify", "-o", "json", code=10).out)
    assert table["out_of_time"] == "snapshot-expired"


def test_another_snapshot_under_the_id_of_the_workspaces_own_is_refused(capsys, home, tmp_path):
    shutil.copytree(home, tmp_path / "copy")
    made_in = {}
    with Keyring.open(tmp_path / "keys", workspace=home) as keyring:
        for place, days in ((home, 3), (tmp_path / "copy", 4)):
            said = {"lifetime": timedelta(days=days), "random": lambda size: b"\xab" * size}
            made_in[place] = make_snapshot(Workspace.open(place, wait=0), keyring, **said)
    output(capsys, "verify", str(made_in[home].folder))
    told = output(capsys, "verify", str(made_in[tmp_path / "copy"].folder), code=1)
    assert "this workspace made under its id" in told.err


def test_synthetic_data_is_said(capsys, tmp_path):
    assert (
        main(["synth", "leak", "--twin", "facebook-2021", "--rows", "300", "--seed", "3", "-o", "twin.txt"])
        == 0
    )
    assert main(["save", "twin", "twin.txt"]) == 0
    assert main(["seal", "twin", "--from", "twin.txt"]) == 0
    capsys.readouterr()
    assert "SYNTHETIC" in output(capsys, "make", "twin").out
    assert "SYNTHETIC" in output(capsys, "verify").out
    assert "SYNTHETIC" not in output(capsys, "make", "made-up").out
    newest, before = output(capsys, "list").out.splitlines()
    assert newest.endswith("  made-up") and before.endswith("  twin  SYNTHETIC")
    assert [row["synthetic"] for row in json.loads(output(capsys, "list", "-o", "json").out)] == [False, True]
