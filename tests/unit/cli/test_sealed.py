"""`floodmark sealed show|verify`, of a leak of the workspace and of a folder from anywhere."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from floodmark.cli import main
from floodmark.register.key_changes import make
from floodmark.register.key_wrap import Bare
from floodmark.register.keys import Keyring
from floodmark.register.saving import save
from floodmark.register.sealed_leaks import sealed_of
from floodmark.register.sealing import seal
from floodmark.register.workspace import Workspace

OTHER = "3b6a27bcceb6a42d62a3a8d02a6f0d73653215771de243a63ac048a18b59da29"


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """A workspace with two leaks, of which one is sealed and nothing may be changed, and its signing key."""
    place = tmp_path_factory.mktemp("sealed")
    workspace = Workspace.open(place / "home", wait=0)
    make(place / "keys", Bare, created="2026-01-31T13:05:00Z", workspace=workspace.folder)
    dump = place / "dump.csv"
    rows = [f"+4477008{person:05d},person.{person}@example.org,Ada Example" for person in range(60)]
    dump.write_text("\n".join(["phone,email,full_name", *rows, "+447700899999,,"]) + "\n")
    with Keyring.open(place / "keys", workspace=workspace.folder) as keyring:
        save(workspace, keyring, "made-up", [dump])
        seal(workspace, keyring, "made-up", [dump], workers=1)
        dump.write_text("phone,email,full_name\n+447700800123,ada@example.org,Ada Example\n")
        save(workspace, keyring, "not-sealed", [dump])
        return workspace, keyring.signing_key().public.hex()


@pytest.fixture(autouse=True)
def home(made, tmp_path, monkeypatch):
    """The workspace, and an empty folder to work in."""
    monkeypatch.setenv("FLOODMARK_HOME", str(made[0].folder))
    monkeypatch.setenv("FLOODMARK_KEYS", str(tmp_path / "no-keys"))
    monkeypatch.setenv("COLUMNS", "90")
    monkeypatch.chdir(tmp_path)
    return made[0]


@pytest.fixture
def received(home, tmp_path) -> Path:
    """A copy of the sealed leak in a folder that is named like a slug."""
    return Path(shutil.copytree(sealed_of(home, "made-up").folder, tmp_path / "received"))


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """A machine without a workspace."""
    monkeypatch.setenv("FLOODMARK_HOME", str(tmp_path / "no-home"))
    return tmp_path / "no-home"


def output(capsys, *args, code=0):
    assert main(["sealed", *args]) == code
    return capsys.readouterr()


def flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


def test_a_leak_is_shown_with_its_members_field_sets_size_and_signer(capsys, made):
    shown = output(capsys, "show", "made-up").out
    row = sealed_of(made[0], "made-up").row
    lines = "\n".join(line.rstrip() for line in shown.splitlines())
    for words in (
        "Sealed leak of made-up",
        f"{row.sealed_at} as {row.seal_id}",
        row.public_key,
        f"the expected key\n             {made[1]}",
        "61 phone numbers",
        "60 e-mail addresses",
        "1,048,576, in 65,536 buckets of 16; > 99.9 % filler",
        "8.4 MB, 69,328.40 bytes an identifier",
        "reads 128 B of it, and as much for each decoy",
        "e-mail address, full name",
    ):
        assert words in lines
    assert "SYNTHETIC" not in shown


def test_a_leak_as_json_is_its_manifest_and_what_follows_from_it(capsys, made):
    found = json.loads(output(capsys, "show", "made-up", "-o", "json").out)
    folder = sealed_of(made[0], "made-up").folder
    assert found["manifest"] == json.loads((folder / "manifest.json").read_bytes())
    assert (found["signed_by"], found["key_is_expected"]) == (made[1], True)
    assert (found["members"], found["bucket_bytes"]) == (121, 128)
    assert found["bytes_a_member"] == pytest.approx(8_388_736 / 121, abs=0.01)


def test_a_sound_leak_is_verified(capsys, made):
    told = output(capsys, "verify", "made-up").out
    assert "is as it was signed" in told
    assert f"Signed by the expected key {made[1]}" in told
    assert "8.4 MB, 65,536 buckets of 16 rows, all in order" in told
    found = json.loads(output(capsys, "verify", "made-up", "-o", "json").out)
    assert (found["rows_verified"], found["signed_by"]) == (True, made[1])


@pytest.mark.parametrize("command", ["show", "verify"])
def test_a_folder_from_elsewhere_is_sound_and_nobody_vouches_for_its_key(
    capsys, received, elsewhere, command, made
):
    told = " ".join(output(capsys, command, "./received").out.split())
    assert "a key that nothing here vouches for" in told
    assert made[1] in told
    found = json.loads(output(capsys, command, "received/", "-o", "json").out)
    assert found["key_is_expected"] is False
    assert not elsewhere.exists()


@pytest.mark.parametrize("command", ["show", "verify"])
def test_a_folder_is_compared_with_the_key_that_is_expected(capsys, received, elsewhere, command, made):
    told = output(capsys, command, "received/", "--root-key", made[1].upper()).out
    assert "the expected key" in told
    told = output(capsys, command, "received/", "--root-key", OTHER, code=1).err
    assert "error (signed-by-another): manifest.json.sig" in told


def test_the_workspaces_own_key_is_expected_where_there_is_one(capsys, received):
    assert "the expected key" in output(capsys, "verify", "received/").out
    assert "error (signed-by-another)" in output(capsys, "verify", "made-up", "--root-key", OTHER, code=1).err


@pytest.mark.parametrize("key", ["", "3b6a", "x" * 64, OTHER + "00", OTHER[:-1] + " "])
def test_a_root_key_that_is_none_is_a_usage_error(capsys, received, key):
    assert "64 hexadecimal digits" in output(capsys, "show", "received/", "--root-key", key, code=2).err


def test_a_settings_file_cannot_say_whose_signature_is_expected(capsys, received):
    Path("floodmark.toml").write_text(f'[sealed.verify]\nroot_key = "{OTHER}"\n')
    assert "given by hand only" in output(capsys, "verify", "received/", code=2).err


@pytest.mark.parametrize(
    ("name", "at"), [("rows.npy", 5), ("rows.npy", 128), ("rows.npy", -1), ("manifest.json", 40)]
)
def test_a_flipped_bit_ends_with_1_and_names_the_file(capsys, received, name, at):
    flip(received / name, at)
    told = output(capsys, "verify", "received/", code=1)
    assert told.out == ""
    assert f"error (sealed-leak-broken): {name}" in told.err


def test_a_flipped_bit_in_the_workspace_is_found(capsys, made, tmp_path, monkeypatch):
    home = Path(shutil.copytree(made[0].folder, tmp_path / "home"))
    monkeypatch.setenv("FLOODMARK_HOME", str(home))
    folder = sealed_of(Workspace.open(home), "made-up").folder
    flip(folder / "rows.npy", 4_000_000)
    assert "rows.npy was altered" in output(capsys, "verify", "made-up", code=1).err
    shutil.rmtree(folder)
    assert "error (unreadable-input): manifest.json" in output(capsys, "verify", "made-up", code=1).err


def test_another_seal_in_the_place_of_the_one_that_the_register_names_is_found(
    capsys, made, tmp_path, monkeypatch
):
    workspace, other = (Path(shutil.copytree(made[0].folder, tmp_path / name)) for name in ("home", "other"))
    keys = Path(shutil.copytree(made[0].folder.parent / "keys", tmp_path / "keys"))
    dump = tmp_path / "dump.csv"
    dump.write_text("phone,email,full_name\n+447700800123,ada@example.org,Ada Example\n")
    opened = Workspace.open(other)
    with Keyring.open(keys, workspace=other) as keyring:
        seal(opened, keyring, "not-sealed", [dump], workers=1)
    there = sealed_of(Workspace.open(workspace), "made-up").folder
    shutil.rmtree(there)
    shutil.copytree(sealed_of(opened, "not-sealed").folder, there)
    monkeypatch.setenv("FLOODMARK_HOME", str(workspace))
    assert "manifest.json of made-up is of another leak" in output(capsys, "show", "made-up", code=1).err


def test_a_leak_that_is_not_sealed_or_not_saved_is_told(capsys, received):
    assert "error (not-sealed): not-sealed is not sealed." in output(capsys, "show", "not-sealed", code=1).err
    assert "error (leak-not-found)" in output(capsys, "show", "nothing", code=1).err
    assert "Write ./received for the folder" in output(capsys, "show", "received", code=1).err
    assert "error (unreadable-input)" in output(capsys, "show", "./nothing", code=1).err


def test_a_synthetic_leak_is_shown_as_such_and_many_field_sets_are_counted(capsys, received):
    """A manifest is anybody's to write, so this one is written and signed by a key of its own."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from floodmark.exposure.sealed.manifest import CONTEXT
    from floodmark.signatures import signature_file

    types = ["phone", "email", "full_name", "birth_date", "gender"]
    sets = [[types[i] for i in range(5) if mask >> i & 1] for mask in range(32)]
    table = json.loads((received / "manifest.json").read_bytes()) | {
        "synthetic": True,
        "field_sets": sets,
        "members": {},
    }
    data = (json.dumps(table, separators=(",", ":")) + "\n").encode()
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    (received / "manifest.json").write_bytes(data)
    (received / "manifest.json.sig").write_bytes(
        signature_file(bytes.fromhex(OTHER), key.sign(CONTEXT + data))
    )
    shown = output(capsys, "show", "received/", "--root-key", OTHER).out
    assert "SYNTHETIC DATA" in shown
    assert "nothing but the identifier" in shown
    assert "and 22 more, of 5 field types in all" in shown
    assert "bytes an identifier" not in shown
    assert (
        json.loads(output(capsys, "show", "received/", "--root-key", OTHER, "-o", "json").out)[
            "bytes_a_member"
        ]
        is None
    )
