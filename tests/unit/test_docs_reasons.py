"""The page on exact accounting names every reason that the readers give, under the fate that they give it with."""

from __future__ import annotations

import ast
import codecs
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache
from importlib import import_module
from itertools import pairwise
from pathlib import Path

from floodmark.dumps import accounting, fates, layouts
from floodmark.dumps.code_pages import code_page
from floodmark.dumps.kinds.keyed import BLANK
from floodmark.dumps.protect import PATTERNS
from floodmark.errors import FloodmarkError

SOURCE = Path(__file__).resolve().parents[2] / "src"
READERS = SOURCE / "floodmark" / "dumps"
PAGE = SOURCE.parent / "docs" / "explanation" / "exact-accounting.md"
ONE_WORD_OR_MORE = re.compile(r"[a-z]+(?:-[a-z0-9*]+)*")
SEVERAL_WORDS = re.compile(r"[a-z]+(?:-[a-z0-9]+)+")
LINE_FATES = {"REPAIRED", "QUARANTINED", "SKIPPED"}

# Functions that find reasons for others to give: what they return, or key a dictionary by, has this fate.
FINDERS = {
    ("kinds/fixed_cells.py", "marks_of"): "skipped",
    ("kinds/fixed_cells.py", "cells_between"): "quarantined",
    ("kinds/fixed_cells.py", "cells_at"): "quarantined",
    ("kinds/json_records.py", "_read"): "quarantined",
    ("kinds/sql_rows.py", "one_by_one"): "quarantined",
    ("kinds/xlsx_table.py", "_dense"): "quarantined",
    ("kinds/xml_rows.py", "_alone"): "quarantined",
    ("kinds/xml_rows.py", "_cells_or_reason"): "quarantined",
}
# Functions that are told a reason of one fate.
TOLD = {"KeyedReader": "quarantined", "skip": "skipped", "Way": "repaired", "decoding": "repaired"}
# Modules in which pairs, and threes, have a reason of one fate at one place.
PAIRS = {
    "asides.py": ("skipped", 1),
    "table_edges.py": ("skipped", 1),
    "table_top.py": ("skipped", 1),
    "kinds/sql_copy.py": ("quarantined", 0),
}
# Texts of several words that are no reasons: names of threads, ways to handle bytes without a meaning.
NO_REASONS = re.compile(r"floodmark-\w+|utf-\w+(-[lb]e)?")


class Module:
    """One module of the readers, with the values of its constants."""

    def __init__(self, path: Path) -> None:
        self.name = path.relative_to(READERS).as_posix()
        self.tree = ast.parse(path.read_text(encoding="utf-8"))
        dotted = path.relative_to(SOURCE).with_suffix("").as_posix().replace("/", ".")
        self._constants = vars(import_module(dotted.removesuffix(".__init__")))

    def given(self) -> Iterator[tuple[str, str]]:
        """Every fate with a reason that the module gives; `*` stands for what is not written down."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call):
                called = getattr(node.func, "attr", getattr(node.func, "id", ""))
                yield from self._after_a_fate(node.args, called)
                told = [*node.args, *(word.value for word in node.keywords)] if called in TOLD else []
                yield from ((TOLD[called], text) for one in told for text in self._texts(one))
            elif isinstance(node, ast.arguments):
                yield from self._after_a_fate(node.defaults)
            elif isinstance(node, ast.Tuple):
                yield from self._after_a_fate(node.elts)
                if len(node.elts) in {2, 3} and self.name in PAIRS:
                    fate, place = PAIRS[self.name]
                    yield from ((fate, text) for text in self._texts(node.elts[place]))
            elif isinstance(node, ast.FunctionDef) and (self.name, node.name) in FINDERS:
                # Of a record without a cell the callers say that it is blank.
                fate = FINDERS[self.name, node.name]
                yield from ((fate, text) for text in self._found(node) if fate == "skipped" or text != BLANK)

    def texts(self) -> Iterator[str]:
        """Every text that is written down in the module."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value

    def _after_a_fate(self, row: list[ast.expr], called: str = "") -> Iterator[tuple[str, str]]:
        for first, second in pairwise(row):
            if fate := self._fate(first, called):
                yield from ((fate, text) for text in self._texts(second) if text not in accounting.KINDS)

    def _fate(self, node: ast.expr, called: str) -> str | None:
        """The fate that an expression is: a text, a constant of `fates`, or its number."""
        if isinstance(node, ast.Name) and node.id in LINE_FATES:
            return accounting.KINDS[getattr(fates, node.id)]
        if isinstance(node, ast.Constant):
            if node.value in accounting.KINDS[1:]:
                return str(node.value)
            if called == "mark" and type(node.value) is int:
                return accounting.KINDS[node.value]
        return None

    def _texts(self, node: ast.expr | None) -> Iterator[str]:
        """Every reason that an expression may be, as far as it is written down."""
        if isinstance(node, ast.IfExp):
            yield from (*self._texts(node.body), *self._texts(node.orelse))
        elif isinstance(node, ast.BoolOp):
            yield from (text for part in node.values for text in self._texts(part))
        else:
            text: object = None
            if isinstance(node, ast.Constant):
                text = node.value
            elif isinstance(node, ast.Name):
                text = self._constants.get(node.id)
            elif isinstance(node, ast.JoinedStr):
                text = "".join(str(p.value) if isinstance(p, ast.Constant) else "*" for p in node.values)
            if isinstance(text, str) and ONE_WORD_OR_MORE.fullmatch(text):
                yield text

    def _found(self, function: ast.FunctionDef) -> Iterator[str]:
        for node in ast.walk(function):
            if isinstance(node, ast.Dict):
                yield from (text for key in node.keys for text in self._texts(key))
            elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
                yield from self._texts(node.slice)
            elif isinstance(node, ast.Return) or (
                isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "reason"
            ):
                yield from self._texts(node.value)
            elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "setdefault":
                yield from self._texts(node.args[0])


@cache
def modules() -> list[Module]:
    """Every module of the readers, without the scripts that run in a process of their own."""
    return [
        Module(path) for path in sorted(READERS.rglob("*.py")) if path.stem not in {"child", "parquet_child"}
    ]


def given_by_the_readers() -> set[tuple[str, str]]:
    """Every fate with a reason that the code gives."""
    added = {layouts.JOINED, layouts.ADDED}
    found = {("repaired" if n in added else "quarantined", r) for n, r in enumerate(layouts.REASONS) if r}
    return found.union(*(module.given() for module in modules()))


def named_on_the_page() -> list[tuple[str, str]]:
    """Every reason that is a term of the page's lists, with the fate whose section it stands in."""
    sections = re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return [
        (section.split("\n")[0].lower(), reason)
        for section in sections
        for terms in re.findall(r"^(`[a-z0-9-]+`.*)\n: ", section, re.MULTILINE)
        for reason in re.findall(r"`([a-z0-9-]+)`", terms)
    ]


def is_encoding(text: str) -> bool:
    """Whether a text is the name of an encoding."""
    try:
        codecs.lookup(text)
    except LookupError:
        pass
    else:
        return True
    try:
        return bool(code_page(text))
    except (FloodmarkError, LookupError):
        return False


def test_the_page_names_every_reason_of_the_readers_once_under_its_fate_and_no_other():
    named, given = named_on_the_page(), given_by_the_readers()
    assert len(named) == len(set(named))
    assert {
        (fate, r) for fate, r in given if not any(f == fate and fnmatchcase(n, r) for f, n in named)
    } == set()
    assert {
        (fate, n) for fate, n in named if not any(f == fate and fnmatchcase(n, r) for f, r in given)
    } == set()
    assert {"repaired", "quarantined", "skipped"} == {fate for fate, _ in named}


def test_no_text_of_the_readers_that_looks_like_a_reason_is_missing_on_the_page():
    """Whoever gives reasons in a way that the test above does not know is caught here."""
    named = {reason for _, reason in named_on_the_page()}
    found = {text for module in modules() for text in module.texts() if SEVERAL_WORDS.fullmatch(text)}
    assert len(found & named) > 30
    others = {error.slug for error in errors()} | {pattern.name for pattern in PATTERNS}
    assert {t for t in found - named - others if not is_encoding(t) and not NO_REASONS.fullmatch(t)} == set()


def errors() -> Iterator[type[FloodmarkError]]:
    """Every kind of error there is."""
    waiting = [FloodmarkError]
    while waiting:
        error = waiting.pop()
        waiting += error.__subclasses__()
        yield error
