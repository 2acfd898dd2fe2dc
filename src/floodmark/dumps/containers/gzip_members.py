"""The text of a gzip file: all members, one after the other (RFC 1952)."""

from __future__ import annotations

from collections.abc import Callable

from floodmark.dumps.containers.feed import Feed
from floodmark.dumps.containers.inflate import Damaged, Inflate
from floodmark.errors import UnreadableInput


class GzipReader:
    """Bytes out of gzip members.

    Args:
        raw: the compressed bytes.
        name: subject of messages.
    """

    def __init__(self, raw: Callable[[int], bytes], name: str) -> None:
        self._feed = Feed(raw)
        self._name = name
        self._inflate = Inflate(31)
        self._started = False

    def read(self, size: int) -> bytes:
        """At most `size` bytes; none at the end.

        Raises:
            UnreadableInput: a member is damaged or cut off.
        """
        while True:
            if self._inflate.eof:
                self._feed.give_back(len(self._inflate.beyond))
                self._inflate = Inflate(31)
                # Padding between or after members, as gzip(1) allows.
                self._started = self._feed.pass_zeros()
                if not self._started:
                    return b""
            data = self._inflate.left or self._feed.piece()
            if not data:
                if self._started:
                    raise self._damaged("cut off")
                return b""
            self._started = True
            try:
                text = self._inflate.expand(data, size)
            except Damaged as error:
                raise self._damaged("damaged") from error
            if text:
                return text

    def _damaged(self, how: str) -> UnreadableInput:
        return UnreadableInput(
            f"{self._name} is a gzip file that is {how}", "Get the file again, or rescue it with `gzrecover`."
        )
