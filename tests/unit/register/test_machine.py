"""What a machine gives to sealing: memory and swap as Linux tells of them, folders from outside, no core dumps."""

from __future__ import annotations

import resource
from pathlib import Path

import pytest

from floodmark.register.key_changes import make
from floodmark.register.key_wrap import Bare
from floodmark.register.machine import look


def meminfo(folder: Path, text: str) -> Path:
    path = folder / "meminfo"
    path.write_text(text)
    return path


@pytest.mark.parametrize(("swap", "on"), [(0, False), (2_097_148, True)])
def test_memory_and_swap_are_read_from_what_the_system_tells(tmp_path, swap, on):
    told = meminfo(
        tmp_path, f"MemTotal: 1000 kB\nMemAvailable:  250 kB\nSwapTotal: {swap} kB\nHugePages_Total: 0\n"
    )
    found = look(tmp_path / "home", tmp_path / "keys", told)
    assert found.memory == (250 * 1024, 1000 * 1024)
    assert found.swap is on


@pytest.mark.parametrize("text", ["", "MemTotal: many kB\n", "MemTotal:\nMemAvailable: 5 kB"])
def test_what_the_system_does_not_tell_is_not_known(tmp_path, text):
    found = look(tmp_path / "home", tmp_path / "keys", meminfo(tmp_path, text))
    assert (found.memory, found.swap) == (None, None)
    assert look(tmp_path / "home", tmp_path / "keys", tmp_path / "missing").memory is None


def test_core_dumps_are_turned_off_as_for_a_key_and_that_is_what_is_looked_at(tmp_path):
    assert not look(tmp_path / "home", tmp_path / "keys").core_dumps
    assert resource.getrlimit(resource.RLIMIT_CORE)[0] == 0


def test_the_disk_of_a_workspace_that_is_not_there_yet_is_that_of_its_nearest_folder(tmp_path):
    found = look(tmp_path / "not/there/yet", tmp_path / "keys")
    assert not found.workspace
    assert found.disk
    assert not (tmp_path / "not").exists()


def test_keys_are_named_by_purpose_and_left_as_they_are(tmp_path):
    make(tmp_path / "keys", Bare, created="2026-01-31T13:05:00Z", workspace=tmp_path / "home")
    before = {path: path.read_bytes() for path in (tmp_path / "keys").iterdir()}
    assert look(tmp_path / "home", tmp_path / "keys").keys == ("digest", "signing", "evaluation")
    assert {path: path.read_bytes() for path in (tmp_path / "keys").iterdir()} == before


@pytest.mark.parametrize("mode", [0o755, 0o770])
def test_a_keys_folder_that_others_can_use_is_wrong(tmp_path, mode):
    make(tmp_path / "keys", Bare, created="2026-01-31T13:05:00Z", workspace=tmp_path / "home")
    (tmp_path / "keys").chmod(mode)
    found = look(tmp_path / "home", tmp_path / "keys")
    assert [one.slug for one in found.wrong] == ["keys-exposed"]
    assert found.keys == ()


def test_a_key_behind_a_link_is_wrong(tmp_path):
    make(tmp_path / "keys", Bare, created="2026-01-31T13:05:00Z", workspace=tmp_path / "home")
    (tmp_path / "keys/digest.json").rename(tmp_path / "elsewhere.json")
    (tmp_path / "keys/digest.json").symlink_to(tmp_path / "elsewhere.json")
    assert [one.slug for one in look(tmp_path / "home", tmp_path / "keys").wrong] == ["keys-exposed"]
