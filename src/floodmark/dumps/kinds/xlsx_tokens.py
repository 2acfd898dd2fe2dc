"""XML of the plain form that nearly every workbook has, cut into tags and texts by column expressions.

Whatever is not of that form (a comment, a tag in between, a quote too many) is left to the XML parser of `xlsx_xml`:
here is decided quickly or not at all. Both give the same cells, which a test checks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

CONTROLS = bytes(set(range(32)) - {9, 10})
_FIVE = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'"}
NO_TAG = 255


@dataclass(frozen=True)
class Tokens:
    """Tags of a stretch of XML, each with the text after it; arrays and Series of one length.

    Attributes:
        data: the stretch, as uint8.
        starts: int64, where each tag's `<` is.
        codes: uint8, which of the tags asked for it is, or `NO_TAG`.
        tags: String, what is between `<` and `>`.
        texts: String, what follows up to the next tag, entities as written.
    """

    data: NDArray[np.uint8]
    starts: NDArray[np.int64]
    codes: NDArray[np.uint8]
    tags: pl.Series
    texts: pl.Series


def tokens(data: bytes, names: Mapping[str, int]) -> Tokens | None:
    """Tags and texts of a stretch of XML that begins with a tag; None where it is not of the plain form.

    Args:
        data: the stretch, from a tag to a tag.
        names: code of each tag: `c` for one that has attributes or none and stays open, `c/` for one that does not, and
            `/c` for its end.

    Examples:
        >>> found = tokens(b'<si><t>Ada &amp; Bob</t></si>', {"si": 0, "t": 1, "/t": 2, "/si": 3})
        >>> found.codes.tolist(), found.texts.to_list()
        ([0, 1, 2, 3], ['', 'Ada &amp; Bob', '', ''])
    """
    if not data.startswith(b"<") or len(data.translate(None, CONTROLS)) != len(data):
        return None
    if data.count(b"&") != sum(data.count(entity.encode()) for entity in _FIVE):
        return None
    try:
        frame = pl.read_csv(
            data[1:],
            separator=">",
            eol_char="<",
            has_header=False,
            quote_char=None,
            schema={"tag": pl.String, "text": pl.String},
            empty_string_is_null=False,
        )
    except pl.exceptions.PolarsError:
        return None
    buffer = np.frombuffer(data, np.uint8)
    starts, ends = np.flatnonzero(buffer == 60), np.flatnonzero(buffer == 62)
    if len(starts) != len(ends) or len(starts) != frame.height:
        return None
    if not ((starts < ends).all() and (ends[:-1] < starts[1:]).all()):
        return None
    texts = frame["text"]
    return Tokens(buffer, starts, _codes(buffer, starts, ends, names), frame["tag"], texts)


def _codes(
    buffer: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64], names: Mapping[str, int]
) -> NDArray[np.uint8]:
    codes = np.full(len(starts), NO_TAG, np.uint8)
    padded = np.append(buffer, np.zeros(8, np.uint8))
    first, second = padded[starts + 1], padded[starts + 2]
    single = buffer[ends - 1] == 47
    for tag, code in names.items():
        name = tag.removesuffix("/").encode()
        # Two letters tell nearly all tags apart; the others are looked at where these are right.
        pair = first == name[0]
        pair &= (second == name[1]) if len(name) > 1 else (second == 62) | (second == 32) | (second == 47)
        mine = np.flatnonzero(pair)
        for place, letter in enumerate(name[2:], 3):
            mine = mine[padded[starts[mine] + place] == letter]
        after = padded[starts[mine] + len(name) + 1]
        mine = mine[(after == 62) | (after == 32) | (after == 47)]
        codes[mine[single[mine] == tag.endswith("/")]] = code
    return codes


def follow(codes: NDArray[np.uint8], allowed: NDArray[np.bool_]) -> bool:
    """Whether all tags are known, and each may follow the one before it.

    Args:
        codes: codes of tags.
        allowed: Boolean, shape (codes, codes): by the one before and the one after.
    """
    if len(codes) and int(codes.max()) >= len(allowed):
        return False
    return bool(allowed[codes[:-1], codes[1:]].all())


def plain_texts(texts: pl.Series) -> pl.Series:
    """Texts with the five entities of XML resolved, the only ones in XML of the plain form.

    Examples:
        >>> plain_texts(pl.Series(["a &amp;lt; b", "c"])).to_list()
        ['a &lt; b', 'c']
    """
    where = texts.str.contains("&", literal=True).arg_true()
    return texts.scatter(where, texts.gather(where).str.replace_many(_FIVE)) if where.len() else texts


def attributes_of(tag_end: str) -> dict[str, str] | None:
    """Attributes at the end of a tag; None where they are not of the plain form.

    Examples:
        >>> attributes_of(' s="3" t="s"'), attributes_of(" s=3")
        ({'s': '3', 't': 's'}, None)
    """
    if not re.fullmatch(r'(?: [A-Za-z:]+="[^"<>&]*")*\s*/?', tag_end):
        return None
    return dict(re.findall(r' ([A-Za-z:]+)="([^"]*)"', tag_end))
