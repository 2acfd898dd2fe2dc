"""What there is to translate: the advice, from its catalogue, and the pages, from their templates and Python files."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.extract import extract_from_file

from floodmark.identifiers import FieldType
from floodmark.reports.labels import field_name

ROOT = Path(__file__).parents[1]
# `forms` and `N_` are of floodmark.web: a message with a number, and one that is translated elsewhere.
KEYWORDS = {
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "forms": (1, 2),
    "N_": None,
    "_": None,
}


@dataclass(frozen=True)
class Message:
    """A text of the source.

    Attributes:
        text: in English; for one with a number, the singular and the plural.
        context: that tells it from the same text elsewhere; None without one.
        places: files that it is in.
    """

    text: str | tuple[str, str]
    context: str | None = None
    places: tuple[str, ...] = ()


@dataclass(frozen=True)
class Domain:
    """Messages that ship together.

    Attributes:
        name: of the .po and .mo files.
        title: what they are.
        folder: that has a folder for each language.
        source: gives every message, in the order in which they are written.
    """

    name: str
    title: str
    folder: Path
    source: Callable[[], list[Message]]

    def po(self, language: str) -> Path:
        """Where a language is translated."""
        return self.folder / language / "LC_MESSAGES" / f"{self.name}.po"

    @property
    def languages(self) -> list[str]:
        """That were begun."""
        return sorted(path.parent.name for path in self.folder.glob("*/LC_MESSAGES"))


def advice(folder: Path) -> Domain:
    """The texts of `advice.toml` in a folder."""

    def source() -> list[Message]:
        tables = tomllib.loads((folder / "advice.toml").read_text("utf-8"))
        headings = [Message(text, f"heading/{name}") for name, text in tables["headings"].items()]
        parts = [
            Message(entry[part], f"{entry['slug']}/{part}")
            for entry in tables["advice"]
            for part in ("title", "text")
        ]
        return headings + parts

    return Domain("advice", "Advice", folder, source)


def pages(folder: Path) -> Domain:
    """The texts of the templates and Python files in a folder, and the names of field types."""

    def source() -> list[Message]:
        places: dict[tuple[str | None, str | tuple[str, str]], list[str]] = {}
        for path in sorted([*folder.rglob("*.py"), *folder.rglob("*.html")]):
            for context, text in _extracted(path):
                places.setdefault((context, text), []).append(path.relative_to(folder).as_posix())
        for one in sorted(FieldType):
            places.setdefault((f"field-type/{one.label}", field_name(one.label)), [])
        return [
            Message(text, context, tuple(dict.fromkeys(files))) for (context, text), files in places.items()
        ]

    return Domain("web", "Pages", folder / "messages", source)


def _extracted(path: Path) -> Iterator[tuple[str | None, str | tuple[str, str]]]:
    """Context and text of each message in a file."""
    method, options = ("python", {})
    if path.suffix == ".html":
        method = "jinja2.ext:babel_extract"
        options = {
            "trimmed": "true",
            "newstyle_gettext": "true",
            "trim_blocks": "true",
            "lstrip_blocks": "true",
            "silent": "false",
        }
    for _, text, _, context in extract_from_file(method, path, keywords=KEYWORDS, options=options):
        if text:
            yield context, text


ADVICE = advice(ROOT / "src/floodmark/notices/advising/data")
PAGES = pages(ROOT / "src/floodmark/web")
DOMAINS = (ADVICE, PAGES)
