"""Records of an XML text to flat cells: elements and attributes by name, what is nested joined by dots."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from xml.etree import ElementTree
from xml.parsers import expat

from floodmark.dumps.kinds.keyed import BLANK, Cells, Reading
from floodmark.dumps.kinds.xml_flat import FlatRows
from floodmark.dumps.kinds.xml_marks import local
from floodmark.dumps.kinds.xml_outline import NAMING

TOGETHER = 1 << 16  # bytes of records that are parsed at once
DEEPEST = 20
JOINT = "; "
POSITION = "\0"
POSITIONAL = frozenset({"cell", "td", "th", "c"})
UNTOLD = frozenset({"nil", "type", "space"})  # attributes of a cell that say nothing of a person
UNBOUND_PREFIX = expat.errors.codes[expat.errors.XML_ERROR_UNBOUND_PREFIX]
ENTITY = re.compile(rb"&([A-Za-z_][\w.-]{0,60});")
KNOWN_ENTITIES = frozenset({b"lt", b"gt", b"amp", b"quot", b"apos"})


def read_rows(rows: Iterable[bytes], own_name: bool = False) -> Iterator[Reading]:
    """Cells of records, or why there are none. Entities that a text declares are not known here, so none is expanded.

    Args:
        rows: whole elements.
        own_name: whether an element's `name` says which table it is of, and is no cell.

    Examples:
        >>> list(read_rows([b'<u id="1"><at><city>Rome</city></at><tag>a</tag><tag>b</tag></u>', b"<u>&x;</u>"]))
        [{'id': '1', 'at.city': 'Rome', 'tag': 'a; b'}, 'unknown-entity']
    """
    flat = FlatRows()
    batch: list[bytes] = []
    size = 0
    for row in rows:
        batch.append(row)
        size += len(row)
        if size > TOGETHER:
            yield from _read(batch, own_name, flat)
            batch, size = [], 0
    yield from _read(batch, own_name, flat)


def _read(rows: list[bytes], own_name: bool, flat: FlatRows) -> Iterator[Reading]:
    quick = [flat.cells_of(row) for row in rows]
    slow = _parsed_rows(
        [row for row, cells in zip(rows, quick, strict=True) if cells is None], own_name, flat
    )
    for cells in quick:
        yield next(slow) if cells is None else cells


def _parsed_rows(rows: list[bytes], own_name: bool, flat: FlatRows) -> Iterator[Reading]:
    try:
        root = _parsed(b"<all>" + b"".join(rows) + b"</all>")
    except (ElementTree.ParseError, ValueError):
        root = None
    if root is None or len(root) != len(rows):
        yield from (_alone(row, own_name) for row in rows)
        return
    learnt: set[str] = set()
    for element in root:
        cells = _cells_or_reason(element, own_name)
        plain = not isinstance(cells, str) and not element.attrib and len(cells) == len(element)
        if plain and element.tag not in learnt:
            learnt.add(element.tag)
            flat.learn(element.tag, [child.tag for child in element])
        yield cells


def _parsed(text: bytes) -> ElementTree.Element:
    """The tree of a text; by the fast parser, which wants namespaces to be declared, or else by the plain one."""
    try:
        parser = ElementTree.XMLParser(encoding="utf-8")  # noqa: S314  the text has no declarations
        parser.feed(text)
        return parser.close()
    except ElementTree.ParseError as error:
        if error.code != UNBOUND_PREFIX:
            raise
    builder = ElementTree.TreeBuilder()
    plain = expat.ParserCreate("utf-8")
    plain.buffer_text = True
    plain.StartElementHandler = builder.start
    plain.EndElementHandler = builder.end
    plain.CharacterDataHandler = builder.data
    try:
        plain.Parse(text, True)
    except expat.ExpatError as error:
        raise ElementTree.ParseError from error
    return builder.close()


def _alone(row: bytes, own_name: bool) -> Reading:
    """Cells of one record, or what is wrong with it."""
    try:
        text = row.decode()
    except UnicodeDecodeError:
        return "invalid-utf-8-or-nul"
    if "\0" in text:
        return "invalid-utf-8-or-nul"
    try:
        return _cells_or_reason(_parsed(row), own_name)
    except (ElementTree.ParseError, ValueError):
        return "unknown-entity" if _has_entity(row) else "broken-xml"


def _has_entity(row: bytes) -> bool:
    return any(name not in KNOWN_ENTITIES for name in ENTITY.findall(row))


def _cells_or_reason(element: ElementTree.Element, own_name: bool) -> Reading:
    if own_name:
        element.attrib.pop("name", None)
    if (flat := _flat(element)) is not None:
        return flat
    row = _Row()
    row.add(local(element.tag), (element.text or "").strip(), keep=False)
    return (row.cells() or BLANK) if row.fill(element, "", 0) else "too-deep"


def _flat(element: ElementTree.Element) -> Cells | None:
    """Cells of a record of which every element is one cell, as nearly all are; None for others."""
    if element.attrib or not len(element) or (element.text and not element.text.isspace()):
        return None
    cells: Cells = {}
    for child in element:
        name = _cell_name(child.tag)
        if name is None or name in cells or child.attrib or len(child) or (child.tail and child.tail.strip()):
            return None
        text = child.text
        cells[name] = text.strip() if text else ""
    return cells


@lru_cache(1000)
def _cell_name(tag: str) -> str | None:
    """Name of an element as a cell; None where cells of that name are told apart by their position."""
    name = local(tag)
    return None if name.lower() in POSITIONAL else name


class _Row:
    """Cells of one record while they are found; one key may have several."""

    def __init__(self) -> None:
        self._cells: dict[str, str] = {}
        self._more: dict[str, list[str]] = {}

    def add(self, key: str, value: str, keep: bool = True) -> None:
        """Add a cell; an empty one only if it is the key's first, and to be kept."""
        if key not in self._cells:
            if value or keep:
                self._cells[key] = value
        elif value:
            self._more.setdefault(key, []).append(value)

    def cells(self) -> Cells:
        """The cells, those of one key joined."""
        for key, more in self._more.items():
            first = self._cells[key]
            self._cells[key] = JOINT.join([first, *more] if first else more)
        return self._cells

    def fill(self, element: ElementTree.Element, prefix: str, depth: int) -> bool:
        """Add what an element holds; False where it is nested too deeply."""
        for name, value in element.attrib.items():
            if not depth or (name := local(name)) not in UNTOLD:
                self.add(prefix + local(name), value)
        if len(element) and depth >= DEEPEST:
            return False
        naming = _naming(element)
        for number, child in enumerate(element, 1):
            key = prefix + _key(child, naming, number)
            only = child[0] if naming == POSITION and len(child) == 1 and not len(child[0]) else child
            self.add(key, (only.text or "").strip(), keep=not len(only))
            if only is child and (child.attrib or len(child)) and not self.fill(child, key + ".", depth + 1):
                return False
            if child.tail:
                self.add(prefix[:-1] if prefix else local(element.tag), child.tail.strip(), keep=False)
        return True


def _key(child: ElementTree.Element, naming: str | None, number: int) -> str:
    if naming is None:
        return local(child.tag)
    return str(number) if naming == POSITION else child.attrib.pop(naming)


def _naming(element: ElementTree.Element) -> str | None:
    """What tells the children of an element apart: their names (None), an attribute of theirs, or their position."""
    if not len(element):
        return None
    first = element[0]
    if len(element) > 1 and local(first.tag).lower() in POSITIONAL:
        return POSITION
    for name in NAMING:
        if name in first.attrib and all(child.tag == first.tag and name in child.attrib for child in element):
            return name
    return None
