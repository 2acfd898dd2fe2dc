"""The catalogue of advice: which field types call for what, in English, read from `data/advice.toml`.

>>> [entry.slug for entry in catalogue() if entry.holds({FieldType.PASSPORT})][:2]
['ask-about-passport', 'do-not-pay']
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Set
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from floodmark.identifiers import FieldType


class Urgency(IntEnum):
    """When to follow an advice; `NEVER` is for what not to do."""

    TODAY = 1
    SOON = 2
    LATER = 3
    NEVER = 4


@dataclass(frozen=True)
class Entry:
    """One advice and its rule, its words as they are in English.

    Attributes:
        slug: stable name.
        urgency: when to follow it.
        called_by: field types of which any calls for it; empty where every leak does.
        along_with: sets of further field types, of each of which one has to have leaked, too.
        instead_of: slugs of advice that says less and is left out beside it.
        title: what to do, in a few words.
        text: how, and why.
    """

    slug: str
    urgency: Urgency
    called_by: frozenset[FieldType]
    along_with: tuple[frozenset[FieldType], ...]
    instead_of: frozenset[str]
    title: str
    text: str

    def holds(self, leaked: Set[FieldType]) -> bool:
        """Whether these field types call for it."""
        called = bool(self.called_by & leaked) if self.called_by else bool(leaked)
        return called and all(some & leaked for some in self.along_with)

    def reasons(self, leaked: Set[FieldType]) -> list[FieldType]:
        """Those of the field types that its rule names, in the order of their numbers."""
        return sorted(leaked & self.called_by.union(*self.along_with))


def folder() -> Traversable:
    """Where the catalogue and its translations lie."""
    return files("floodmark.notices.advising").joinpath("data")


@cache
def catalogue() -> tuple[Entry, ...]:
    """Every advice, in the order in which it is given: by urgency, and in that as in the file."""
    return tuple(sorted((_entry(**table) for table in _tables()["advice"]), key=lambda entry: entry.urgency))


@cache
def headings() -> dict[Urgency, str]:
    """What stands above the advice of one urgency, in English."""
    return {Urgency[name.upper()]: text for name, text in _tables()["headings"].items()}


def _tables() -> dict[str, Any]:
    return tomllib.loads(folder().joinpath("advice.toml").read_text("utf-8"))


def _entry(
    *,
    slug: str,
    urgency: str,
    title: str,
    text: str,
    instead_of: Collection[str] = (),
    **rule: Any,
) -> Entry:
    return Entry(
        slug,
        Urgency[urgency.upper()],
        _types(rule.pop("for")),
        tuple(_types(labels) for labels in rule.pop("with", [])),
        frozenset(instead_of),
        title,
        text,
        **rule,  # nothing is left of a rule that is written right
    )


def _types(labels: Collection[str]) -> frozenset[FieldType]:
    return frozenset(FieldType.from_label(label) for label in labels)
