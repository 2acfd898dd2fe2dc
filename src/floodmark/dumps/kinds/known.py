"""The kinds of records that are looked for before a text is taken for delimited, or for JSON Lines."""

from __future__ import annotations

from collections.abc import Callable

from floodmark.dumps.grammar import RecordKind
from floodmark.dumps.kinds.blocks import Blocks
from floodmark.dumps.kinds.fixed import DrawnTables
from floodmark.dumps.kinds.json_array import JsonTexts
from floodmark.dumps.kinds.kind import Kind, TableReader
from floodmark.dumps.kinds.parquet import ParquetReader
from floodmark.dumps.kinds.several import SeveralTables
from floodmark.dumps.kinds.sql import Sql
from floodmark.dumps.kinds.xlsx import XlsxReader
from floodmark.dumps.kinds.xml import XmlTexts
from floodmark.dumps.overrides import Overrides

KINDS: tuple[Kind, ...] = (
    Blocks(),
    Sql(),
    JsonTexts(),
    XmlTexts(),
    DrawnTables(),
    SeveralTables(),
)
# Kinds whose records are not told by lines: of these the whole beginning of a text is looked at (`Sample.text`).
UNLINED: frozenset[RecordKind] = frozenset({"sql", "json", "xml"})
# By kind of source, as containers tell it.
WORKBOOKS: dict[str, Callable[[Overrides], TableReader]] = {
    "xlsx": XlsxReader,
    "parquet": lambda given: ParquetReader(),
}
