"""The lines of a watch file, in whatever encoding it came, in blocks of bounded memory.

Undecodable bytes become U+FFFD, so that the line that holds them is known; a line longer than `LONGEST_LINE` is
dropped and its number kept. Lines end at LF, CR LF or CR.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from charset_normalizer import from_bytes

from floodmark.dumps.containers import Source, Watcher, members
from floodmark.errors import NothingToRead, UnknownContainer, UnreadableInput, UsageError
from floodmark.files import real

SAMPLE = 1 << 20
BLOCK = 1 << 22
LONGEST_LINE = 1 << 16
GUESSED = 1 << 16
ARCHIVES = {"zip", "tar", "rar", "7z"}
UNDECODABLE = "\N{REPLACEMENT CHARACTER}"
# UTF-32 before UTF-16, whose mark is its beginning. The mark itself is dropped from the first line.
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Codecs of Python that turn text into bytes, and are no encodings of files.
_NO_FILES = {"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape"}


@dataclass(frozen=True)
class LineBlock:
    """Some lines in a row.

    Attributes:
        first: number of the first line, from 1.
        lines: String, without line ends; empty where the line was too long.
        too_long: numbers of the lines that were longer than `LONGEST_LINE` characters.
    """

    first: int
    lines: pl.Series
    too_long: tuple[int, ...] = ()


class WatchText:
    """One watch file, ready to be read once; plain or compressed.

    Args:
        path: a regular file.
        encoding: name of its encoding as Python knows it; None to find out.
        watcher: told of every raw byte, for progress.

    Attributes:
        encoding: name of the encoding that is used.

    Raises:
        NothingToRead: the file does not exist or is empty.
        UnreadableInput: it is a folder or cannot be opened.
        UnknownContainer: it is a spreadsheet, an archive or another binary format.
        UsageError: no such encoding.
    """

    def __init__(self, path: Path, encoding: str | None = None, watcher: Watcher | None = None) -> None:
        if path.is_dir():
            raise UnreadableInput(f"{real(path).name or path} is a folder", "Name the file in it.")
        self.path = path
        self._members = members(path, watch=watcher)
        try:
            self._source = self._text()
            self._head = self._source.read(SAMPLE)
            if not self._head.strip(b"\0\t\r\n "):
                raise NothingToRead(f"{path.name} holds no entry", "An entry is a line of text.")
            self.encoding = encoding_of(self._head) if encoding is None else _known(encoding, self._head)
        except BaseException:
            self.close()
            raise

    def blocks(self) -> Generator[LineBlock, None, None]:
        """All lines, once.

        Raises:
            UnreadableInput: the file is cut off or damaged.
            InputChanged: the file changed meanwhile.
        """
        factory = codecs.getincrementaldecoder(self.encoding)
        decoder = io.IncrementalNewlineDecoder(factory(errors="replace"), translate=True)
        first, rest, dropping, begun = 1, "", False, False
        data = self._head
        try:
            while data:
                text = decoder.decode(data)
                data = self._source.read(BLOCK)
                if not data:
                    text += decoder.decode(b"", final=True)
                if not begun:
                    text, begun = text.removeprefix("\ufeff"), bool(text)
                text = rest + text
                if not data and (text or dropping) and not text.endswith("\n"):
                    text += "\n"  # so that the last line stands in one block with those before it
                whole, newline, rest_now = text.rpartition("\n")
                if not newline:
                    rest = rest_now
                    if len(rest) > LONGEST_LINE:
                        rest, dropping = "", True
                    continue
                block = _block(first, whole, dropping)
                yield block
                first, rest, dropping = first + block.lines.len(), rest_now, False
                if len(rest) > LONGEST_LINE:
                    rest, dropping = "", True
            for _ in self._members:  # to the end, where the file is checked for changes
                pass
        finally:
            self.close()

    def close(self) -> None:
        """Close the file."""
        self._members.close()

    def _text(self) -> Source:
        """The one text of the file."""
        first = next(self._members)
        if ARCHIVES.intersection(first.wrapping) or (
            first.source is not None and first.source.kind != "text"
        ):
            raise UnknownContainer(
                f"{self.path.name} is a spreadsheet or an archive", "Save it as CSV, or name the text in it."
            )
        if first.source is None:
            raise first.problem or UnreadableInput(f"{self.path.name} cannot be read")
        return first.source


def _block(first: int, text: str, first_was_dropped: bool) -> LineBlock:
    lines = pl.Series("line", [text], dtype=pl.String).str.split("\n").explode(empty_as_null=False)
    long = lines.str.len_chars() > LONGEST_LINE
    if first_was_dropped:
        long = long.scatter(0, True)
    if not long.any():
        return LineBlock(first, lines)
    numbers = tuple(first + row for row in long.arg_true().to_list())
    return LineBlock(first, lines.set(long, ""), numbers)


def encoding_of(sample: bytes) -> str:
    r"""Encoding of a text by its first bytes: a byte order mark, NULs where UTF-16 and UTF-32 have them, then a guess.

    A text that is UTF-8 but for a few lines is UTF-8: those lines are undecodable, and everything else stays right.

    Examples:
        >>> encoding_of(b"ada@example.org"), encoding_of("Zoë;+44 20 7946 0018".encode("utf-16"))
        ('utf-8', 'utf-16-le')
        >>> encoding_of("Straße und Größe, Müller; äöü\n".encode("cp1252") * 20)
        'cp1252'
    """
    for mark, name in MARKS:
        if sample.startswith(mark):
            return name
    wide = _wide(sample[:4096])
    if wide is not None:
        return wide
    lines = sample[: sample.rfind(b"\n") + 1 or len(sample)].splitlines()
    high = [line for line in lines if not line.isascii()]
    bad = sum("\ufffd" in line.decode("utf-8", "replace") for line in high)
    if bad <= len(high) // 2:
        return "utf-8"
    best = from_bytes(b"\n".join(high)[:GUESSED]).best()
    # Where several read the sample alike, Western Europe's is the likeliest.
    if best is None or "cp1252" in best.could_be_from_charset:
        return "cp1252"
    return best.encoding.replace("_", "-")


def _wide(sample: bytes) -> str | None:
    """UTF-32 or UTF-16 without a mark: where the NULs of ASCII characters are."""
    zeros = [sample[at::4].count(0) / max(len(sample[at::4]), 1) for at in range(4)]
    if len(sample) < 4:
        return None
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


def _known(name: str, sample: bytes) -> str:
    """The codec of a name; for UTF-16 and UTF-32, the order of bytes by the sample, or else little-endian."""
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        found = None
    # Some codecs of Python turn bytes into bytes.
    if found is None or not getattr(found, "_is_text_encoding", True) or found.name in _NO_FILES:
        raise UsageError(
            "There is no encoding of this name", "Use a name such as utf-8, cp1252 or shift_jis."
        )
    if found.name in ("utf-16", "utf-32"):
        seen = encoding_of(sample)
        return seen if seen.startswith(found.name) else f"{found.name}-le"
    return found.name
