"""`floodmark seal --device`: what evaluates is chosen by option, variable or file, and said before the work begins."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from floodmark.cli import main
from floodmark.cli.seal import command
from floodmark.exposure.oprf import DEVICES, engine
from floodmark.kernel.processor import usable_cores


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A workspace with a saved leak, beside its dump."""
    monkeypatch.setenv("FLOODMARK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("FLOODMARK_KEYS", str(tmp_path / "keys"))
    monkeypatch.chdir(tmp_path)
    rows = [f"+4477008{person:05d},person.{person}@example.org" for person in range(30)]
    (tmp_path / "dump.csv").write_text("\n".join(["phone,email", *rows]) + "\n")
    assert main(["keys", "init", "--wrap", "none"]) == 0
    assert main(["save", "made-up", "dump.csv"]) == 0
    return tmp_path


@pytest.fixture
def sealed(capsys):
    def run(*options):
        capsys.readouterr()
        assert main(["seal", "made-up", "--from", "dump.csv", *options]) == 0
        return capsys.readouterr()

    return run


def threads(count):
    return f"on {count} thread{'s' * (count > 1)}."


def test_the_fastest_way_of_this_processor_evaluates_and_is_named_on_stderr(sealed):
    said = sealed("-o", "json")
    assert f"Evaluating with {engine().name}, {threads(usable_cores())}" in said.err
    assert json.loads(said.out)["members"] == {"phone": 30, "email": 30}


def test_a_device_is_chosen_by_option_and_so_are_threads(sealed):
    assert f"Evaluating with libsodium, {threads(1)}" in sealed("--device", "libsodium", "--workers", "1").err


def test_a_device_is_chosen_by_a_variable_which_an_option_beats(sealed, monkeypatch):
    monkeypatch.setenv("FLOODMARK_SEAL_DEVICE", "libsodium")
    assert "Evaluating with libsodium" in sealed().err
    assert f"Evaluating with {engine().name}" in sealed("--device", "cpu").err


def test_a_device_is_chosen_by_floodmark_toml(sealed, home):
    (home / "floodmark.toml").write_text('[seal]\ndevice = "libsodium"\n')
    said = sealed().err
    assert "sets seal.device" in said
    assert "Evaluating with libsodium" in said


def test_the_devices_to_choose_from_are_those_that_evaluate():
    [option] = [one for one in command.params if one.name == "device"]
    assert tuple(option.type.choices) == DEVICES


def test_a_device_that_is_none_is_a_usage_error(capsys):
    assert main(["seal", "made-up", "--from", "dump.csv", "--device", "abacus"]) == 2
    assert "--device" in capsys.readouterr().err


def test_what_was_sealed_by_either_is_verified_alike(sealed):
    for device in ("libsodium", "cpu"):
        sealed("--device", device)
        assert main(["sealed", "verify", "made-up"]) == 0
    assert len(list(Path("home/leaks/made-up/sealed").iterdir())) == 1
