r"""Text of a dump for a terminal: nothing of it can move the cursor, turn the direction of writing or hide.

>>> print(escaped("Zoë\x1b[2J;a\tb\\".encode(), "utf-8"))
Zoë\x1b[2J;a\tb\\
>>> print(escaped(b"\xff\xfe;user\xe2\x80\xaegpj.exe", "utf-8"))
\xff\xfe;user\u202egpj.exe

Every character that a reader might not see is written as an escape, and a backslash is doubled: so the text can be read
back from what is shown, and two texts that differ look different.
"""

from __future__ import annotations

import codecs
import unicodedata

HANDLER = "floodmark-hazmat"
BAD = 0xDC00  # a byte that is no text stands as this and its value, which no decoded text has
MOST_MARKS = 4  # accents upon one letter; more of them cover the lines above and below
_SHORT = {"\t": "\\t", "\n": "\\n", "\r": "\\r", "\\": "\\\\"}


def escaped(data: bytes, codec: str) -> str:
    r"""Bytes as text in which nothing is hidden.

    Args:
        data: of one line.
        codec: Python's name of the encoding; bytes that it does not know are written as `\xff`.
    """
    shown: list[str] = []
    marks = 0
    for character in data.decode(codec, HANDLER):
        marks = marks + 1 if unicodedata.category(character)[0] == "M" else 0
        plain = character.isprintable() and character != "\\" and marks <= MOST_MARKS
        shown.append(character if plain else _escape(character))
    return "".join(shown)


def _escape(character: str) -> str:
    if character in _SHORT:
        return _SHORT[character]
    number = ord(character)
    if BAD <= number < BAD + 256:
        return f"\\x{number - BAD:02x}"
    if number < 0x100:
        # Not \xhh, which stands for a byte that is no text; of ASCII both are the same.
        return f"\\x{number:02x}" if number < 0x80 else f"\\u{number:04x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def _stand_in(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    bad = error.object[error.start : error.end]
    return "".join(chr(BAD + byte) for byte in bad), error.end


codecs.register_error(HANDLER, _stand_in)
