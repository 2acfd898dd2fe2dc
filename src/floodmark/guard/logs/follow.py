r"""A log that is written to: what is new in it, through rotation, truncation and restarts.

>>> import tempfile
>>> folder = tempfile.TemporaryDirectory()
>>> log = Path(folder.name) / "access.log"
>>> _ = log.write_bytes(b"one\ntw")
>>> followed = Followed(log, DigestKey(bytes(32)))
>>> followed.read(), followed.read()
(b'one\n', b'')
>>> with log.open("ab") as file:
...     _ = file.write(b"o\n")
>>> _ = log.rename(log.with_name("access.log.1")), log.write_bytes(b"three\n")
>>> followed.read(), followed.read(), followed.read(), followed.turns
(b'two\n', b'', b'three\n', 1)
>>> followed.close(), folder.cleanup()
(None, None)

A file is read to its end before the one that took its place: whoever writes may go on with the old one for a while, and
it is left only when nothing was written to it between two looks.
"""

from __future__ import annotations

import hmac
import os
from dataclasses import dataclass
from pathlib import Path

from floodmark.dumps.chunks import LINE_LIMIT
from floodmark.dumps.containers import open_regular
from floodmark.errors import FloodmarkError, NothingToRead
from floodmark.guard.logs.open_log import HEAD, OpenLog
from floodmark.guard.logs.turned import next_after
from floodmark.identifiers.digests import DigestKey


@dataclass(frozen=True)
class Position:
    """How far a log was read; neither its path nor anything in it can be read from this.

    Attributes:
        name: keyed digest of its path.
        inode: of the file.
        offset: bytes that were read.
        head: keyed digest of the first of them.
        head_size: how many those are.
    """

    name: str
    inode: int
    offset: int
    head: str
    head_size: int


class Followed:
    """One log that is followed.

    Args:
        path: of the log; it need not be there yet.
        key: the digest key, for its position.
        position: from which to go on; None to begin where `from_start` says.
        from_start: whether to read what is there already.

    Attributes:
        turns: how often another file took its place.
        cuts: how often it was cut down and written anew.
        missed: how often the rest of a file could not be found again after a restart, or was compressed unread.

    Raises:
        UnreadableInput: what lies at the path is no file that can be read.
    """

    def __init__(
        self, path: Path, key: DigestKey, position: Position | None = None, *, from_start: bool = True
    ) -> None:
        self.path = path
        self.turns = self.cuts = self.missed = 0
        self._too_long = 0
        self._key = key
        self._log: OpenLog | None = None
        self._waited = False
        if position is not None:
            self._log = self._found_again(position)
            self.missed += self._log is None
        else:
            self._log = self._opened(from_start=from_start)

    @property
    def too_long(self) -> int:
        """Lines that were passed over because nobody has lines as long."""
        return self._too_long + (self._log.too_long if self._log is not None else 0)

    def read(self) -> bytes:
        """Whole lines that are new, a few megabytes at most; nothing where there are none now.

        Raises:
            UnreadableInput: what lies at the path now is no file that can be read.
        """
        if self._log is None:
            self._log = self._opened()
        log = self._log
        if log is None:
            return b""
        if log.was_cut():
            self.cuts += 1
            log.again()
        lines = log.read()
        if log.fresh:
            self._waited = False
            return lines
        return self._turned(log)

    def header(self) -> str:
        """The first line of the file, which names the columns of separated values; empty where there is none yet."""
        if self._log is None:
            self._log = self._opened()
        head = self._log.first(LINE_LIMIT) if self._log is not None else b""
        return head.partition(b"\n")[0].rstrip(b"\r").decode("utf-8", "replace")

    def position(self) -> Position | None:
        """How far whole lines were given out; None where there is no file."""
        if self._log is None:
            return None
        done = self._log.done
        head = self._log.first(min(HEAD, done))
        return Position(path_name(self.path, self._key), self._log.inode, done, self._digest(head), len(head))

    def close(self) -> None:
        """Close the file."""
        if self._log is not None:
            self._too_long += self._log.too_long
            self._log.close()
            self._log = None

    def _opened(self, *, from_start: bool = True) -> OpenLog | None:
        try:
            file = open_regular(self.path)
        except NothingToRead:
            return None
        return OpenLog(file) if from_start else OpenLog.at_end(file)

    def _turned(self, log: OpenLog) -> bytes:
        """Go on with the file that took this one's place, once nothing more is written to this one."""
        after = next_after(log, self.path)
        if after is None:
            return b""
        if not self._waited:
            self._waited = True
            return b""
        try:
            new = OpenLog(open_regular(after.path))
        except NothingToRead:
            return b""
        if new.inode != after.inode:  # it was turned again just now
            new.close()
            return b""
        rest = log.rest
        self.close()
        self.turns += 1
        self.missed += after.compressed
        self._waited = False
        self._log = new
        return rest + b"\n" if rest else new.read()

    def _found_again(self, position: Position) -> OpenLog | None:
        """The file where it was left, under another name if it was turned meanwhile."""
        for path in self._candidates(position.inode):
            try:
                log = OpenLog(open_regular(path), position.offset)
            except FloodmarkError:
                continue
            same = hmac.compare_digest(self._digest(log.first(position.head_size)), position.head)
            if same and log.size >= position.offset:
                return log
            log.close()
        return None

    def _candidates(self, inode: int) -> list[Path]:
        """What lies at the path or beside it, under a name that begins alike, and is the file that was read."""
        try:
            beside = sorted(
                path for path in self.path.parent.iterdir() if path.name.startswith(self.path.name)
            )
        except OSError:
            beside = []
        return [path for path in (self.path, *beside) if _inode(path) == inode]

    def _digest(self, head: bytes) -> str:
        return hmac.digest(self._key.secret, b"floodmark/followed/head" + head, "sha256")[:16].hex()


def path_name(path: Path, key: DigestKey) -> str:
    """Keyed digest of a path."""
    text = os.fsencode(path.absolute())
    return hmac.digest(key.secret, b"floodmark/followed/path" + text, "sha256")[:16].hex()


def _inode(path: Path) -> int | None:
    try:
        return path.stat().st_ino
    except OSError:
        return None
