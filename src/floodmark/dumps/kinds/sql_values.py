"""A cell of an SQL row to text."""

from __future__ import annotations

import re

from floodmark.dumps.kinds.sql_patterns import Dialect

EMPTY = frozenset({b"NULL", b"DEFAULT"})
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"Z": b"\x1a"}
# `\0` stays as it is written: no cell holds a NUL. `\%` and `\_` are not escapes in a string that is stored.
_STAYS = frozenset({b"0", b"%", b"_"})
_ESCAPED = re.compile(rb"\\(.)|''", re.DOTALL)
_ESCAPED_DOUBLE = re.compile(rb'\\(.)|""', re.DOTALL)
_LITERAL = re.compile(
    rb"(?P<mark>[nN]|[eE]|[xX]|[bB]|[qQ]|_\w+\s*)?(?P<text>'.*'|\".*\")(?:\s*::[\w .\"\[\]()]+|\s+COLLATE\s+\w+)?",
    re.DOTALL | re.IGNORECASE,
)
_HEX = re.compile(rb"0[xX]((?:[0-9a-fA-F]{2})+)")
_CALL = re.compile(
    rb"(?:CAST|CONVERT|TO_DATE|TO_TIMESTAMP|TO_CLOB|UNHEX|HEXTORAW|DATE|TIMESTAMP)\s*\(?\s*", re.IGNORECASE
)


def value(cell: bytes, dialect: Dialect) -> str:
    r"""Text of one cell: strings without their quotes, numbers as written, nothing for NULL.

    Raises:
        UnicodeDecodeError: it is not UTF-8.

    Examples:
        >>> [value(cell, Dialect(True)) for cell in (b"'it\\'s'", b"NULL", b" 12.50", b"N'x'", b"X'00ff'", b"NOW()")]
        ["it's", '', '12.50', 'x', '00ff', 'NOW()']
    """
    cell = cell.strip()
    if cell[:1] == b"'" and (cell.count(b"'") == 2 and cell[-1:] == b"'" and b"\\" not in cell):
        return cell[1:-1].decode()
    if cell.upper() in EMPTY:
        return ""
    if (digits := _HEX.fullmatch(cell)) is not None:
        return digits[1].decode()
    literal = _LITERAL.fullmatch(cell)
    mark = (literal["mark"] or b"").strip().lower() if literal is not None else b""
    escapes = Dialect(dialect.backslash or mark == b"e")
    if literal is not None and escapes.string.fullmatch(literal["text"]) is not None:
        text = unquoted(literal["text"], escapes.backslash)
        return text.hex() if mark == b"_binary" and not _is_text(text) else text.decode()
    if (call := _CALL.match(cell)) is not None:
        first = dialect.string.search(cell, call.end())
        if first is not None:
            return unquoted(first[0], dialect.backslash).decode()
    return cell.decode()


def unquoted(text: bytes, backslash: bool) -> bytes:
    """A string without its quotes, its escapes undone."""
    mark, text = text[:1], text[1:-1]
    if backslash and b"\\" in text:
        return (_ESCAPED if mark == b"'" else _ESCAPED_DOUBLE).sub(_unescaped, text)
    return text.replace(mark * 2, mark)


def _unescaped(found: re.Match[bytes]) -> bytes:
    escaped = found[1]
    if escaped is None:
        return found[0][:1]
    if escaped in _STAYS:
        return found[0]
    return _ESCAPES.get(escaped, escaped)


def _is_text(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return b"\0" not in text
