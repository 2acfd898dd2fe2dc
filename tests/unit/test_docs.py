"""The docs say what the program does: every command and option, dependency, and link between files."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import click
import pytest
import update_docs
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
CLI = ROOT / "docs" / "reference" / "cli.md"
COMMANDS = dict(update_docs.commands())
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_section_with_an_example(name):
    section = re.search(rf"^## {name}\n(.*?)(?=^## |\Z)", CLI.read_text(), re.MULTILINE | re.DOTALL)
    assert section, f"docs/reference/cli.md has no section for {name}"
    examples = "".join(re.findall(r"```shell\n(.*?)```", section[1], re.DOTALL))
    assert name in examples, f"docs/reference/cli.md has no example of {name}"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_says_what_it_does(name):
    context = COMMANDS[name]
    assert context.command.help
    for parameter in context.command.get_params(context):
        if isinstance(parameter, click.Option):
            assert parameter.help and not parameter.hidden, f"{name} {parameter.opts[-1]} is undocumented"


@pytest.mark.parametrize("page", sorted(update_docs.REFERENCE.glob("*.md")), ids=lambda page: page.name)
def test_what_the_program_says_of_itself_is_current_in_the_docs(page):
    text = page.read_text()
    assert text == update_docs.current(text), "run tools/update_docs.py"


def test_every_command_has_its_help_text_in_the_reference():
    assert update_docs.missing(CLI.read_text()) == []


def test_every_error_has_a_slug_of_its_own_and_a_documented_exit_code():
    kinds = update_docs.errors()
    assert len({kind.slug for kind in kinds}) == len(kinds)
    assert {kind.exit_code for kind in kinds} <= {1, 2, 3}


def test_every_direct_dependency_has_its_reason_in_the_docs():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    page = (ROOT / "docs" / "explanation" / "dependencies.md").read_text()
    parts = re.split(r"^## ", page, flags=re.MULTILINE)[1:]
    listed = {}
    for part in parts:
        extra = re.search(r"\(`(\w+)`\)", part.split("\n")[0])
        listed[extra[1] if extra else ""] = set(re.findall(r"^\| `([^`]+)` \| \S", part, re.MULTILINE))
    declared = {"": project["dependencies"], **project["optional-dependencies"]}
    package = json.loads((ROOT / "browser" / "package.json").read_text())
    in_browser = {"browser": {*package["dependencies"], *package["devDependencies"]}}
    assert listed == in_browser | {
        extra: {Requirement(line).name for line in lines} for extra, lines in declared.items()
    }


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_link_from_a_page_leads_to_a_file(page):
    text = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name} links to {target}, which is not there"
