"""Text of a table's bytes: UTF-8, UTF-16 or UTF-32, else an older encoding, which is said.

>>> text_of("Égypte;44".encode("cp1252"))
('Égypte;44', ('The text is not UTF-8; it was read as cp1252.',))
"""

from __future__ import annotations

import codecs

from floodmark.assessment.reading.table_errors import NoCountryTable, TooLargeTable

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
        raise NoCountryTable("These bytes are no text.")
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
    name = _older(raw)
    return raw.decode(name, "replace"), (f"The text is not UTF-8; it was read as {name}.",)


def _older(raw: bytes) -> str:
    from charset_normalizer import from_bytes

    from floodmark.assessment.reading.cells import cell

    best = from_bytes(raw[:50_000]).best()
    names = dict.fromkeys(
        ("cp1252", *([best.encoding] if best else []), "cp1251", "cp1256", "gb18030", "cp932")
    )

    def countries(name: str) -> int:
        text = raw[:50_000].decode(name, "replace")
        return sum(cell(word).kind == "country" for line in text.splitlines()[:500] for word in _words(line))

    return max(names, key=countries)


def _words(line: str) -> list[str]:
    return [part.strip('" ') for part in line.replace(";", ",").replace("\t", ",").split(",")][:4]
