"""Which columns of the tables of two dumps are the same: by name and type, else by type, else by name.

>>> english = (Key("phone", "tel"), Key("first_name", "name"), Key("unknown", "x7"))
>>> german = (Key("phone", "Telefon"), Key("first_name", "Vorname"))
>>> found = Columns()
>>> found.add(0, german, [9, 9], 9)
>>> found.add(1, english, [9, 9, 9], 9)
>>> [(one.of(0).name, one.of(1).name, one.by) for one in found.joints if one.shared]
[('Telefon', 'tel', 'type'), ('Vorname', 'name', 'type')]

Tables are taken one by one, those of both dumps alike, so that a dump whose members name their columns in several
languages has each column once, and every table knows which of its columns it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from floodmark.dumps import Grammar
from floodmark.identifiers import FieldType
from floodmark.triage.comparing.comparison import ColumnOf
from floodmark.triage.profile import FileProfile, GrammarProfile

UNKNOWN = FieldType.UNKNOWN.label
BY_BOTH, BY_TYPE, BY_NAME = "name and type", "type", "name"
_NOT_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Key:
    """What makes columns of tables one column.

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

    def mark(self, by: str) -> object:
        """What another column has too if it is the same by this; None where nothing is."""
        if by == BY_BOTH:
            return self.type, self.folded, self.place
        if by == BY_TYPE:
            return None if self.type == UNKNOWN else self.type
        return None if self.place else self.folded


Layout = tuple[Key, ...]
"""The columns of a table, in their order."""


@dataclass
class Joint:
    """One column, over all tables of both dumps that have it.

    Attributes:
        keys: for each dump, what its tables call it, and rows of those.
        filled: for each dump, rows in which it is not empty, as rates tell.
    """

    keys: tuple[dict[Key, int], dict[Key, int]] = field(default_factory=lambda: ({}, {}))
    filled: list[float] = field(default_factory=lambda: [0.0, 0.0])

    @property
    def shared(self) -> bool:
        """Whether both dumps have it."""
        return all(self.keys)

    @property
    def by(self) -> str:
        """What says that the column of one dump is that of the other."""
        for by in (BY_BOTH, BY_TYPE):
            marks = [{key.mark(by) for key in keys} - {None} for keys in self.keys]
            if marks[0] & marks[1]:
                return by
        return BY_NAME

    def of(self, side: int) -> ColumnOf:
        """The column of one dump as a report has it, named as most rows of that dump have it."""
        keys = self.keys[side]
        rows = sum(keys.values())
        key = max(keys, key=keys.__getitem__)
        return ColumnOf(key.name, key.type, rows, round(self.filled[side] / rows, 6) if rows else 0.0)


@dataclass
class Columns:
    """The columns of two dumps.

    Attributes:
        joints: each once.
        layouts: for each table's columns, which of `joints` they are.
        rows: for each dump, rows of tables by their columns.
    """

    joints: list[Joint] = field(default_factory=list)
    layouts: dict[Layout, tuple[int, ...]] = field(default_factory=dict)
    rows: tuple[dict[Layout, int], dict[Layout, int]] = field(default_factory=lambda: ({}, {}))
    _marked: dict[tuple[str, object], dict[int, None]] = field(default_factory=dict)

    @classmethod
    def of(cls, a: Sequence[FileProfile], b: Sequence[FileProfile]) -> Columns:
        """The columns of every table of two dumps."""
        tables = [
            (side, file.grammar, file.records)
            for side, files in enumerate((a, b))
            for file in files
            if file.grammar is not None
        ]
        found = cls()
        # Columns of a table with few find theirs among those of a table with many, and not the other way round.
        for side, grammar, rows in sorted(tables, key=lambda table: -len(table[1].columns)):
            columns = grammar.columns
            layout = layout_of([c.type for c in columns], [c.name for c in columns], is_named(grammar))
            found.add(side, layout, [column.fill_rate * rows for column in columns], rows)
        return found

    def add(self, side: int, layout: Layout, filled: Sequence[float], rows: int) -> None:
        """Take up a table.

        Args:
            side: 0 for the first dump, 1 for the second.
            layout: its columns.
            filled: rows in which each is not empty.
            rows: of the table.
        """
        if layout not in self.layouts:
            self.layouts[layout] = self._placed(layout)
        self.rows[side][layout] = self.rows[side].get(layout, 0) + rows
        for key, place, full in zip(layout, self.layouts[layout], filled, strict=True):
            joint = self.joints[place]
            joint.keys[side][key] = joint.keys[side].get(key, 0) + rows
            joint.filled[side] += full

    def of_dump(self, side: int) -> list[tuple[int, Joint]]:
        """The columns that a dump has, with their numbers, in the order of its tables."""
        numbers = dict.fromkeys(place for layout in self.rows[side] for place in self.layouts[layout])
        return [(number, self.joints[number]) for number in numbers]

    def _placed(self, layout: Layout) -> tuple[int, ...]:
        """Which joint each column of a table is, each at most once; new ones are made of the rest."""
        places: dict[int, int] = {}
        taken: set[int] = set()
        for by in (BY_BOTH, BY_TYPE, BY_NAME):
            marks = [key.mark(by) for key in layout]
            walks = {mark: iter(self._marked.get((by, mark), {})) for mark in marks}
            for column, (key, mark) in enumerate(zip(layout, marks, strict=True)):
                if column in places or mark is None:
                    continue
                found = next((place for place in walks[mark] if place not in taken), None)
                if found is not None:
                    places[column] = found
                    taken.add(found)
                    # What has the name alone does not make all of its own type the same.
                    self._index(
                        found, key, (BY_BOTH, BY_NAME) if by == BY_NAME else (BY_BOTH, BY_TYPE, BY_NAME)
                    )
        for column, key in enumerate(layout):
            if column not in places:
                places[column] = len(self.joints)
                self.joints.append(Joint())
                self._index(places[column], key, (BY_BOTH, BY_TYPE, BY_NAME))
        return tuple(places[column] for column in range(len(layout)))

    def _index(self, place: int, key: Key, ways: Sequence[str]) -> None:
        for by in ways:
            if (mark := key.mark(by)) is not None:
                self._marked.setdefault((by, mark), {})[place] = None


def is_named(grammar: Grammar | GrammarProfile) -> bool:
    """Whether the columns of a table are called as its text calls them."""
    return grammar.header or grammar.record == "jsonl"


def layout_of(types: Sequence[str], names: Sequence[str], named: bool) -> Layout:
    """The columns of a table.

    Args:
        types: labels of the field types.
        names: of the columns.
        named: whether the names are the text's own.
    """
    all_types = ",".join(types)
    return tuple(
        Key(kind, name, "" if named or kind != UNKNOWN else f"{place} of {all_types}")
        for place, (kind, name) in enumerate(zip(types, names, strict=True))
    )
