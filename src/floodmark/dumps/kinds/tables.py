"""The readers of files that hold tables and are no text."""

from __future__ import annotations

from floodmark.dumps.kinds.kind import TableReader
from floodmark.dumps.kinds.parquet import ParquetReader
from floodmark.dumps.kinds.xlsx import XlsxReader
from floodmark.dumps.overrides import Overrides


def table_reader(kind: str, given: Overrides | None = None) -> TableReader:
    """A reader for one file.

    Args:
        kind: `xlsx` or `parquet`.
        given: what is known of it.

    Examples:
        >>> table_reader("parquet").name
        'parquet'
    """
    return XlsxReader(given) if kind == "xlsx" else ParquetReader()
