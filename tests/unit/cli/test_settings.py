"""Options beat the environment, which beats floodmark.toml, which beats the defaults."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from floodmark.cli import settings
from floodmark.cli.settings import SettingsError


@click.group(context_settings={"auto_envvar_prefix": "FLOODMARK"})
def group() -> None:
    pass


@group.command()
@click.option("--birth-region", default="FR")
@click.option("--html", type=click.Path())
@click.option("--list", "as_list", type=click.File("r"))
def look(birth_region: str, html: str | None, as_list: object) -> None:
    click.echo(birth_region)


def run(text: str, path: Path, args: list[str]) -> None:
    path.write_text(text)
    with group.make_context("floodmark", args, default_map=settings.read(group, path)) as context:
        group.invoke(context)


def test_what_a_settings_file_sets_is_said_on_stderr(tmp_path, monkeypatch, capsys):
    from floodmark.cli import main

    (tmp_path / "floodmark.toml").write_text('[triage]\nregion = "GB"\n[synth.leak]\nrows = 5\n')
    monkeypatch.chdir(tmp_path)
    assert main(["triage", "missing.txt"]) == 3
    assert "floodmark.toml in this folder sets triage.region, synth.leak.rows." in capsys.readouterr().err


def test_without_a_file_nothing_is_set(tmp_path):
    assert settings.read(group, tmp_path / "floodmark.toml") == {}


def test_each_source_beats_the_next(tmp_path, capsys, monkeypatch):
    path = tmp_path / "floodmark.toml"
    run("", path, ["look"])
    run('[look]\nbirth-region = "DE"', path, ["look"])
    monkeypatch.setenv("FLOODMARK_LOOK_BIRTH_REGION", "IT")
    run('[look]\nbirth-region = "DE"', path, ["look"])
    run('[look]\nbirth-region = "DE"', path, ["look", "--birth-region", "GB"])
    assert capsys.readouterr().out.split() == ["FR", "DE", "IT", "GB"]


@pytest.mark.parametrize("option", ["html", "as-list"])
def test_a_path_is_never_taken_from_the_file(tmp_path, option):
    with pytest.raises(SettingsError, match="given by hand"):
        run(f'[look]\n{option} = "x"', tmp_path / "floodmark.toml", ["look"])


@pytest.mark.parametrize(
    "text", ["[nope]\nx = 1", "[look]\nnope = 1", "look = 1", "[look.html]\nx = 1", "x = 1"]
)
def test_an_unknown_command_or_option_is_an_error(tmp_path, text):
    with pytest.raises(SettingsError, match="no command or option"):
        run(text, tmp_path / "floodmark.toml", ["look"])


@pytest.mark.parametrize("raw", [b"[look", b"\xff\xfe", b"#" * 100_000])
def test_what_is_no_small_toml_file_is_an_error(tmp_path, raw):
    path = tmp_path / "floodmark.toml"
    path.write_bytes(raw)
    with pytest.raises(SettingsError) as caught:
        settings.read(group, path)
    assert caught.value.exit_code == 2


@given(raw=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_in_words(tmp_path_factory, raw):
    path = tmp_path_factory.mktemp("settings") / "floodmark.toml"
    path.write_bytes(raw)
    try:
        found = settings.read(group, path)
    except SettingsError:
        return
    assert isinstance(found, dict)
