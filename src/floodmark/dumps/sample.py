"""The part of a text that inference looks at: its beginning, and for plain files pieces from all over it."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from floodmark.dumps.code_pages import code_page
from floodmark.dumps.containers import open_regular
from floodmark.dumps.encodings import Encoding, encoding_of
from floodmark.dumps.recode import Recoder
from floodmark.errors import NothingToRead

HEAD_SIZE = 1 << 20
PIECES = 8
TYPE_SAMPLE = 20_000  # records of a sample by which columns are typed
PIECE_SIZE = 1 << 17
SYNTHETIC_MARK = b"# floodmark-synthetic "


@dataclass(frozen=True)
class Sample:
    """Text from a dump, in UTF-8; lines that could not be decoded are as found.

    Attributes:
        head: whole lines from the beginning of the text, without byte order mark; what was looked at, if no line ends
            in it but blank ones.
        pieces: whole lines from further on in the file, in file order.
        container: what wraps the text, from the outside in; `plain` for nothing.
        encoding: encoding of the text as found.
        complete: whether `head` is the whole text.
        cut: beginning of the line after `head`, as far as was looked; a line may be as long as the whole text.
    """

    head: bytes
    pieces: tuple[bytes, ...]
    container: str
    encoding: Encoding
    complete: bool
    cut: bytes = b""

    @property
    def text(self) -> bytes:
        """The first bytes of the text, wherever lines end: what kinds look at whose records are no lines."""
        return self.head + self.cut

    @property
    def synthetic(self) -> bool:
        """Whether the text says of itself that it was made by `floodmark synth`."""
        return self.head.startswith(SYNTHETIC_MARK)


def take_sample(
    peek: Callable[[int], bytes], container: str, path: Path | None = None, encoding: str | None = None
) -> Sample:
    """Sample of a text.

    Args:
        peek: gives up to so many first bytes of the text.
        container: what wraps it.
        path: the file, where the text is all of it, so that pieces can be looked at.
        encoding: name of the encoding where the caller knows it; not checked then.

    Raises:
        NothingToRead: the text is empty.
        UnknownContainer: it is not text.
        UnknownEncoding: it is in an encoding that is not read.
    """
    text = peek(HEAD_SIZE)
    if not text:
        raise NothingToRead("It is empty", "Check that this is the right file.")
    complete = len(text) < HEAD_SIZE
    known = Encoding.stated(encoding, text) if encoding else encoding_of(text)
    if not complete:
        text = _whole_characters(text, known)
    head = recoded(text[known.bom_size :], known)
    # Characters of two or four bytes could be cut in half anywhere.
    wide = known.name.startswith(("utf-16", "utf-32"))
    pieces = () if complete or path is None or wide else _pieces(path, known)
    stop = len(head) if complete else _lines_end(head)
    return Sample(head[:stop], pieces, container, known, complete, head[stop:])


def recoded(text: bytes, encoding: Encoding) -> bytes:
    """A stretch of text in UTF-8."""
    recoder = Recoder(BytesIO(text).read, encoding)
    parts = []
    while part := recoder.read(HEAD_SIZE):
        parts.append(part)
    return b"".join(parts)


def _whole_characters(text: bytes, encoding: Encoding) -> bytes:
    """The text without a character that is cut off at its end, for which its whole line would look damaged."""
    decoder = codecs.getincrementaldecoder(code_page(encoding.name).codec)("replace")
    decoder.decode(text)
    return text[: len(text) - len(decoder.getstate()[0])]


def _lines_end(text: bytes) -> int:
    """Where the last whole line ends; all of a text that has none but blank ones."""
    stop = max(text.rfind(b"\n"), text.rfind(b"\r")) + 1
    return stop if text[:stop].strip() else len(text)


def _pieces(path: Path, encoding: Encoding) -> tuple[bytes, ...]:
    pieces: list[bytes] = []
    with open_regular(path) as file:
        size = path.stat().st_size
        for number in range(1, PIECES + 1):
            at = number * size // (PIECES + 1)
            if at < HEAD_SIZE:
                continue
            file.seek(at)
            text = file.read(PIECE_SIZE)
            first, last = text.find(b"\n") + 1, text.rfind(b"\n") + 1
            if 0 < first < last:
                pieces.append(recoded(text[first:last], encoding))
    return tuple(pieces)
