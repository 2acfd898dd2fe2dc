"""Which columns of two dumps are the same: by name and type, else by type, else by name.

>>> a = Found([Key("phone", "tel"), Key("full_name", "name"), Key("unknown", "x7")])
>>> b = Found([Key("phone", "mobile"), Key("full_name", "name")])
>>> [(pair.a.name, pair.b.name, pair.by) for pair in match(a, b)]
[('name', 'name', 'name and type'), ('tel', 'mobile', 'type')]
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from floodmark.dumps import Grammar
from floodmark.identifiers import FieldType
from floodmark.triage.comparing.comparison import ColumnOf
from floodmark.triage.profile import GrammarProfile, Profile

UNKNOWN = FieldType.UNKNOWN.label
BY_BOTH, BY_TYPE, BY_NAME = "name and type", "type", "name"
_NOT_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Key:
    """What makes columns of one dump's tables one column.

    Attributes:
        type: label of the field type.
        name: as the text has it, or made up.
        place: for a column that nothing is known of and that has no name: its place among the types of its table.
    """

    type: str
    name: str
    place: str = ""

    @property
    def folded(self) -> str:
        """The name without what spelling varies in: case, blanks, marks."""
        return _NOT_WORD.sub("", self.name.casefold()) or self.name


@dataclass(frozen=True)
class Pair:
    """A column of both dumps, and what says that they are the same."""

    a: Key
    b: Key
    by: str


@dataclass
class Found:
    """The columns of one dump, in the order in which they come, and how full they are.

    Attributes:
        keys: each once.
        rows: rows of the tables that have it.
        filled: rows in which it is not empty, as rates tell.
    """

    keys: list[Key] = field(default_factory=list)
    rows: dict[Key, int] = field(default_factory=dict)
    filled: dict[Key, float] = field(default_factory=dict)

    @classmethod
    def of(cls, profile: Profile) -> Found:
        """The columns of every table of a profile."""
        found = cls()
        for file in profile.files:
            if file.grammar is not None:
                found.add(file.grammar, file.records)
        return found

    def add(self, grammar: GrammarProfile, rows: int) -> None:
        """Take up the columns of a table."""
        columns = grammar.columns
        keys = keys_of([c.type for c in columns], [c.name for c in columns], is_named(grammar))
        for key, column in zip(keys, columns, strict=True):
            if key not in self.rows:
                self.keys.append(key)
            self.rows[key] = self.rows.get(key, 0) + rows
            self.filled[key] = self.filled.get(key, 0.0) + column.fill_rate * rows

    def column(self, key: Key) -> ColumnOf:
        """A column as a report has it."""
        rows = self.rows[key]
        return ColumnOf(key.name, key.type, rows, round(self.filled[key] / rows, 6) if rows else 0.0)


def is_named(grammar: Grammar | GrammarProfile) -> bool:
    """Whether the columns of a table are called as its text calls them."""
    return grammar.header or grammar.record == "jsonl"


def keys_of(types: Sequence[str], names: Sequence[str], named: bool) -> list[Key]:
    """The keys of a table's columns.

    Args:
        types: labels of the field types.
        names: of the columns.
        named: whether the names are the text's own.
    """
    layout = ",".join(types)
    return [
        Key(kind, name, "" if named or kind != UNKNOWN else f"{place} of {layout}")
        for place, (kind, name) in enumerate(zip(types, names, strict=True))
    ]


def match(a: Found, b: Found) -> list[Pair]:
    """Columns of the first dump with those of the second that are the same, each at most once.

    A column of unknown type without a name of its own is that of another dump only where all columns of their tables
    are of the same types.
    """
    pairs: list[Pair] = []
    left, right = a.keys, b.keys
    for by, mark in ((BY_BOTH, _by_both), (BY_TYPE, _by_type), (BY_NAME, _by_name)):
        waiting: dict[object, list[Key]] = {}
        for key in reversed(right):
            waiting.setdefault(mark(key), []).append(key)
        waiting.pop(None, None)
        found = [Pair(key, waiting[mark(key)].pop(), by) for key in left if waiting.get(mark(key))]
        pairs += found
        taken_a, taken_b = {pair.a for pair in found}, {pair.b for pair in found}
        left = [key for key in left if key not in taken_a]
        right = [key for key in right if key not in taken_b]
    return pairs


def _by_both(key: Key) -> object:
    return key.type, key.folded, key.place


def _by_type(key: Key) -> str | None:
    return None if key.type == UNKNOWN else key.type


def _by_name(key: Key) -> str | None:
    return None if key.place else key.folded
