"""The page on exact accounting names every reason that the reader gives, under the fate that it gives it with."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from floodmark.dumps import accounting, fates, layouts

ROOT = Path(__file__).resolve().parents[2]
READER = ROOT / "src" / "floodmark" / "dumps"
PAGE = ROOT / "docs" / "explanation" / "exact-accounting.md"


def fate_of(node: ast.expr) -> str:
    """The fate that an argument names: a text, a constant of `fates`, or its number."""
    if isinstance(node, ast.Name):
        return accounting.KINDS[getattr(fates, node.id)]
    value = ast.literal_eval(node)
    return value if isinstance(value, str) else accounting.KINDS[value]


def given_by_the_reader() -> set[tuple[str, str]]:
    """Every fate with a reason in the code: of `Fates.mark(which, fate, reason)` and `Span(kind, reason, …)`."""
    found = {("repaired" if r == layouts.STRAY else "quarantined", r) for r in layouts.REASONS if r}
    for path in READER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            at = {"mark": 1, "Span": 0}.get(name)
            if at is not None and isinstance(node.args[at + 1], ast.Constant):
                found.add((fate_of(node.args[at]), node.args[at + 1].value))
    return found


def named_on_the_page() -> list[tuple[str, str]]:
    """Every reason that is a term of the page's lists, with the fate whose section it stands in."""
    sections = re.split(r"^## ", PAGE.read_text(), flags=re.MULTILINE)[1:]
    return [
        (section.split("\n")[0].lower(), reason)
        for section in sections
        for reason in re.findall(r"^`([a-z0-9-]+)`\n: ", section, re.MULTILINE)
    ]


def test_the_page_names_every_reason_of_the_reader_once_under_its_fate_and_no_other():
    named = named_on_the_page()
    assert len(named) == len(set(named))
    assert set(named) == given_by_the_reader()
    assert {"repaired", "quarantined", "skipped"} == {fate for fate, _ in named}
