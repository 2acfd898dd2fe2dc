"""The kinds of records that are looked for before a text is taken for delimited, or for JSON Lines."""

from __future__ import annotations

from floodmark.dumps.kinds.blocks import Blocks
from floodmark.dumps.kinds.fixed import DrawnTables
from floodmark.dumps.kinds.json_array import JsonTexts
from floodmark.dumps.kinds.kind import Kind
from floodmark.dumps.kinds.several import SeveralTables
from floodmark.dumps.kinds.sql import Sql
from floodmark.dumps.kinds.xml import XmlTexts

KINDS: tuple[Kind, ...] = (
    Blocks(),
    Sql(),
    JsonTexts(),
    XmlTexts(),
    DrawnTables(),
    SeveralTables(),
)
