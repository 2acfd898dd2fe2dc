"""The tags of an XML text, found by pattern; what only looks like tags is blanked first."""

from __future__ import annotations

import re

NAME = rb"[A-Za-z_\x80-\xff][\w.:\x80-\xff-]{0,200}"
ATTRIBUTES = rb"(?:[^<>\"']|\"[^\"<]*+\"|'[^'<]*+')*+"
TAG = re.compile(rb"<(/?)(" + NAME + rb")(?=[\s/>])(" + ATTRIBUTES + rb")>")
ATTRIBUTE = re.compile(rb"(?<![^\s\"'])(" + NAME + rb")\s*+=\s*+(?:\"([^\"<]*+)\"|'([^'<]*+)')")
HIDDEN = ((b"<![CDATA[", b"]]>"), (b"<!--", b"-->"), (b"<?", b"?>"))
DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)", re.IGNORECASE)
SPECIAL = re.compile(rb"<(?:!\[CDATA\[|!--|\?)")


def blanked(data: bytes) -> bytes:
    """The text with what is in comments, CDATA and instructions blanked, at its full length; linear.

    Examples:
        >>> blanked(b"<a><!-- <b> --><![CDATA[<c>]]></a>")
        b'<a>                               </a>'
    """
    if SPECIAL.search(data) is None:
        return data
    parts: list[bytes] = []
    at = 0
    for found in SPECIAL.finditer(data):
        start = found.start()
        if start < at:
            continue
        end = next(closing for opening, closing in HIDDEN if data.startswith(opening, start))
        stop = data.find(end, found.end())
        stop = len(data) if stop < 0 else stop + len(end)
        parts += (data[at:start], b" " * (stop - start))
        at = stop
        if at == len(data):
            break
    parts.append(data[at:])
    return b"".join(parts)


def attributes_of(text: bytes) -> dict[str, str]:
    r"""Attributes of a start tag, as written.

    >>> attributes_of(b' name="id" x=\'1\'/')
    {'name': 'id', 'x': '1'}
    """
    return {
        name.decode("utf-8", "replace"): (double or single).decode("utf-8", "replace")
        for name, double, single in ATTRIBUTE.findall(text)
    }


def local(name: str) -> str:
    """A name without its namespace.

    >>> local("{http://example.org/a}user"), local("a:user"), local("user")
    ('user', 'user', 'user')
    """
    return name.rpartition("}")[2].rpartition(":")[2]
