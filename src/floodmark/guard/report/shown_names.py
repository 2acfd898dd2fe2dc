"""Names that come with lookups, made safe to show: whoever wrote a mapping or a file chose them.

>>> endpoint("users/+44 7400 123456")
'users/+▮▮▮▮▮▮▮▮▮▮▮▮▮▮'
>>> hexadecimal("0123456789abcdef"), hexadecimal("a name")
('0123456789abcdef', '')
"""

from __future__ import annotations

import re
from dataclasses import replace

from floodmark.guard.lookups import LookupsFile
from floodmark.reports.labels import column_name

_HEXADECIMAL = re.compile(r"[0-9a-f]{8,128}")


def endpoint(name: str) -> str:
    """An endpoint, a kind or a fate: without what could be an identifier, and not long."""
    return column_name(name)


def hexadecimal(text: str) -> str:
    """A digest or the id of a key; empty where it is none."""
    return text if _HEXADECIMAL.fullmatch(text) else ""


def file(about: LookupsFile) -> LookupsFile:
    """What a lookups file says of itself."""
    return replace(
        about,
        key_id=hexadecimal(about.key_id),
        sources=tuple((column_name(str(name)), hexadecimal(str(sha256))) for name, sha256 in about.sources),
        counts=tuple((column_name(str(name)), max(0, int(lines))) for name, lines in about.counts),
    )
