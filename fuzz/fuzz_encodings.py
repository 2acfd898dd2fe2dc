"""Fuzz target of encodings: any bytes as a text; it is told, recoded, and every offset leads back.

python fuzz/fuzz_encodings.py -max_total_time=600 fuzz/corpus-encodings
"""

from __future__ import annotations

import sys
from io import BytesIO

import atheris
import numpy as np

with atheris.instrument_imports(include=["floodmark"]):
    from floodmark.dumps.encodings import encoding_of
    from floodmark.dumps.recode import Recoder
    from floodmark.errors import FloodmarkError


def read_one(data: bytes) -> None:
    """Recode one text.

    Raises:
        AssertionError: an offset outside of the text, or out of order; or an end that does not lead to the end.
    """
    if not data:
        return
    try:
        encoding = encoding_of(data[: len(data) // 2 + 1])
    except FloodmarkError as error:
        assert error.message
        return
    assert 0.0 <= encoding.confidence <= 1.0, "a confidence that is none"
    mark = encoding.bom_size
    recoder = Recoder(BytesIO(data[mark:]).read, encoding, mark)
    size = mark
    while part := recoder.read(1 << 12):
        size += len(part)
    found = recoder.to_raw(np.arange(mark, size + 1, dtype=np.int64))
    assert (np.diff(found) >= 0).all(), "offsets out of order"
    assert found[0] == mark, "the beginning is elsewhere"
    assert found[-1] == len(data), "the end is elsewhere"
    for start, end, reason in recoder.changed(mark, size):
        assert mark <= start < end <= size, "a change outside of the text"
        assert reason


def main() -> None:
    atheris.Setup(sys.argv, read_one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
