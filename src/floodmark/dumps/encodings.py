"""Telling the encoding of a text from its first bytes."""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass

import numpy as np

from floodmark.dumps.code_pages import code_page
from floodmark.dumps.legacy import Likely, likeliest, words_beyond_ascii
from floodmark.dumps.mixed_lines import mixture
from floodmark.dumps.stray_lines import BEYOND_ASCII, beyond_ascii, is_broken, told, written_otherwise
from floodmark.dumps.utf8_lines import HighBytes, Offsets, high_and_valid, kept, line_edges
from floodmark.errors import UnknownContainer, UnknownEncoding

# Marks that Unicode files begin with; UTF-32 before UTF-16, whose mark is its beginning.
MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
JUDGED = 1 << 16  # bytes of lines that are not UTF-8
FEW = 2  # lines that are not UTF-8, of many that are ASCII, say nothing of the others
WIDE_SAMPLE = 4000
SHORTEST_WIDE = 8
# Shares of NULs among the upper two bytes of UTF-32, and among both upper bytes of two characters of UTF-16.
MOST_OF_WIDE, SOME_OF_WIDE = 0.9, 0.06
STRANGE = 0.02  # characters that no text has, of all
TEXT_CONTROLS = b"\t\n\r\x0b\x0c\x1b\x1c\x1d\x1e\x1f\x01\x02"
CONTROLS = bytes(set(range(32)) - set(TEXT_CONTROLS))
NOISE = 0.02  # controls among the bytes of lines that are judged
UNLIKELY = 0.75  # confidence below which a few lines do not make an encoding
RARE = 0.1  # share of lines that are few
MANY_LETTERS = 8  # of UTF-8 in one line, for each byte that is none
AMID_DIGITS = re.compile(rb"[0-9][\x80-\xff]+[0-9]")


@dataclass(frozen=True)
class Encoding:
    """Encoding of a text.

    Attributes:
        name: its IANA name in lower case (`code_pages`).
        bom: whether a byte order mark precedes the text.
        confidence: between 0 and 1.
        alternatives: other encodings that the text could be in, with their confidence, the likeliest first.
        stray: encoding of single lines that are not in the encoding of the text; None where nothing tells.
        mixed: older encodings of lines of a text that is itself in an older one, as in a file put together from
            several; the confidence is then of the lines that are not in these.
    """

    name: str
    bom: bool
    confidence: float = 1.0
    alternatives: tuple[tuple[str, float], ...] = ()
    stray: str | None = None
    mixed: tuple[str, ...] = ()

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
    return _of_lines(_without_half(sample))


def _of_lines(sample: bytes) -> Encoding:
    edges = line_edges(sample)
    high, valid = high_and_valid(sample, edges)
    if valid.all():
        return Encoding("utf-8", False, round(1 - 0.5 ** (1 + len(set(words_beyond_ascii(sample)))), 4))
    letters, broken = _letters_by_line(sample, edges)
    # A long line of UTF-8 with a little damage is no line of another encoding.
    sound = valid | (letters >= MANY_LETTERS) & (letters > MANY_LETTERS * broken)
    lines, good, bad = len(high), int((high & sound).sum()), int((high & ~sound).sum())
    wrong, _ = kept(sample, edges, ~valid)
    likely = likeliest(wrong)
    is_text = likely.is_text and len(wrong) - len(wrong.translate(None, CONTROLS)) <= NOISE * len(wrong)
    # A damaged UTF-8 file has few such lines, or more lines whose other letters are good UTF-8; another
    # encoding has many and next to none of these.
    is_text = (
        is_text
        and not _is_damage(wrong, bad <= RARE * lines)
        and (likely.names[0][1] >= UNLIKELY or bad > RARE * lines)
    )
    if is_text and good < bad / 4 and (bad > FEW or lines <= FEW * 4):
        return _older(wrong, likely)
    if not is_text and not good and bad > max(FEW, lines / 2):
        raise UnknownEncoding("This text is not UTF-8, and in no encoding that is known here")
    share = round(float(letters.sum() + lines) / float(letters.sum() + broken.sum() + lines), 4)
    usual = beyond_ascii(kept(sample, edges, valid)[0].decode("utf-8", "ignore"))
    strays = written_otherwise(sample, edges, usual) & ~valid
    otherwise = kept(sample, edges, strays)[0][:JUDGED].splitlines(keepends=True)
    return Encoding("utf-8", False, share, likely.names[:1], told(otherwise, usual))


def _older(lines: bytes, likely: Likely) -> Encoding:
    found = mixture(lines, likely.names[0][0])
    confidence = round(likely.names[0][1] * found.share, 4)
    alternatives = tuple(item for item in likely.names[1:] if item[0] != found.main)
    return Encoding(found.main, False, confidence, alternatives, mixed=found.others)


def _letters_by_line(sample: bytes, edges: Offsets) -> tuple[Offsets, Offsets]:
    """How many characters of several bytes each line has, and how many bytes that belong to none."""
    found = HighBytes.of(sample)
    lines, count = found.lines(edges), len(edges) - 1
    begins = ((found.values & 0xC0) == 0xC0) & ~found.wrong
    return np.bincount(lines[begins], minlength=count), np.bincount(lines[found.wrong], minlength=count)


def _is_damage(lines: bytes, rare: bool) -> bool:
    """Whether most of what is not ASCII stands within numbers, or is what broken UTF-8 leaves behind.

    Args:
        lines: that are not UTF-8.
        rare: whether they are few among those that are; a text full of them may be in an older encoding.
    """
    runs = len(BEYOND_ASCII.findall(lines))
    return 2 * len(AMID_DIGITS.findall(lines)) > runs or (rare and is_broken(lines))


def _without_half(sample: bytes) -> bytes:
    """The sample without a character of UTF-8 that its end has cut in half."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    decoder.decode(sample[-4:].lstrip(bytes(range(0x80, 0xC0))))
    return sample[: len(sample) - len(decoder.getstate()[0])]


def _is_text(sample: bytes) -> bool:
    """Whether most bytes, or most lines, are free of control characters; one line of noise does not unmake a text."""
    if len(sample.translate(None, CONTROLS)) >= 0.7 * len(sample):
        return True
    lines = [line for line in sample.split(b"\n")[:5000] if line]
    clean = sum(len(line.translate(None, CONTROLS)) == len(line) for line in lines)
    return clean > 0.5 * len(lines)


def _wide(sample: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark: text in which line ends, digits and delimiters stand among NULs."""
    head = sample[:WIDE_SAMPLE]
    if len(head) < SHORTEST_WIDE or b"\0" not in head:
        return None
    zeros = [head[at::4].count(0) / len(head[at::4]) for at in range(4)]
    odd, even = zeros[1] + zeros[3], zeros[0] + zeros[2]
    if min(zeros[2:]) > MOST_OF_WIDE:
        name = "utf-32-le"
    elif min(zeros[:2]) > MOST_OF_WIDE:
        name = "utf-32-be"
    elif max(odd, even) > SOME_OF_WIDE and min(odd, even) < 0.1 * max(odd, even):
        name = "utf-16-le" if odd > even else "utf-16-be"
    else:
        return None
    # Plain text with NULs between its cells has ASCII on both sides.
    pairs = sum(32 <= one < 127 and 32 <= two < 127 for one, two in zip(head[::2], head[1::2], strict=False))
    if pairs > len(head) / 4:
        return None
    text = head[: len(head) // 4 * 4].decode(name, "replace")
    strange = sum(unicodedata.category(letter) in ("Cc", "Cn", "Co", "Cs", "So") for letter in text)
    return name if strange - sum(map(text.count, "\t\r\n")) <= STRANGE * len(text) else None
