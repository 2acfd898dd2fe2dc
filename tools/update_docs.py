"""Write what the program knows of itself into the docs: help texts, and the table of errors.

A page marks a place with `<!-- help: floodmark triage -->` or `<!-- errors -->` and its end
with `<!-- end -->`.
`--check` changes nothing and fails when a page is not current or when a command has no place in `cli.md`.
"""

from __future__ import annotations

import argparse
import importlib
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click

import floodmark
from floodmark.cli import PROGRAM, command
from floodmark.errors import FloodmarkError

REFERENCE = Path(__file__).resolve().parent.parent / "docs" / "reference"
PLACE = re.compile(r"(<!-- (help|errors)(?:: ([^>]*?))? -->\n).*?(<!-- end -->)", re.DOTALL)
WIDTH = 88


def commands() -> Iterator[tuple[str, click.Context]]:
    """Every command with its context, the group itself first."""
    ways = command.context_settings | {"terminal_width": WIDTH, "max_content_width": WIDTH}
    yield from _below(PROGRAM, click.Context(command, info_name=PROGRAM, **ways))


def _below(name: str, context: click.Context) -> Iterator[tuple[str, click.Context]]:
    yield name, context
    group = context.command
    if isinstance(group, click.Group):
        for child in group.list_commands(context):
            found = group.get_command(context, child)
            if found is not None:
                yield from _below(f"{name} {child}", click.Context(found, info_name=child, parent=context))


def errors() -> list[type[FloodmarkError]]:
    """Every kind of expected failure, in the order of exit code and slug."""
    package = Path(floodmark.__path__[0])
    for path in package.rglob("*.py"):
        parts = path.relative_to(package.parent).with_suffix("").parts
        importlib.import_module(".".join(parts).removesuffix(".__init__"))
    found = [FloodmarkError]
    for kind in found:
        found += kind.__subclasses__()
    ours = {kind for kind in found if kind.__module__.startswith("floodmark.")}
    return sorted(ours, key=lambda kind: (kind.exit_code, kind.slug))


@cache
def errors_table() -> str:
    """The table of slugs, in Markdown."""
    lines = ["| slug | exit code | when | hint |", "| --- | --- | --- | --- |"]
    for kind in errors():
        when = (kind.__doc__ or "").split("\n")[0]
        lines.append(f"| `{kind.slug}` | {kind.exit_code} | {when} | {kind.hint} |")
    return "\n" + "\n".join(lines) + "\n\n"


@cache
def helps() -> dict[str, str]:
    """The help text of every command."""
    return {name: context.get_help() for name, context in commands()}


def current(text: str) -> str:
    """A page with every marked place written anew."""

    def fill(match: re.Match[str]) -> str:
        opening, kind, name, closing = match.groups()
        body = errors_table() if kind == "errors" else f"\n```text\n{helps()[name]}\n```\n\n"
        return f"{opening}{body}{closing}"

    return PLACE.sub(fill, text)


def missing(text: str) -> list[str]:
    """Commands that a page has no place for."""
    named = {match[3] for match in PLACE.finditer(text)}
    return [name for name in helps() if name not in named]


def main() -> int:
    """Write or check the pages; the exit code says whether they are in order."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="only check")
    options = parser.parse_args()
    complaints = [f"cli.md has no place for: {name}" for name in missing((REFERENCE / "cli.md").read_text())]
    for page in sorted(REFERENCE.glob("*.md")):
        text = page.read_text()
        new = current(text)
        if new == text:
            continue
        if options.check:
            complaints.append(f"{page.name} is not current; run tools/update_docs.py")
        else:
            page.write_text(new)
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
