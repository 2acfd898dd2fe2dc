"""Naming the encoding of a text. UTF-8 is read; anything else is named, and never read as garbage."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from charset_normalizer import from_bytes

from floodmark.errors import UnknownContainer, UnknownEncoding

# Marks that Unicode files begin with; UTF-32 before UTF-16, whose mark is its beginning.
MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
TEXT_CONTROLS = b"\t\n\r\x0b\x0c\x1b\x1c\x1d\x1e\x1f\x01\x02"


@dataclass(frozen=True)
class Encoding:
    """Name of an encoding, and whether a byte order mark precedes the text."""

    name: str
    bom: bool


def encoding_of(sample: bytes) -> Encoding:
    """Encoding of a text by its first bytes.

    Lines that are not UTF-8 among many that are do not change the encoding: they are quarantined one by one.

    Raises:
        UnknownContainer: the bytes are not text.
        UnknownEncoding: text in an encoding that is not read.
    """
    if sample.startswith(codecs.BOM_UTF8):
        return Encoding("utf-8", True)
    for mark, name in MARKS:
        if sample.startswith(mark):
            raise UnknownEncoding(f"This text is in {name.upper()}, with a byte order mark")
    if wide := _wide(sample):
        raise UnknownEncoding(f"This text looks like {wide}, without a byte order mark")
    if not _is_text(sample):
        raise UnknownContainer("These bytes are not text", "Find out with file(1) what the file is.")
    if sample.isascii():
        return Encoding("us-ascii", False)
    lines = sample.splitlines()[:5000]
    high = [line for line in lines if not line.isascii()]
    invalid = sum(not _is_utf8(line) for line in high)
    # A damaged UTF-8 file has few such lines, or more lines whose other letters are good UTF-8; a legacy
    # encoding has many and none of these.
    if invalid < len(lines) and (invalid <= max(2.0, 0.1 * len(lines)) or invalid < len(high) - invalid):
        return Encoding("utf-8", False)
    raise UnknownEncoding(f"This text is not UTF-8; it looks like {_legacy(high)}")


def _is_text(sample: bytes) -> bool:
    """Whether most bytes, or most lines, are free of control characters; one line of noise does not unmake a text."""
    controls = bytes(set(range(32)) - set(TEXT_CONTROLS))
    if len(sample.translate(None, controls)) >= 0.7 * len(sample):
        return True
    lines = [line for line in sample.split(b"\n")[:5000] if line]
    clean = sum(len(line.translate(None, controls)) == len(line) for line in lines)
    return clean > 0.5 * len(lines)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _wide(sample: bytes) -> str | None:
    """UTF-16 without a mark: text in which every second byte is mostly NUL."""
    even, odd = sample[0:4000:2], sample[1:4000:2]
    if len(odd) < 4:
        return None
    if odd.count(0) > 0.6 * len(odd) and even.count(0) < 0.2 * len(even):
        return "UTF-16-LE"
    if even.count(0) > 0.6 * len(even) and odd.count(0) < 0.2 * len(odd):
        return "UTF-16-BE"
    return None


def _legacy(lines: list[bytes]) -> str:
    best = from_bytes(b"\n".join(lines[:400])).best()
    return best.encoding.replace("_", "-") if best is not None else "an unknown 8-bit encoding"
