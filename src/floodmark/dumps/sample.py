"""The part of a dump that inference looks at: its beginning, and for plain files pieces from all over it."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

from floodmark.dumps.containers import TextSource, open_regular
from floodmark.dumps.encodings import Encoding, encoding_of
from floodmark.errors import NothingToRead, UnknownEncoding

HEAD_SIZE = 1 << 20
PIECES = 8
TYPE_SAMPLE = 20_000  # records of a sample by which columns are typed
PIECE_SIZE = 1 << 17
SYNTHETIC_MARK = b"# floodmark-synthetic "


@dataclass(frozen=True)
class Sample:
    """Text from a dump.

    Attributes:
        head: the first bytes of the text, without byte order mark; whole lines unless one line fills it.
        pieces: whole lines from further on in the file, in file order.
        container: what wraps the text.
        encoding: encoding of the text.
        complete: whether `head` is the whole text.
    """

    head: bytes
    pieces: tuple[bytes, ...]
    container: str
    encoding: Encoding
    complete: bool

    @property
    def synthetic(self) -> bool:
        """Whether the text says of itself that it was made by `floodmark synth`."""
        return self.head.startswith(SYNTHETIC_MARK)


def take_sample(path: Path, encoding: str | None = None) -> Sample:
    """Sample of a file.

    Args:
        path: a regular file.
        encoding: name of the encoding where the caller knows it; not checked then.

    Raises:
        NothingToRead: the file is empty.
        UnknownContainer: it is not text, or is in a container that is not opened.
        UnknownEncoding: its text is in an encoding that is not read.
    """
    source = TextSource(path)
    try:
        text = source.read(HEAD_SIZE)
        if not text:
            raise NothingToRead(f"{path.name} is empty")
        complete = len(text) < HEAD_SIZE
        known = Encoding(encoding, text.startswith(codecs.BOM_UTF8)) if encoding else encoding_of(text)
        if known.name not in ("utf-8", "us-ascii"):
            raise UnknownEncoding(f"This text is not UTF-8; it looks like {known.name}")
        if known.bom:
            text = text[len(codecs.BOM_UTF8) :]
        pieces = () if complete or source.container != "plain" else _pieces(path, source.size)
        return Sample(_whole_lines(text, complete), pieces, source.container, known, complete)
    finally:
        source.close()


def _whole_lines(text: bytes, complete: bool) -> bytes:
    stop = max(text.rfind(b"\n"), text.rfind(b"\r")) + 1
    return text if complete or not stop else text[:stop]


def _pieces(path: Path, size: int) -> tuple[bytes, ...]:
    pieces: list[bytes] = []
    with open_regular(path) as file:
        for number in range(1, PIECES + 1):
            at = number * size // (PIECES + 1)
            if at < HEAD_SIZE:
                continue
            file.seek(at)
            text = file.read(PIECE_SIZE)
            first, last = text.find(b"\n") + 1, text.rfind(b"\n") + 1
            if 0 < first < last:
                pieces.append(text[first:last])
    return tuple(pieces)
