"""The other end of `child.py`: starts it, gives it the archive's bytes, and hands on what it finds."""

from __future__ import annotations

import os
import select
import struct
import subprocess
import sys
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import ClassVar, Self

from floodmark.dumps.containers.labels import decoded
from floodmark.dumps.containers.member import Entry
from floodmark.dumps.containers.sandbox.said import problem_of
from floodmark.errors import FloodmarkError, UnreadableInput

SCRIPT = Path(__file__).with_name("child.py")
MEMORY = 1 << 30
STALLED = 120.0  # seconds without a sign of life
FRAME = 1 << 20
WISH = struct.Struct("<QI")
ENTRY = struct.Struct("<cq")
FRAMES = {  # what the process sends, with the least and the most bytes
    b"R": (WISH.size, WISH.size),
    b"H": (ENTRY.size, FRAME),
    b"D": (0, FRAME),
    b"E": (0, FRAME),
    b"Z": (0, FRAME),
}
LIBRARIES = (
    "libarchive.so.13",
    "libarchive.so",
    "libarchive.13.dylib",
    "/opt/homebrew/opt/libarchive/lib/libarchive.13.dylib",
    "/usr/local/opt/libarchive/lib/libarchive.13.dylib",
)

ReadAt = Callable[[int, int], bytes]


class LibraryMissing(FloodmarkError):
    """libarchive, which opens RAR, 7z and encrypted zip archives, is not on this machine."""

    slug: ClassVar[str] = "library-missing"
    hint = (
        "Install it (Debian and Ubuntu: apt-get install libarchive13; macOS: brew install libarchive), "
        "or name it in FLOODMARK_LIBARCHIVE."
    )


class ArchiveProcess:
    """One archive in a process of its own.

    Args:
        read_at: gives at most so many of the archive's bytes from an offset, none at its end.
        size: bytes of the archive; None for a stream, which is asked for its bytes in order.
        supports: formats and filters, as libarchive's functions `archive_read_support_...` call them.
        container: name of the format, for messages.
        passwords: tried in order.

    Attributes:
        read_past_end: whether libarchive looked for more bytes than there are.

    Raises:
        UnreadableInput: no process can be started.
    """

    def __init__(
        self,
        read_at: ReadAt,
        size: int | None,
        supports: Sequence[str],
        container: str,
        passwords: Sequence[str] = (),
    ) -> None:
        self.read_past_end = False
        self._read_at = read_at
        self._container = container
        self._tried = bool(passwords)
        own = os.environ.get("FLOODMARK_LIBARCHIVE")
        theirs_in, self._to = os.pipe()
        self._from, theirs_out = os.pipe()
        os.set_blocking(self._to, False)
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", "-B", str(SCRIPT)],
                stdin=theirs_in,
                stdout=theirs_out,
                stderr=subprocess.DEVNULL,
                env={"TZ": "UTC"},
                cwd="/",
            )
        except OSError as error:
            os.close(self._to)
            os.close(self._from)
            raise UnreadableInput(f"No process can be started for this {container} archive") from error
        finally:
            os.close(theirs_in)
            os.close(theirs_out)
        order = (
            str(-1 if size is None else size),
            str(MEMORY),
            " ".join(supports),
            own or "\0".join(LIBRARIES),
            *passwords,
        )
        try:
            self.send(len(order).to_bytes(4, "little") + b"".join(_framed(part.encode()) for part in order))
        except BaseException:
            self.close()
            raise

    def entries(self) -> Generator[Entry, None, None]:
        """Entries of the archive, each to be read before the next is asked for.

        Raises:
            LibraryMissing: libarchive is not there.
            EncryptedMember: names are encrypted, too, and cannot be decrypted.
            LimitExceeded: the archive wants too much memory.
            UnreadableInput: it is damaged or cut off here, or libarchive died of it.
        """
        while True:
            letter, data = self.frame()
            if letter == b"Z":
                if data:
                    raise self.problem(data)
                return
            if letter != b"H":
                raise self.died()
            kind, size = ENTRY.unpack_from(data)
            name = decoded(data[ENTRY.size :])
            if kind != b"f":
                self.send(b"s")
                problem = UnreadableInput(
                    "This member is a link or a device, not a file", "It is named and never followed."
                )
                yield Entry(name, folder=True) if kind == b"d" else Entry(name, problem=problem)
                continue
            body = _Body(self)
            yield Entry(name, None if size < 0 else size, body.read)
            body.pass_over()

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        os.close(self._to)
        os.close(self._from)
        self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def problem(self, said: bytes) -> FloodmarkError:
        """The error for what the process said."""
        if said == b"missing library":
            return LibraryMissing("libarchive, which opens this archive, is not on this machine")
        return problem_of(said.decode("ascii", "replace"), self._container, self._tried)

    def frame(self) -> tuple[bytes, bytes]:
        """The next frame that is not a wish for bytes; those are fulfilled."""
        while True:
            head = self._received(5)
            letter, length = head[:1], int.from_bytes(head[1:], "little")
            least, most = FRAMES.get(letter, (1, 0))
            if not least <= length <= most:
                raise self.died()
            data = self._received(length)
            if letter != b"R":
                return letter, data
            offset, size = WISH.unpack(data)
            wished = self._read_at(offset, min(size, FRAME))
            self.read_past_end |= not wished
            self.send(_framed(wished))

    def send(self, data: bytes) -> None:
        """Write to the process."""
        view = memoryview(data)
        while view:
            self._wait(self._to, select.POLLOUT)
            try:
                view = view[os.write(self._to, view) :]
            except BrokenPipeError as error:
                raise self.died() from error

    def _received(self, size: int) -> bytes:
        parts: list[bytes] = []
        while size:
            self._wait(self._from, select.POLLIN)
            part = os.read(self._from, size)
            if not part:
                raise self.died()
            parts.append(part)
            size -= len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _wait(self, pipe: int, event: int) -> None:
        ready = select.poll()
        ready.register(pipe, event)
        if not ready.poll(STALLED * 1000):
            raise UnreadableInput(
                f"This {self._container} archive keeps its reader busy without end",
                "It is damaged, or made to do that.",
            )

    def died(self) -> UnreadableInput:
        """The error where the process ended, or says what makes no sense."""
        return UnreadableInput(
            f"libarchive failed on this {self._container} archive",
            "It is damaged, or made to do that. The process that read it could touch nothing else.",
        )


class _Body:
    """The bytes of one entry."""

    def __init__(self, process: ArchiveProcess) -> None:
        self._process = process
        self._begun = False
        self._ended = False
        self._held = b""

    def read(self, size: int) -> bytes:
        if not self._begun:
            self._process.send(b"r")
            self._begun = True
        if not self._held and not self._ended:
            letter, data = self._process.frame()
            if letter not in (b"D", b"E"):
                raise self._process.died()
            self._ended = letter == b"E"
            if not self._ended:
                self._held = data
            elif data:
                raise self._process.problem(data)
        data, self._held = self._held[:size], self._held[size:]
        return data

    def pass_over(self) -> None:
        if not self._begun:
            self._process.send(b"s")
            self._ended = True
        self._held = b""
        while not self._ended:
            self._ended = self._process.frame()[0] != b"D"


def _framed(data: bytes) -> bytes:
    return len(data).to_bytes(4, "little") + data
