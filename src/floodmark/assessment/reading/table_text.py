r"""Text of a table's bytes: UTF-8, UTF-16 or UTF-32, else an older encoding, which is said.

>>> text_of("Égypte;44".encode("cp1252"))
('Égypte;44', ('The text is not UTF-8; it was read as cp1252.',))
>>> text_of("Mısır;5\nTürkiye;7".encode("cp1254"))[1]
('The text is not UTF-8; it was read as cp1254.',)
"""

from __future__ import annotations

import codecs

from floodmark.assessment.reading.older_encodings import older
from floodmark.assessment.reading.table_errors import NoCountryTable, TooLargeTable

TIED = "Other encodings give as many names of countries, and other ones; look at the names: "
LARGEST = 1_000_000
MOST_ROWS = 5_000
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def text_of(raw: bytes) -> tuple[str, tuple[str, ...]]:
    """The text, and sentences on its encoding where that is not plain UTF-8.

    Raises:
        TooLargeTable: more than 1 MB or 5,000 lines.
        NoCountryTable: nothing but white space, or bytes that are no text.
    """
    if len(raw) > LARGEST:
        raise TooLargeTable(f"This has more than {LARGEST // 10**6} MB.")
    text, sentences = _decoded(raw)
    if not text.strip():
        raise NoCountryTable("There is nothing in this.")
    if "\0" in text:
        raise NoCountryTable(
            "These bytes are no text.", "Look into a file of another kind with: floodmark triage FILE"
        )
    lines = text.splitlines()
    if sum(1 for line in lines if line.strip()) > MOST_ROWS:
        raise TooLargeTable(f"This has more than {MOST_ROWS:,} rows.")
    return "\n".join(lines), sentences


def _decoded(raw: bytes) -> tuple[str, tuple[str, ...]]:
    for mark, name in _MARKS:
        if raw.startswith(mark):
            try:
                text = raw[len(mark) :].decode(name)
            except UnicodeDecodeError:
                continue
            return text, () if name == "utf-8" else (f"The text is {name.upper()}.",)
    for name, at in (("utf-16-le", 1), ("utf-16-be", 0)):
        if raw[at:4_000:2].count(0) > 0.6 * len(raw[at:4_000:2]) and len(raw) % 2 == 0:
            return raw.decode(name, "replace"), (f"The text was read as {name.upper()}.",)
    try:
        return raw.decode("utf-8"), ()
    except UnicodeDecodeError:
        pass
    name, others = older(raw)
    said = f"The text is not UTF-8; it was read as {name}."
    return raw.decode(name, "replace"), (said, *([TIED + f"{', '.join(others)}."] if others else []))
