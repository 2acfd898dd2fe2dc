"""The text of a gzip file."""

from __future__ import annotations

import zlib
from collections.abc import Callable

from floodmark.errors import UnreadableInput

READ_SIZE = 1 << 20


class GzipReader:
    """All members of a gzip file, one after the other (RFC 1952), with clear errors."""

    def __init__(self, raw: Callable[[int], bytes], name: str) -> None:
        self._raw = raw
        self._name = name
        self._inflate = zlib.decompressobj(wbits=31)
        self._pending = b""
        self._started = False

    def read(self, size: int) -> bytes:
        """At most `size` bytes; none at the end."""
        while True:
            data = self._pending or self._raw(READ_SIZE)
            self._pending = b""
            if self._inflate.eof:
                data = data.lstrip(b"\x00")  # padding between or after members, as gzip(1) allows
                if not data:
                    if not (rest := self._raw(READ_SIZE)):
                        return b""
                    self._pending = rest
                    continue
                self._inflate = zlib.decompressobj(wbits=31)
                self._started = False
            if not data:
                if self._started and not self._inflate.eof:
                    raise self._damaged("cut off")
                return b""
            try:
                text = self._inflate.decompress(data, size)
            except zlib.error as error:
                raise self._damaged("damaged") from error
            self._started = True
            self._pending = self._inflate.unused_data if self._inflate.eof else self._inflate.unconsumed_tail
            if text:
                return text

    def _damaged(self, how: str) -> UnreadableInput:
        return UnreadableInput(
            f"{self._name} is a gzip file that is {how}", "Get the file again, or rescue it with `gzrecover`."
        )
