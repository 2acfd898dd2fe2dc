"""Fuzz target of one kind of records: any bytes as a text of that kind; every byte keeps one fate.

    python fuzz/fuzz_kinds.py sql -max_total_time=600 fuzz/corpus-sql

The kind comes first: json, sql, xml, blocks, fixed, tables, xlsx or parquet; what follows is libFuzzer's. The text is
read as its kind whether or not it looks like it, in chunks as they come and, where a reader takes any, cut small.
"""

from __future__ import annotations

import sys
from io import BytesIO

import atheris

with atheris.instrument_imports(include=["floodmark"]):
    from floodmark.dumps.encodings import Encoding
    from floodmark.dumps.fates import Batch
    from floodmark.dumps.kinds.kind import Kind
    from floodmark.dumps.kinds.known import KINDS, WORKBOOKS
    from floodmark.dumps.overrides import Overrides
    from floodmark.dumps.sample import Sample
    from floodmark.dumps.sample_lines import newline_of
    from floodmark.errors import FloodmarkError


def size_of(batch: Batch) -> int:
    return batch.accepted_bytes + sum(span.size for span in batch.spans)


def read_text(kind: Kind, data: bytes) -> None:
    """Read a text, its first half as the sample of the whole.

    Raises:
        AssertionError: a byte without a fate, or columns that change.
    """
    head = data[: len(data) // 2 + 1]
    sample = Sample(head, (), "plain", Encoding("utf-8", False), complete=False)
    given = Overrides()
    likeness = kind.likeness(sample, given)
    assert 0.0 <= likeness.confidence <= 1.0, "a confidence that is none"
    try:
        reader = kind.reader(sample, newline_of(head), given)
    except FloodmarkError as error:
        assert error.message
        return
    total = 0
    widths: dict[str, int] = {}
    for chunk in reader.chunks(BytesIO(data).read, 0):
        size = chunk.oversize.size if chunk.oversize is not None else len(chunk.data)
        batches = reader.split(chunk)
        assert sum(map(size_of, batches)) == size, "a byte of a chunk has no fate, or two"
        total += size
        for batch in batches:
            if batch.frame.height:
                width = batch.frame.width
                assert widths.setdefault(batch.table, width) == width, "a table changes its columns"
    assert total == len(data), "a byte is in no chunk, or in two"


def read_workbook(name: str, data: bytes) -> None:
    """Read a file of tables.

    Raises:
        AssertionError: a byte without a share.
    """
    try:
        shared = sum(map(size_of, WORKBOOKS[name](Overrides()).batches(BytesIO(data))))
    except FloodmarkError as error:
        assert error.message
        return
    assert shared == len(data), "a byte has no share, or two"


def main() -> None:
    name = sys.argv.pop(1)
    if name in WORKBOOKS:
        atheris.Setup(sys.argv, lambda data: read_workbook(name, data))
    else:
        (kind,) = (one for one in KINDS if one.name == name)
        atheris.Setup(sys.argv, lambda data: read_text(kind, data))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
