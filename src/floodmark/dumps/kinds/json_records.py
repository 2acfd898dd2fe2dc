"""Records of a JSON text to flat cells: members of a list or of an object, one by one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from floodmark.dumps.jsonl import MAX_KEYS, read_object
from floodmark.dumps.kinds.keyed import BLANK, Cells, Reading

OWN_KEY = "\0key"  # the key of a record that is a member of an object
VALUE = "\0value"  # a record that is one value
JUNK = b" \t\r\n,;\x1e"


def read_members(texts: Iterable[bytes], inner: bool) -> Iterator[Reading]:
    """Cells of records, or why there are none; arguments as in `read_member`."""
    return (_read(text, inner) for text in texts)


def _read(text: bytes, inner: bool) -> Reading:
    try:
        cells = read_member(text, inner)
    except UnicodeDecodeError:
        return "invalid-utf-8-or-nul"
    if cells is None:
        return "invalid-utf-8-or-nul" if b"\0" in text else "not-a-json-object"
    return cells or BLANK


def read_member(text: bytes, inner: bool) -> Cells | None:
    r"""Flat cells of one record, or None where it is none.

    Args:
        text: the record, with the comma after it.
        inner: whether it is a member of an object, so that it begins with its key.

    Examples:
        >>> read_member(b' ["Ada", 36],', False), read_member(b'"7": {"name": "Ada"}', True)
        ({'1': 'Ada', '2': '36'}, {'\x00key': '7', 'name': 'Ada'})
        >>> read_member(b'"ada@example.org"', False), read_member(b"{", False)
        ({'\x00value': 'ada@example.org'}, None)
    """
    line = text.strip(JUNK).decode()
    if inner:
        return _keyed(line)
    if line.startswith("{"):
        return read_object(line)
    whole = _single(line)
    if whole is None or not line.startswith("["):
        return whole
    try:
        count = len(json.loads(line))
    except (ValueError, RecursionError):
        return None
    if not 0 < count <= MAX_KEYS:
        return None
    return _listed(line)


def _single(value: str) -> Cells | None:
    cells = read_object(f'{{"value": {value}}}')
    return None if cells is None or "value" not in cells else {VALUE: cells["value"]}


def _listed(line: str) -> Cells | None:
    """Cells of a list, numbered from 1."""
    # Reading the list as an object keeps numbers as they are written.
    members = _members(line)
    if members is None:
        return None
    return read_object("{" + ",".join(f'"{i}":{member}' for i, member in enumerate(members, 1)) + "}")


def _members(line: str) -> list[str] | None:
    """Texts of a list's members."""
    decoder = json.JSONDecoder()
    found: list[str] = []
    at = 1
    while True:
        at = _blank(line, at)
        if line[at : at + 1] == "]":
            return found
        try:
            _, stop = decoder.raw_decode(line, at)
        except (ValueError, RecursionError):
            return None
        found.append(line[at:stop])
        at = _blank(line, stop)
        if line[at : at + 1] == ",":
            at += 1


def _blank(line: str, at: int) -> int:
    while line[at : at + 1] in (" ", "\t", "\r", "\n") and at < len(line):
        at += 1
    return at


def _keyed(line: str) -> Cells | None:
    """Cells of a member of an object, its key among them."""
    try:
        key, stop = json.JSONDecoder().raw_decode(line)
    except (ValueError, RecursionError):
        return None
    rest = line[stop:].lstrip()
    if not isinstance(key, str) or not rest.startswith(":"):
        return None
    value = rest[1:].strip()
    cells = read_object(value) if value.startswith("{") else _single(value)
    return None if cells is None else {OWN_KEY: key.encode("utf-8", "replace").decode(), **cells}
