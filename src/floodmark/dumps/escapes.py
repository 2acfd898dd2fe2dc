r"""Escaped characters, put out of sight while text is cut: a delimiter or a quote after a backslash is text.

Each escaped pair of bytes becomes another pair of bytes that nothing else is made of, so that no offset changes;
once cells are cut, the pair becomes the character that it stood for.

>>> hidden = hide(b'a,"b \\"c\\"",d', "\\", '"', ",")
>>> hidden.data.count(b'"'), len(hidden.data)
(2, 13)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import polars as pl

from floodmark.dumps.raw_cells import STAND_INS


@dataclass(frozen=True)
class Escaped:
    """Text whose escaped characters are out of sight.

    Attributes:
        data: the text, as long as before.
        pairs: what stands in for each escaped character; empty where nothing is escaped.
    """

    data: bytes
    pairs: dict[str, str]

    def restored(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Cells as they were meant: the characters without what escaped them."""
        if not self.pairs or not frame.width:
            return frame
        return frame.with_columns(pl.all().str.replace_many(list(self.pairs), list(self.pairs.values())))


def hide(data: bytes, escape: str | None, quote: str | None, delimiter: str) -> Escaped:
    """Put escaped quotes, delimiters and escapes out of sight.

    Args:
        data: any text.
        escape: one ASCII character, or None where nothing is escaped.
        quote: quoting character, or None.
        delimiter: text between cells; a longer one than a byte is not escaped.
    """
    if escape is None or escape.encode() not in data:
        return Escaped(data, {})
    lead = next((byte for byte in STAND_INS if byte not in data), None)
    if lead is None:
        return Escaped(data, {})
    meant = [escape, *([quote] if quote else []), *([delimiter] if len(delimiter.encode()) == 1 else [])]
    codes = {character.encode(): lead + b"%d" % number for number, character in enumerate(meant)}
    hidden = _pattern(escape, "".join(meant)).sub(lambda found: codes[found[1]], data)
    return Escaped(hidden, {code.decode(): character.decode() for character, code in codes.items()})


@cache
def _pattern(escape: str, meant: str) -> re.Pattern[bytes]:
    return re.compile(re.escape(escape.encode()) + b"([" + re.escape(meant.encode()) + b"])")
