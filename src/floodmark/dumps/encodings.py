"""Telling the encoding of a text from its first bytes."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from charset_normalizer import from_bytes

from floodmark.dumps.code_pages import code_page
from floodmark.errors import UnknownContainer, UnknownEncoding, UsageError

# Marks that Unicode files begin with; UTF-32 before UTF-16, whose mark is its beginning.
MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
TEXT_CONTROLS = b"\t\n\r\x0b\x0c\x1b\x1c\x1d\x1e\x1f\x01\x02"


@dataclass(frozen=True)
class Encoding:
    """Encoding of a text.

    Attributes:
        name: its IANA name in lower case (`code_pages`).
        bom: whether a byte order mark precedes the text.
        confidence: between 0 and 1.
        alternatives: other encodings that the text could be in, with their confidence, the likeliest first.
        stray: encoding of single lines that are not in the encoding of the text; None where nothing tells.
    """

    name: str
    bom: bool
    confidence: float = 1.0
    alternatives: tuple[tuple[str, float], ...] = ()
    stray: str | None = None

    @property
    def bom_size(self) -> int:
        """Bytes of the byte order mark; 0 where there is none."""
        return next((len(mark) for mark, name in MARKS if self.bom and name == self.name), 0)

    @classmethod
    def stated(cls, name: str, sample: bytes) -> Encoding:
        """Encoding that a caller knows the name of.

        Args:
            name: as in `code_pages`, in Python's spelling, or `utf-16` or `utf-32`, whose order of bytes is told from
                the sample.
            sample: the first bytes of the text.

        Raises:
            UsageError: there is no such encoding.
            UnknownEncoding: there is, and it is not read.
        """
        key = name.strip().lower().replace("_", "-")
        marked = next((of for mark, of in MARKS if sample.startswith(mark)), None)
        if key in ("utf-16", "utf-32"):
            found = marked or _wide(sample) or f"{key}-le"
            return cls(found if found.startswith(key) else f"{key}-le", found == marked)
        page = code_page(name)
        mark = next((mark for mark, of in MARKS if of == page.name), None)
        return cls(page.name, mark is not None and sample.startswith(mark))


def encoding_of(sample: bytes) -> Encoding:
    """Encoding of a text by its first bytes.

    Lines that are not UTF-8 among many that are do not change the encoding: they are decided one by one.

    Raises:
        UnknownContainer: the bytes are not text.
        UnknownEncoding: text in an encoding that is not read.
    """
    for mark, name in MARKS:
        if sample.startswith(mark):
            return Encoding(name, True)
    if wide := _wide(sample):
        return Encoding(wide, False, 0.95)
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
    return _legacy(high)


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
    """UTF-16 or UTF-32 without a mark: text in which the bytes of ASCII stand among NULs."""
    if len(sample) < 8:
        return None
    zeros = [sample[at:4000:4].count(0) / len(sample[at:4000:4]) for at in range(4)]
    few, many = 0.2, 0.6
    if zeros[0] < few and min(zeros[1:]) > many:
        return "utf-32-le"
    if zeros[3] < few and min(zeros[:3]) > many:
        return "utf-32-be"
    if max(zeros[0], zeros[2]) < few and min(zeros[1], zeros[3]) > many:
        return "utf-16-le"
    if max(zeros[1], zeros[3]) < few and min(zeros[0], zeros[2]) > many:
        return "utf-16-be"
    return None


def _legacy(lines: list[bytes]) -> Encoding:
    best = from_bytes(b"\n".join(lines[:400])).best()
    if best is None:
        raise UnknownEncoding("This text is not UTF-8, and in no encoding that is known here")
    try:
        return Encoding(code_page(best.encoding).name, False, 0.5)
    except UsageError as error:
        raise UnknownEncoding("This text is in an encoding that is not read") from error
