"""The tables of an SQL dump and their columns, as its statements name them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from floodmark.dumps.kinds.sql_patterns import NAME, Pattern
from floodmark.dumps.kinds.sql_regions import Shape
from floodmark.dumps.table_names import table_name

MOST_TABLES = 1000
MOST_COLUMNS = 4096  # as MySQL has them at most
LONGEST_DEFINITION = 1 << 20
LONGEST_NAME = 80
# What begins a line of CREATE TABLE that is no column.
_NO_COLUMN = re.compile(
    rb"(?:PRIMARY|UNIQUE|KEY|INDEX|FULLTEXT|SPATIAL|CONSTRAINT|FOREIGN|CHECK|EXCLUDE|LIKE|PERIOD)\b",
    re.IGNORECASE,
)


def plain(name: bytes) -> str:
    """A name without its quotes.

    >>> plain(b"`user``s`"), plain(b"[Users]"), plain(b'"dbo"')
    ('user`s', 'Users', 'dbo')
    """
    name = name.strip()
    if name[:1] in (b"`", b'"'):
        name = name[1:-1].replace(name[:1] * 2, name[:1])
    elif name[:1] == b"[":
        name = name[1:-1].replace(b"]]", b"]")
    return name.decode("utf-8", "replace").strip()


def names_of(text: bytes) -> list[str]:
    """The names in a list of columns, or in a qualified name.

    >>> names_of(b"(`id`, [e mail], name)"), names_of(b"public.users")
    (['id', 'e mail', 'name'], ['public', 'users'])
    """
    return [plain(name) for name in NAME.findall(text)[: MOST_COLUMNS + 1]]


def defined(text: bytes, cells: Pattern) -> list[str]:
    """The columns that the parentheses of a CREATE TABLE define.

    Args:
        text: from the opening parenthesis on, without the closing one.
        cells: pattern of the parts between commas (`Dialect.cells`).
    """
    found: list[str] = []
    for definition in cells.findall(text):
        part = definition.strip()
        if _NO_COLUMN.match(part):
            continue
        if (name := NAME.match(part)) is not None:
            found.append(plain(name[0]))
    return found


class Shapes:
    """The tables met so far, each with the columns that it keeps to the end.

    Columns are those of its CREATE TABLE, else those that its first INSERT or COPY names, else numbered.
    """

    def __init__(self) -> None:
        self._declared: dict[str, list[str]] = {}
        self._shapes: dict[str, Shape] = {}
        self._names: Counter[str] = Counter()
        self._places: dict[tuple[str, bytes | None, int], tuple[int, ...]] = {}

    def declare(self, table: bytes, columns: list[str]) -> None:
        """Take note of a CREATE TABLE; too late where records of the table were read already."""
        if columns and len(columns) <= MOST_COLUMNS and len(self._declared) < MOST_TABLES:
            self._declared.setdefault(_key(table), columns)

    def known(self, table: bytes) -> bool:
        """Whether the number of the table's columns is known without its rows."""
        return _key(table) in self._shapes or _key(table) in self._declared

    def use(self, table: bytes, columns: bytes | None, width: int) -> tuple[Shape, tuple[int, ...]] | None:
        """The table of a statement, and where its cells belong.

        Args:
            table: its name as the statement has it.
            columns: the list of columns of the statement, if any.
            width: cells of a row, where nothing names them.

        Returns:
            The table and, for each cell of a row, the number of its column or -1. None where there are more
            tables or columns than any dump of people has, or no column at all.
        """
        key = _key(table)
        told = (key, columns, width if columns is None else 0)
        shape = self._shapes.get(key)
        if shape is not None and told in self._places:
            return shape, self._places[told]
        names = (names_of(columns) or None) if columns is not None else None
        if shape is None:
            if len(self._shapes) >= MOST_TABLES:
                return None
            shape = _shape(table, self._declared.get(key) or names, width)
            if shape is None:
                return None
            shape = replace(shape, name=self._told_apart(shape.name))
            self._shapes[key] = shape
        places = _places(shape, names, width)
        if len(self._places) < 10 * MOST_TABLES:
            self._places[told] = places
        return shape, places

    def _told_apart(self, name: str) -> str:
        """A name that no other table has: two may differ only in what cannot be shown."""
        self._names[name] += 1
        return name if self._names[name] == 1 else f"{name} ({self._names[name]})"


def _key(table: bytes) -> str:
    return ".".join(names_of(table)[-2:]).casefold()


def _shape(table: bytes, names: list[str] | None, width: int) -> Shape | None:
    if not 0 < (len(names) if names else width) <= MOST_COLUMNS:
        return None
    columns = names if names else [f"c{i}" for i in range(width)]
    return Shape(table_name(".".join(names_of(table))), _unique(columns), bool(names))


def _places(shape: Shape, names: list[str] | None, width: int) -> tuple[int, ...]:
    if names is None:
        return tuple(range(len(shape.columns)))
    if not shape.named:
        return tuple(i if i < len(shape.columns) else -1 for i in range(len(names)))
    at = {name.casefold(): i for i, name in enumerate(shape.columns)}
    found = [at.get(name.casefold(), -1) for name in names]
    # A column named twice is one; the first cell counts.
    seen: Counter[int] = Counter()
    for i, place in enumerate(found):
        seen[place] += 1
        if seen[place] > 1:
            found[i] = -1
    return tuple(found)


def _unique(names: list[str]) -> tuple[str, ...]:
    """Names made printable and told apart, as the columns of a frame must be."""
    seen: set[str] = set()
    chosen: list[str] = []
    for i, name in enumerate(names):
        clean = "".join(c for c in name if c.isprintable())[:LONGEST_NAME] or f"c{i}"
        if clean.casefold() in seen:
            clean = f"{clean}_{i}"
        while clean.casefold() in seen:
            clean += "_"
        seen.add(clean.casefold())
        chosen.append(clean)
    return tuple(chosen)
