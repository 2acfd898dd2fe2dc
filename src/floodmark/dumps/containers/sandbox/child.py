"""Reads one archive with libarchive, for the process that started it (`process.py` has the other end).

Run as a script in isolated mode, so that it starts in milliseconds and sees nothing of the package or of the
environment. It gets the archive's bytes through standard input, as it asks for them, and answers in frames on
standard output: a letter, the length of what follows (4 bytes, little-endian), and that.

    R offset size       wants so many bytes from there; answered by a length and the bytes
    H kind size name    the next entry; answered by one byte: r to read it, s to skip it
    D bytes             a part of the entry that is read
    E message           the entry has ended; what went wrong, if anything
    Z message           the archive has ended; likewise
"""

from __future__ import annotations

import _locale
import ctypes
import posix
import struct
import sys
from ctypes import CFUNCTYPE, POINTER, byref, c_char_p, c_int, c_int64, c_size_t, c_ssize_t, c_void_p

sys.path.insert(0, __file__.rpartition("/")[0])  # os and pathlib would take longer than all the rest

from confinement import confine  # type: ignore[import-not-found]

OK, END_OF_ARCHIVE, WARNING, FAILED = 0, 1, -20, -25
REGULAR, FOLDER = 0o100000, 0o040000
PIECE = 1 << 18
LOCALES = ("C.UTF-8", "en_US.UTF-8", "UTF-8")
READ_CALLBACK = CFUNCTYPE(c_ssize_t, c_void_p, c_void_p, POINTER(c_void_p))
SEEK_CALLBACK = CFUNCTYPE(c_int64, c_void_p, c_void_p, c_int64, c_int)


def send(letter: bytes, data: bytes | memoryview) -> None:
    """Write a frame."""
    view = memoryview(letter + struct.pack("<I", len(data)) + data)
    while view:
        view = view[posix.write(1, view) :]


def receive(size: int, into: memoryview) -> None:
    """Read exactly so many bytes; ends this process when there are no more."""
    at = 0
    while at < size:
        got = posix.readv(0, [into[at:size]])
        if not got:
            posix._exit(0)
        at += got


def received(size: int) -> bytes:
    """Exactly so many bytes."""
    data = bytearray(size)
    receive(size, memoryview(data))
    return bytes(data)


class Archive:
    """The archive, whose bytes the other process has.

    Args:
        library: libarchive.
        size: bytes of the archive, -1 for a stream.
        supports: formats and filters.
        passwords: tried in order.
    """

    def __init__(self, library: ctypes.CDLL, size: int, supports: list[str], passwords: list[bytes]) -> None:
        self.library = library
        self.size = size
        self.at = 0
        self.buffer = ctypes.create_string_buffer(PIECE)
        self.view = memoryview(self.buffer).cast("B")
        self.callbacks = (READ_CALLBACK(self.read), SEEK_CALLBACK(self.seek))
        self.handle = c_void_p(library.archive_read_new())
        for what in supports:
            getattr(library, f"archive_read_support_{what}")(self.handle)
        for password in passwords:
            library.archive_read_add_passphrase(self.handle, password)
        library.archive_read_set_read_callback(self.handle, self.callbacks[0])
        if size >= 0:
            library.archive_read_set_seek_callback(self.handle, self.callbacks[1])
        library.archive_read_set_callback_data(self.handle, None)

    def read(self, _archive: int, _data: int, buffer: object) -> int:
        """Give libarchive the next bytes."""
        send(b"R", struct.pack("<QI", self.at, PIECE))
        (size,) = struct.unpack("<I", received(4))
        receive(size, self.view)
        self.at += size
        buffer[0] = ctypes.addressof(self.buffer)  # type: ignore[index]
        return int(size)

    def seek(self, _archive: int, _data: int, offset: int, whence: int) -> int:
        """Move where the next bytes come from."""
        self.at = max(0, min(self.size, offset + (0, self.at, self.size)[whence]))
        return self.at

    def error(self) -> bytes:
        """What libarchive says went wrong; for the other process, which shows it to nobody."""
        return self.library.archive_error_string(self.handle) or b"unknown"

    def run(self) -> bytes:
        """Go through all entries; what went wrong."""
        if self.library.archive_read_open1(self.handle) < WARNING:
            return self.error()
        entry = c_void_p()
        while (status := self.library.archive_read_next_header(self.handle, byref(entry))) != END_OF_ARCHIVE:
            if status < WARNING:
                return self.error()
            send(b"H", self.described(entry))
            wanted = received(1) == b"r"
            status = self.give() if wanted else self.library.archive_read_data_skip(self.handle)
            if status < FAILED:
                return self.error()
        return b""

    def described(self, entry: c_void_p) -> bytes:
        """What is known of an entry before it is read."""
        library = self.library
        name = library.archive_entry_pathname_utf8(entry) or library.archive_entry_pathname(entry) or b""
        form = library.archive_entry_filetype(entry)
        file = form in (0, REGULAR) and not library.archive_entry_hardlink(entry)
        size = library.archive_entry_size(entry) if library.archive_entry_size_is_set(entry) else -1
        return struct.pack("<cq", b"f" if file else b"d" if form == FOLDER else b"o", size) + name

    def give(self) -> int:
        """The bytes of the entry, as libarchive has them; zeros for holes."""
        block, size, offset, at = c_void_p(), c_size_t(), c_int64(), 0
        find = self.library.archive_read_data_block
        while (status := find(self.handle, byref(block), byref(size), byref(offset))) in (OK, WARNING):
            for start in range(at, offset.value, PIECE):
                send(b"D", bytes(min(PIECE, offset.value - start)))
            at = max(at, offset.value) + size.value
            view = memoryview(ctypes.string_at(block, size.value))
            for start in range(0, size.value, PIECE):
                send(b"D", view[start : start + PIECE])
        ended = status == END_OF_ARCHIVE
        send(b"E", b"" if ended else self.error())
        return OK if ended else int(status)


def loaded(names: list[str]) -> ctypes.CDLL | None:
    """The library, with the types that are not `int`."""
    for name in names:
        try:
            library = ctypes.CDLL(name)
        except OSError:
            continue
        for function, result, arguments in (
            ("archive_read_new", c_void_p, ()),
            ("archive_error_string", c_char_p, (c_void_p,)),
            ("archive_entry_pathname", c_char_p, (c_void_p,)),
            ("archive_entry_pathname_utf8", c_char_p, (c_void_p,)),
            ("archive_entry_hardlink", c_char_p, (c_void_p,)),
            ("archive_entry_size", c_int64, (c_void_p,)),
            ("archive_entry_filetype", c_int, (c_void_p,)),
        ):
            getattr(library, function).restype = result
            getattr(library, function).argtypes = arguments
        return library
    return None


def main() -> None:
    """Read the order, confine this process, and read the archive."""
    (count,) = struct.unpack("<I", received(4))
    order = [received(struct.unpack("<I", received(4))[0]) for _ in range(count)]
    size, memory, supports, libraries, *passwords = order
    library = loaded(libraries.decode().split("\0"))
    if library is None:
        send(b"Z", b"missing library")
        return
    for name in LOCALES:
        try:
            _locale.setlocale(_locale.LC_CTYPE, name)
        except _locale.Error:  # type: ignore[attr-defined]
            continue
        break
    confine(int(memory))
    try:
        problem = Archive(library, int(size), supports.decode().split(), passwords).run()
    except MemoryError:
        problem = b"no memory"
    send(b"Z", problem)


if __name__ == "__main__":
    main()
    posix._exit(0)
